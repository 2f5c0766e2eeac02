"""How well each major and minor triad fits what sounds: the common ground of chords and keys."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio.blocks import LONG_FRAMES_PER_SECOND, Floats
from audio.chroma import Chromagram

Matrix = NDArray[np.float64]

MAJOR_NAMES = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
"""Usual names of the major keys and chords, by pitch class."""
MINOR_NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B")
"""Usual names of the minor keys and chords, by pitch class."""


@dataclass(frozen=True)
class TriadFits:
    """Fits of the 24 triads over steps of time: majors from C, then minors from C."""

    edges: NDArray[np.float64]
    """Start of each step and end of the last, in seconds: (steps + 1,)."""
    fit: Matrix
    """Correlation of the step's chroma with the triad, -1..1: (steps, 24)."""
    bass: Matrix
    """Share of the triad's root in the step's bass chroma, 0..1: (steps, 24)."""


def triad_fits(chromagram: Chromagram, edges: NDArray[np.float64]) -> TriadFits:
    """Fit all triads to each step between the edges, in seconds."""
    triads = np.zeros((24, 12))
    for root in range(12):
        triads[root, [root, (root + 4) % 12, (root + 7) % 12]] = 1
        triads[12 + root, [root, (root + 3) % 12, (root + 7) % 12]] = 1
    fit = standard(_means(chromagram.treble, edges)) @ standard(triads).T
    bass = _means(chromagram.bass, edges)
    bass /= np.linalg.norm(bass, axis=1, keepdims=True) + 1e-9
    return TriadFits(edges, fit, np.tile(bass, 2))


def standard(rows: Matrix) -> Matrix:
    """Rows with mean 0 and length 1, or 0 where they are flat."""
    centred = rows - rows.mean(axis=-1, keepdims=True)
    length = np.linalg.norm(centred, axis=-1, keepdims=True)
    scaled: Matrix = centred / np.maximum(length, 1e-9)
    return scaled


def _means(chroma: Floats, edges: NDArray[np.float64]) -> Matrix:
    """Mean chroma between the edges: (len(edges) - 1, 12)."""
    total = np.vstack((np.zeros((1, 12)), np.cumsum(chroma, axis=0, dtype=np.float64)))
    place = np.clip(edges * LONG_FRAMES_PER_SECOND + 0.5, 0, len(chroma))
    lower = np.minimum(place.astype(int), len(chroma) - 1)
    share = (place - lower)[:, None]
    reached = total[lower] * (1 - share) + total[lower + 1] * share
    means: Matrix = np.diff(reached, axis=0) / np.maximum(np.diff(place), 1e-6)[:, None]
    return means
