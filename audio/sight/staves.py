"""The staves of an engraved page: five long dark lines at equal distances each.

Pages must lie straight, as engraved ones and screenshots do; on others no staff is found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]

LINES = 5
_LEAST_WIDTH = 0.1
"""A staff is at least so wide, as a share of the page."""
_LEAST_RUN = 0.03
"""A part of a staff line is at least so long, as a share of the page."""
_LEAST_SPACE = 3.0
"""Fewer pixels between two lines can't be told from thick lines."""
_PIXELS, _UNEVEN = 1.5, 0.28
"""A line lies no further from where the others want it: in pixels, and where the page's own
distance is known, in such distances."""
_SAME = 0.1
"""Distances of one page differ by no more than this share."""
_WHOLE = 0.85
"""So much of a line between its ends is dark."""


@dataclass(frozen=True)
class Staff:
    """Five lines."""

    top: float
    """Pixel row of the middle of the highest line."""
    bottom: float
    left: int
    right: int

    @property
    def space(self) -> float:
        """Pixels between two lines."""
        return (self.bottom - self.top) / (LINES - 1)


def find_staves(dark: Mask) -> list[Staff]:
    """The staves of a page from top to bottom.

    Args:
        dark: where it is dark, (height, width).
    """
    lines = _long_lines(dark)
    clear = _groups(lines, _LEAST_SPACE, dark.shape[0] / 8, 0.0)
    if not clear:
        return []
    space = float(np.median([one.space for one in clear]))
    return _groups(lines, (1 - _SAME) * space, (1 + _SAME) * space, _UNEVEN)


def _groups(lines: Sequence["_Line"], least: float, most: float, uneven: float) -> list[Staff]:
    """Staves whose lines lie so far apart, in pixels, and within so many spaces of even."""
    staves: list[Staff] = []
    first = 0
    while first < len(lines):
        group = _five(lines, first, least, most, uneven)
        if group is None:
            first += 1
            continue
        ends = [lines[one] for one in group]
        left, right = (int(np.median([one[side] for one in ends])) for side in (1, 2))
        staves.append(Staff(ends[0].row, ends[-1].row, left, right))
        first = group[-1] + 1
    return staves


class _Line(NamedTuple):
    row: float
    left: int
    right: int


def _five(
    lines: Sequence[_Line], first: int, least: float, most: float, uneven: float
) -> list[int] | None:
    """Indices of five lines of like extent at equal distances, the nearest that there are."""
    for last in range(first + LINES - 1, len(lines)):
        space = (lines[last].row - lines[first].row) / (LINES - 1)
        if space > most:
            break
        if space < least:
            continue
        wanted = [lines[first].row + number * space for number in range(LINES)]
        group = [_nearest(lines, row, first, last) for row in wanted]
        off = max(abs(lines[at].row - row) for at, row in zip(group, wanted, strict=True))
        if off <= max(_PIXELS, uneven * space) and _is_alike([lines[at] for at in group]):
            return group
    return None


def _nearest(lines: Sequence[_Line], row: float, first: int, last: int) -> int:
    return min(range(first, last + 1), key=lambda at: abs(lines[at].row - row))


def _is_alike(lines: Sequence[_Line]) -> bool:
    common = min(one.right for one in lines) - max(one.left for one in lines)
    return common >= 0.8 * (max(one.right for one in lines) - min(one.left for one in lines))


def _long_lines(dark: Mask) -> list[_Line]:
    """Rows that are dark along a great part of the page, thick ones as one."""
    height, width = dark.shape
    least = max(20, int(_LEAST_WIDTH * width))
    drawn = _in_long_runs(dark, max(12, int(_LEAST_RUN * width)))
    found: list[_Line] = []
    rows = [row for row in range(height) if int(drawn[row].sum()) >= least]
    for group in runs_of(rows):
        inside: Mask = np.asarray(drawn[group[0] : group[-1] + 1].any(axis=0))
        left, right = _extent(inside)
        if right - left >= least and inside[left:right].mean() >= _WHOLE:
            found.append(_Line((group[0] + group[-1]) / 2 + 0.5, left, right))
    return found


def _in_long_runs(dark: Mask, least: int) -> Mask:
    """What is dark over so many pixels in a row: no heads, stems or letters."""
    edges = np.diff(np.pad(dark.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    rows, starts = np.nonzero(edges == 1)
    _, ends = np.nonzero(edges == -1)
    long = ends - starts >= least
    marks = np.zeros((dark.shape[0], dark.shape[1] + 1), np.int32)
    np.add.at(marks, (rows[long], starts[long]), 1)
    np.add.at(marks, (rows[long], ends[long]), -1)
    return np.asarray(np.cumsum(marks, axis=1)[:, :-1] > 0)


def _extent(inside: Mask) -> tuple[int, int]:
    """Ends of the longest stretch without a gap of more than a few pixels."""
    columns = np.flatnonzero(inside)
    breaks = np.flatnonzero(np.diff(columns) > 6)
    starts = columns[np.r_[0, breaks + 1]]
    ends = columns[np.r_[breaks, len(columns) - 1]]
    longest = int(np.argmax(ends - starts))
    return int(starts[longest]), int(ends[longest]) + 1


def runs_of(rows: Sequence[int], gap: int = 1) -> list[list[int]]:
    """Rising numbers in groups whose neighbours are no further apart than ``gap``."""
    groups: list[list[int]] = []
    for row in rows:
        if groups and row <= groups[-1][-1] + gap:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups
