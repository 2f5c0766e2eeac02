"""A look-ahead limiter for true peaks: its gain is known per segment before a sample is touched."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from agents.recipes.levels import Profile
from agents.recipes.sound import Samples, Sound


class Speed(NamedTuple):
    """How fast a limiter's gain moves."""

    attack_seconds: float
    """The gain begins to fall this long before a peak."""
    release_db_per_second: float
    """After a peak the gain rises at this rate."""


def limiter_gains(
    measured: Profile, gain: float, ceiling: float, speed: Speed
) -> NDArray[np.float64]:
    """The factor at the middle of each segment that keeps all true peaks below the ceiling.

    Args:
        measured: profile of the sound before the gain.
        gain: factor that is applied first.
        ceiling: highest true peak, full scale 1.
        speed: how fast the gain moves.

    Returns:
        ``gain`` where nothing must be limited, less around peaks: (segments,).
    """
    peaks = np.maximum(measured.peak * gain, 1e-9)
    wanted = 20 * np.log10(np.minimum(1.0, ceiling / peaks))
    slope = speed.release_db_per_second * measured.segment / measured.rate
    ramp = slope * np.arange(len(wanted))
    released = np.minimum.accumulate(wanted - ramp) + ramp
    reach = max(2, round(speed.attack_seconds * measured.rate / measured.segment))
    held = ndimage.minimum_filter1d(released, 2 * reach + 1, mode="nearest")
    # Each smoothed value is a mean of values that are low enough for it and for both neighbours.
    window = np.hanning(2 * reach + 1)
    smooth = ndimage.convolve1d(held, window / window.sum(), mode="nearest")
    return np.asarray(gain * 10 ** (smooth / 20))


def with_gains(sound: Sound, gains: NDArray[np.float64], segment: int) -> Sound:
    """The sound with a gain that runs in straight lines between the middles of its segments."""
    middles = (np.arange(len(gains)) + 0.5) * segment

    def blocks() -> Iterator[Samples]:
        start = 0
        for block in sound.blocks():
            end = start + len(block)
            near = slice(max(0, start // segment - 1), end // segment + 2)
            curve = np.interp(np.arange(start, end), middles[near], gains[near])
            yield block * curve[:, np.newaxis]
            start = end

    return Sound(sound.rate, sound.channels, blocks)
