import pytest

from agents.boss.catalogue import drawings_text
from agents.boss.forms import StepForm, Value
from agents.boss.steps import steps_of
from agents.boss.verdict import Verdict
from memory.context import Operation


def test_the_boss_is_told_that_parts_can_be_looked_at() -> None:
    assert "look (at a sound, or at a part of it: start, end, low_hz, high_hz)" in drawings_text()


@pytest.mark.parametrize("name", ["look", "spectrogram"])
def test_the_boss_can_have_a_stretch_and_a_band_seen(name: str) -> None:
    crop: dict[str, Value] = {"start": 12.5, "end": 20, "low_hz": 100, "high_hz": 4000}
    verdict = Verdict()
    (step,) = steps_of("qwen_vl", [StepForm(name=name, parameters={**crop})], verdict, "t")

    assert not verdict.faults
    assert step.name == name
    assert {key: step.parameters[key] for key in crop} == crop


def test_a_whole_sound_can_be_looked_at() -> None:
    steps = steps_of("qwen_vl", [StepForm(name="look")], Verdict(), "t")

    assert steps == (Operation(name="look"),)


@pytest.mark.parametrize(
    "crop", [{"start": 3, "end": 1}, {"from": 3}, {"start": "soon"}, {"low_hz": -5}]
)
def test_a_part_that_cannot_be_is_refused(crop: dict[str, Value]) -> None:
    verdict = Verdict()
    steps = steps_of("qwen_vl", [StepForm(name="look", parameters={**crop})], verdict, "t")

    assert steps == ()
    assert "low_hz" in verdict.faults[0]
