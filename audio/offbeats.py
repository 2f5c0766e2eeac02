"""On the beat or between: which of two phases of a pulse is the beat.

The bass plays on the beat more than between, and the harmony changes there, above all where a bar
begins, on one beat in four: the off-beats of a waltz or a polka may be the louder ones, so that the
other bands say little.
"""

import numpy as np

from audio.accents import strength_at
from audio.blocks import Floats
from audio.harmonic_change import harmonic_change
from audio.onsets import Doubles

_HIGH_WEIGHT = 0.3
_HARMONY_WEIGHT = 1.5
"""Log ratios of harmonic change are smaller than those of bass onsets."""
_BAR_BEATS = 4


def settle_phase(beats: Doubles, bass: Floats, high: Floats, chroma: Floats) -> Doubles:
    """Move beats by half an interval where they lie between the beats.

    Args:
        beats: times in seconds, ascending, at least two.
        bass: onset strength of the low bands, (frames,), 100 frames per second.
        high: that of the other bands, likewise.
        chroma: pitch class magnitudes, (frames, 12), 10 frames per second.
    """
    halves = beats[:-1] + np.diff(beats) / 2
    by_bass = _log_ratio(strength_at(beats, bass), strength_at(halves, bass))
    on, between = harmonic_change(beats, chroma), harmonic_change(halves, chroma)
    by_harmony = _log_ratio(on, between) + _log_ratio(_at_bars(on), _at_bars(between))
    by_high = _log_ratio(strength_at(beats, high), strength_at(halves, high))
    if by_bass + _HARMONY_WEIGHT * by_harmony + _HIGH_WEIGHT * by_high >= 0:
        return beats
    first = beats[0] - (halves[0] - beats[0])
    return np.concatenate(([first], halves)) if first >= 0 else halves


def _at_bars(change: Doubles) -> Doubles:
    """Those beats, one in four, on which the harmony changes most."""
    return max((change[first::_BAR_BEATS] for first in range(min(_BAR_BEATS, len(change)))),
               key=lambda one: float(one.mean()))  # fmt: skip


def _log_ratio(on: Doubles, between: Doubles) -> float:
    return float(np.log((on.mean() + 1e-6) / (between.mean() + 1e-6)))
