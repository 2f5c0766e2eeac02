"""Spans of a bar as note values: which ones, tied to which, and which of them form tuplets."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from audio.interchange.quantising import BINARY, TRIPLE
from audio.songs.timeline import PPQ

TYPES = {
    3840: "breve", 1920: "whole", 960: "half", 480: "quarter", 240: "eighth", 120: "16th",
    60: "32nd", 30: "64th", 15: "128th",
}  # fmt: skip
"""Names of note values in MusicXML, by ticks."""

_EIGHTH = PPQ // 2
_WIDEST_TUPLET = 4 * PPQ
_NARROWEST_TUPLET = PPQ // 4


class Tuplet(NamedTuple):
    """So many notes in the time of so many."""

    actual: int
    normal: int


class Region(NamedTuple):
    """A part of a bar in which all values are plain, or all of one tuplet."""

    start: int
    """In ticks from the start of the bar."""
    end: int
    tuplet: Tuplet | None


class Value(NamedTuple):
    """One written note value."""

    start: int
    """In ticks from the start of the bar."""
    ticks: int
    """How long it sounds."""
    kind: str
    """Its name in MusicXML, such as ``eighth``."""
    dotted: bool
    tuplet: Tuplet | None


_TRIPLET, _QUINTUPLET = Tuplet(3, 2), Tuplet(5, 4)


def regions_of(points: Collection[int], bar_ticks: int) -> tuple[Region, ...]:
    """Where a voice's values are plain and where they are tuplets, over a whole bar.

    Args:
        points: ticks from the start of the bar at which something begins or ends.
        bar_ticks: how long the bar is.
    """
    inside = sorted({point for point in points if 0 < point < bar_ticks})
    width = _WIDEST_TUPLET
    found: list[Region] = []
    for start in range(0, bar_ticks, width):
        found += _parted(inside, start, width, bar_ticks)
    return tuple(_joined(found))


def _parted(points: Sequence[int], start: int, width: int, bar_ticks: int) -> list[Region]:
    """Regions of a stretch that begins on a multiple of its width."""
    end = min(start + width, bar_ticks)
    if start >= end:
        return []
    inside = [point - start for point in points if start < point < end]
    if not any(point % BINARY for point in inside):
        return [Region(start, end, None)]
    half = width // 2
    if end - start == width:
        if all(point % (width // 3) == 0 for point in inside):
            return [Region(start, end, _TRIPLET)]
        if width <= PPQ and (half not in inside or half < _NARROWEST_TUPLET):
            is_triple = all(point % TRIPLE == 0 for point in inside)
            return [Region(start, end, _TRIPLET if is_triple else _QUINTUPLET)]
    halves = _parted(points, start, half, bar_ticks)
    return halves + _parted(points, start + half, half, bar_ticks)


def _joined(regions: Sequence[Region]) -> Iterator[Region]:
    """Plain regions that follow each other, as one."""
    plain: Region | None = None
    for region in regions:
        if region.tuplet is None:
            plain = Region(plain.start if plain else region.start, region.end, None)
            continue
        if plain is not None:
            yield plain
        plain = None
        yield region
    if plain is not None:
        yield plain


def values_of(start: int, end: int, regions: Sequence[Region]) -> tuple[Value, ...]:
    """The note values that fill a span of a bar, from the first on; tied where it is a note."""
    values: list[Value] = []
    for region in regions:
        now, stop = max(start, region.start), min(end, region.end)
        while now < stop:
            value = _value(now, stop - now, region)
            values.append(value)
            now += value.ticks
    return tuple(values)


def _value(start: int, ticks: int, region: Region) -> Value:
    """The longest value that may stand at a place."""
    actual, normal = region.tuplet or (1, 1)
    room, place = ticks * actual // normal, (start - region.start) * actual // normal
    if region.tuplet is None:
        place = start
    for length, kind in TYPES.items():
        dotted = length * 3 // 2
        if length > BINARY and dotted <= room and _may_be_dotted(place, length):
            return Value(start, dotted * normal // actual, kind, True, region.tuplet)
        if length <= room and _may_stand(place, length):
            return Value(start, length * normal // actual, kind, False, region.tuplet)
    raise AssertionError(f"{ticks} ticks at {start} are no note values")


def _may_stand(place: int, length: int) -> bool:
    """Whether a value may begin at a place: on its own grid, or in the middle of twice itself."""
    off_grid = length >= _EIGHTH and place % (2 * length) == length // 2
    return place % length == 0 or off_grid


def _may_be_dotted(place: int, length: int) -> bool:
    """Whether a dotted value begins or ends where a value of twice its plain length would.

    A dotted quarter or more may also begin on a beat, of which it may be one itself.
    """
    dotted, twice = length * 3 // 2, length * 2
    on_beat = length > _EIGHTH and (place % length == 0 or place % dotted == 0)
    return on_beat or place % twice == 0 or (place + dotted) % twice == 0
