import pytest

from agents.boss.catalogue import drawings_text
from agents.boss.forms import StepForm, Value
from agents.boss.planner import by_instruments
from agents.boss.steps import steps_of
from agents.boss.verdict import Verdict
from memory.context import Operation, Plan, Task

LOOK_AT = Operation(name="look", parameters={"start": 1, "end": 3})


def test_looking_is_offered_only_where_a_model_sees() -> None:
    assert "look" in drawings_text(True)
    assert "look" not in drawings_text(False)


def test_the_boss_can_have_a_stretch_and_a_band_looked_at() -> None:
    crop: dict[str, Value] = {"start": 12.5, "end": 20, "low_hz": 100, "high_hz": 4000}
    verdict = Verdict()
    steps = steps_of("qwen_vl", [StepForm(name="look", parameters={**crop})], verdict, "t")

    assert not verdict.faults
    assert steps == (Operation(name="look", parameters={**crop}),)


@pytest.mark.parametrize(
    "crop", [{"start": 3, "end": 1}, {"from": 3}, {"start": "soon"}, {"low_hz": -5}]
)
def test_a_stretch_that_cannot_be_is_refused(crop: dict[str, Value]) -> None:
    verdict = Verdict()
    steps = steps_of("qwen_vl", [StepForm(name="look", parameters={**crop})], verdict, "t")

    assert steps == ()
    assert "low_hz" in verdict.faults[0]


@pytest.mark.parametrize(
    ("sees", "steps"), [(True, ["look"]), (False, ["spectrogram"])], ids=["seen", "drawn"]
)
def test_where_no_model_sees_the_sound_is_drawn(sees: bool, steps: list[str]) -> None:
    task = Task(id="t", agent="qwen_vl", objective="Look", operations=(LOOK_AT,))
    plan = by_instruments(Plan(tasks=(task,)), hears=True, sees=sees)

    assert [one.name for one in plan.tasks[0].operations] == steps
