"""Whether two recordings hold the same sound, how much later it is in one, and with which sign.

The phases of their spectra are compared, each frequency counting the same (generalised cross
correlation with phase transform: Knapp and Carter, IEEE Trans. ASSP 24, 1976). Two parts of one
song give noise about 0; the same sound in both, however it was turned up or down, a single peak of
nearly 1, or -1 where one is inverted.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from audio.blocks import Block, Floats, Stream

PIECES_SECONDS = (20, 10, 5, 2, 1)
"""A recording is cut into pieces of 20 s, and its rest into shorter ones."""
_MOST_PIECES = 4
"""80 seconds say enough."""
_LOWEST_HZ, _HIGHEST_HZ = 40, 6000
_SECOND_CHANNEL = 0.5
"""The second channel counts half, so that an inverted one doesn't cancel the first."""
_CONTRARY = -0.1
"""Correlation of left and right from which on down they are compared."""
_RANGE = 1e-5
"""Powers further below a recording's strongest than this (50 dB) say nothing."""
_FEWEST_BINS = 400
_LAG_SECONDS = 2.0
_POINTS = 2 * _HIGHEST_HZ
"""Of the correlation, per second."""
_SURE = 0.3
"""From so high a peak on its place is refined."""
_FINE = np.arange(-16, 17) / 16
"""Places about the highest point that are looked at, in points."""

Spectra = NDArray[np.complex64]


class Likeness(NamedTuple):
    """How much of one recording is in another."""

    share: float
    """-1 to 1: the highest correlation; negative where the sign is inverted."""
    late_seconds: float
    """How much later it is in the second."""
    bins: int
    """How many frequencies were compared; 0 where there was nothing to compare."""


@dataclass(frozen=True)
class Shape:
    """Spectra of the pieces of a recording."""

    spectra: tuple[Spectra, ...]
    """Bins from 0 Hz to 6 kHz, as many to the hertz as the piece has seconds."""
    seconds: tuple[int, ...]
    """Length of each piece."""
    sides: Likeness | None = None
    """How much of the left side is in the right one, where they seem to contradict each other."""


class ShapeKeeper:
    """Keeps the spectra of the first pieces."""

    def __init__(self, stream: Stream) -> None:
        self._rate = stream.sample_rate_hz
        self._kept: Floats = np.zeros((min(stream.channels, 2), 0), np.float32)
        self._spectra: list[Spectra] = []
        self._seconds: list[int] = []
        self._contrary: list[tuple[Spectra, Spectra, int]] = []

    def push(self, block: Block) -> None:
        """Take the next block."""
        if not self._wants_more():
            return
        self._kept = np.concatenate((self._kept, block.samples[:2]), axis=1)
        while self._kept.shape[1] >= PIECES_SECONDS[0] * self._rate and self._wants_more():
            self._take(PIECES_SECONDS[0])

    def finish(self) -> Shape:
        """Cut the rest into ever shorter pieces."""
        for seconds in PIECES_SECONDS:
            if self._kept.shape[1] >= seconds * self._rate and self._wants_more():
                self._take(seconds)
        sides = None
        if self._contrary:
            lengths = tuple(seconds for _, _, seconds in self._contrary)
            left = Shape(tuple(one for one, _, _ in self._contrary), lengths)
            right = Shape(tuple(other for _, other, _ in self._contrary), lengths)
            sides = likeness(left, right)
        return Shape(tuple(self._spectra), tuple(self._seconds), sides)

    def _wants_more(self) -> bool:
        return len(self._spectra) < _MOST_PIECES

    def _take(self, seconds: int) -> None:
        size = seconds * self._rate
        piece, self._kept = self._kept[:, :size], self._kept[:, size:]
        weighted = piece[0]
        if len(piece) > 1:
            weighted = weighted + np.float32(_SECOND_CHANNEL) * piece[1]
            if _correlation(piece) < _CONTRARY:
                left, right = (_spectrum(side, seconds) for side in piece)
                self._contrary.append((left, right, seconds))
        self._spectra.append(_spectrum(weighted, seconds))
        self._seconds.append(seconds)


def _correlation(piece: Floats) -> float:
    """Of two channels without their means; 0 where one is silent."""
    left, right = piece - piece.mean(axis=1, keepdims=True)
    scale = float(np.sqrt(np.dot(left, left) * np.dot(right, right)))
    return float(np.dot(left, right)) / scale if scale > 0 else 0.0


def _spectrum(samples: Floats, seconds: int) -> Spectra:
    return np.asarray(fft.rfft(samples)[: _HIGHEST_HZ * seconds + 1], np.complex64)


def likeness(first: Shape, second: Shape) -> Likeness:
    """Compare two recordings that begin at the same time."""
    seconds = _common_length(first, second)
    if seconds == 0:
        return Likeness(0.0, 0.0, 0)
    total, bins = np.zeros(0, np.complex64), 0
    for one, other, length, also in zip(
        first.spectra, second.spectra, first.seconds, second.seconds, strict=False
    ):
        if length != seconds or also != seconds:
            continue
        phases, count = _phases(one, other, seconds)
        total = phases if len(total) == 0 else _sum(total, phases)
        bins += count
    if bins < _FEWEST_BINS:
        return Likeness(0.0, 0.0, 0)
    curve = fft.irfft(total, _POINTS * seconds) * (_POINTS * seconds / 2)
    near = round(min(_LAG_SECONDS, seconds / 4) * _POINTS)
    lags = np.concatenate((curve[-near:], curve[: near + 1]))
    at = int(np.argmax(np.abs(lags)))
    share, lag = float(lags[at]) / bins, (at - near) / _POINTS
    if abs(share) >= _SURE:
        share, lag = _refined(total, seconds, bins, lag)
    return Likeness(share, lag, bins)


def _common_length(first: Shape, second: Shape) -> int:
    """The length of pieces that most seconds of both recordings have in common; 0: none."""
    covered = dict.fromkeys(PIECES_SECONDS, 0)
    for one, other in zip(first.seconds, second.seconds, strict=False):
        if one == other:
            covered[one] += one
    best = max(covered, key=lambda seconds: covered[seconds])
    return best if covered[best] else 0


def _sum(one: Spectra, other: Spectra) -> Spectra:
    count = min(len(one), len(other))
    return np.asarray(one[:count] + other[:count])


def _phases(one: Spectra, other: Spectra, seconds: int) -> tuple[Spectra, int]:
    """The difference of phase of each frequency that both hold, 0 elsewhere; how many they are."""
    count = min(len(one), len(other))
    cross = np.conj(one[:count]) * other[:count]
    used = np.ones(count, bool)
    used[: _LOWEST_HZ * seconds] = False
    for spectrum in (one, other):
        power = np.square(np.abs(spectrum[:count]))
        used &= power > max(_RANGE * float(power.max(initial=0.0)), 1e-12)
    phases = np.where(used, cross / np.maximum(np.abs(cross), 1e-30), 0)
    return phases.astype(np.complex64), int(np.count_nonzero(used))


def _refined(phases: Spectra, seconds: int, bins: int, lag: float) -> tuple[float, float]:
    """The peak about a lag, between the points of the correlation."""
    hertz = np.arange(len(phases)) / seconds
    fine = lag + _FINE / _POINTS
    held = np.flatnonzero(phases)
    turned = phases[held] * np.exp(2j * np.pi * hertz[held] * lag)
    values = np.array(
        [np.sum(turned * np.exp(2j * np.pi * hertz[held] * (one - lag))).real for one in fine]
    )
    best = int(np.argmax(np.abs(values)))
    return float(values[best]) / bins, float(fine[best])
