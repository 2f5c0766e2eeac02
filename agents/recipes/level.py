"""Change the level of a sound by gain alone, or by the least limiting."""

import numpy as np

from agents.recipes.levels import decibels
from agents.recipes.master import master
from agents.recipes.sound import Sound, give_up

_FULL_SCALE_DBTP = -0.1
"""Loudness normalisation limits only peaks that would pass this."""


def gain(sound: Sound, db: float) -> Sound:
    """Make a sound louder or quieter by so many decibels."""
    factor = 10 ** (db / 20)
    return sound.each(lambda block: block * factor)


def normalise_loudness(sound: Sound, target_lufs: float) -> Sound:
    """Bring a sound to a loudness by gain; only peaks beyond full scale are limited."""
    return master(sound, target_lufs, _FULL_SCALE_DBTP)


def normalise_peak(sound: Sound, peak_dbfs: float) -> Sound:
    """Bring the highest sample of a sound to a level by gain."""
    peak = max((float(np.max(np.abs(block))) for block in sound.blocks()), default=0.0)
    if peak == 0.0:
        give_up("it is silent, so its peak can't be set")
        return sound
    return gain(sound, peak_dbfs - decibels(peak))
