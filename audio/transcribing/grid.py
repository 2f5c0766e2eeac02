"""Bars and ticks along the beats of a recording, and from its seconds to them.

The grid begins where the recording begins. What lies before the first downbeat is a short first
bar, counted in sixteenths; what is left over is the grid's ``offset``: by so much, at most a 32nd
note, a bar begins later in the recording than on the grid. An even grid has one tempo; that of a
performance changes with each beat, and it has no offset.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from audio.songs.song import PPQ, MeterMark, TempoMark
from audio.songs.timeline import Timeline, microseconds_of, tempo_of

_EVEN_SECONDS = 0.004
"""Beats that lie closer than this to one even grid were put on it."""
_TOLD_SECONDS = 0.002
"""The same, for a grid at the tempo that is told, which is rounded."""
_MOST = 0.9
"""Share of the beats that must lie on it."""
Doubles = NDArray[np.float64]

_SIXTEENTH = PPQ // 4
_SLOWEST, _FASTEST = 5.0, 999.0


@dataclass(frozen=True)
class Grid:
    """Musical time of a recording."""

    tempos: tuple[TempoMark, ...]
    meters: tuple[MeterMark, ...]
    first_downbeat: int
    """Tick of the first downbeat that was heard."""
    offset: float
    """Seconds in the recording at which tick 0 lies: -0.1 to 0.1 or so."""
    even: bool
    """Whether one tempo holds throughout."""

    @property
    def timeline(self) -> Timeline:
        """Bars, ticks and seconds, each from the others."""
        return Timeline(
            tuple((one.tick, one.bpm) for one in self.tempos),
            tuple((one.bar, one.beats, one.unit) for one in self.meters),
        )

    def bars(self, seconds: float) -> int:
        """How many bars a recording of this length needs."""
        timeline = self.timeline
        last = max(0.0, timeline.tick_at(max(0.0, seconds - self.offset)))
        place = timeline.place_at(max(0, int(np.ceil(last)) - 1))
        return place.bar

    @classmethod
    def along(
        cls, beats: Sequence[float], downbeats: Sequence[float], per_bar: int, bpm: float
    ) -> Self:
        """Lay a grid along measured beats.

        Args:
            beats: in seconds, rising, at least two.
            downbeats: those of them that begin a bar; without any, the first beat does.
            per_bar: beats in a bar.
            bpm: the tempo, which holds throughout where the beats are even.
        """
        first = downbeats[0] if downbeats else beats[0]
        even = _even_grid(np.array(beats), bpm)
        if even is not None:
            steps = round((first - even.start) / even.period)
            return cls._of_one_tempo(even.start + steps * even.period, per_bar, even.period)
        return cls._of_beats(beats, first, per_bar)

    @classmethod
    def _of_one_tempo(cls, first: float, per_bar: int, beat: float) -> Self:
        sixteenths = max(0, round(4 * first / beat))
        meters = _meters(sixteenths, per_bar)
        offset = first - sixteenths * beat / 4
        return cls((TempoMark(bpm=60 / beat),), meters, sixteenths * _SIXTEENTH, offset, True)

    @classmethod
    def _of_beats(cls, beats: Sequence[float], first: float, per_bar: int) -> Self:
        """One tempo for each beat; what lies before the first beat is as long as beats of it."""
        usual = float(np.median(np.diff(beats)))
        ahead = round(beats[0] / usual)
        begin = beats[0] / ahead if ahead else usual
        offset = 0.0 if ahead else beats[0]
        marks = [TempoMark(bpm=_tempo(begin if ahead else beats[1] - beats[0]))]
        now = offset + ahead * PPQ * _per_tick(marks[0].bpm)
        for index in range(len(beats) - 1):
            # Towards the next beat from where the rounded tempos have led: no error adds up.
            tempo = TempoMark(tick=(ahead + index) * PPQ, bpm=_tempo(beats[index + 1] - now))
            now += PPQ * _per_tick(tempo.bpm)
            if tempo.tick == 0:
                marks[0] = tempo
            elif tempo.bpm != marks[-1].bpm:
                marks.append(tempo)
        place = int(np.argmin(np.abs(np.array(beats) - first))) + ahead
        return cls(tuple(marks), _meters(4 * place, per_bar), place * PPQ, offset, False)


class _EvenGrid(NamedTuple):
    start: float
    """In seconds."""
    period: float
    """In seconds."""


def _even_grid(beats: Doubles, bpm: float) -> _EvenGrid | None:
    """The even grid that nearly all beats lie on: at the told tempo, or as they tell it themselves.

    The first beat may be off: where it would lie before the recording, it is told at its start.
    """
    usual = 60 / bpm
    counts = np.cumsum(np.concatenate(([0], np.rint(np.diff(beats) / usual))))
    fitted = float(np.polyfit(counts[1:], beats[1:], 1)[0]) if len(beats) > 2 else usual
    for period, within in ((usual, _TOLD_SECONDS), (fitted, _EVEN_SECONDS)):
        away = beats - counts * period
        start = float(np.median(away))
        if period > 0 and np.mean(np.abs(away - start) < within) > _MOST:
            return _EvenGrid(start, period)
    return None


def _meters(sixteenths: int, per_bar: int) -> tuple[MeterMark, ...]:
    """The meter, after a first bar that is as long as what is left before the first downbeat."""
    rest = sixteenths % (4 * per_bar)
    if not rest:
        return (MeterMark(beats=per_bar),)
    unit = next(unit for unit in (4, 8, 16) if rest % (16 // unit) == 0)
    pickup = MeterMark(beats=rest * unit // 16, unit=unit)
    return (pickup, MeterMark(bar=2, beats=per_bar))


def _tempo(seconds: float) -> float:
    """Beats a minute of a beat so long, as a file can hold it."""
    bpm = min(max(60 / max(seconds, 1e-6), _SLOWEST), _FASTEST)
    return tempo_of(microseconds_of(bpm))


def _per_tick(bpm: float) -> float:
    return 60 / bpm / PPQ


@dataclass(frozen=True)
class Clock:
    """From seconds of the recording to ticks of its grid."""

    grid: Grid

    def tick(self, seconds: float) -> int:
        """The nearest tick to a time of the recording, 0 or later."""
        return max(0, round(self.exact(seconds)))

    def exact(self, seconds: float) -> float:
        """The tick of a time of the recording, with its fraction; negative before the grid."""
        return self.grid.timeline.tick_at(seconds - self.grid.offset)

    def bar_near(self, seconds: float) -> int:
        """The bar whose start is nearest to a time of the recording."""
        timeline = self.grid.timeline
        tick = max(0.0, self.exact(seconds))
        bar = timeline.place_at(int(tick)).bar
        start, after = timeline.tick_of_bar(bar), timeline.tick_of_bar(bar + 1)
        return bar + 1 if tick - start > after - tick else bar
