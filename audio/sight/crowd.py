"""What usually sounds about a frequency, so that a note among notes isn't taken for an event."""

import numpy as np

from audio.blocks import Floats
from audio.sight.field import Field

_RATIO = 2**0.5
"""Half an octave to both sides is about a frequency."""
_LEAST_ROWS = 6
_USUAL = 40
"""Percentile over time: an event that lasts longer than the rest of the picture is usual."""
_OVER_USUAL_DB = 8.0
_LOUD = 90
"""Percentile over time of what an event must be louder than."""
_FEWEST_COLUMNS = 0.2
"""With a smaller share of the time beside an event, it can't be compared."""


def outstanding(field: Field, levels: Floats) -> np.ndarray:
    """Pixels well above what usually is the loudest about their frequency: bool, as ``levels``.

    Args:
        field: what the levels are of.
        levels: float32, (rows, columns), dB, without what lasts all along.
    """
    usual = np.percentile(_loudest_about(field, levels)[:, ::4], _USUAL, axis=1)
    mask: np.ndarray = levels >= usual[:, None] + _OVER_USUAL_DB
    return mask


def loud_beside(field: Field, levels: Floats, row: float, start: float, end: float) -> float:
    """What the loudest about a row reaches now and then, in dB, beyond some columns."""
    low, high = _rows_about(field, row)
    loudest = levels[low:high].max(axis=0)
    beside = np.delete(loudest, slice(max(int(start) - 3, 0), int(end) + 4))
    if len(beside) < _FEWEST_COLUMNS * len(loudest):
        return float("-inf")
    return float(np.percentile(beside, _LOUD))


def _rows_about(field: Field, row: float) -> tuple[int, int]:
    hertz = max(field.hertz(row), 1.0)
    low = min(field.row(hertz / _RATIO), row - _LEAST_ROWS)
    high = max(field.row(hertz * _RATIO), row + _LEAST_ROWS)
    return max(int(low), 0), min(int(high) + 1, field.rows)


def _loudest_about(field: Field, levels: Floats) -> Floats:
    """The loudest within half an octave of each pixel, by maxima of powers of two of rows."""
    doubled = [levels]
    while 2 ** len(doubled) <= field.rows:
        last, step = doubled[-1], 2 ** (len(doubled) - 1)
        doubled.append(np.maximum(last[:-step], last[step:]))
    loudest = np.empty_like(levels)
    for row in range(field.rows):
        low, high = _rows_about(field, row + 0.5)
        power = (high - low).bit_length() - 1
        loudest[row] = np.maximum(doubled[power][low], doubled[power][high - 2**power])
    return loudest
