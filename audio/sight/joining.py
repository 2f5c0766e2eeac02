"""Pieces of lines made whole: joined, followed through what crosses them, without echoes."""

from dataclasses import replace

from audio.sight.field import Field
from audio.sight.lines import Line

_JOIN_COLUMNS, _JOIN_SHARE = 5.0, 0.04
_ALIKE_DB, _OVERLAP = 10.0, 6
"""Pieces of a line are about as loud, and overlap by at most so many columns."""
_MOST_MISSES, _FADED_DB, _TURN = 4, 8.0, 0.15
"""A sweep is followed through so many fainter columns, and turns by so much of what it is off."""


def joined(lines: list[Line]) -> list[Line]:
    """Pieces of one steady line, with short gaps between them, as one."""
    kept: list[Line] = []
    for line in sorted(lines, key=lambda line: line.start):
        at = next((i for i in range(len(kept) - 1, -1, -1) if _follows(kept[i], line)), None)
        if at is None:
            kept.append(line)
            continue
        kept[at] = _both(kept[at], line)
    return kept


def _both(before: Line, line: Line) -> Line:
    """Two pieces as one line."""
    share = line.length / max(line.length + before.length, 1e-9)
    row = before.row * (1 - share) + line.row * share
    ends = (before.row, line.end_row) if line.moves else (row, row)
    return replace(
        before, end=max(line.end, before.end), row=ends[0], end_row=ends[1],
        strength=max(before.strength, line.strength), level=max(before.level, line.level),
    )  # fmt: skip


def _follows(before: Line, line: Line) -> bool:
    """Whether a piece goes on where another ends."""
    gap = line.start - before.end
    most = max(_JOIN_COLUMNS, _JOIN_SHARE * (line.length + before.length))
    if before.moves != line.moves or gap > most or abs(before.level - line.level) > _ALIKE_DB:
        return False
    if not line.moves:
        return abs(line.row - before.row) <= max(2.0, 0.5 * before.thickness)
    slopes = [(one.end_row - one.row) / max(one.length, 1.0) for one in (before, line)]
    slack = max(4.0, before.thickness, 2 * max(map(abs, slopes)))
    reached = before.end_row + slopes[0] * gap
    return slopes[0] * slopes[1] > 0 and gap > -_OVERLAP and abs(reached - line.row) <= slack


def follow(field: Field, line: Line) -> Line:
    """A sweep, carried on beyond its ends where it lies on through what crosses it."""
    if not line.moves:
        return line
    slope = (line.end_row - line.row) / max(line.length, 1.0)
    end = _carried(field, line.end, line.end_row, slope, 1, line.level)
    start = _carried(field, line.start, line.row, slope, -1, line.level)
    return replace(line, start=start[0], row=start[1], end=end[0], end_row=end[1])


def _carried(
    field: Field, column: float, row: float, slope: float, way: int, level: float
) -> tuple[float, float]:
    """How far a sweep goes on from an end: the last column and row that are as loud as it is."""
    at, place, misses = int(column) - (way < 0), row, 0
    held = (column, row)
    while misses < _MOST_MISSES:
        at, place = at + way, place + way * slope
        reach = 2 + round(abs(slope) / 2)
        low, high = max(int(place) - reach, 0), min(int(place) + reach + 1, field.rows)
        if not 0 <= at < field.columns or low >= high:
            break
        near = field.levels[low:high, at]
        best = int(near.argmax())
        if near[best] < level - _FADED_DB:
            misses += 1
            continue
        found = low + best + 0.5
        slope += _TURN * way * (found - place)
        place, misses = 0.5 * (place + found), 0
        held = (float(at + (way > 0)), found)
    return held


def without_echoes(lines: list[Line]) -> list[Line]:
    """Lines without those that run beside a louder one, in its own blur."""
    return [line for line in lines if not any(_is_echo(line, other) for other in lines)]


def _is_echo(line: Line, other: Line) -> bool:
    if other is line or (other.level, other.length) <= (line.level, line.length):
        return False
    both = min(line.end, other.end) - max(line.start, other.start)
    if both < 0.8 * line.length:
        return False
    slope = (other.end_row - other.row) / max(other.length, 1.0)
    offs = [
        abs(row - other.row - slope * (column - other.start))
        for column, row in ((line.start, line.row), (line.end, line.end_row))
    ]
    return max(offs) <= 3 + 2.0 * other.thickness + 3 * abs(slope)
