import numpy as np
import pytest

from audio.mastering.common_pulse import (
    place_of,
    shared_pulse_hz,
    silence_moved,
    start_beside,
)
from audio.mastering.pulse import Onsets
from audio.mastering.timing import meets_without_silence

PULSE = 0.15
RANDOM = np.random.default_rng(3)


def part(
    steps: int, *, silence: float = 0.0, late: float = 0.0, sharp: bool = True, every: float = PULSE
) -> Onsets:
    """Notes on some places of the pulse, after silence."""
    played = np.sort(RANDOM.choice(np.arange(1, 100), steps, replace=False))
    times = np.concatenate(([0.0], played * every)) + RANDOM.normal(0, 0.003, steps + 1)
    weights = np.full(len(times), 25.0 if sharp else 8.0)
    return Onsets(np.sort(np.abs(times)) + silence + late, weights, silence, silence, -120.0)


@pytest.mark.parametrize("silence", [0.19, 0.34, 0.52])
def test_a_stem_beside_the_pulse_by_its_silence_was_moved(silence: float) -> None:
    others, stem = [part(60), part(40)], part(30, silence=silence)
    pulse = shared_pulse_hz([stem, *others])
    assert pulse is not None
    assert silence_moved(stem, others, pulse)


@pytest.mark.parametrize("silence", [PULSE, 2 * PULSE, 4 * PULSE])
def test_a_stem_that_enters_on_the_pulse_was_not_moved(silence: float) -> None:
    others, stem = [part(60), part(40)], part(30, silence=silence)
    pulse = shared_pulse_hz([stem, *others])
    assert pulse is not None
    assert not silence_moved(stem, others, pulse)
    beside = start_beside(stem.first, others, pulse)
    assert beside is not None and beside < 0.02


def test_notes_that_meet_the_others_only_without_the_silence_are_late() -> None:
    others = [part(80, every=4 * PULSE)]
    stem = part(25, every=4 * PULSE, silence=0.24)
    late = meets_without_silence(stem, others)
    assert late is not None and late.seconds == pytest.approx(0.24)
    assert meets_without_silence(part(25, every=4 * PULSE, silence=4 * PULSE), others) is None


def test_a_part_among_soft_ones_is_not_early() -> None:
    others = [part(40, late=0.045), part(40, late=0.05, sharp=False)]
    stem = part(40, sharp=False)
    pulse = shared_pulse_hz([stem, *others])
    assert pulse is not None
    place = place_of(stem, others, pulse)
    assert place is None or place.fits
