"""Gentle compression of a whole mix: its gain follows the level of all channels together."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from agents.mastering.steps import Compress
from agents.recipes.limiter import with_gains
from agents.recipes.sound import Sound

Doubles = NDArray[np.float64]

SEGMENT_SECONDS = 0.001
_FLOOR = 1e-12


def compressed(sound: Sound, step: Compress) -> Sound:
    """The sound compressed; its gain looks ahead by as much as it looks back."""
    segment = max(round(SEGMENT_SECONDS * sound.rate), 1)
    gains = 10 ** (reduction_db(levels_db(sound, segment, step.window_seconds), step) / 20)
    return with_gains(sound, gains, segment)


def levels_db(sound: Sound, segment: int, window_seconds: float) -> Doubles:
    """Level about each segment, over all channels, in dBFS: float64, (segments,)."""
    sums, carry = [np.zeros(0)], np.zeros(0)
    for block in sound.blocks():
        power = np.concatenate((carry, np.square(block).mean(axis=1)))
        whole = len(power) // segment * segment
        sums.append(power[:whole].reshape(-1, segment).mean(axis=1))
        carry = power[whole:]
    if len(carry):
        sums.append(np.array([carry.mean()]))
    size = max(round(window_seconds * sound.rate / segment), 1)
    mean = ndimage.uniform_filter1d(np.concatenate(sums), size, mode="nearest")
    return np.asarray(10 * np.log10(np.maximum(mean, _FLOOR)))


def reduction_db(levels: Doubles, step: Compress) -> Doubles:
    """Gain of each segment in dB, 0 or less: float64, (segments,).

    The curve is that of Giannoulis, Massberg and Reiss, "Digital Dynamic Range Compressor Design",
    JAES 60 (2012), with a soft knee.
    """
    over = levels - step.threshold_db
    knee = np.clip(over + step.knee_db / 2, 0, step.knee_db)
    bent = np.where(over > step.knee_db / 2, over, knee**2 / (2 * step.knee_db))
    wanted = (1 / step.ratio - 1) * np.where(over < -step.knee_db / 2, 0.0, bent)
    size = max(round(step.smooth_seconds / SEGMENT_SECONDS), 1)
    return np.asarray(ndimage.uniform_filter1d(wanted, size, mode="nearest"))
