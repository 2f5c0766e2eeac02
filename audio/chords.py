"""Chords over time: major and minor triads on the beats.

Beats longer than about half a second are halved or cut finer, so that a tempo found an octave too
low loses no changes. Each step's chroma is compared with 24 triads; a bass note on a chord's root
speaks for it. The cheapest path through the steps is found by Viterbi's method, where each change
of chord costs the same, whatever the key.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from audio.chroma import Chromagram
from audio.triads import MAJOR_NAMES, MINOR_NAMES, triad_fits

LABELS = (*MAJOR_NAMES, *(f"{name}m" for name in MINOR_NAMES), "N")
"""The labels that are told: majors from C, minors from C, and no chord."""

_FIT_WEIGHT = 10.0
_BASS_WEIGHT = 1.5
_CHANGE_COST = 2.5
_UNIT_SECONDS = 0.5
"""Steps of this length weigh as above; shorter ones less, longer ones more."""
_NO_CHORD_FIT = 0.35
_LONGEST_STEP_SECONDS = 0.45
_GRID_SECONDS = 0.25


@dataclass(frozen=True)
class Chord:
    """One chord."""

    start: float
    """In seconds."""
    end: float
    """In seconds."""
    label: str
    """Such as ``C``, ``F#m``, or ``N`` for none."""


@dataclass(frozen=True)
class Chords:
    """The chords of a file, without gaps from its start to its end."""

    spans: tuple[Chord, ...]
    """Empty when no chords can be told."""
    confidence: float
    """Mean fit of the chords to what sounds, 0..1."""
    reason: str
    """Why no chords can be told; empty when they can."""


def find_chords(
    chromagram: Chromagram, beats: list[float], bass_weight: float = _BASS_WEIGHT
) -> Chords:
    """Name the chords of a file.

    Args:
        chromagram: the notes over time.
        beats: beat times in seconds; without any, a grid of quarter seconds is taken.
        bass_weight: how much a bass note speaks for the chord whose root it is; a correlation with
            the triad weighs 10.
    """
    if chromagram.unpitched:
        return Chords((), 0.0, chromagram.unpitched)
    edges = _edges(beats, chromagram.seconds)
    triads = triad_fits(chromagram, edges)
    none = np.full((len(edges) - 1, 1), _NO_CHORD_FIT)
    fits = np.hstack((triads.fit, none))
    scores = _FIT_WEIGHT * fits
    scores[:, :24] += bass_weight * triads.bass
    scores *= (np.diff(edges) / _UNIT_SECONDS)[:, None]
    path = _cheapest_path(scores, _CHANGE_COST)
    confidence = float(np.average(fits[np.arange(len(path)), path], weights=np.diff(edges)))
    return Chords(_joined(path, edges), min(max(confidence, 0.0), 1.0), "")


def _edges(beats: list[float], seconds: float) -> NDArray[np.float64]:
    """Step times: the file's ends, the beats, and even cuts where beats are far apart."""
    inside = [beat for beat in beats if 0.05 < beat < seconds - 0.05]
    corners = np.array([0.0, *inside, seconds])
    beat = float(np.median(np.diff(inside))) if len(inside) > 2 else _GRID_SECONDS
    step = beat / max(1, round(beat / _LONGEST_STEP_SECONDS))
    parts = [np.zeros(1)]
    for start, end in pairwise(corners):
        count = max(1, round((end - start) / step))
        parts.append(np.linspace(start, end, count + 1)[1:])
    return np.concatenate(parts)


def _cheapest_path(scores: NDArray[np.float64], change_cost: float) -> NDArray[np.int64]:
    """The best state of each row when any change of state costs the same: (rows,)."""
    rows, states = scores.shape
    came_from = np.zeros((rows, states), np.int64)
    total = scores[0].copy()
    for row in range(1, rows):
        best = int(total.argmax())
        changed = total[best] - change_cost
        came_from[row] = np.where(total >= changed, np.arange(states), best)
        total = np.maximum(total, changed) + scores[row]
    path = np.zeros(rows, np.int64)
    path[-1] = total.argmax()
    for row in range(rows - 1, 0, -1):
        path[row - 1] = came_from[row, path[row]]
    return path


def _joined(path: NDArray[np.int64], edges: NDArray[np.float64]) -> tuple[Chord, ...]:
    """One chord for each run of equal states."""
    starts = np.flatnonzero(np.diff(path, prepend=-1))
    ends = np.append(starts[1:], len(path))
    return tuple(
        Chord(float(edges[start]), float(edges[end]), LABELS[path[start]])
        for start, end in zip(starts, ends, strict=True)
    )
