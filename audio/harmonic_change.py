"""How much the harmony changes at given times, from a coarse chroma."""

import numpy as np

from audio.blocks import LONG_FRAMES_PER_SECOND, Floats
from audio.onsets import Doubles

LOWEST_PITCH, HIGHEST_PITCH = 48, 95
"""MIDI pitches that are folded into the chroma; below lie kick drums."""

_COMPRESSION = 10.0


def chroma_filters(frequencies_hz: Floats) -> Floats:
    """Weights that fold a spectrum into 12 pitch classes (0 = C), (bins, 12)."""
    pitch = 69 + 12 * np.log2(np.maximum(frequencies_hz, 1.0) / 440.0)
    nearest = np.rint(pitch).astype(int)
    inside = (nearest >= LOWEST_PITCH) & (nearest <= HIGHEST_PITCH)
    filters = np.zeros((len(frequencies_hz), 12), np.float32)
    filters[inside, nearest[inside] % 12] = 1.0
    return filters


def harmonic_change(beats: Doubles, chroma: Floats) -> Doubles:
    """Mean change of the log chroma from a beat before to a beat after each beat.

    Args:
        beats: times in seconds, at least two.
        chroma: pitch class magnitudes, (frames, 12), 10 frames per second.

    Returns:
        Absolute change summed over the pitch classes, >= 0, (beats,); the mean at the file's ends.
    """
    level = np.log1p(_COMPRESSION * chroma / max(float(chroma.mean()), 1e-9))
    total = np.concatenate((np.zeros((1, 12)), np.cumsum(level, axis=0, dtype=np.float64)))
    length = float(np.median(np.diff(beats)))
    edges = np.stack((beats - length, beats, beats + length))
    places = np.clip(edges * LONG_FRAMES_PER_SECOND + 0.5, 0, len(chroma))
    whole = np.minimum(places.astype(np.int64), len(chroma) - 1)
    part = (places - whole)[..., None]
    sums = total[whole] * (1 - part) + total[whole + 1] * part
    before, after = sums[1] - sums[0], sums[2] - sums[1]
    change: Doubles = np.abs(after - before).sum(axis=1) / (length * LONG_FRAMES_PER_SECOND)
    ends = len(chroma) / LONG_FRAMES_PER_SECOND
    inside = (beats >= 0.9 * length) & (beats + 0.9 * length <= ends)
    change[~inside] = change[inside].mean() if inside.any() else 0.0
    return change
