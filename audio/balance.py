"""Whether a part of the spectrum is strong or weak for music: held against the usual slope.

The long-term average spectrum of popular recordings falls by about 5 dB an octave from 100 Hz to
4 kHz (Pestana, Ma, Reiss, Barbosa and Black, "Spectral Characteristics of Popular Commercial
Recordings 1950-2010", AES 135th Convention, 2013). The slope is drawn on to 60 Hz and 6 kHz, where
the bands end; below and above there is no common measure, and styles differ everywhere.
"""

from collections.abc import Mapping
from math import log10
from statistics import median

from audio.aspects import BAND_EDGES_HZ

SLOPE_DB = -5.0
"""Change of the power per hertz, in dB, over an octave."""

JUDGED = ("bass", "low_mid", "mid", "high_mid", "presence")
"""The bands within the range of the slope."""

NOTABLE_DB = 3.0
"""A smaller distance from the slope is usual."""

_EXPONENT = SLOPE_DB / 3.0102999566398121
"""Of frequency: 3.01 dB are a factor of two in power."""


def excess_db(levels_db: Mapping[str, float]) -> dict[str, float]:
    """How far each band lies above (+) or below (-) the slope that fits the other bands best.

    Args:
        levels_db: levels of the bands of ``JUDGED``, by name; dB to any common reference.

    Returns:
        Distances in dB; empty unless all bands are there.
    """
    if not set(JUDGED) <= levels_db.keys():
        return {}
    above = {band: levels_db[band] - _usual_db(band) for band in JUDGED}
    return {
        band: above[band] - median(above[other] for other in JUDGED if other != band)
        for band in JUDGED
    }


def _usual_db(band: str) -> float:
    """The level of a band under the slope, in dB to any common reference."""
    low, high = BAND_EDGES_HZ[band]
    power = _EXPONENT + 1
    return 10 * log10(abs(high**power - low**power))
