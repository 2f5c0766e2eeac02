"""Whether a recording leans to a side as a whole, or only what is panned in it does.

A source that was panned leans, the room about it doesn't: so what left and right have not in
common tells of the level of the channels, and what they share of the place of the source.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import fft, signal

from audio.blocks import Block, Floats, Stream

Doubles = NDArray[np.float64]

_LOWEST_HZ, _HIGHEST_HZ, _BANDS = 80.0, 12_000.0, 18
_FRAMES = 4
"""Frames of a cell, 46 ms each."""
_RANGE_DB = 60.0
"""Cells further below the loudest of their band don't count."""
_UNLIKE = 0.5
"""Coherence of left and right below which a cell is room."""
_DECAYED_DB = 10.0
"""How far below its loud moments a band must be for that."""
_OPPOSED = -0.1
"""Correlation below which left and right are opposed in a band."""
_FEWEST_CELLS = 30
_LEAST_LEANING = 0.2


class LeanMeter:
    """Keeps power and product of left and right by fifths of a second and bands."""

    def __init__(self, stream: Stream) -> None:
        self._size = stream.short_fft
        self._stereo = stream.channels >= 2
        self._window = signal.get_window("hann", self._size).astype(np.float32)
        edges = np.geomspace(_LOWEST_HZ, _HIGHEST_HZ, _BANDS + 1) / stream.sample_rate_hz
        bins = np.unique(np.round(edges * self._size).astype(int))
        self._edges = bins[bins <= self._size // 2]
        self._kept: Floats = np.zeros((2, 0), np.float32)
        self._cells: dict[int, list[Doubles]] = {int(first): [] for first in self._edges[:-1]}

    def push(self, block: Block) -> None:
        """Take the next block."""
        if not self._stereo:
            return
        samples = np.concatenate((self._kept, block.samples[:2]), axis=1)
        length = _FRAMES * self._size
        whole = samples.shape[1] // length
        self._kept = samples[:, whole * length :]
        if whole == 0:
            return
        frames = samples[:, : whole * length].reshape(2, whole, _FRAMES, self._size)
        left, right = fft.rfft(frames * self._window, axis=3)
        for first, last in pairwise(self._edges):
            one, other = left[..., first:last], right[..., first:last]
            cross = np.sum(one * np.conj(other), axis=(1, 2))
            powers = [np.sum(np.square(np.abs(side)), axis=(1, 2)) for side in (one, other)]
            stacked = np.stack((*powers, np.abs(cross), cross.real)).astype(np.float64)
            self._cells[first].append(stacked)

    def signs(self) -> tuple[int, float]:
        """How many bands sound, and in what share of them left and right are opposed."""
        sums = [np.sum(band, axis=1) for band in self._bands()]
        powers = [float(one[0] + one[1]) for one in sums]
        loud = [one for one, power in zip(sums, powers, strict=True)
                if power > max(max(powers) * 10 ** (-_RANGE_DB / 20), 1e-9)]  # fmt: skip
        opposed = sum(float(one[3]) < _OPPOSED * float(np.sqrt(one[0] * one[1])) for one in loud)
        return len(loud), opposed / max(len(loud), 1)

    def room_lean_db(self, lean_db: float) -> float | None:
        """How far the room leans that is heard where a source has died away.

        Args:
            lean_db: level of right over left on the whole; the fifth of the moments counts that
                leans least to that side, as a source is heard in most of the others.

        Returns:
            None where that is nowhere, or not long enough.
        """
        found = []
        for left, right, cross, _ in self._bands():
            power = np.maximum(left, right)
            loud = float(np.quantile(power, 0.95))
            room = power > max(loud * 10 ** (-_RANGE_DB / 10), 1e-9)
            room &= power < loud * 10 ** (-_DECAYED_DB / 10)
            weaker = np.minimum(left, right)
            room &= (weaker > 1e-4 * power) & (cross**2 < _UNLIKE * np.maximum(left * right, 1e-30))
            found.append(10 * np.log10(right[room] / left[room]))
        leans = np.concatenate(found) if found else np.zeros(0)
        share = _LEAST_LEANING if lean_db > 0 else 1 - _LEAST_LEANING
        return float(np.quantile(leans, share)) if len(leans) >= _FEWEST_CELLS else None

    def _bands(self) -> list[Doubles]:
        """Left, right, magnitude and real part of their product: float64, (4, cells) per band."""
        return [np.concatenate(cells, axis=1) for cells in self._cells.values() if cells]
