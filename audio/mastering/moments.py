"""Offset, lean and likeness of the channels in short windows, so that what lasts can be told from
what passes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from audio.blocks import Block, Floats, Stream

Doubles = NDArray[np.float64]

WINDOW_SECONDS = 0.1
OFFSET_SECONDS = 1.0
"""A Hann window so long takes 100 dB off everything from 20 Hz on."""
_REST_SECONDS = 0.02
_FLOOR = 1e-12
"""Mean square (-120 dBFS) below which a window counts as silent."""


@dataclass(frozen=True)
class Windows:
    """Moments of the first two channels, without their offset: float64, (windows,) each."""

    left: Doubles
    """Mean square."""
    right: Doubles
    both: Doubles
    """Mean product."""

    def heard(self, range_db: float) -> NDArray[np.bool_]:
        """Which windows are sounding and within so many dB of the loudest."""
        power = np.maximum(self.left, self.right)
        loudest = float(power.max(initial=0.0))
        return power > max(_FLOOR, loudest * 10 ** (-range_db / 10))

    def correlation(self) -> Doubles:
        """Correlation of left and right in each window, 0 where one is silent."""
        product = np.sqrt(self.left * self.right)
        return np.where(product > _FLOOR, self.both / np.maximum(product, _FLOOR), 0.0)


@dataclass(frozen=True)
class Offsets:
    """Where each channel's samples lie: float64, (windows, channels) each."""

    means: Doubles
    """Of windows of a second."""
    medians: Doubles
    """Of the same windows."""
    rests: Doubles
    """Means of short windows."""
    moves: Doubles
    """Standard deviations of these."""


class MomentMeter:
    """Watches blocks; keeps ten small numbers a second."""

    def __init__(self, stream: Stream) -> None:
        self._channels = stream.channels
        self._window = max(round(WINDOW_SECONDS * stream.sample_rate_hz), 1)
        seconds = min(OFFSET_SECONDS, stream.seconds)
        self._long = max(round(seconds * stream.sample_rate_hz), 1)
        hann = signal.get_window("hann", self._long) + 1e-9
        self._hann = hann / hann.sum()
        self._short = max(round(_REST_SECONDS * stream.sample_rate_hz), 1)
        self._kept: Floats = np.zeros((stream.channels, 0), np.float32)
        self._rest: Floats = np.zeros((stream.channels, 0), np.float32)
        self._rests: list[Doubles] = []
        self._moves: list[Doubles] = []
        self._open: Floats = np.zeros((min(stream.channels, 2), 0), np.float32)
        self._means: list[Doubles] = []
        self._medians: list[Doubles] = []
        self._moments: list[Doubles] = []

    def push(self, block: Block) -> None:
        """Take the next block."""
        self._offsets(block.samples)
        self._resting(block.samples)
        if self._channels >= 2:
            self._pairs(block.samples[:2])

    def offsets(self) -> Offsets:
        """Where the samples lie, on the whole and at rest."""
        none = np.zeros((0, self._channels))
        return Offsets(
            np.stack(self._means) if self._means else none,
            np.stack(self._medians) if self._medians else none,
            np.concatenate(self._rests) if self._rests else none,
            np.concatenate(self._moves) if self._moves else none,
        )

    def windows(self) -> Windows:
        """Moments of windows of a tenth of a second; none of a mono file."""
        moments = np.concatenate(self._moments, axis=1) if self._moments else np.zeros((3, 0))
        return Windows(moments[0], moments[1], moments[2])

    def _offsets(self, samples: Floats) -> None:
        samples = np.concatenate((self._kept, samples), axis=1)
        whole = samples.shape[1] // self._long
        for number in range(whole):
            piece = samples[:, number * self._long : (number + 1) * self._long]
            self._means.append(piece.astype(np.float64) @ self._hann)
            self._medians.append(np.median(piece, axis=1).astype(np.float64))
        self._kept = samples[:, whole * self._long :]

    def _resting(self, samples: Floats) -> None:
        samples = np.concatenate((self._rest, samples), axis=1)
        whole = samples.shape[1] // self._short
        pieces = samples[:, : whole * self._short].reshape(len(samples), whole, self._short)
        self._rests.append(pieces.mean(axis=2, dtype=np.float64).T)
        self._moves.append(pieces.std(axis=2, dtype=np.float64).T)
        self._rest = samples[:, whole * self._short :]

    def _pairs(self, samples: Floats) -> None:
        samples = np.concatenate((self._open, samples), axis=1)
        whole = samples.shape[1] // self._window
        used = samples[:, : whole * self._window].astype(np.float64)
        left, right = used.reshape(2, whole, self._window)
        left = left - left.mean(axis=1, keepdims=True)
        right = right - right.mean(axis=1, keepdims=True)
        pairs = ((left, left), (right, right), (left, right))
        self._moments.append(np.stack([(one * other).mean(axis=1) for one, other in pairs]))
        self._open = samples[:, whole * self._window :]
