"""Samples piled up at the ceiling of one sign below full scale, as clipping leaves them.

A hard clipper sets what is above its ceiling to the same value, so that exactly there lie many
samples, often some in a row, and next to none just below: the crest of a sine has as many within
any step below its top as within the three under that one. A limiter sets single samples to its
ceiling; a machine that repeats a sound repeats what stands before its highest sample; a square wave
lies at its ceiling all the time. None of these is clipping.
"""

import numpy as np
from numpy.typing import NDArray

from audio.decoding import Floats

_SAME_LEVEL = 1e-5
_STEPS_OF_GRAIN = 1.5
"""What lies so many steps of quantisation below the highest sample, lies at the ceiling."""
_NEAR = 4.0
"""How many times as far below the ceiling is near it."""
_FEWEST, _FEWEST_PAIRS = 16, 8
_TO_NEAR = 5.0
"""So many times as many samples lie at the ceiling as near it."""
_MOST_SHARE = 0.2
"""Share of the sounding samples from which on lying at the ceiling is the sound itself."""
_SOUNDING = 0.1
_MOST_KEPT = 64


class Pile:
    """Counts the samples at the highest level and near it."""

    def __init__(self) -> None:
        self._level, self._at, self._near, self._sounding = 0.0, 0, 0, 0
        self._before: set[float] = set()

    def push(self, samples: Floats, grain: float) -> None:
        """Count samples, given with the sign that makes this ceiling positive.

        Args:
            samples: float32, (frames,).
            grain: step of their quantisation; 0 where there is none.
        """
        width = max(_SAME_LEVEL, _STEPS_OF_GRAIN * grain)
        highest = float(samples.max(initial=0.0))
        self._sounding += int(np.count_nonzero(samples > _SOUNDING * max(highest, self._level)))
        if highest < self._level - width or highest <= 0:
            return
        if highest > self._level + width:
            self._at, self._near, self._before = 0, 0, set()
        self._level = max(highest, self._level)
        at = np.flatnonzero(samples >= self._level - width)
        self._at += len(at)
        self._near += int(np.count_nonzero(samples >= self._level - _NEAR * width)) - len(at)
        self._keep_pairs(samples, at)

    def clipped(self) -> int:
        """How many samples clipping piled up; 0 where nothing shows that."""
        piled = self._at >= _FEWEST and self._at >= _TO_NEAR * self._near
        sound = self._at > _MOST_SHARE * self._sounding
        return self._at if piled and not sound and len(self._before) >= _FEWEST_PAIRS else 0

    def _keep_pairs(self, samples: Floats, at: NDArray[np.int64]) -> None:
        """Keep what stands before each run of two and more."""
        if len(self._before) >= _MOST_KEPT or len(at) < 2:
            return
        starts = at[:-1][(np.diff(at) == 1) & (np.diff(at, prepend=-2)[:-1] > 1)]
        before = samples[starts[starts > 0] - 1]
        self._before.update(float(one) for one in before[:_MOST_KEPT])
