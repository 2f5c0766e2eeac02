"""Onsets and ends that can be written as note values, next to where the notes are played.

Each point goes to the simplest place within 1/48 of a quarter: beats, eighths, sixteenths,
triplets, thirty-seconds, quintuplets, and at the end 128ths, of which one always lies near enough.
Points of one beat that no single division holds all go to 128ths.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from audio.songs.song import Note
from audio.songs.timeline import PPQ, Timeline

TOLERANCE = PPQ // 48
"""Ticks by which a written point may lie beside the played one."""

BINARY, TRIPLE, QUINTUPLE = PPQ // 32, PPQ // 24, PPQ // 20
"""Ticks of the finest values: a 128th, a 64th of a triplet, a 64th of a quintuplet."""

_ONSETS = (480, 240, 120, 160, 80, 60, 96, 40, 30, 48, BINARY)
"""Grids for onsets in ticks, the simplest first."""
_ENDS = (480, 240, 120, 160, 80, 60, 30, 96, 40, 48, BINARY)
"""The same for ends, where a short gap before the next note is no tuplet."""


class Written(NamedTuple):
    """A note and where it is written."""

    start: int
    """In ticks, from the start of the song."""
    end: int
    """In ticks."""
    note: Note
    """As it is played."""


class _Beat(NamedTuple):
    bar: int
    beat: int
    """Quarters from the start of the bar."""


def written_notes(notes: Iterable[Note], timeline: Timeline, end: int) -> tuple[Written, ...]:
    """Notes with the places at which they are written, by start and pitch.

    Args:
        notes: as they are played.
        timeline: the bars.
        end: the tick at which the last bar ends: nothing is written beyond it.
    """
    played = tuple(notes)
    crowded: set[_Beat] = set()
    while True:
        written = [_place(note, timeline, end, crowded) for note in played]
        more = _misfits(written, timeline) - crowded
        if not more:
            return tuple(sorted(written, key=lambda one: (one.start, one.note.pitch, one.end)))
        crowded |= more


def _place(note: Note, timeline: Timeline, end: int, crowded: set[_Beat]) -> Written:
    start = _near(note.start, timeline, crowded, (note.start,), _ONSETS)
    start = min(start, end - BINARY)
    goal = start + note.length
    stop = _near(goal, timeline, crowded, (goal, note.end), _ENDS)
    return Written(start, min(max(stop, start + BINARY), end), note)


def _near(
    tick: int, timeline: Timeline, crowded: set[_Beat], near: Sequence[int], grids: Sequence[int]
) -> int:
    """The simplest place for a tick that lies near some others, else one near the tick itself."""
    bar, within = timeline.place_at(tick)
    base, bar_end = tick - within, timeline.tick_of_bar(bar + 1)
    finest = base + _rounded(within, BINARY)
    if _Beat(bar, within // PPQ) in crowded:
        return finest
    for grid in grids:
        place = min(base + _rounded(within, grid), bar_end)
        if all(abs(place - one) <= TOLERANCE for one in near):
            return place
    return finest


def _misfits(written: Iterable[Written], timeline: Timeline) -> set[_Beat]:
    """The beats whose points no single division holds."""
    points: dict[_Beat, set[int]] = defaultdict(set)
    for one in written:
        for tick in (one.start, one.end):
            bar, within = timeline.place_at(tick)
            points[_Beat(bar, within // PPQ)].add(within % PPQ)
    return {
        beat
        for beat, ticks in points.items()
        if all(any(tick % unit for tick in ticks) for unit in (BINARY, TRIPLE, QUINTUPLE))
    }


def _rounded(tick: int, grid: int) -> int:
    return (tick + grid // 2) // grid * grid
