import pytest

from agents.supervisor import Supervisor
from memory.context import Plan, ProjectContext, Task
from tests.unit.agents.clip_plans import CLIP, plan


def only(made: Plan, agent: str) -> Task:
    (found,) = [one for one in made.tasks if one.agent == agent]
    return found


@pytest.mark.parametrize(
    "request_",
    [
        "Filter out everything under 40 Hz and then draw me the spectrum.",
        "Convert it to mono, and a picture of the waveform afterwards",
        "Remove the hum and show me a spectrogram once it's gone",
        "Nimm den Gleichspannungsanteil raus und dann zeig mir die Wellenform",
        "Pásalo a mono y luego enséñame el espectrograma",
        "Passe-le en mono et puis montre-moi le spectrogramme",
        "Master it and draw the waveform of the master",
    ],
)
def test_what_is_wanted_afterwards_is_drawn_of_the_result(request_: str) -> None:
    made = plan(request_)

    assert only(made, "qwen_vl").needs == (only(made, "coder").id,)


@pytest.mark.parametrize(
    ("request_", "first", "then"),
    [
        ("Show me the waveform. And the key please, that is urgent.", "gama", "qwen_vl"),
        ("Draw a spectrogram, but measure the tempo first.", "gama", "qwen_vl"),
        ("Erst die Lautheit messen, dann ein Spektrogramm zeichnen.", "gama", "qwen_vl"),
        ("Primero mide el tempo, luego dibuja un espectrograma.", "gama", "qwen_vl"),
        ("D'abord la tonalité, ensuite un spectrogramme.", "gama", "qwen_vl"),
        ("First draw the spectrogram, then tell me the key.", "qwen_vl", "gama"),
        ("Before you touch it, measure the true peak. Then take 3 dB off.", "gama", "coder"),
    ],
)
def test_who_is_wanted_first_is_the_most_urgent(request_: str, first: str, then: str) -> None:
    made = plan(request_)

    assert only(made, first).priority < only(made, then).priority


def test_without_a_word_of_order_tasks_are_equally_urgent() -> None:
    made = plan("Measure the loudness of the first ten seconds and draw a spectrogram")

    assert {one.priority for one in made.tasks} == {1}


@pytest.mark.parametrize(
    ("request_", "op", "value", "tolerance"),
    [
        ("Make it 2 dB louder but keep the true peak under -0.7 dBTP", "<=", -0.7, None),
        ("Make it 2 dB louder and don't go over -0.7 dBTP", "<=", -0.7, None),
        ("Bring it to -16 LUFS plus minus 0.3", "==", -16.0, 0.3),
        ("Bring es auf -16 LUFS plus minus 0,3", "==", -16.0, 0.3),
        ("Bring it to -16 LUFS, +/- 0.3 is fine", "==", -16.0, 0.3),
        ("Shorten it to 40 seconds with a fade at the end", "==", 40.0, None),
        ("Export it at 44.1, please", "==", 44_100.0, None),
        ("Loop it so that it lasts 5 minutes", "==", 300.0, None),
    ],
)
def test_a_stated_limit_is_held_as_it_is_said(
    request_: str, op: str, value: float, tolerance: float | None
) -> None:
    stated = [one for one in only(plan(request_), "coder").criteria if one.value == value]

    assert [one.op for one in stated] == [op]
    assert tolerance in (None, stated[0].tolerance)


def test_a_fade_at_the_end_does_not_keep_the_end_alone() -> None:
    (trim, _) = only(plan("Cut it to 40 seconds and fade out at the end"), "coder").operations

    assert trim.parameters == {"start_seconds": 0.0, "end_seconds": 40.0}


def test_a_question_about_a_fault_is_about_the_file_at_hand() -> None:
    at_hand = ProjectContext(
        project="p", thread="main", turn=2, request="any hum or clipping?", assets=(CLIP,)
    )
    assert [task.agent for task in Supervisor().plan(at_hand).tasks] == ["gama"]
    general = at_hand.model_copy(update={"request": "what is clipping?"})
    assert Supervisor().plan(general).tasks == ()
