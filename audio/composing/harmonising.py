"""Chords for notes that are there: for a melody the likeliest ones, for chords their names."""

from collections.abc import Sequence
from typing import NamedTuple

from audio.composing.cheapest import cheapest
from audio.composing.grammar import Step, follows, usual_dominant
from audio.composing.harmony import name_of
from audio.composing.meters import Meter
from audio.composing.scales import Scale
from audio.songs.harmony import QUALITIES, Chord, chord_of
from audio.songs.song import Note

_FITS, _MOVES, _CLOSE = 3.0, 1.6, 1.2
_NAMED = ("", "m", "dim", "aug", "sus4", "7", "maj7", "m7", "m7b5", "6", "m6")
_SIZE_COST, _MISSING_COST, _BASS_GAIN, _HALF_COST = 0.04, 0.09, 0.12, 0.12


class _Option(NamedTuple):
    step: Step
    chord: Chord
    cost: float


def harmonised(notes: Sequence[Note], scale: Scale, meter: Meter, bars: int) -> tuple[str, ...]:
    """Chords for a melody, one a bar: each fits its notes, and follows the one before by function.

    Args:
        notes: in ticks from the first bar.
        scale: the scale that chords are taken from.
        meter: the meter.
        bars: how many bars are wanted.
    """
    steps = [Step(degree) for degree in range(7) if _plain(scale, degree)]
    steps += [usual_dominant(scale.mode)] if usual_dominant(scale.mode).kind else []
    layers = [
        [
            _Option(step, chord, _bar_cost(chord, notes, meter, bar, scale))
            for step in steps
            for chord in [chord_of(name_of(scale, step, sevenths=False))]
        ]
        for bar in range(bars)
    ]
    for bar in {0, bars - 1}:
        layers[bar] = [
            one._replace(cost=one.cost + _CLOSE * (one.step.degree != 0)) for one in layers[bar]
        ]
    path = cheapest(
        layers,
        lambda one: one.cost,
        lambda a, b: _MOVES * (1 - follows(scale.mode, a.step.degree, b.step.degree)),
    )
    return tuple(one.chord.name for one in path)


def _plain(scale: Scale, degree: int) -> bool:
    """Whether the triad on a scale step has a perfect fifth."""
    return (scale.degree(degree + 4) - scale.degree(degree)) % 12 == 7


def _bar_cost(chord: Chord, notes: Sequence[Note], meter: Meter, bar: int, scale: Scale) -> float:
    """How badly a chord fits the notes of a bar, 0 where all belong to it."""
    start = bar * meter.ticks
    total = foreign = 0.0
    for note in notes:
        held = min(note.end, start + meter.ticks) - max(note.start, start)
        if held > 0:
            strong = max(note.start, start) % meter.ticks in meter.strong_ticks
            weight = held * (1.8 if strong else 1.0)
            total += weight
            foreign += weight * (note.pitch % 12 not in chord.pitch_classes)
    outside = sum(one not in scale.classes for one in chord.pitch_classes)
    return _FITS * foreign / total + 0.3 * outside if total else 0.3 * outside


def named_chords(notes: Sequence[Note], meter: Meter, bars: int) -> tuple[str, ...]:
    """Name the chords that notes make, bar by bar; a bar's halves apart where they differ.

    Bars without notes keep the chord before.
    """
    named: list[str] = []
    for bar in range(bars):
        start, end = bar * meter.ticks, (bar + 1) * meter.ticks
        whole = _best(notes, start, end)
        if meter.half < meter.ticks:
            middle = start + meter.half
            first, second = _best(notes, start, middle), _best(notes, middle, end)
            gain = whole[0] - (first[0] + second[0]) / 2
            if first[1] and second[1] and first[1] != second[1] and gain > _HALF_COST:
                named.append(f"{first[1]} {second[1]}")
                continue
        named.append(whole[1] or (named[-1].split()[-1] if named else ""))
    known = next((one for one in named if one), "C")
    return tuple(one or known for one in named)


def _best(notes: Sequence[Note], start: int, end: int) -> tuple[float, str]:
    """The chord that fits a span's notes best, and how badly; no name where nothing sounds."""
    weights = [0.0] * 12
    lowest: Note | None = None
    for note in notes:
        held = min(note.end, end) - max(note.start, start)
        if held > 0:
            weights[note.pitch % 12] += held
            lowest = note if lowest is None or note.pitch < lowest.pitch else lowest
    total = sum(weights)
    if lowest is None:
        return 0.0, ""
    shares = [one / total for one in weights]
    scored = []
    for quality in QUALITIES:
        if quality.suffix not in _NAMED:
            continue
        for root in range(12):
            classes = [(root + step) % 12 for step in quality.intervals]
            cost = 1 - sum(shares[one] for one in classes) + _SIZE_COST * len(classes)
            cost += _MISSING_COST * sum(shares[one] == 0 for one in classes)
            cost -= _BASS_GAIN * (lowest.pitch % 12 == root)
            scored.append((cost, root, quality.suffix))
    cost, root, suffix = min(scored)
    return cost, f"{_ROOTS[root]}{suffix}"


_ROOTS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
