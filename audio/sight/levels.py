"""The levels of a stretch of sound, measured anew for the pixels that are to show it.

Each row is seen through the window whose blur is as wide across as up: a Hann window of ``w``
seconds blurs a line by about 1.4 / w hertz and a click by about 0.36 w seconds. So a crop shows
what is there, not larger pixels of what was drawn before.
"""

import math
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy import fft, signal

from audio.axes import Axes, Axis
from audio.blocks import Floats, Stream
from audio.excerpts import read_excerpt
from audio.spectrogram import decibels, to_rows

_SHORTEST, _LONGEST = 0.003, 0.37
"""Windows in seconds."""
_ROUND = 4.0
"""1.44 / 0.36: makes both blurs alike."""
_CHUNK_SECONDS = 30.0
_BATCH_SAMPLES = 1 << 20


def measure_levels(path: Path, stream: Stream, axes: Axes) -> Floats:
    """Measure what each pixel of a plot of time and frequency shows.

    Args:
        path: the sound file.
        stream: its header.
        axes: with time across and frequency up.

    Returns:
        float32, (plot height, plot width), dBFS of a sine; the first row is the highest. Not a
        number beyond the sound's ends and beyond half its sample rate.

    Raises:
        MediaRejected: nothing of the stretch can be decoded.
    """
    rows, columns = axes.plot.height, axes.plot.width
    hertz = np.array([axes.y.value((row + 0.5) / rows) for row in range(rows)])
    centres = np.array([axes.x.value((column + 0.5) / columns) for column in range(columns)])
    exponents = _windows(axes, stream.sample_rate_hz)
    levels = np.zeros((columns, rows), np.float32)
    for exponent in range(int(exponents.min()), math.ceil(exponents.max()) + 1):
        share = np.clip(1 - np.abs(exponents - exponent), 0, 1).astype(np.float32)
        if share.any():
            power = _column_power(path, stream, axes, 1 << exponent)
            spacing = stream.sample_rate_hz / (1 << exponent)
            levels += share * to_rows(decibels(power), spacing, axes.y, rows)
    levels[(centres < 0) | (centres >= stream.seconds)] = np.nan
    levels[:, hertz > stream.sample_rate_hz / 2] = np.nan
    return np.ascontiguousarray(levels.T[::-1])


def _windows(axes: Axes, sample_rate_hz: int) -> np.ndarray:
    """The best window of each row, the lowest first, as the exponent of its length in samples."""
    rows = axes.plot.height
    column_seconds = (axes.x.high - axes.x.low) / axes.plot.width
    edges = np.array([axes.y.value(row / rows) for row in range(rows + 1)])
    seconds = np.sqrt(_ROUND * column_seconds / np.diff(edges))
    samples = np.clip(seconds, _SHORTEST, _LONGEST) * sample_rate_hz
    exponents: np.ndarray = np.log2(np.maximum(samples, 32.0))
    return exponents


def _column_power(path: Path, stream: Stream, axes: Axes, size: int) -> Floats:
    """The mean power spectrum of each column: float32, (columns, size // 2 + 1)."""
    rate, columns = stream.sample_rate_hz, axes.plot.width
    column_seconds = (axes.x.high - axes.x.low) / columns
    frames = max(1, math.ceil(column_seconds * rate / (size / 2)))
    power = np.zeros((columns, size // 2 + 1), np.float32)
    for first, last in _chunks(axes.x, columns):
        shares = (np.arange(first * frames, last * frames) + 0.5) / frames / columns
        starts = np.round((axes.x.low + shares * (axes.x.high - axes.x.low)) * rate).astype(int)
        starts -= size // 2
        sound = _padded(path, stream, int(starts[0]), int(starts[-1]) + size)
        spectra = _spectra(sound, starts - starts[0], size)
        power[first:last] = spectra.reshape(last - first, frames, -1).mean(axis=1)
    return power


def _chunks(axis: Axis, columns: int) -> Iterator[tuple[int, int]]:
    """The columns in groups that are decoded together."""
    chunks = max(1, math.ceil((axis.high - axis.low) / _CHUNK_SECONDS))
    edges = np.linspace(0, columns, min(chunks, columns) + 1).astype(int).tolist()
    yield from pairwise(edges)


def _padded(path: Path, stream: Stream, first: int, end: int) -> Floats:
    """Samples of a stretch, with silence beyond the ends of the file: float32, (channels, n)."""
    rate = stream.sample_rate_hz
    inside, outside = max(first, 0), min(end, stream.frames)
    sound = np.zeros((stream.channels, end - first), np.float32)
    if inside < outside:
        held = read_excerpt(path, inside / rate, (outside - inside) / rate).samples
        sound[:, inside - first : inside - first + held.shape[1]] = held
    return sound


def _spectra(sound: Floats, starts: np.ndarray, size: int) -> Floats:
    """Mean power over the channels: float32, (starts, size // 2 + 1); a full-scale sine has 1."""
    window = signal.get_window("hann", size).astype(np.float32)
    window /= np.float32(window.sum() / 2)
    power = np.zeros((len(starts), size // 2 + 1), np.float32)
    batch = max(_BATCH_SAMPLES // size, 1)
    for channel in sound:
        windows = np.lib.stride_tricks.sliding_window_view(channel, size)
        for first in range(0, len(starts), batch):
            frames = windows[starts[first : first + batch]] * window
            spectrum = fft.rfft(frames, axis=1)
            power[first : first + batch] += spectrum.real**2 + spectrum.imag**2
    power /= len(sound)
    return power
