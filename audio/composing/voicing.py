"""Voice leading: which notes play a chord, so that the voices move least from chord to chord.

Each chord has many voicings in a register; the best path through them is found by dynamic
programming. It pays for the way the voices go, and, where the style forbids it, for fifths and
octaves in parallel (Huron, "Tone and Voice", Music Perception 19, 2001, derives both rules).
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import combinations, pairwise
from typing import NamedTuple

from audio.composing.cheapest import cheapest
from audio.songs.harmony import Chord

Voicing = tuple[int, ...]
"""MIDI pitches, the lowest first."""

_MOST = 24
_WIDEST = 16
_PARALLEL_COST = 9.0
_SEVENTH_STEPS = (9, 10, 11)


def lead(
    chords: Sequence[Chord], low: int, high: int, voices: int, parallels: bool
) -> tuple[Voicing, ...]:
    """Voice a progression.

    Args:
        chords: in order.
        low: lowest pitch, MIDI number.
        high: highest pitch, MIDI number; at least an octave above.
        voices: how many notes sound at once, 1..5.
        parallels: whether fifths and octaves may move in parallel.
    """
    return _led(tuple(chords), low, high, voices, parallels)


@lru_cache(maxsize=256)
def _led(
    chords: tuple[Chord, ...], low: int, high: int, voices: int, parallels: bool
) -> tuple[Voicing, ...]:
    path = cheapest(
        [_candidates(chord, low, high, voices) for chord in chords],
        lambda one: one.cost,
        lambda before, after: motion(before.voicing, after.voicing, parallels),
    )
    return tuple(one.voicing for one in path)


@lru_cache(maxsize=100_000)
def motion(before: Voicing, after: Voicing, parallels: bool = True) -> float:
    """What a change of voicing costs: semitones that the voices go, and parallels where banned."""
    steps = sum(abs(a - b) for a, b in zip(before, after, strict=False))
    return steps + (0.0 if parallels else _PARALLEL_COST * parallel_count(before, after))


def parallel_count(before: Voicing, after: Voicing) -> int:
    """How many pairs of voices move in parallel fifths or octaves."""
    pairs = combinations(range(min(len(before), len(after))), 2)
    return sum(
        (before[b] - before[a]) % 12 == (after[b] - after[a]) % 12
        and (before[b] - before[a]) % 12 in (0, 7)
        and before[a] != after[a]
        for a, b in pairs
    )


class _Candidate(NamedTuple):
    cost: float
    voicing: Voicing


@cache
def _candidates(chord: Chord, low: int, high: int, voices: int) -> list[_Candidate]:
    """The best voicings of a chord on their own: all of its telling notes, in a close span."""
    classes = list(dict.fromkeys(chord.pitch_classes))
    telling = _telling(chord, classes)
    pitches = [pitch for pitch in range(low, high + 1) if pitch % 12 in classes]
    count = min(voices, len(pitches))
    made = [
        _Candidate(_lone_cost(one, low, high) + _missing(one, telling, classes), one)
        for one in combinations(pitches, count)
        if one[-1] - one[0] <= _WIDEST + 4 * (voices > 3)
    ]
    return sorted(made)[:_MOST]


def _telling(chord: Chord, classes: list[int]) -> list[int]:
    """The notes that say what a chord is: its third or suspension, its seventh, its root."""
    steps = [step % 12 for step in chord.quality.intervals]
    thirds = [step for step in steps if step in (2, 3, 4, 5)][:1]
    sevenths = [step for step in steps if step in _SEVENTH_STEPS and len(classes) > 3]
    return [(chord.root + step) % 12 for step in (*thirds, *sevenths, 0)]


def _missing(voicing: Voicing, telling: list[int], classes: list[int]) -> float:
    held = {pitch % 12 for pitch in voicing}
    cost = sum(12.0 / (1 + rank) for rank, one in enumerate(telling) if one not in held)
    doubled = len(voicing) - len(held)
    return cost + 3.0 * doubled * (len(held) < len(classes)) + 1.0 * (len(classes) - len(held))


def _lone_cost(voicing: Voicing, low: int, high: int) -> float:
    centre = (low + high) / 2
    far = abs(sum(voicing) / len(voicing) - centre)
    close = sum(b - a < 2 for a, b in pairwise(voicing))
    muddy = sum(b - a < 4 and a < 50 for a, b in pairwise(voicing))
    wide = sum(b - a > 9 for a, b in pairwise(voicing))
    return 0.5 * far + 2.0 * close + 3.0 * muddy + 1.5 * wide
