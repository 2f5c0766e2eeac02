"""A file's spectrogram, reduced to the pixels of a plot.

Below 200 Hz it shows the long window (0.37 s: narrow lines), above 600 Hz the short one (46 ms:
sharp onsets), and fades from one to the other between; a file of a few seconds shows the short one
only. Levels are those of a sine in dB of full scale, so a line reads its own level anywhere.
"""

import math

import numpy as np

from audio.axes import Axis
from audio.blocks import LONG_FRAMES_PER_SECOND, SHORT_FRAMES_PER_SECOND, Block, Floats, Stream
from audio.columns import ColumnMeans

LONG_BELOW_HZ, SHORT_ABOVE_HZ = 200.0, 600.0
LONG_FROM_SECONDS = 8.0
"""In a shorter file the long window would blur what a pixel can show."""
SPAN_DB = 90.0
"""Range of the colours below the highest level."""

_FLOOR_POWER = 1e-14
_SILENT_DB = -100.0


class SpectrogramColumns:
    """Watches blocks and keeps one mean spectrum per column of the plot."""

    def __init__(self, stream: Stream, columns: int) -> None:
        self._stream = stream
        self._short = ColumnMeans(stream.seconds, SHORT_FRAMES_PER_SECOND, columns)
        self._long = ColumnMeans(stream.seconds, LONG_FRAMES_PER_SECOND, columns)
        spacing = stream.sample_rate_hz / stream.long_fft
        self._long_bins = math.ceil(SHORT_ABOVE_HZ / spacing) + 3

    def push(self, block: Block) -> None:
        """Take the next block."""
        self._short.push(block.short)
        self._long.push(block.long[:, : self._long_bins])

    def finish(self, axis: Axis, rows: int) -> Floats:
        """The plot's levels in dBFS: float32, (rows, columns), the first row the highest."""
        rate = self._stream.sample_rate_hz
        short = to_rows(decibels(self._short.finish()), rate / self._stream.short_fft, axis, rows)
        if self._stream.seconds < LONG_FROM_SECONDS:
            return np.ascontiguousarray(short.T[::-1])
        long = to_rows(decibels(self._long.finish()), rate / self._stream.long_fft, axis, rows)
        hertz = np.array([axis.value((row + 0.5) / rows) for row in range(rows)])
        octaves = math.log2(SHORT_ABOVE_HZ / LONG_BELOW_HZ)
        share = np.log2(np.maximum(hertz, 1.0) / LONG_BELOW_HZ) / octaves
        share = np.clip(share, 0, 1).astype(np.float32)
        levels = share * short + (1 - share) * long
        return np.ascontiguousarray(levels.T[::-1])


def colour_range(levels: Floats) -> tuple[float, float]:
    """The levels in dB of the darkest and the lightest colour; 0 dB at the top for silence."""
    top = float(levels.max())
    high = 0.0 if top <= _SILENT_DB else 5 * math.ceil(top / 5)
    return high - SPAN_DB, high


def decibels(power: Floats) -> Floats:
    """Power as dB, with a floor far below any sound."""
    return (10 * np.log10(np.maximum(power, _FLOOR_POWER))).astype(np.float32)


def to_rows(levels: Floats, spacing_hz: float, axis: Axis, rows: int) -> Floats:
    """Read spectra at the rows of an axis: a curve through the bins, or the highest bin inside.

    Args:
        levels: float32, (columns, bins), in dB.
        spacing_hz: distance of two bins.

    Returns:
        float32, (columns, rows), the lowest frequency first.
    """
    edges = np.array([axis.value(row / rows) for row in range(rows + 1)]) / spacing_hz
    centres = np.array([axis.value((row + 0.5) / rows) for row in range(rows)]) / spacing_hz
    found = _between_bins(levels, centres)
    last = levels.shape[1] - 1
    first_bin = np.clip(np.ceil(edges[:-1]).astype(int), 0, last)
    end_bin = np.clip(np.ceil(edges[1:]).astype(int), 0, last + 1)
    wide = np.flatnonzero(end_bin - first_bin >= 1)
    if len(wide):
        padded = np.pad(levels, ((0, 0), (0, 1)), mode="edge")
        pairs = np.stack((first_bin[wide], end_bin[wide]), axis=1).ravel()
        highest = np.maximum.reduceat(padded, pairs, axis=1)[:, ::2]
        found[:, wide] = np.maximum(found[:, wide], highest)
    return found


def _between_bins(levels: Floats, positions: np.ndarray) -> Floats:
    """Interpolate along the bins by Catmull-Rom (1974), which keeps a peak between bins."""
    last = levels.shape[1] - 1
    left = np.clip(np.floor(positions).astype(int), 0, last)
    t = np.clip(positions - left, 0, 1).astype(np.float32)
    before, here, after, beyond = (
        levels[:, np.clip(left + offset, 0, last)] for offset in (-1, 0, 1, 2)
    )
    slope, next_slope = (after - before) / 2, (beyond - here) / 2
    curve: Floats = here + t * (
        slope
        + t
        * (
            3 * (after - here)
            - 2 * slope
            - next_slope
            + t * (2 * (here - after) + slope + next_slope)
        )
    )
    return curve
