import pytest

from agents.unpacking.analysis import Told
from agents.unpacking.measuring import other_octave


def told(value: float | list[float] | None, confidence: float) -> Told:
    return Told(value=value, unit="BPM", method="tempogram", confidence=confidence)


def test_a_doubtful_octave_is_told_with_its_chance() -> None:
    octave = other_octave(told(86.0, 0.6), told([114.8, 171.99], 0.31))
    assert octave.value == pytest.approx(172.0)
    assert octave.confidence == 0.31
    assert "in doubt" in octave.method


def test_a_clear_octave_is_told_as_clear() -> None:
    assert "clear" in other_octave(told(120.0, 0.9), told([60.0], 0.02)).method


@pytest.mark.parametrize("others", [None, [], [90.0, 160.0]])
def test_without_a_level_an_octave_off_none_is_told(others: list[float] | None) -> None:
    octave = other_octave(told(120.0, 0.9), told(others, 0.0))
    assert octave.value is None
    assert octave.method
