from pathlib import Path

import pytest

from agents.composing.brief import read_order
from agents.composing.changing import changed, read_changes
from agents.composing.drafting import draft_of, realised
from agents.composing.note_checks import changed_notes, note_checks
from agents.composing.order import Change
from agents.composing.session import Session, read_session, written
from audio.assets import AssetStore
from audio.composing.counting import shared_steps
from audio.interchange.midi import write_midi
from audio.songs.song import Note, Song, TempoMark, Track
from grym_synth.errors import BadInput, UnknownName
from grym_synth.settings import MediaLimits

BRIEF = "pop in C major at 100 bpm, verse 4, chorus 4, verse 4, chorus 4, piano, bass and drums"


@pytest.fixture
def store(tmp_path: Path) -> AssetStore:
    return AssetStore(tmp_path, MediaLimits())


def composed(store: AssetStore, brief: str = BRIEF, **fields: str) -> Session:
    return realised(draft_of(read_order({"brief": brief, **fields}), store))


def test_only_the_bass_of_the_chorus_changes(store: AssetStore) -> None:
    session = composed(store)
    base = store.add_bytes(written(session), "text", "project.json")

    draft = draft_of(read_order({"brief": "change only the chorus bass", "base": base.id}), store)
    after = realised(draft)

    spans = [range(7680, 15360), range(23040, 30720)]
    differing = changed_notes(session.song, after.song)
    assert list(differing) == ["Electric Bass"]
    assert all(any(one.start in span for span in spans) for one in differing["Electric Bass"])
    assert after.revision == 2 and after.changed == ("Chorus 1: bass", "Chorus 2: bass")
    assert after.song.chords == session.song.chords


def test_one_part_of_a_piano_changes_without_its_others(store: AssetStore) -> None:
    session = composed(store)

    made = changed(session, (Change(section="Verse 2", part="melody"),))

    notes = changed_notes(session.song, made.song)
    assert list(notes) == ["Piano"]
    assert all(15360 <= one.start < 23040 for one in notes["Piano"])
    piano = made.song.track("Piano")
    assert piano is not None and len(piano.notes) > 40


def test_a_session_can_be_changed_again_and_again(store: AssetStore) -> None:
    session = composed(store)
    marks = {written(session)}
    for _ in range(3):
        made = changed(session, (Change(section="chorus", part="drums"),))
        session = session.model_copy(update={"plan": made.plan, "song": made.song})
        marks.add(written(session))

    assert len(marks) == 4


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("change only the chorus bass", [("chorus", "bass")]),
        ("Give me another melody in verse 2, please", [("Verse 2", "melody")]),
        ("neue Akkorde im Refrain", [("chorus", "chords")]),
        ("new drums", [("", "drums")]),
        ("a different piano in the verse", [("verse", "Piano")]),
    ],
)
def test_a_change_is_read_from_words(
    store: AssetStore, words: str, wanted: list[tuple[str, str]]
) -> None:
    found = read_changes(words, composed(store))

    assert [(one.section, one.part) for one in found] == wanted


def test_what_a_session_does_not_have_is_refused(store: AssetStore) -> None:
    session = composed(store)

    with pytest.raises(UnknownName, match="bridge"):
        changed(session, (Change(section="bridge", part="bass"),))
    with pytest.raises(UnknownName, match="flute"):
        changed(session, (Change(section="verse", part="flute"),))
    with pytest.raises(BadInput, match="names no part"):
        read_changes("make it nicer", session)


def test_a_file_that_is_no_session_is_refused() -> None:
    with pytest.raises(BadInput, match=r"project\.json"):
        read_session(b'{"format": "something else"}')


def test_a_sketch_is_recognisable_and_its_notes_are_kept(store: AssetStore) -> None:
    tune = (62, 66, 69, 66, 67, 71, 74, 71, 69, 73, 76, 73, 74, 69, 66, 62)
    notes = tuple(
        Note(start=480 * place, length=480, pitch=pitch) for place, pitch in enumerate(tune)
    )
    sketch = Song(bars=4, tempos=(TempoMark(bpm=90),), tracks=(Track(name="Tune", notes=notes),))
    ref = store.add_bytes(write_midi(sketch), "midi", "tune.mid")
    draft = draft_of(read_order({"brief": BRIEF, "sketch": ref.id}), store)

    session = realised(draft)

    assert draft.sketch is not None
    assert (draft.sketch.kept, draft.sketch.notes, draft.sketch.shift) == (16, 16, -2)
    piano = session.song.track("Piano")
    assert piano is not None
    assert shared_steps(list(notes), piano.notes).value == 1.0
    met = {one.name: one.status for one in note_checks(draft, session)}
    assert met["sketch.found"] == "met" and set(met.values()) == {"met"}


def test_a_sketch_gives_what_the_brief_leaves_open(store: AssetStore) -> None:
    notes = tuple(Note(start=480 * n, length=480, pitch=p) for n, p in enumerate((62, 65, 69, 74)))
    sketch = Song(bars=1, tempos=(TempoMark(bpm=77),), tracks=(Track(name="Tune", notes=notes),))
    ref = store.add_bytes(write_midi(sketch), "midi", "tune.mid")

    plan = draft_of(read_order({"brief": "piano and bass", "sketch": ref.id}), store).plan

    assert (plan.tempo, plan.scale) == (77, "D minor")


def test_a_check_that_is_not_met_says_why(store: AssetStore) -> None:
    session = composed(store, "pop in C major, chords: C# F# G# C#, verse 8, piano and bass")
    draft = draft_of(session.order.model_copy(update={"chords": ()}), store)

    faulty = session.model_copy(update={"order": draft.order})
    checks = {one.name: one for one in note_checks(draft, faulty)}

    assert checks["notes.in_key"].status == "not_met"
    assert checks["notes.outside_range"].status == "met"


def test_a_short_sketch_opens_its_phrases_and_the_song_goes_on_between(store: AssetStore) -> None:
    tune = (60, 64, 67, 72, 71, 67, 65, 62)
    notes = tuple(Note(start=480 * n, length=480, pitch=pitch) for n, pitch in enumerate(tune))
    sketch = Song(bars=2, tempos=(TempoMark(bpm=100),), tracks=(Track(name="Tune", notes=notes),))
    ref = store.add_bytes(write_midi(sketch), "midi", "tune.mid")
    brief = "folk in C major, 4/4, verse 8, chorus 8, flute and acoustic guitar"

    song = realised(draft_of(read_order({"brief": brief, "sketch": ref.id}), store)).song

    flute = song.track("Flute")
    assert flute is not None
    heads = [[n.pitch for n in flute.notes if at <= n.start < at + 3840] for at in (0, 7680)]
    between = [n for n in flute.notes if 3840 <= n.start < 7680]
    assert [pitch % 12 for pitch in heads[0]] == [pitch % 12 for pitch in tune]
    assert heads[0] == heads[1] and between
    assert [n.pitch for n in between] != heads[0]
