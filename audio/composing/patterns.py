"""Rhythm patterns of four beats with four cells each, laid over the bars of any meter."""

from typing import NamedTuple

from audio.composing.meters import Meter
from audio.songs.timeline import PPQ

GRID = PPQ // 24
"""Every note begins and ends on a multiple of this: 32nds and triplets of 16ths are whole."""


class Stroke(NamedTuple):
    """One event of a pattern."""

    start: int
    """In ticks from the start of the bar."""
    length: int
    """In ticks."""
    letter: str
    """What is played; see ``styles.toml``."""
    strong: bool
    """Whether it falls on a strong beat."""


def strokes(pattern: str, meter: Meter) -> tuple[Stroke, ...]:
    """Lay a pattern over one bar: each beat takes the four cells of the beat of its kind.

    A letter lasts until the next cell that isn't ``-``.
    """
    cells = [
        (beat.cell(place), pattern[4 * beat.kind + place], beat.strong and place == 0)
        for beat in meter.beats
        for place in range(4)
    ]
    ends = [at for at, _, _ in cells[1:]] + [meter.ticks]
    made: list[Stroke] = []
    open_stroke = False
    for (at, letter, strong), end in zip(cells, ends, strict=True):
        if letter == "-" and open_stroke:
            made[-1] = made[-1]._replace(length=end - made[-1].start)
        elif letter in ".-":
            open_stroke = False
        else:
            made.append(Stroke(at, end - at, letter, strong))
            open_stroke = True
    return tuple(made)


def swung(tick: int) -> int:
    """A tick as it is played with swing: a beat's half at two thirds of it, the rest in between."""
    beat, place = divmod(tick, PPQ)
    half = PPQ // 2
    late = 2 * PPQ // 3
    moved = place * late // half if place <= half else late + (place - half) * (PPQ - late) // half
    return beat * PPQ + round(moved / GRID) * GRID
