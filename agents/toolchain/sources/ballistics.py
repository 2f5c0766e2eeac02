"""How levels rise and fall: detectors with a memory."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from agents.toolchain.sources.processor import Samples, pole_of

Detection = Literal["peak", "rms"]
Curve = NDArray[np.float64]
"""One value per sample: (frames,)."""

HOLD_MS = 2.5
"""A peak detector looks back so far, so that tones from 200 Hz on read as steady."""
RMS_MS = 10.0
"""Time constant of a mean square."""


def glided(wanted: Curve, state: float, falling: float, rising: float) -> Curve:
    """Follow a curve with one pole for the way down and another for the way up.

    Args:
        wanted: where to go.
        state: where it was before.
        falling: pole while the wanted value is lower.
        rising: pole while it is higher.
    """
    followed = []
    for value in wanted.tolist():
        state = value + (state - value) * (falling if value < state else rising)
        followed.append(state)
    return np.array(followed)


class Detector:
    """The level of the loudest channel."""

    def __init__(self, sample_rate: float, detection: Detection) -> None:
        """Start in silence."""
        self._peaks = detection == "peak"
        self._window = max(1, round(HOLD_MS / 1000 * sample_rate))
        self._pole = pole_of(RMS_MS, sample_rate)
        self.clear()

    def clear(self) -> None:
        """Forget all sound."""
        self._kept = np.zeros(self._window - 1)
        self._mean = 0.0

    def level(self, block: Samples) -> Curve:
        """Level at each sample, full scale 1: the latest peak, or the root of the mean square.

        For a sine both say its peak: the mean square is doubled, as AES17 has it.
        """
        if self._peaks:
            seen = np.concatenate([self._kept, np.abs(block).max(axis=0)])
            self._kept = seen[len(seen) - len(self._kept) :]
            return trailing(seen, self._window, lowest=False)
        power = (block * block).max(axis=0)
        means = glided(power, self._mean, self._pole, self._pole)
        self._mean = float(means[-1])
        return np.sqrt(2 * means)


def trailing(values: Curve, window: int, lowest: bool) -> Curve:
    """The extreme of each window, one for each place where a whole window ends."""
    find = ndimage.minimum_filter1d if lowest else ndimage.maximum_filter1d
    ends = find(values, window, origin=(window - 1) // 2)
    return np.asarray(ends[window - 1 :])


def decibels(level: Curve) -> Curve:
    """Levels in dBFS, -200 at the lowest."""
    return np.asarray(20 * np.log10(np.maximum(level, 1e-10)))
