"""Bars and beats of a performance: they lie where they were measured, and drift as they do."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Self

from audio.musical_time import Position
from grym_synth.errors import BadInput

_SAME = 1e-9
"""In beats: what lies closer before a beat is on it."""
_FINEST = 10**6
"""Largest denominator of a beat's fraction."""


@dataclass(frozen=True)
class PlayedTime:
    """Musical time along a chain of beats.

    Before the first and after the last beat, the nearest beat's length goes on; before the first
    and after the last downbeat, bars have ``per_bar`` beats.
    """

    beats: tuple[float, ...]
    """Times in seconds, rising; at least two."""
    bar_starts: tuple[int, ...]
    """Indices of the beats that begin a bar, rising; at least one. The first begins bar 1."""
    per_bar: int = 4

    @classmethod
    def of(cls, beats: Sequence[float], downbeats: Iterable[float], per_bar: int = 4) -> Self:
        """Take measured ``beats`` and ``downbeats``, in seconds.

        Raises:
            BadInput: fewer than two beats, not in order, or no downbeat.
        """
        chain = tuple(beats)
        starts = {_nearest(chain, one) for one in downbeats} if chain else set()
        rising = all(one < other for one, other in pairwise(chain))
        if len(chain) < 2 or not rising or not starts or per_bar < 1:
            raise BadInput(
                "counting bars along the beats",
                "there must be two beats in order and a downbeat",
                "Measure beats and downbeats, or give tempo and meter",
            )
        return cls(chain, tuple(sorted(starts)), per_bar)

    def seconds_at(self, position: Position) -> float:
        """Seconds from the start of the file; negative before it."""
        bar, last = position.bar - 1, len(self.bar_starts) - 1
        begin = min(max(bar, 0), last)
        index = self.bar_starts[begin] + (bar - begin) * self.per_bar + float(position.beat) - 1
        low = min(max(int(index // 1), 0), len(self.beats) - 2)
        return self.beats[low] + (index - low) * self._length(low)

    def position_at(self, seconds: float) -> Position:
        """The bar and beat at a time."""
        low = min(max(bisect_right(self.beats, seconds) - 1, 0), len(self.beats) - 2)
        index = low + (seconds - self.beats[low]) / self._length(low)
        begin = max(bisect_right(self.bar_starts, index + _SAME) - 1, 0)
        beyond = index - self.bar_starts[begin]
        bars = 0
        if begin == len(self.bar_starts) - 1 or beyond < -_SAME:
            bars = int((beyond + _SAME) // self.per_bar)
        beat = Fraction(beyond - bars * self.per_bar + 1).limit_denominator(_FINEST)
        return Position(begin + bars + 1, max(beat, Fraction(1)))

    def _length(self, index: int) -> float:
        return self.beats[index + 1] - self.beats[index]


def _nearest(beats: Sequence[float], seconds: float) -> int:
    after = bisect_right(beats, seconds)
    near = range(max(after - 1, 0), min(after + 1, len(beats)))
    return min(near, key=lambda index: abs(beats[index] - seconds))
