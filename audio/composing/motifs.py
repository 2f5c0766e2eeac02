"""Motifs: rhythm and contour of one bar, and the ways in which they are developed."""

from typing import NamedTuple

from audio.composing.meters import Beat, Meter
from audio.composing.plan import Motif
from audio.composing.streams import Stream
from audio.composing.styles import MelodyHabits
from audio.songs.timeline import PPQ


class Idea(NamedTuple):
    """A motif in ticks: what one bar of melody is made from."""

    onsets: tuple[int, ...]
    """In ticks from the start of the bar."""
    contour: tuple[int, ...]
    """Scale steps above the first note, one for each onset."""

    def shifted(self, steps: int) -> "Idea":
        """The same, so many scale steps higher: a sequence."""
        return Idea(self.onsets, tuple(one + steps for one in self.contour))

    def inverted(self) -> "Idea":
        """Upside down, around its first note."""
        return Idea(self.onsets, tuple(-one for one in self.contour))

    def backwards(self) -> "Idea":
        """Its pitches from the last to the first, in the same rhythm."""
        return Idea(self.onsets, tuple(reversed(self.contour)))

    def fragment(self, meter: Meter) -> "Idea":
        """Its first half twice, the second time a step lower."""
        half = meter.half if meter.half < meter.ticks else meter.beats[-1].start
        first = [pair for pair in zip(self.onsets, self.contour, strict=True) if pair[0] < half]
        room = meter.ticks - half
        again = [(at + half, step - 1) for at, step in first if at < room]
        both = first + again
        return Idea(tuple(at for at, _ in both), tuple(step for _, step in both))

    def augmented(self, meter: Meter) -> tuple["Idea", "Idea"]:
        """Twice as slow: two bars of it."""
        slow = [(2 * at, step) for at, step in zip(self.onsets, self.contour, strict=True)]
        bars = [
            [(at - start, step) for at, step in slow if start <= at < start + meter.ticks]
            for start in (0, meter.ticks)
        ]
        first, second = (
            Idea(tuple(at for at, _ in bar), tuple(step for _, step in bar)) for bar in bars
        )
        return first, second

    def head(self, meter: Meter) -> "Idea":
        """Its notes of the first half of a bar; the rest is silent."""
        kept = [at for at in self.onsets if at < max(meter.half % meter.ticks, PPQ)]
        return Idea(tuple(kept), self.contour[: len(kept)])


def idea_of(motif: Motif, meter: Meter) -> Idea | None:
    """A given motif, as far as it lies in the bar; None where nothing is left."""
    ticks = sorted({round(onset * 4) * PPQ // 4 for onset in motif.onsets})
    onsets = tuple(tick for tick in ticks if 0 <= tick < meter.ticks)
    contour = tuple(motif.contour[place % len(motif.contour)] for place in range(len(onsets)))
    return Idea(onsets, tuple(max(-8, min(8, one)) for one in contour)) if onsets else None


def invented(stream: Stream, meter: Meter, habits: MelodyHabits) -> Idea:
    """Invent a motif: a rhythm on the meter's beats, and a contour that leaps and turns back."""
    least = 2 if habits.density * len(meter.beats) < 3 else 3
    onsets = _rhythm(stream, meter, habits)
    for _ in range(12):
        if len(onsets) >= least:
            break
        onsets = _rhythm(stream, meter, habits)
    return Idea(onsets or (0,), _contour(stream, max(1, len(onsets)), habits.leaps))


def _rhythm(stream: Stream, meter: Meter, habits: MelodyHabits) -> tuple[int, ...]:
    onsets: list[int] = []
    for beat in meter.beats:
        scale = beat.length / PPQ
        wanted = habits.density * min(scale, 1.5)
        onsets += _beat_rhythm(stream, beat, wanted, habits)
    return tuple(onsets)


def _beat_rhythm(stream: Stream, beat: Beat, wanted: float, habits: MelodyHabits) -> list[int]:
    """The onsets within a beat: on it unless it is syncopated, and between as density wants."""
    pushed = stream.chance(habits.syncopation * (0.35 if beat.strong else 1.0))
    on = not pushed and stream.chance(0.96 if beat.strong else min(0.95, 0.45 + 0.35 * wanted))
    places = [0] if on else []
    between = max(0.0, wanted - (0.8 if on else 0.0))
    if beat.triple:
        places += [place for place in (1, 2) if stream.chance(min(0.9, 0.55 * between + 0.1))]
    elif pushed or stream.chance(min(0.95, between)):
        fine = habits.grid == 4 and stream.chance(0.45)
        places += stream.one(([3], [1, 2], [1, 3], [2, 3])) if fine else [2]
    return [beat.cell(place) for place in places]


def _contour(stream: Stream, count: int, leaps: float) -> tuple[int, ...]:
    steps = [0]
    last = 0
    direction = stream.one((-1, 1))
    for _ in range(count - 1):
        if abs(last) >= 2:  # a leap is made good by a step back
            move = -1 if last > 0 else 1
        elif stream.chance(leaps):
            direction = stream.one((-1, 1))
            move = direction * stream.pick({2: 0.55, 3: 0.28, 4: 0.17})
        else:
            if stream.chance(0.35):
                direction = -direction
            move = 0 if last and stream.chance(0.14) else direction
        if abs(steps[-1] + move) > 5:
            move, direction = -move, -direction
        steps.append(steps[-1] + move)
        last = move
    return tuple(steps)
