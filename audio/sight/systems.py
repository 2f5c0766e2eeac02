"""Systems and bars of an engraved page, so that a place on it is a bar and a line or space.

A bar line is dark from the first line of a staff to the last, with no note head beside it, in most
staves of its system; double and thick ones are no stems whatever stands beside them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from PIL import Image

from audio.sight.staves import LINES, Mask, Staff, find_staves, runs_of

_LEAST_INK = 0.25
"""Share of full darkness: a thin line is spread over two rows of pixels."""
_DARK_ALONG = 0.93
"""So much of a bar line is dark."""
_BESIDE = (0.35, 0.75)
"""Where the head of a stem would lie, in spaces from it."""
_MOST_STAVES = 0.6
"""Share of a system's staves in which a bar line is found; in others a note may touch it."""
_THICK = 0.45
"""No stem is so thick, in spaces."""
_FREE = 0.14
"""So much may be dark there: staff lines are left out."""


class StaffPlace(NamedTuple):
    """A place on a page in musical terms."""

    bar: int
    """Counted from 1 on this page."""
    staff: int
    """Counted from 1 downward within its system."""
    step: float
    """Steps above the lowest line: 0 is that line, 1 the space above it, 8 the highest line."""
    space: float
    """Pixels between two lines."""


@dataclass(frozen=True)
class System:
    """Staves that sound together, and the bars along them."""

    staves: tuple[Staff, ...]
    bar_lines: tuple[float, ...]
    """Pixel columns, the left edge of the staff first; one more than there are bars."""
    first_bar: int
    """Counted from 1 on this page."""

    @property
    def bars(self) -> int:
        """How many bars it has."""
        return len(self.bar_lines) - 1


def find_systems(picture: Image.Image) -> list[System]:
    """The systems of a page from top to bottom; none where no staff can be told.

    Args:
        picture: dark on light, of any mode.
    """
    grey = np.asarray(picture.convert("L"), np.float32)
    paper, ink = float(np.percentile(grey, 95)), float(grey.min())
    dark: Mask = grey < paper - _LEAST_INK * (paper - ink)
    staves = find_staves(dark)
    systems: list[System] = []
    first = 1
    for group in _joined(staves, dark):
        lines = _bar_lines(group, dark)
        systems.append(System(tuple(group), lines, first))
        first += len(lines) - 1
    return systems


def place_on(systems: Sequence[System], x: float, y: float) -> StaffPlace | None:
    """Bar, staff and step of a pixel; None far from every staff, or beside them."""
    near = [(system, staff) for system in systems for staff in system.staves]
    if not near:
        return None
    system, staff = min(near, key=lambda one: abs(y - (one[1].top + one[1].bottom) / 2))
    step = 2 * (staff.bottom - y) / staff.space
    inside = staff.left - staff.space <= x <= staff.right + staff.space
    if not inside or not -9 <= step <= 17:
        return None
    bar = sum(x >= line for line in system.bar_lines[1:-1])
    number = system.staves.index(staff) + 1
    return StaffPlace(system.first_bar + bar, number, step, staff.space)


def _joined(staves: Sequence[Staff], dark: Mask) -> list[list[Staff]]:
    """Staves that a line at their left joins."""
    groups: list[list[Staff]] = []
    for staff in staves:
        if groups and _is_joined(groups[-1][-1], staff, dark):
            groups[-1].append(staff)
        else:
            groups.append([staff])
    return groups


def _is_joined(upper: Staff, lower: Staff, dark: Mask) -> bool:
    reach = max(2, round(0.7 * upper.space))
    left = max(0, min(upper.left, lower.left) - reach)
    between = dark[round(upper.bottom) : round(lower.top), left : lower.left + reach]
    return between.size > 0 and bool(between.mean(axis=0).max() >= _DARK_ALONG)


def _bar_lines(staves: Sequence[Staff], dark: Mask) -> tuple[float, ...]:
    """Columns of the bar lines of a system, its left and right edges included."""
    left, right = staves[0].left, max(one.right for one in staves)
    space = staves[0].space
    each = [_crossings(staff, dark) for staff in staves]
    common = [
        x
        for x in sorted(x for crossings in each for x in crossings)
        if sum(any(abs(x - one) <= space / 2 for one in crossings) for crossings in each)
        >= _MOST_STAVES * len(staves)
    ]
    merged: list[float] = []
    for x in common:
        if merged and x - merged[-1] < 1.5 * space:
            merged[-1] = x  # double bars end at their second line
        elif x - left >= 2 * space:
            merged.append(x)
    if not merged or right - merged[-1] > 1.5 * space:
        merged.append(float(right))
    return (float(left), *merged)


def _crossings(staff: Staff, dark: Mask) -> list[float]:
    """Where lines cross a staff that are no stems: double or thick ones, or none beside a head."""
    top, bottom = round(staff.top), round(staff.bottom)
    full = dark[top : bottom + 1].mean(axis=0) >= _DARK_ALONG
    columns = np.flatnonzero(full[staff.left : staff.right + 1]) + staff.left
    found = []
    for group in runs_of([int(one) for one in columns], int(staff.space)):
        width = group[-1] - group[0] + 1
        is_thick = len(group) >= max(3.0, _THICK * staff.space)
        if width <= 2.5 * staff.space and (is_thick or _is_free(staff, group, dark)):
            found.append((group[0] + group[-1]) / 2 + 0.5)
    return found


def _is_free(staff: Staff, group: Sequence[int], dark: Mask) -> bool:
    """Whether nothing but staff lines, or another bar line, lies on both sides of a line."""
    rows = [row for row in _between_lines(staff) if 0 <= row < dark.shape[0]]
    near, far = (max(1, round(one * staff.space)) for one in _BESIDE)
    sides = (
        range(max(group[0] - far, 0), max(group[0] - near + 1, 1)),
        range(group[-1] + near, min(group[-1] + far + 1, dark.shape[1])),
    )
    return all(
        len(side) == 0 or bool(dark[np.ix_(rows, list(side))].mean() <= _FREE) for side in sides
    )


def _between_lines(staff: Staff) -> list[int]:
    """The rows of a staff that its lines leave free, and those of half heads beside it."""
    lines = [staff.top + number * staff.space for number in range(LINES)]
    lines = [staff.top - staff.space / 2, *lines, staff.bottom + staff.space / 2]
    thick = max(1.0, 0.2 * staff.space)
    return [
        row
        for upper, lower in pairwise(lines)
        for row in range(int(upper + thick) + 1, int(lower - thick) + 1)
    ]
