"""Backbeats: strokes of a snare that fall on every second beat, and so tell the beat's octave.

A snare, or claps in its place, sounds in all bands at once, other instruments do not. In most music
with a kit it marks the second and the fourth beat of the bar: its strokes recur after two beats and
after four, but not after one. Half the tempo, and twice it, have no such pattern (compare Smith,
"Beat critic: beat tracking octave error identification by metrical profile analysis", ISMIR 2010,
who compares the bands of neighbouring beats).
"""

from dataclasses import dataclass

import numpy as np
from scipy import fft, ndimage

from audio.blocks import SHORT_FRAMES_PER_SECOND, Floats
from audio.onsets import Doubles

_WINDOW_SECONDS = 12.0
_MOST_WINDOWS = 600
_OFTEN_SECONDS = 1.5
"""Where there is a snare, it is struck at least this often."""
_FAINT_RISE, _CLEAR_RISE = 1.0, 3.0
"""Rise, in compressed decibels, of what can't be a snare and of what can."""
_LOOSE_FRAMES = 3
"""Strokes are found again within so many frames of where they are expected."""
_LEAST_CONTRAST, _CLEAR_CONTRAST = 0.2, 0.5
"""Autocorrelation after two beats less that after one, where a backbeat begins and is plain."""


@dataclass(frozen=True)
class Backbeat:
    """How the strokes of a snare recur."""

    recurrence: Doubles
    """Autocorrelation of the strokes by lag in frames, 100 frames per second."""
    presence: float
    """How surely there is a snare at all, 0..1."""

    def at(self, bpm: float) -> float:
        """How plainly strokes fall on every second beat of this tempo, 0..1."""
        if self.presence == 0.0:
            return 0.0
        beat = 60 * SHORT_FRAMES_PER_SECOND / bpm
        contrast = min(self._after(2 * beat), self._after(4 * beat)) - self._after(beat)
        plain = (contrast - _LEAST_CONTRAST) / (_CLEAR_CONTRAST - _LEAST_CONTRAST)
        return self.presence * float(np.clip(plain, 0, 1))

    def _after(self, frames: float) -> float:
        """Highest recurrence near a lag; none where the windows are too short for it."""
        first, last = int(frames) - _LOOSE_FRAMES, int(np.ceil(frames)) + _LOOSE_FRAMES
        near = self.recurrence[first : last + 1]
        return float(near.max()) if last < len(self.recurrence) else 0.0


def find_backbeat(bursts: Floats) -> Backbeat:
    """Say how the strokes of a snare recur.

    Args:
        bursts: rise that all bands from 700 Hz up share, in compressed decibels, >= 0, (frames,),
            100 frames per second.
    """
    often = int(_OFTEN_SECONDS * SHORT_FRAMES_PER_SECOND)
    highest = ndimage.maximum_filter1d(bursts, often)[:: often // 2]
    rise = float(np.median(highest)) if len(highest) else 0.0
    presence = float(np.clip((rise - _FAINT_RISE) / (_CLEAR_RISE - _FAINT_RISE), 0, 1))
    return Backbeat(_recurrence(bursts), presence)


def _recurrence(bursts: Floats) -> Doubles:
    """Mean autocorrelation of windows of 12 s, unbiased by lag: (lags,)."""
    size = min(len(bursts), int(_WINDOW_SECONDS * SHORT_FRAMES_PER_SECOND))
    hop = max(SHORT_FRAMES_PER_SECOND, (len(bursts) - size) // _MOST_WINDOWS)
    total, windows = np.zeros(size), 0
    for start in range(0, len(bursts) - size + 1, hop):
        window = bursts[start : start + size].astype(np.float64)
        strokes = np.minimum(window, np.quantile(window, 0.99))
        strokes -= strokes.mean()
        energy = float((strokes**2).sum())
        if energy <= 1e-9:
            continue
        total += fft.irfft(np.abs(fft.rfft(strokes, 2 * size)) ** 2)[:size] / energy
        windows += 1
    unbiased: Doubles = total / max(windows, 1) / np.maximum(1 - np.arange(size) / size, 0.2)
    return unbiased
