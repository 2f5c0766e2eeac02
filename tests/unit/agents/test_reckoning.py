import pytest
from pydantic import JsonValue

from agents.supervisor import Supervisor
from audio.assets import AssetRef
from memory.context import Finding, Plan, ProjectContext, ProjectSetting, Section, Subject

MIX = AssetRef(
    id="a" * 64, kind="audio", name="mix.wav", suffix="wav", size_bytes=9, seconds=180.0,
    sample_rate_hz=44100,
)  # fmt: skip
AT_128 = (ProjectSetting(field="constraint", value="tempo is 128 bpm, 4/4"),)
DROP = Section(name="drop", first_bar=33, last_bar=64, text="the drop is bars 33-64")


def plan(
    request: str,
    settings: tuple[ProjectSetting, ...] = AT_128,
    findings: tuple[Finding, ...] = (),
) -> Plan:
    context = ProjectContext(
        project="p", thread="main", turn=3, request=request, assets=(MIX,), settings=settings,
        sections=(DROP,), findings=findings,
    )  # fmt: skip
    return Supervisor().plan(context)


def answer(request: str, settings: tuple[ProjectSetting, ...] = AT_128) -> str:
    made = plan(request, settings)
    assert not made.tasks
    return " ".join(made.answers)


def measured(aspect: str, value: JsonValue) -> Finding:
    return Finding.make(
        Subject(kind="asset", id=MIX.id), aspect, value, unit="", evidence="measured",
        source="gama/measure@1", method="", confidence=0.9,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("what note is 440 Hz?", "440 Hz is A4 (MIDI 69)"),
        ("which note is 65.4 hertz", "C2 (MIDI 36)"),
        ("what note is 450 Hz?", "A4 +39 cents"),
        ("what is F#2 in hertz?", "92.4986 Hz (MIDI 42)"),
        ("what frequency is a4?", "A4 is 440 Hz"),
        ("what is midi note 61?", "C#4, 277.183 Hz"),
        ("how many cents between A3 and 225 Hz?", "38.91 cents) above A3"),
    ],
)
def test_notes_hertz_and_midi_numbers_are_told_without_a_file(question: str, said: str) -> None:
    assert said in answer(question, ())


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("how long is a bar?", "A bar lasts 1.875 s"),
        ("how long is a bar at 90 bpm in 3/4?", "A bar lasts 2 s (90 BPM in 3/4)"),
        ("delay time for a dotted eighth at 128 bpm", "A dotted eighth is 351.56 ms"),
        ("what's a 1/8 note at 120 bpm in ms?", "250 ms"),
        ("how long is a quarter note triplet at 100 bpm?", "400 ms"),
        ("delay times at 120 bpm?", "a sixteenth is 125 ms"),
        ("how many samples is a bar?", "82688 samples at 44100 Hz"),
        ("how long are 32 bars?", "60 s"),
        ("how many bars fit in 3 minutes?", "96 bars"),
        ("where is bar 17?", "Bar 17 is at 30 s"),
        ("when does bar 17 beat 3 start?", "at 30.9375 s"),
        ("which bar is at 1:04?", "bar 35, beat 1.53"),
        ("how long is bars 17-32?", "from 30 s to 60 s"),
        ("thanks! how long is a beat?", "468.75 ms"),
    ],
)
def test_musical_time_is_told_in_the_tempo_of_the_question_or_the_project(
    question: str, said: str
) -> None:
    assert said in answer(question)


def test_of_two_questions_in_one_sentence_both_are_answered() -> None:
    said = answer("what note is 440 Hz, and how long is a dotted eighth?")
    assert "A4" in said and "351.56 ms" in said


@pytest.mark.parametrize("question", ["where is the drop?", "how long is the drop in seconds?"])
def test_a_section_lies_where_its_bars_say(question: str) -> None:
    told = answer(question)
    assert "bars 33–64 (32 bars)" in told
    assert "60 s to 120 s" in told


def test_bars_of_a_performance_lie_where_its_beats_were_measured() -> None:
    beats: list[JsonValue] = [0.5, 1.0, 1.5, 2.0, 2.6, 3.2, 3.8, 4.4, 5.0]
    found = (
        measured("tempo.bpm", 110.0),
        measured("meter", "4/4"),
        measured("beats", beats),
        measured("downbeats", [0.5, 2.6, 5.0]),
    )
    (told,) = plan("where is bar 2?", (), found).answers
    assert "Bar 2 is at 2.6 s" in told
    assert "measured in mix.wav" in told


def test_a_question_about_bars_says_what_is_missing_where_no_tempo_is_known() -> None:
    assert "No tempo is known" in answer("how long is a bar?", ())


@pytest.mark.parametrize(
    "request_",
    [
        "cut 3 dB at 440 Hz",
        "add a delay of a dotted eighth at 128 bpm",
        "how long is it?",
        "what is the tempo?",
        "how many beats per minute is it?",
        "is it 44100 Hz?",
        "how long is a bar? and master it to -14 LUFS",
    ],
)
def test_work_and_questions_about_the_sound_are_not_taken_for_arithmetic(request_: str) -> None:
    assert not plan(request_).answers


def test_a_bar_beyond_the_end_of_the_file_is_said_to_be_there() -> None:
    assert "beyond the end of mix.wav" in answer("where is bar 120?")


def test_a_tempo_that_the_user_says_of_a_file_counts_until_one_is_measured() -> None:
    said = measured("tempo.bpm", 100.0).model_copy(update={"evidence": "user"})
    (told,) = plan("how long is a bar?", (), (said,)).answers
    assert "A bar lasts 2.4 s (100 BPM in 4/4, as you say of mix.wav)" in told
    (told,) = plan("how long is a bar?", (), (said, measured("tempo.bpm", 120.0))).answers
    assert "measured in mix.wav" in told
