"""Bars and beats as seconds and samples, and back, exact where tempo and meter are.

Bars and beats count from 1, as musicians do: bar 1, beat 1 is where the music begins. A beat is the
meter's lower number: a quarter in 4/4, an eighth in 6/8; the tempo counts quarters a minute.
Fractions keep triplets and odd tempos free of rounding; only a sample is rounded.
"""

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple, Protocol

from grym_synth.errors import BadInput

Exact = int | float | Fraction
"""A number as it was given; a float counts as the decimal that it is written as: 0.1 is 1/10."""

_POSITION = re.compile(
    r"\s*(?:bar\s*)?(-?\d+)(?:\s*(?:[.:]|,?\s*beat)\s*(\d+(?:\.\d+|/\d+)?))?\s*", re.I
)
_METER = re.compile(r"\s*(\d{1,2})\s*/\s*(1|2|4|8|16|32)\s*")


class Position(NamedTuple):
    """A place in musical time."""

    bar: int
    """Counts from 1; what lies before the first bar has 0 and less."""
    beat: Fraction = Fraction(1)
    """From 1; 5/2 is half way from the second to the third beat."""

    def __str__(self) -> str:
        """Such as ``bar 17`` or ``bar 17, beat 2.5``."""
        if self.beat == 1:
            return f"bar {self.bar}"
        return f"bar {self.bar}, beat {float(self.beat):.6g}"


class Meter(NamedTuple):
    """Beats in a bar, and what a beat is."""

    beats: int = 4
    unit: int = 4
    """4: a beat is a quarter; 8: an eighth."""


COMMON_TIME = Meter()


class Span(NamedTuple):
    """A stretch of time, in seconds."""

    start: float
    end: float


class MusicalTime(Protocol):
    """Turns bars and beats into seconds and back."""

    def seconds_at(self, position: Position) -> float:
        """Seconds from the start of the file; negative before it."""
        ...

    def position_at(self, seconds: float) -> Position:
        """The bar and beat at a time."""
        ...


@dataclass(frozen=True)
class SteadyTime:
    """Musical time of a constant tempo."""

    bpm: Exact
    """Quarters a minute."""
    meter: Meter = COMMON_TIME
    offset_seconds: Exact = 0
    """Where bar 1, beat 1 lies."""

    def __post_init__(self) -> None:
        """Refuse what gives no time."""
        if not (exact(self.bpm) > 0 and self.meter.beats > 0 and self.meter.unit > 0):
            raise BadInput(
                f"counting {self.meter.beats}/{self.meter.unit} at {self.bpm} BPM",
                "no beat follows",
                "Give a tempo above 0 BPM and a meter such as 4/4",
            )

    @property
    def beat_seconds(self) -> Fraction:
        """How long a beat lasts."""
        return Fraction(60) / exact(self.bpm) * Fraction(4, self.meter.unit)

    @property
    def bar_seconds(self) -> Fraction:
        """How long a bar lasts."""
        return self.beat_seconds * self.meter.beats

    def exact_seconds_at(self, position: Position) -> Fraction:
        """Seconds from the start of the file, without rounding."""
        beats = (position.bar - 1) * self.meter.beats + position.beat - 1
        return exact(self.offset_seconds) + beats * self.beat_seconds

    def exact_position_at(self, seconds: Exact) -> Position:
        """The bar and beat at a time, without rounding."""
        beats = (exact(seconds) - exact(self.offset_seconds)) / self.beat_seconds
        bar, beat = divmod(beats, self.meter.beats)
        return Position(int(bar) + 1, beat + 1)

    def seconds_at(self, position: Position) -> float:
        """Seconds from the start of the file; negative before it."""
        return float(self.exact_seconds_at(position))

    def position_at(self, seconds: float) -> Position:
        """The bar and beat at a time."""
        return self.exact_position_at(seconds)


def exact(number: Exact) -> Fraction:
    """A number as a fraction.

    Raises:
        BadInput: it is infinite or none.
    """
    if isinstance(number, float):
        if not math.isfinite(number):
            raise BadInput(f"reading the time {number}", "it is no number", "Give a finite number")
        return Fraction(repr(number))
    return Fraction(number)


def sample_at(seconds: Exact, sample_rate_hz: int) -> int:
    """The sample nearest to a time; the later one of two equally near."""
    return math.floor(exact(seconds) * _rate(sample_rate_hz) + Fraction(1, 2))


def seconds_of(samples: int, sample_rate_hz: int) -> Fraction:
    """How long so many samples last, without rounding."""
    return Fraction(samples, _rate(sample_rate_hz))


def span_of_bars(time: MusicalTime, first: int, last: int) -> Span:
    """Where bars lie, from the start of the first to the end of the last one.

    Raises:
        BadInput: the last bar comes before the first.
    """
    if last < first:
        raise BadInput(f"finding bars {first} to {last}", "they run backwards", "Turn them round")
    return Span(time.seconds_at(Position(first)), time.seconds_at(Position(last + 1)))


def read_position(text: str) -> Position:
    """A place such as ``bar 17``, ``bar 17 beat 2.5``, ``17.3`` (bar 17, beat 3) or ``17:5/2``.

    Raises:
        BadInput: it is none.
    """
    found = _POSITION.fullmatch(text)
    beat = Fraction(found[2] or 1) if found and not _is_over_zero(found[2]) else None
    if found is None or beat is None or beat < 1:
        raise BadInput(
            f"reading the position {text!r}", "it is none", "Write it as in `bar 17 beat 3`"
        )
    return Position(int(found[1]), beat)


def read_meter(text: str) -> Meter:
    """A meter such as ``4/4`` or ``6/8``.

    Raises:
        BadInput: it is none.
    """
    found = _METER.fullmatch(text)
    if found is None or int(found[1]) == 0:
        raise BadInput(f"reading the meter {text!r}", "it is none", "Write it as in 4/4 or 6/8")
    return Meter(int(found[1]), int(found[2]))


def _is_over_zero(beat: str | None) -> bool:
    return beat is not None and "/" in beat and int(beat.partition("/")[2]) == 0


def _rate(sample_rate_hz: int) -> int:
    if sample_rate_hz <= 0:
        raise BadInput(f"counting samples at {sample_rate_hz} Hz", "there are none", "Give a rate")
    return sample_rate_hz
