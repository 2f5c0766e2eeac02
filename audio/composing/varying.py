"""Variation: how a melody comes back, the same and yet not quite."""

from audio.composing.meters import Meter
from audio.composing.phrases import Wanted
from audio.composing.streams import Stream
from audio.songs.timeline import PPQ

_SHARE = 0.22
"""Share of the bars that change."""


def varied(stream: Stream, meter: Meter, wanted: tuple[Wanted, ...]) -> tuple[Wanted, ...]:
    """Decorate some bars: long notes divide, with a neighbour between; the first bar stays.

    Args:
        stream: decides.
        meter: the meter.
        wanted: the melody as it came first.
    """
    bars = sorted({one.start // meter.ticks for one in wanted})
    changed = {bar for bar in bars[1:] if stream.chance(_SHARE)}
    made: list[Wanted] = []
    for note in wanted:
        half = note.length // 2
        splits = note.length >= PPQ and half % (PPQ // 4) == 0 and not note.goal
        if note.start // meter.ticks in changed and splits and stream.chance(0.7):
            step = note.step + stream.one((-1, 1))
            made.append(note._replace(length=half))
            made.append(Wanted(note.start + half, note.length - half, step, "", note.phrase))
        else:
            made.append(note)
    return tuple(made)
