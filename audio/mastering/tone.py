"""Tonal balance: the mean spectrum in bands, its distance to another, and what would correct it."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio.balance import NOTABLE_DB, SLOPE_DB
from audio.blocks import Floats, open_stream, read_blocks

Doubles = NDArray[np.float64]

CENTRES_HZ: Doubles = 40.0 * 2 ** (np.arange(26) / 3)
"""Third-octave bands from 40 Hz to 12.9 kHz."""
_SLOPE_HZ = (100.0, 6000.0)
"""Within these, recordings share a usual slope (see ``audio.balance``)."""
_AUDIBLE_DB = -45.0
"""Bands so far below the strongest, when both follow the slope, hold no music."""
_FEWEST_BANDS = 14
STRENGTH = 0.6
"""Share of the distance that is corrected."""
MOST_DB = 3.0


@dataclass(frozen=True)
class Balance:
    """Mean levels of third-octave bands."""

    levels_db: Doubles
    """Without the usual slope, relative to the median of the bands: float64, (bands,)."""
    audible: NDArray[np.bool_]
    """Which bands hold music."""


@dataclass(frozen=True)
class Correction:
    """What would bring one balance nearer to another."""

    gains_db: Doubles
    """Of each band: float64, (bands,)."""
    before_db: float
    """Distance: root mean square over the bands."""
    after_db: float
    """The same, as it would be."""


def balance_of(path: Path) -> Balance | None:
    """The tonal balance of a recording; None where too few bands hold sound.

    Raises:
        MediaRejected: nothing of it can be decoded.
    """
    stream = open_stream(path)
    frequencies = stream.frequencies(stream.long_fft)
    power: Doubles = np.zeros(len(frequencies))
    for block in read_blocks(path, stream, short=False):
        power += block.long.sum(axis=0, dtype=np.float64)
    return balance_from(power, frequencies)


def balance_from(power: Doubles, frequencies: Floats) -> Balance | None:
    """The balance of a power spectrum; None where too few bands hold sound.

    Args:
        power: of each bin: float64, (bins,).
        frequencies: of the bins, in hertz.
    """
    edges = np.append(CENTRES_HZ, CENTRES_HZ[-1] * 2 ** (1 / 3)) * 2 ** (-1 / 6)
    bins = np.searchsorted(frequencies, edges)
    sums = np.array([power[first:last].sum() for first, last in pairwise(bins)])
    if sums.max(initial=0.0) <= 0:
        return None
    levels = 10 * np.log10(np.maximum(sums, 1e-20)) - usual_db(CENTRES_HZ)
    audible = (levels > levels.max() + _AUDIBLE_DB) & (edges[1:] < frequencies[-1])
    if np.count_nonzero(audible) < _FEWEST_BANDS:
        return None
    return Balance(levels - float(np.median(levels[audible])), audible)


def usual_db(hertz: Doubles) -> Doubles:
    """Level of a third-octave band under the usual slope: float64, like ``hertz``."""
    return np.asarray((SLOPE_DB + 3.0103) * np.log2(hertz / 1000.0))


def towards(own: Balance, reference: Balance) -> Correction:
    """What brings a balance nearer to that of a reference."""
    both = own.audible & reference.audible
    wanted = np.where(both, reference.levels_db - own.levels_db, 0.0)
    wanted = wanted - float(np.median(wanted[both])) if both.any() else wanted
    return _correction(np.where(both, wanted, 0.0), both)


def towards_usual(own: Balance) -> Correction:
    """What brings a balance to within 3 dB of the usual slope; nothing where it is there."""
    judged = own.audible & (_SLOPE_HZ[0] <= CENTRES_HZ) & (_SLOPE_HZ[1] >= CENTRES_HZ)
    levels = own.levels_db - float(np.median(own.levels_db[judged])) if judged.any() else 0.0
    excess = np.sign(levels) * np.maximum(np.abs(levels) - NOTABLE_DB, 0.0)
    return _correction(np.where(judged, -excess, 0.0), judged)


def _correction(wanted: Doubles, judged: NDArray[np.bool_]) -> Correction:
    """A smooth part of what is wanted, within the limits of what is gentle."""
    padded = np.pad(wanted, 2, mode="edge")
    smooth = np.convolve(padded, np.array([1, 2, 3, 2, 1]) / 9, mode="valid")
    gains = np.clip(STRENGTH * smooth, -MOST_DB, MOST_DB)
    return Correction(gains, _rms(wanted[judged]), _rms((wanted - gains)[judged]))


def _rms(values: Doubles) -> float:
    return float(np.sqrt(np.mean(np.square(values)))) if len(values) else 0.0
