import io
from pathlib import Path

import mido
import pytest
from PIL import Image
from pydantic import JsonValue

from agents.contexts.qwen_vl import qwen_vl_slice
from agents.qwen_vl import QwenVl
from agents.seeing.onlooker import Onlooker
from audio.assets import AssetRef, AssetStore
from audio.engraving import engrave
from audio.interchange.musicxml import write_musicxml
from audio.sight.coordinates import Shown
from audio.sight.staff_steps import degree_of
from audio.sight.systems import find_systems
from audio.songs.song import PPQ, Note, Song, TempoMark, Track
from grym_synth.settings import MediaLimits
from memory.context import Evidence, Finding, Operation, ProjectContext, Report, Subject, Task
from memory.distilling.conflicts import find_conflicts
from tests.unit.agents.eye_scripts import onlooker, says

PITCHES = [62, 66, 69, 67, 64, 69, 62, 62, 71, 69, 67, 66, 64, 62, 61, 62]
NAMES = ["D4", "F#4", "A4", "G4", "E4", "A4", "D4", "D4",
         "B4", "A4", "G4", "F#4", "E4", "D4", "C#4", "D4"]  # fmt: skip


def tune(pitches: list[int], key: str) -> str:
    notes = [Note(start=at * PPQ, length=PPQ, pitch=pitch) for at, pitch in enumerate(pitches)]
    song = Song(title="Tune", key=key, bars=-(-len(notes) // 4), tempos=(TempoMark(bpm=100),),
                tracks=(Track(name="Melody", notes=tuple(notes)),))  # fmt: skip
    return write_musicxml(song).decode()


XML = tune(PITCHES, "D major")
PICTURE = engrave(XML, "tune")[0]


def reading(names: list[str] = NAMES, first_bar: int = 1, **changed: JsonValue) -> JsonValue:
    notes: list[JsonValue] = [
        {"bar": first_bar + at // 4, "pitch": name, "quarters": 1.0}
        for at, name in enumerate(names)
    ]
    return {"key": "D major", "meter": "4/4", "bpm": 100, "notes": notes, **changed}


def eyes(read: JsonValue) -> Onlooker:
    return onlooker(
        says("look", "A melody on one staff."),
        says("glance", {"kind": "score", "writing": ["Tune"]}),
        says("score", read),
    )


@pytest.fixture
def store(tmp_path: Path) -> AssetStore:
    return AssetStore(tmp_path / "assets", MediaLimits())


@pytest.fixture
def page(store: AssetStore) -> AssetRef:
    return store.add_bytes(PICTURE, "image", "page.png")


@pytest.fixture
def file(store: AssetStore) -> AssetRef:
    return store.add_bytes(XML.encode(), "score", "tune.musicxml")


@pytest.fixture
def played(store: AssetStore, tmp_path: Path) -> AssetRef:
    track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=600_000)])
    for pitch in PITCHES:
        track.append(mido.Message("note_on", note=pitch, velocity=80, time=25))
        track.append(mido.Message("note_off", note=pitch, time=455))
    mido.MidiFile(tracks=[track]).save(tmp_path / "tune.mid")
    return store.add(tmp_path / "tune.mid")


def look(
    store: AssetStore, seeing: Onlooker, page: AssetRef, music: AssetRef,
    evidence: Evidence = "user",
) -> Report:  # fmt: skip
    tie = Finding.make(
        Subject(kind="asset", id=page.id), "picture.shows", music.id, unit="", evidence=evidence,
        source="user/request@1", method="stated in the request", confidence=0.5,
    )  # fmt: skip
    task = Task(id="t", agent="qwen_vl", objective="Read it", inputs=(page.id,),
                operations=(Operation(name="inspect_picture"),))  # fmt: skip
    context = ProjectContext(project="p", thread="m", turn=1, request="Read this score.",
                             assets=(page, music), findings=(tie,))  # fmt: skip
    return QwenVl(store).work(qwen_vl_slice(task, context, ()), seeing)


def notes(report: Report, evidence: str) -> Finding:
    (found,) = [
        one for one in report.findings if (one.aspect, one.evidence) == ("score.notes", evidence)
    ]
    return found


@pytest.mark.parametrize("kind", ["file", "played"])
def test_a_right_reading_is_borne_out_by_the_notes_of_the_file(
    store: AssetStore, page: AssetRef, kind: str, request: pytest.FixtureRequest
) -> None:
    music: AssetRef = request.getfixturevalue(kind)
    report = look(store, eyes(reading()), page, music)

    seen = notes(report, "seen")
    assert seen.subject.id == music.id
    assert seen.confidence > 0.5
    assert "4 of 4 bars" in seen.method
    assert not find_conflicts(report.findings)


@pytest.mark.parametrize("kind", ["file", "played"])
def test_a_wrong_note_loses_to_the_notes_of_the_file_and_its_bar_is_told(
    store: AssetStore, page: AssetRef, kind: str, request: pytest.FixtureRequest
) -> None:
    music: AssetRef = request.getfixturevalue(kind)
    wrong = [*NAMES[:9], "C5", *NAMES[10:]]
    report = look(store, eyes(reading(wrong)), page, music)

    (conflict,) = find_conflicts(report.findings)
    known = notes(report, "measured")
    assert conflict.kept == known.id
    assert isinstance(known.value, list)
    assert [one[1] for one in known.value if isinstance(one, list)] == NAMES
    assert "bar 3: B4 C5 G4 F#4 for B4 A4 G4 F#4" in report.summary


def test_a_wrong_length_loses_to_the_written_one(
    store: AssetStore, page: AssetRef, file: AssetRef
) -> None:
    read: JsonValue = {
        "key": "D major", "meter": "4/4", "bpm": 100,
        "notes": [{"bar": 1, "pitch": name, "quarters": 0.5} for name in NAMES[:4]],
    }  # fmt: skip
    report = look(store, eyes(read), page, file)

    (conflict,) = find_conflicts(report.findings)
    assert conflict.aspect == "score.notes"


def test_key_meter_and_tempo_that_were_misread_lose_to_the_file(
    store: AssetStore, page: AssetRef, file: AssetRef
) -> None:
    report = look(store, eyes(reading(key="Eb major", meter="3/4", bpm=60)), page, file)

    found = {one.id: one for one in report.findings}
    kept = {one.aspect: found[one.kept or ""] for one in find_conflicts(report.findings)}
    assert {name: one.value for name, one in kept.items()} == {
        "key": "D major", "meter": "4/4", "tempo.bpm": 100,
    }  # fmt: skip
    assert {one.evidence for one in kept.values()} == {"measured"}


def test_a_relative_key_has_the_signature_of_the_file_and_is_no_conflict(
    store: AssetStore, page: AssetRef, file: AssetRef
) -> None:
    report = look(store, eyes(reading(key="B minor")), page, file)

    assert not find_conflicts(report.findings)


def test_a_later_page_is_found_in_the_piece_and_its_bars_count_on(
    store: AssetStore, page: AssetRef
) -> None:
    xml = tune([*range(48, 72), *PITCHES], "D major")
    music = store.add_bytes(xml.encode(), "score", "long.musicxml")
    report = look(store, eyes(reading(bpm=None)), page, music)

    seen = notes(report, "seen")
    assert "4 of 4 bars" in seen.method
    assert isinstance(seen.value, list)
    bars = [one[0] for one in seen.value if isinstance(one, list)]
    assert (bars[0], bars[-1]) == (7, 10)


def test_a_page_that_was_engraved_here_is_a_score_whatever_a_model_says(
    store: AssetStore, page: AssetRef, file: AssetRef
) -> None:
    seeing = onlooker(
        says("look", "A melody."),
        says("glance", {"kind": "photo", "writing": []}),
        says("score", reading()),
    )
    report = look(store, seeing, page, file, evidence="measured")

    assert notes(report, "seen").confidence > 0.5


def test_a_file_that_cannot_be_read_leaves_the_reading_unchecked(
    store: AssetStore, page: AssetRef
) -> None:
    broken = store.add_bytes(b"<score-partwise>", "score", "broken.musicxml")
    report = look(store, eyes(reading()), page, broken)

    seen = notes(report, "seen")
    assert report.failure is None
    assert 0.2 < seen.confidence < 0.5


def test_a_midi_file_that_counts_other_bars_still_bears_the_notes_out(
    store: AssetStore, page: AssetRef, played: AssetRef
) -> None:
    notes_in_three: list[JsonValue] = [
        {"bar": 1 + at // 3, "pitch": name, "quarters": 1.0} for at, name in enumerate(NAMES)
    ]
    read: JsonValue = {"key": "D major", "meter": "3/4", "bpm": 100, "notes": notes_in_three}
    report = look(store, eyes(read), page, played)

    assert notes(report, "seen").confidence > 0.5
    assert not find_conflicts(report.findings)


def pointed(names: list[str], read: list[str]) -> JsonValue:
    """Notes pointed at where their names lie on the first staff, and what is read there."""
    (first, *_) = find_systems(Image.open(io.BytesIO(PICTURE)))
    seeing = onlooker().eyes()
    assert seeing is not None
    page = Image.open(io.BytesIO(PICTURE))
    view = Shown.to(seeing, page.width, page.height)
    staff = first.staves[0]
    notes: list[JsonValue] = []
    for at, (name, told) in enumerate(zip(names, read, strict=True)):
        left, right = first.bar_lines[at // 4 : at // 4 + 2]
        x = left + (right - left) * (0.2 + 0.18 * (at % 4))
        y = staff.bottom - (degree_of(name) - degree_of("E4")) * staff.space / 2
        place = view.coordinates_of(x, y)
        notes.append({"bar": 1 + at // 4, "pitch": told, "quarters": 1.0,
                      "x": int(place.x), "y": int(place.y)})  # fmt: skip
    return {"key": "D major", "meter": "4/4", "bpm": 100, "notes": notes}


def test_heads_that_are_pointed_at_become_bars_and_lines_of_the_page(
    store: AssetStore, page: AssetRef, file: AssetRef
) -> None:
    report = look(store, eyes(pointed(NAMES, NAMES)), page, file)

    (places,) = [one for one in report.findings if one.aspect == "seen.places"]
    assert places.subject.id == page.id
    assert isinstance(places.value, list)
    says = [str(one["says"]) for one in places.value if isinstance(one, dict)]
    assert says[1].startswith("bar 1 of the page, staff 1, space 1")
    assert says[8].startswith("bar 3 of the page, staff 1, line 3")
    assert "otherwise than where it pointed" not in report.summary


def test_a_name_that_lies_elsewhere_than_its_head_is_told(
    store: AssetStore, page: AssetRef
) -> None:
    wrong = [*NAMES[:9], "C5", *NAMES[10:]]
    nothing = store.add_bytes(b"<score-partwise>", "score", "broken.musicxml")
    report = look(store, eyes(pointed(NAMES, wrong)), page, nothing)

    assert "C5 in bar 3 at space 2, where A4 lies" in report.summary
