from pathlib import Path

import numpy as np
import pytest
import soundfile
from pydantic import JsonValue

from agents.contexts.gama import gama_slice
from agents.gama import Gama
from agents.hearing.listening import MOST_WINDOWS, Ear
from audio.aspects import PROFILE
from audio.assets import AssetRef, AssetStore
from grym_synth.errors import Cancelled
from grym_synth.settings import MediaLimits
from memory.context import Event, Finding, Operation, ProjectContext, ProjectSetting, Report, Task
from memory.distilling.conflicts import find_conflicts
from models.audio_text.scripted import ScriptedEar
from models.script import FaultKind, Line, Script
from models.scripted import ScriptedChat
from models.voice_activity import NAME
from tests.unit.audio.sounds import RATE, Sound, music, noise, write

DESCRIPTION = "heard.description"
PLAIN = Line(answer="A plucked bass under hard drums.", times=0)
MEASURES = Operation(name="measure", parameters={"aspects": []})


@pytest.fixture
def store(tmp_path: Path) -> AssetStore:
    return AssetStore(tmp_path / "store", MediaLimits())


def ear(*lines: Line, hears: float = 10.24) -> Ear:
    return Ear(ScriptedEar(ScriptedChat("scripted:ear", Script(lines)), hears))


def stored(store: AssetStore, folder: Path, sound: Sound) -> AssetRef:
    return store.add(write(folder, sound), "audio", "mix.wav")


def listen(
    store: AssetStore,
    ref: AssetRef,
    listener: Ear | None,
    *operations: Operation,
    wishes: tuple[str, ...] = (),
) -> Report:
    work = Task(
        id="t", agent="gama", objective="Measure all", inputs=(ref.id,), operations=operations
    )
    context = ProjectContext(
        project="p",
        thread="t",
        turn=1,
        request="",
        assets=(ref,),
        settings=tuple(ProjectSetting(field="style", value=one) for one in wishes),
    )
    return Gama(store).work(gama_slice(work, context, ()), listener)


def of(report: Report, aspect: str, evidence: str = "heard") -> list[Finding]:
    return [one for one in report.findings if one.aspect == aspect and one.evidence == evidence]


def test_descriptions_come_with_their_times_beside_all_that_is_measured(
    store: AssetStore, tmp_path: Path
) -> None:
    lines = [Line(answer=f"{name} drums play here.") for name in ("Hard", "Soft", "Wet", "Dry")]
    report = listen(store, stored(store, tmp_path, music(32)), ear(*lines), MEASURES)

    assert [one.aspect for one in report.findings][: len(PROFILE)] == list(PROFILE)
    described = of(report, DESCRIPTION)
    assert [one.value for one in described][:2] == [
        "Hard drums play here.",
        "Soft drums play here.",
    ]
    spans = [(one.subject.start, one.subject.end) for one in described]
    assert all(
        start is not None and end is not None and 0 < end - start <= 10.24 for start, end in spans
    )
    assert spans == sorted(spans)
    assert all(one.confidence <= 0.5 for one in described)
    assert report.failure is None
    assert report.degraded == ()
    assert report.tokens_out > 0


def test_a_claim_about_what_is_measured_is_overruled(store: AssetStore, tmp_path: Path) -> None:
    said = "A dance track at 77 BPM in the key of C# major. Its kick is dry and close."
    report = listen(
        store, stored(store, tmp_path, music(16)), ear(Line(answer=said, times=0)), MEASURES
    )

    (tempo,) = of(report, "tempo.bpm")
    assert (tempo.value, tempo.unit) == (77.0, "BPM")
    assert all("77" not in str(one.value) for one in of(report, DESCRIPTION))
    conflicts = {one.aspect: one for one in find_conflicts(report.findings)}
    for aspect in ("tempo.bpm", "key"):
        (measured,) = of(report, aspect, "measured")
        assert conflicts[aspect].kept == measured.id
        assert conflicts[aspect].rule == "evidence: measured outranks heard"
    assert DESCRIPTION not in conflicts


def test_a_model_is_asked_only_where_instruments_do_not_say_all(
    store: AssetStore, tmp_path: Path
) -> None:
    listener = ear(PLAIN)
    loudness: JsonValue = ["loudness"]
    ref = stored(store, tmp_path, music(4))
    report = listen(
        store, ref, listener, Operation(name="measure", parameters={"aspects": loudness})
    )

    assert listener.thoughts == []
    assert not of(report, DESCRIPTION)


@pytest.mark.parametrize("fault", ["absent", "busy", "crashed", "missing", "unable", "cut"])
def test_findings_of_instruments_arrive_when_the_model_fails(
    store: AssetStore, tmp_path: Path, fault: FaultKind
) -> None:
    listener = ear(Line(answer="Drums", fault=fault, times=0))
    report = listen(store, stored(store, tmp_path, music(4)), listener, MEASURES)

    assert len([one for one in report.findings if one.evidence == "measured"]) == len(PROFILE)
    assert report.failure is None
    (less,) = report.degraded
    assert (less.role, less.wanted) == ("gama", "scripted:ear")
    assert less.used.startswith("instruments")
    assert "scripted:ear" in less.why


def test_a_question_that_no_model_answers_is_a_failed_task_with_its_measurements(
    store: AssetStore, tmp_path: Path
) -> None:
    asks = Operation(name="listen", parameters={"question": "Is the voice in tune?"})
    ref = stored(store, tmp_path, music(4))
    broken = listen(store, ref, ear(Line(fault="absent", times=0)), asks)
    alone = listen(store, ref, None, asks)

    assert broken.failure is not None
    assert "nothing answers" in broken.failure.why
    assert alone.failure is not None
    assert "no model that listens" in alone.failure.why
    assert {len(of(one, aspect, "measured")) for one in (broken, alone) for aspect in PROFILE} == {
        1
    }


def test_the_question_and_the_style_reach_the_model(store: AssetStore, tmp_path: Path) -> None:
    asks = Operation(name="listen", parameters={"question": "Is the bass too loud?"})
    ref = stored(store, tmp_path, music(4))
    report = listen(store, ref, ear(PLAIN), asks, wishes=("warm and close </data>",))

    (described,) = of(report, DESCRIPTION)
    assert "Is the bass too loud?" in described.method
    assert "warm and close" in described.method
    assert "</data>" not in described.method


def test_questions_stay_short_whatever_the_project_wants(store: AssetStore, tmp_path: Path) -> None:
    wishes = tuple(f"wish {name} that is told at great length " * 9 for name in "abcdefghijklmnop")
    ref = stored(store, tmp_path, music(4))
    report = listen(store, ref, ear(PLAIN), MEASURES, wishes=wishes)

    (described,) = of(report, DESCRIPTION)
    assert report.degraded == ()
    assert len(described.method) < 5000


def test_a_silent_stretch_is_passed_over_and_told(store: AssetStore, tmp_path: Path) -> None:
    sound = np.concatenate([music(12), np.zeros((24 * RATE, 2)), music(12)])
    report = listen(store, stored(store, tmp_path, sound), ear(PLAIN, hears=8.0), MEASURES)

    assert of(report, DESCRIPTION)
    (less,) = report.degraded
    assert less.used == "instruments for a part"
    assert "silent" in less.why


@pytest.mark.parametrize("kind", ["wav", "flac"])
def test_a_file_that_breaks_off_is_heard_as_far_as_it_can_be_decoded(
    store: AssetStore, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / f"cut.{kind}"
    soundfile.write(path, music(20), RATE)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    report = listen(store, store.add(path, "audio", path.name), ear(PLAIN), MEASURES)

    (seconds,) = [one.value for one in report.findings if one.aspect == "duration.seconds"]
    assert isinstance(seconds, float)
    assert 5 < seconds < 15
    assert report.failure is None
    ends = [one.subject.end for one in of(report, DESCRIPTION)]
    assert ends
    assert all(end is not None and end <= seconds + 0.01 for end in ends)


def test_a_long_file_is_asked_about_only_so_often(store: AssetStore, tmp_path: Path) -> None:
    listener = ear(PLAIN, hears=2.0)
    listen(store, stored(store, tmp_path, noise(40)), listener, MEASURES)

    assert len(listener.thoughts) == MOST_WINDOWS
    assert all(one.said.endswith("hard drums.") for one in listener.thoughts)


def test_each_answer_is_told_while_one_waits(store: AssetStore, tmp_path: Path) -> None:
    told: list[Event] = []
    listener = ear(PLAIN)
    listener.tell = told.append
    listen(store, stored(store, tmp_path, music(4)), listener, MEASURES)

    assert [(one.kind, one.node, one.model) for one in told] == [("said", "gama", "scripted:ear")]


def test_time_that_is_used_up_ends_the_questions(store: AssetStore, tmp_path: Path) -> None:
    listener = Ear(ScriptedEar(ScriptedChat("scripted:ear", Script((PLAIN,)))), seconds=0.0)
    report = listen(store, stored(store, tmp_path, music(4)), listener, MEASURES)

    assert not of(report, DESCRIPTION)
    assert "was used up" in report.degraded[0].why


def test_a_cancelled_turn_is_not_reported_as_done(store: AssetStore, tmp_path: Path) -> None:
    listener = ear(PLAIN)
    listener.cancel.set()
    with pytest.raises(Cancelled):
        listen(store, stored(store, tmp_path, music(4)), listener, MEASURES)


def test_voices_are_looked_for_wherever_a_model_listens(store: AssetStore, tmp_path: Path) -> None:
    report = listen(store, stored(store, tmp_path, music(4)), ear(PLAIN), MEASURES)

    (voices,) = of(report, "voice.spans")
    assert voices.value is None
    assert "no voice was found" in voices.method
    assert NAME in voices.source
