"""Melody: pitches for planned notes, by the cheapest way through the scale above the chords.

On strong beats chord tones sound; between them passing and neighbour notes, which come and go by
step. The path keeps close to the motif's contour, leaps seldom and stays in the register. It is
found by dynamic programming over each note's nearby pitches. Sizes of intervals cost as they are
rare in song (Huron, *Sweet Anticipation*, 2006, chapter 5: small intervals, reversal after leaps).
"""

from typing import NamedTuple

from audio.composing.cheapest import cheapest
from audio.composing.harmony import Sounding, chord_at
from audio.composing.meters import Meter
from audio.composing.phrases import Wanted
from audio.composing.scales import Scale
from audio.composing.streams import Stream
from audio.songs.harmony import Chord
from audio.songs.song import Note
from audio.songs.timeline import PPQ

_REACH = 6
"""Pitches this many semitones from the wanted one are looked at."""
_INTERVAL_COST = (0.0, 0.0, 0.0, 0.35, 0.4, 0.7, 2.6, 0.9, 1.5, 1.7, 3.0, 4.0, 2.0)
"""By semitones, 0 to 12."""
_STRONG_COST, _WEAK_COST, _LONG_COST, _CLASH_COST = 6.0, 0.45, 1.6, 3.0
_LEFT_BY_LEAP, _REPEATED, _OFF_CONTOUR, _OFF_TARGET = 2.4, 1.5, 0.3, 0.3
_GOAL_COST = 5.0
_WHIM = 0.35


class Register(NamedTuple):
    """Where a melody lies."""

    low: int
    """Lowest pitch, MIDI number."""
    middle: int
    high: int
    """Highest pitch, MIDI number."""


class _Choice(NamedTuple):
    pitch: int
    target: int
    chordal: bool
    cost: float


def register_of(low: int, high: int, centre: int) -> Register:
    """A comfortable register in an instrument's range: about an octave and a half.

    Args:
        low: lowest playable pitch.
        high: highest playable pitch.
        centre: where the melody would best lie.
    """
    inset = min(5, (high - low) // 6)
    middle = max(low + inset + 5, min(high - inset - 5, centre))
    return Register(max(low, middle - 9), middle, min(high, middle + 10))


def sung(
    stream: Stream,
    scale: Scale,
    meter: Meter,
    wanted: tuple[Wanted, ...],
    chords: tuple[Sounding, ...],
    register: Register,
) -> tuple[Note, ...]:
    """Give planned notes their pitches; all have the same velocity yet."""
    layers = [_choices(stream, scale, meter, one, chords, register) for one in wanted]
    path = cheapest(layers, lambda one: one.cost, _move_cost)
    return tuple(
        Note(start=one.start, length=one.length, pitch=choice.pitch)
        for one, choice in zip(wanted, path, strict=True)
    )


def _choices(
    stream: Stream,
    scale: Scale,
    meter: Meter,
    one: Wanted,
    chords: tuple[Sounding, ...],
    register: Register,
) -> list[_Choice]:
    """The pitches that a note may have, with what each costs by itself."""
    chord = chord_at(chords, one.start)
    tones = frozenset(chord.pitch_classes) if chord else scale.classes
    strong = one.start % meter.ticks in meter.strong_ticks
    target = _target(scale, register, one.step)
    made = []
    for pitch in range(max(register.low, target - _REACH), min(register.high, target + _REACH) + 1):
        chordal = pitch % 12 in tones
        if not chordal and pitch % 12 not in scale.classes:
            continue
        cost = _OFF_TARGET * abs(pitch - target) + _WHIM * stream.unit()
        if not chordal:
            cost += _STRONG_COST if strong else _WEAK_COST
            cost += _LONG_COST * (one.length >= PPQ) + _CLASH_COST * _clashes(pitch, tones, scale)
        cost += _goal_cost(pitch, one.goal, chord, scale)
        made.append(_Choice(pitch, target, chordal, cost))
    nearest = max(register.low, min(register.high, target))
    return made or [_Choice(nearest, target, True, 0.0)]


def _target(scale: Scale, register: Register, step: int) -> int:
    """The pitch that lies some scale steps above the register's middle, turned back at its ends."""
    ladder = [one for one in range(register.low, register.high + 1) if one % 12 in scale.classes]
    base = min(range(len(ladder)), key=lambda place: abs(ladder[place] - register.middle))
    period = max(1, 2 * (len(ladder) - 1))
    place = (base + step) % period
    return ladder[min(place, period - place)]


def _clashes(pitch: int, tones: frozenset[int], scale: Scale) -> bool:
    """Whether a pitch rubs against a note that the chord has altered."""
    altered = tones - scale.classes
    return any((pitch - one) % 12 in (1, 11) for one in altered)


def _goal_cost(pitch: int, goal: str, chord: Chord | None, scale: Scale) -> float:
    """What it costs to end a phrase on a pitch: closed ones end on the tonic where it fits."""
    if not goal or chord is None:
        return 0.0
    if pitch % 12 not in chord.pitch_classes:
        return 2 * _GOAL_COST
    if goal == "close" and scale.tonic in chord.pitch_classes:
        return 0.0 if pitch % 12 == scale.tonic else _GOAL_COST
    return 0.0 if pitch % 12 != scale.tonic else 0.4 * _GOAL_COST


def _move_cost(before: _Choice, here: _Choice) -> float:
    interval = abs(here.pitch - before.pitch)
    cost = _INTERVAL_COST[interval] if interval <= 12 else 2.0 * (interval - 10)
    if interval > 2 and not (before.chordal and here.chordal):
        cost += _LEFT_BY_LEAP
    if interval == 0 and here.target != before.target:
        cost += _REPEATED
    wanted = here.target - before.target
    return cost + _OFF_CONTOUR * abs(here.pitch - before.pitch - wanted)
