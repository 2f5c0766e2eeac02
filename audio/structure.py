"""The sections of a file: where harmony and timbre change, and which parts return.

Boundaries are peaks of the checkerboard novelty of a self-similarity matrix (Foote, "Automatic
audio segmentation using a measure of audio novelty", ICME 2000). Sections that sound alike share
a letter.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage, signal

from audio.blocks import LONG_FRAMES_PER_SECOND, Block, Floats, Stream
from audio.chroma import Chromagram

Matrix = NDArray[np.float64]

_BANDS = 24
_LOWEST_HZ, _HIGHEST_HZ = 60.0, 12_000.0
_RANGE_DB = 60.0
_COEFFICIENTS = 12
_LARGE_HARMONY = 0.5
_LARGE_TIMBRE_DB = 20.0
_SMOOTHING_SECONDS = 4.0
_MOST_STEPS = 1500
_LEAST_SECONDS = 20.0
_KERNEL_SECONDS = 12.0
_LEAST_SECTION_SECONDS = 6.0
_LEAST_NOVELTY = 0.12
_ALIKE = 0.5


@dataclass(frozen=True)
class Section:
    """One part of a piece."""

    start: float
    """In seconds."""
    end: float
    """In seconds."""
    label: str
    """``A`` for the first kind of section, ``B`` for the second, and so on."""


@dataclass(frozen=True)
class Structure:
    """The sections of a file, without gaps from its start to its end."""

    sections: tuple[Section, ...]
    """Empty when none can be told."""
    confidence: float
    """How far the boundaries stand out, 0..1."""
    reason: str
    """Why none can be told; empty when they can."""


class TimbreMeter:
    """Keep the level of 24 log-spaced bands, ten times a second."""

    def __init__(self, stream: Stream) -> None:
        highest = min(_HIGHEST_HZ, 0.45 * stream.sample_rate_hz)
        edges = np.geomspace(_LOWEST_HZ, highest, _BANDS + 1)
        self._edges = np.round(edges * stream.long_fft / stream.sample_rate_hz).astype(int)
        self._pieces: list[Floats] = []

    def push(self, block: Block) -> None:
        """Take the next block."""
        sums = np.add.reduceat(block.long[:, : self._edges[-1]], self._edges[:-1], axis=1)
        self._pieces.append(sums)

    def finish(self) -> Floats:
        """Band levels in dB above the floor of 60 dB below the loudest: float32, (frames, 24)."""
        power = np.concatenate([*self._pieces, np.zeros((0, _BANDS), np.float32)])
        level = 10 * np.log10(power + 1e-12)
        levels: Floats = np.maximum(level - (level.max(initial=0) - _RANGE_DB), 0)
        return levels


def find_sections(chromagram: Chromagram, timbre: Floats, beats: list[float]) -> Structure:
    """Cut a file into sections and say which of them are alike.

    Args:
        chromagram: the notes over time.
        timbre: band levels of ``TimbreMeter``, (frames, 24).
        beats: beat times in seconds, to which boundaries are moved; may be empty.
    """
    seconds = chromagram.seconds
    if seconds < _LEAST_SECONDS:
        reason = f"too short: {seconds:.1f} s, {_LEAST_SECONDS:.0f} s are needed"
        return Structure((), 0.0, reason)
    if not timbre.any():
        return Structure((), 0.0, "the file is silent")
    step = max(1.0, seconds / _MOST_STEPS)
    chroma, shape = _steps(chromagram, timbre, step)
    smooth = ndimage.gaussian_filter1d(chroma, _SMOOTHING_SECONDS / step, axis=0, mode="nearest")
    novelty = _novelty(_features(smooth, shape), round(_KERNEL_SECONDS / step))
    least = max(1, round(_LEAST_SECTION_SECONDS / step))
    peaks, _ = signal.find_peaks(novelty, height=_LEAST_NOVELTY, distance=least)
    peaks = peaks[(peaks >= least) & (peaks <= len(novelty) - least)]
    if not len(peaks):
        return Structure((), 0.0, "uniform: no change of harmony or timbre stands out")
    corners = np.array([0, *peaks, len(novelty)])
    labels = _labels(_features(chroma, shape), corners)
    times = [0.0, *(_on_beat(float(peak) * step, beats, step) for peak in peaks), seconds]
    confidence = min(1.0, float(np.median(novelty[peaks])) / (3 * _LEAST_NOVELTY))
    return Structure(_joined(times, labels), confidence, "")


def _steps(chromagram: Chromagram, timbre: Floats, step: float) -> tuple[Matrix, Matrix]:
    """Harmony and timbre of each step of ``step`` seconds.

    Returns:
        The root of the mean chroma, of length 1: (steps, 12); the first cosine coefficients of
        the band levels, in dB: (steps, 12).
    """
    frames = min(len(chromagram.chroma), len(timbre))
    edges = np.arange(0, frames, step * LONG_FRAMES_PER_SECOND).astype(int)
    counts = np.diff(np.append(edges, frames))[:, None]
    chroma = np.sqrt(np.add.reduceat(chromagram.chroma[:frames].astype(float), edges) / counts)
    chroma /= np.maximum(np.linalg.norm(chroma, axis=1, keepdims=True), 1e-9)
    bands = np.add.reduceat(timbre[:frames].astype(float), edges) / counts
    return chroma, fft.dct(bands, axis=1, norm="ortho")[:, :_COEFFICIENTS]


def _features(chroma: Matrix, shape: Matrix) -> Matrix:
    """Harmony and timbre of each step, less the file's mean, each at most 1 long: (steps, 24).

    What differs little from the mean is not raised to length 1, so that a file whose timbre never
    changes is cut by its harmony alone.
    """
    return np.hstack((_bounded(chroma, _LARGE_HARMONY), _bounded(shape, _LARGE_TIMBRE_DB)))


def _bounded(rows: Matrix, large: float) -> Matrix:
    """Rows less their mean, over their length or ``large``, whichever is more."""
    centred = rows - rows.mean(axis=0)
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    bounded: Matrix = centred / np.maximum(length, large)
    return bounded


def _novelty(features: Matrix, half: int) -> NDArray[np.float64]:
    """How unlike each step's past is its future, each alike in itself: (steps,), about 0..1.

    A step's novelty is the mean similarity within both sides of the kernel, each ``half`` steps
    long, less that across.
    """
    half = max(2, half)
    steps = len(features)
    taper = np.exp(-0.5 * ((np.arange(-half, half) + 0.5) / (half / 2)) ** 2)
    sign = np.where(np.arange(-half, half) < 0, -1.0, 1.0)
    kernel = np.outer(taper * sign, taper * sign)
    kernel /= np.abs(kernel).sum()
    padded = np.pad(features, ((half, half), (0, 0)), mode="reflect")
    novelty = np.zeros(steps)
    for place in range(steps):
        window = padded[place : place + 2 * half]
        novelty[place] = float(np.sum(kernel * (window @ window.T))) / 2
    return novelty


def _labels(features: Matrix, corners: NDArray[np.int64]) -> list[str]:
    """A letter for each section: that of the nearest earlier kind, or a new one.

    A section is of an earlier kind when it is nearer to it than half the usual distance between
    neighbours.
    """
    means = np.array([features[start:end].mean(axis=0) for start, end in pairwise(corners)])
    near = _ALIKE * float(np.median(np.linalg.norm(np.diff(means, axis=0), axis=1)))
    kinds: list[Matrix] = []
    labels = []
    for mean in means:
        distances = [float(np.linalg.norm(mean - kind)) for kind in kinds]
        if distances and min(distances) <= near:
            labels.append(int(np.argmin(distances)))
        else:
            labels.append(len(kinds))
            kinds.append(mean)
    return [_letter(label) for label in labels]


def _letter(kind: int) -> str:
    return chr(ord("A") + kind) if kind < 26 else f"A{kind}"


def _on_beat(time: float, beats: list[float], reach: float) -> float:
    """The nearest beat within reach, else the time itself."""
    if not beats:
        return time
    nearest = min(beats, key=lambda beat: abs(beat - time))
    return nearest if abs(nearest - time) <= reach else time


def _joined(times: list[float], labels: list[str]) -> tuple[Section, ...]:
    """Sections between the times; neighbours stay apart even when alike."""
    return tuple(
        Section(start, end, label)
        for start, end, label in zip(times[:-1], times[1:], labels, strict=True)
    )
