"""Meters: how a bar divides into groups, beats and cells, and which of its beats are strong."""

from typing import NamedTuple

from audio.songs.timeline import PPQ, bar_ticks
from grym_synth.errors import BadInput

UNITS = (2, 4, 8, 16)
MOST_BEATS = 24


class Beat(NamedTuple):
    """One beat of a bar, as it is felt."""

    start: int
    """In ticks from the start of the bar."""
    length: int
    """In ticks."""
    triple: bool
    """Whether it falls into three parts, as in 6/8, rather than two."""
    strong: bool
    """Whether a group of beats begins with it, or the meter is compound."""
    kind: int
    """Its place in a bar of four: 0 the downbeat, 1 and 3 the backbeats, 2 the other strong one."""

    def cell(self, quarter: int) -> int:
        """The tick, from the start of the bar, of a quarter (0..3) of the beat.

        A beat in three parts has its halves at two thirds, as a lilt does.
        """
        if not self.triple:
            return self.start + quarter * self.length // 4
        return self.start + (0, 1, 2, 5)[quarter] * self.length // (3, 3, 3, 6)[quarter]


class Meter(NamedTuple):
    """A meter."""

    upper: int
    """Upper number."""
    lower: int
    """Lower number."""

    @property
    def ticks(self) -> int:
        """Ticks in a bar."""
        return bar_ticks(self.upper, self.lower)

    @property
    def name(self) -> str:
        """Such as ``6/8``."""
        return f"{self.upper}/{self.lower}"

    @property
    def compound(self) -> bool:
        """Whether its beats fall into three, as in 6/8 and 12/8."""
        return self.lower >= 8 and self.upper % 3 == 0 and self.upper > 3

    @property
    def beats(self) -> tuple[Beat, ...]:
        """The beats as they are felt, in order."""
        return _beats(self)

    @property
    def strong_ticks(self) -> tuple[int, ...]:
        """Where the strong beats lie, in ticks from the start of the bar."""
        return tuple(beat.start for beat in self.beats if beat.strong)

    @property
    def half(self) -> int:
        """The tick at which the second half of a bar begins; the bar's end where it has none."""
        strong = self.strong_ticks
        return strong[len(strong) // 2] if len(strong) > 1 else self.ticks


def meter_of(text: str) -> Meter:
    """Read a meter such as ``7/8``.

    Raises:
        BadInput: it is none that can be played.
    """
    count, slash, unit = text.strip().partition("/")
    fits = slash and count.strip().isdecimal() and unit.strip().isdecimal()
    if not fits or not (1 < int(count) <= MOST_BEATS and int(unit) in UNITS):
        raise BadInput(
            f"reading the meter {text!r}",
            "it is impossible or none that can be composed in",
            f"Write 2 to {MOST_BEATS} beats over {', '.join(map(str, UNITS))}, such as 4/4 or 7/8",
        )
    return Meter(int(count), int(unit))


def _beats(meter: Meter) -> tuple[Beat, ...]:
    part = 4 * PPQ // meter.lower
    if meter.compound:
        lengths, groups = [3] * (meter.upper // 3), _groups(meter.upper // 3)
    elif meter.lower >= 8 and meter.upper % 2:
        lengths = [2] * ((meter.upper - 3) // 2) + [3]  # 7/8 is 2 + 2 + 3
        groups = _groups(len(lengths))
    elif meter.lower >= 8:
        lengths = [2] * (meter.upper // 2)
        groups = _groups(len(lengths))
    else:
        lengths, groups = [1] * meter.upper, _groups(meter.upper)
    beats, at, index = [], 0, 0
    for number, group in enumerate(groups):
        for place in range(group):
            length = lengths[index] * part
            kind = 2 * (number % 2) + min(place, 1)
            triple = lengths[index] == 3
            strong = place == 0 or meter.compound
            beats.append(Beat(at, length, triple, strong, kind))
            at, index = at + length, index + 1
    return tuple(beats)


def _groups(beats: int) -> list[int]:
    """How beats are grouped: in twos, with a three first where they are odd: 5 is 3 + 2."""
    if beats <= 3:
        return [beats]
    return [3] * (beats % 2) + [2] * ((beats - 3 * (beats % 2)) // 2)
