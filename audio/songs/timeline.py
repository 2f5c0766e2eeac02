"""From bars to ticks to seconds and back, where tempo and meter may change."""

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

PPQ = 480
"""Ticks in a quarter."""

_MICROSECONDS = 60_000_000
_LONGEST_QUARTER = 0xFFFFFF
"""In microseconds: a MIDI file has three bytes for it."""


class Place(NamedTuple):
    """A place in musical time."""

    bar: int
    """From 1."""
    tick: int
    """From the start of the bar."""


class _Tempo(NamedTuple):
    tick: int
    seconds: float
    per_tick: float


class _Meter(NamedTuple):
    bar: int
    tick: int
    bar_ticks: int


@dataclass(frozen=True)
class Timeline:
    """Musical time of a song; what lies after its end goes on in the last tempo and meter."""

    tempos: tuple[tuple[int, float], ...]
    """Tick and quarters a minute, in order of time, the first at tick 0."""
    meters: tuple[tuple[int, int, int], ...]
    """Bar, beats and unit, in order of time, the first at bar 1."""
    _tempo_marks: tuple[_Tempo, ...] = field(init=False, repr=False)
    _meter_marks: tuple[_Meter, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Sum up where each tempo and meter begins."""
        tempos = [_Tempo(0, 0.0, _per_tick(self.tempos[0][1]))]
        for tick, bpm in self.tempos[1:]:
            last = tempos[-1]
            seconds = last.seconds + (tick - last.tick) * last.per_tick
            tempos.append(_Tempo(tick, seconds, _per_tick(bpm)))
        meters = [_Meter(1, 0, bar_ticks(*self.meters[0][1:]))]
        for bar, beats, unit in self.meters[1:]:
            before = meters[-1]
            tick = before.tick + (bar - before.bar) * before.bar_ticks
            meters.append(_Meter(bar, tick, bar_ticks(beats, unit)))
        object.__setattr__(self, "_tempo_marks", tuple(tempos))
        object.__setattr__(self, "_meter_marks", tuple(meters))

    def tick_of_bar(self, bar: int) -> int:
        """The tick at which a bar begins; bars count from 1."""
        mark = self._meter_marks[max(0, bisect_right(self.meters, bar, key=lambda one: one[0]) - 1)]
        return mark.tick + (bar - mark.bar) * mark.bar_ticks

    def place_at(self, tick: int) -> Place:
        """The bar that a tick lies in, and where in it."""
        index = bisect_right(self._meter_marks, tick, key=lambda one: one.tick) - 1
        mark = self._meter_marks[max(0, index)]
        bars, rest = divmod(tick - mark.tick, mark.bar_ticks)
        return Place(mark.bar + bars, rest)

    def meter_at(self, bar: int) -> tuple[int, int]:
        """Beats and unit of a bar."""
        index = bisect_right(self.meters, bar, key=lambda one: one[0]) - 1
        return self.meters[max(0, index)][1:]

    def bpm_at(self, tick: int) -> float:
        """Quarters a minute at a tick."""
        return self.tempos[max(0, bisect_right(self.tempos, tick, key=lambda one: one[0]) - 1)][1]

    def seconds_at(self, tick: float) -> float:
        """When a tick sounds, in seconds from tick 0."""
        index = bisect_right(self._tempo_marks, tick, key=lambda one: one.tick) - 1
        mark = self._tempo_marks[max(0, index)]
        return mark.seconds + (tick - mark.tick) * mark.per_tick

    def tick_at(self, seconds: float) -> float:
        """The tick that sounds at a time, with its fraction."""
        index = bisect_right(self._tempo_marks, seconds, key=lambda one: one.seconds) - 1
        mark = self._tempo_marks[max(0, index)]
        return mark.tick + (seconds - mark.seconds) / mark.per_tick

    def bar_starts(self, bars: int) -> tuple[int, ...]:
        """The ticks at which bars 1 to ``bars`` begin, and the tick at which the last one ends."""
        return tuple(self.tick_of_bar(bar) for bar in range(1, bars + 2))

    def beats_of_bar(self, bar: int) -> tuple[int, ...]:
        """The ticks of a bar's beats: one for each of its meter's lower numbers."""
        start, (beats, unit) = self.tick_of_bar(bar), self.meter_at(bar)
        return tuple(start + beat * 4 * PPQ // unit for beat in range(beats))


def bar_ticks(beats: int, unit: int) -> int:
    """Ticks in a bar of a meter."""
    return 4 * PPQ * beats // unit


def microseconds_of(bpm: float) -> int:
    """How long a quarter lasts, as a MIDI file tells it."""
    return min(max(1, round(_MICROSECONDS / bpm)), _LONGEST_QUARTER)


def tempo_of(microseconds: int) -> float:
    """Quarters a minute of a MIDI file's tempo: the shortest number that gives just that."""
    exact = _MICROSECONDS / microseconds
    for places in range(9):
        if microseconds_of(round(exact, places)) == microseconds:
            return round(exact, places)
    return exact


def _per_tick(bpm: float) -> float:
    return 60 / bpm / PPQ
