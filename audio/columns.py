"""Frames of a whole file reduced to the columns of a plot, in memory that the plot bounds."""

import math

import numpy as np

from audio.blocks import Floats


class ColumnMeans:
    """Averages frames that come at a steady rate into at most ``columns`` columns."""

    def __init__(self, seconds: float, frames_per_second: int, columns: int) -> None:
        self._fps, self._columns = frames_per_second, columns
        self._seconds = seconds
        frames = max(1, math.ceil(seconds * frames_per_second))
        self._reduces = frames > columns
        self._slots = columns if self._reduces else frames
        self._sums = np.zeros((0, 0), np.float32)
        self._counts = np.zeros(self._slots, np.int64)
        self._seen = 0

    def push(self, frames: Floats) -> None:
        """Take the next frames: float32, (frames, bins)."""
        if self._sums.size == 0:
            self._sums = np.zeros((self._slots, frames.shape[1]), np.float32)
        if len(frames) == 0:
            return
        index = np.arange(self._seen, self._seen + len(frames))
        self._seen += len(frames)
        if self._reduces:
            index = (index / (self._fps * self._seconds) * self._columns).astype(int)
        index = np.minimum(index, self._slots - 1)
        starts = np.flatnonzero(np.diff(index, prepend=-1))
        self._sums[index[starts]] += np.add.reduceat(frames, starts, axis=0)
        self._counts += np.bincount(index, minlength=self._slots)

    def finish(self) -> Floats:
        """One row per column of the plot: float32, (columns, bins); 0 where there is nothing.

        Where the plot has more columns than there are frames, it goes straight between them.
        """
        counts = np.maximum(self._counts, 1).astype(np.float32)
        means: Floats = self._sums / counts[:, None]
        if self._reduces:
            return means
        centres = (np.arange(self._columns) + 0.5) / self._columns * self._seconds
        place = np.clip(centres * self._fps, 0, self._slots - 1)
        before = place.astype(int)
        after = np.minimum(before + 1, self._slots - 1)
        share = (place - before).astype(np.float32)[:, None]
        between: Floats = means[before] * (1 - share) + means[after] * share
        return between


class ColumnExtremes:
    """Keeps the lowest, highest and RMS sample of each channel in each column."""

    def __init__(self, channels: int, frames: int, columns: int) -> None:
        self._frames, self._columns = max(frames, 1), columns
        self.low = np.full((channels, columns), np.inf, np.float32)
        """Lowest sample: float32, (channels, columns); inf where there is none."""
        self.high = np.full((channels, columns), -np.inf, np.float32)
        """Highest sample, likewise."""
        self._squares = np.zeros((channels, columns))
        self._counts = np.zeros(columns, np.int64)

    def push(self, start: int, samples: Floats) -> None:
        """Take the next samples: float32, (channels, frames), the first one at index ``start``."""
        if samples.shape[1] == 0:
            return
        edges = np.arange(self._columns + 1) * self._frames // self._columns
        first = np.searchsorted(edges, start, side="right") - 1
        inside = edges[(edges > start) & (edges < start + samples.shape[1])] - start
        starts = np.unique(np.concatenate(([0], inside)))
        column = np.searchsorted(edges, starts + start, side="right") - 1
        column = np.clip(column, first, self._columns - 1)
        low = np.minimum.reduceat(samples, starts, axis=1)
        high = np.maximum.reduceat(samples, starts, axis=1)
        self.low[:, column] = np.minimum(self.low[:, column], low)
        self.high[:, column] = np.maximum(self.high[:, column], high)
        self._squares[:, column] += np.add.reduceat(samples.astype(np.float64) ** 2, starts, axis=1)
        self._counts[column] += np.diff(starts, append=samples.shape[1])

    def rms(self) -> Floats:
        """The RMS of each column: float32, (channels, columns)."""
        return np.sqrt(self._squares / np.maximum(self._counts, 1)).astype(np.float32)

    def fill_gaps(self) -> None:
        """Give columns between two samples (short files) their neighbour's value."""
        held = np.flatnonzero(self._counts)
        if len(held) == 0:
            self.low[:], self.high[:] = 0, 0
            return
        end = held[-1] + 1 if self._frames >= self._columns else self._columns
        source = held[np.searchsorted(held, np.arange(end), side="right") - 1]
        self.low[:, :end], self.high[:, :end] = self.low[:, source], self.high[:, source]
        self._squares[:, :end], self._counts[:end] = self._squares[:, source], self._counts[source]
        self.low[:, end:], self.high[:, end:] = 0, 0
