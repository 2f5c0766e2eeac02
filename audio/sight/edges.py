"""Cut-offs: a frequency above which a spectrogram shows nothing any more."""

from typing import NamedTuple

import numpy as np
from scipy import ndimage

from audio.sight.field import Field

LOWEST_EDGE_HZ = 1500.0
HIGHEST_EDGE = 0.96
"""Share of the highest frequency shown from which on an edge is the converter's own."""
LEAST_DROP_DB = 9.0
_KNEE_DB = 6.0
_NARROW = 7
"""Rows of a running median that takes out lines."""
_STEEP_OCTAVES, _STEEP_HZ, _STEEP_ROWS = 0.13, 600.0, 4.0
_LIKE_FLOOR = 0.6
"""What lies above an edge is at most this share of the way from the floor to the level below."""


class Edge(NamedTuple):
    """A cut-off that lasts as long as the picture."""

    hertz: float
    drop_db: float


def find_edge(field: Field) -> Edge | None:
    """The cut-off of a spectrogram; None where it fades, or reaches its upper end."""
    profile = np.median(field.levels, axis=1)
    profile = ndimage.median_filter(profile, size=_NARROW, mode="nearest")
    best: Edge | None = None
    lowest = max(int(field.row(LOWEST_EDGE_HZ)), 8)
    highest = field.row(HIGHEST_EDGE * field.hertz(field.rows))
    for row in range(lowest, field.rows - 4):
        edge = _edge_at(field, profile, row)
        if edge and field.row(edge.hertz) < highest and (not best or edge.drop_db > best.drop_db):
            best = edge
    return best


def _edge_at(field: Field, profile: np.ndarray, row: int) -> Edge | None:
    """An edge about a row where the profile falls from one steady level to another."""
    hertz = field.hertz(row)
    width = max(_STEEP_ROWS, min(field.row(hertz * 2**_STEEP_OCTAVES), field.row(hertz + _STEEP_HZ))
                - row)  # fmt: skip
    end = row + round(width)
    if end + 2 >= field.rows:
        return None
    before = profile[max(row - max(round(2 * width), 8), 0) : row]
    level, above = float(np.median(before)), float(profile[end:].max())
    drop = level - above
    if drop < LEAST_DROP_DB or above > field.floor + _LIKE_FLOOR * (level - field.floor):
        return None
    if level - float(profile[row]) > _KNEE_DB / 2:
        return None
    octave = profile[max(int(field.row(hertz / 2)), 0) : row]
    if float(np.percentile(octave, 10)) < above + LEAST_DROP_DB / 2:
        return None
    knee = min(_KNEE_DB, drop / 2)
    lower = row + int(np.argmax(profile[row : end + 1] < level - knee))
    if lower <= row:
        return None
    here, there = float(profile[lower - 1]), float(profile[lower])
    return Edge(field.hertz(lower - 0.5 + (here - level + knee) / (here - there)), drop)
