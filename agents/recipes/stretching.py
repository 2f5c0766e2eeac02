"""Change tempo and pitch apart from each other, by a phase vocoder."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from agents.recipes.resampling import with_ratio
from agents.recipes.sound import Samples, Sound, keep

_Spectra = NDArray[np.complex128]

_HOPS_PER_FRAME = 4
_STRIKE_SHARE = 0.75
"""Where so much of the power rose by more than 6 dB in one hop, something was struck."""


def time_stretch(sound: Sound, rate: float) -> Sound:
    """Play a sound ``rate`` times as fast at the same pitch."""
    return keep(_vocoded(sound, rate))


def time_stretch_tempo(sound: Sound, source_bpm: float, target_bpm: float) -> Sound:
    """Bring a sound from one tempo to another at the same pitch."""
    return time_stretch(sound, target_bpm / source_bpm)


def pitch_shift(sound: Sound, semitones: float) -> Sound:
    """Shift the pitch of a sound at the same tempo."""
    ratio = Fraction(2 ** (semitones / 12)).limit_denominator(1000)
    return keep(with_ratio(_vocoded(sound, float(1 / ratio)), 1 / ratio))


def _vocoded(sound: Sound, rate: float) -> Sound:
    """A phase vocoder with locked phases.

    J. Laroche and M. Dolson, "Improved phase vocoder time-scale modification of audio", IEEE
    Trans. Speech and Audio Processing 7(3), 1999: the bins about a spectral peak turn with it. The
    channels turn alike, which keeps the stereo image, and strikes start with their own phases.
    """
    size = int(2 ** np.round(np.log2(0.07 * sound.rate)))
    hop = size // _HOPS_PER_FRAME

    def blocks() -> Iterator[Samples]:
        frames = sound.frames()
        wanted, made = round(frames / rate), hop - size
        overlap = np.zeros((size, sound.channels))
        for piece in _frames(sound, rate, size, hop):
            overlap += piece
            ready = overlap[max(0, -made) : max(0, min(hop, wanted - made))]
            if len(ready):
                yield ready / 1.5  # four squared Hann windows, a quarter apart, add up to it
            made += hop
            if made >= wanted:
                return
            overlap = np.concatenate((overlap[hop:], np.zeros((hop, sound.channels))))

    return Sound(sound.rate, sound.channels, blocks)


def _frames(sound: Sound, rate: float, size: int, hop: int) -> Iterator[Samples]:
    """The windowed frames of the result, one per hop, without end."""
    window = np.hanning(size + 1)[:-1, np.newaxis]
    source = _Reader(sound, size)
    before: _Spectra = np.zeros((size // 2 + 1, sound.channels), dtype=np.complex128)
    index = 0
    while True:
        middle = (index + 1) * hop - size // 2  # of the frame in the result
        start = round(middle * rate) - size // 2
        now = np.fft.rfft(source.at(start) * window, axis=0)
        earlier = np.fft.rfft(source.at(start - hop) * window, axis=0)
        before = now * _turn(now, earlier, before)[:, np.newaxis]
        yield np.fft.irfft(before, size, axis=0) * window
        index += 1


def _turn(now: _Spectra, earlier: _Spectra, before: _Spectra) -> _Spectra:
    """By how much each bin is turned, as numbers of magnitude 1: (bins,).

    Args:
        now: spectrum of the source, (bins, channels).
        earlier: spectrum of the source one hop before.
        before: spectrum of the result one hop before.
    """
    power = np.sum(np.abs(now) ** 2, axis=1)
    old = np.sum(np.abs(earlier) ** 2, axis=1)
    total = power.sum()
    if total <= 0 or power[power > 4 * old].sum() > _STRIKE_SHARE * total:
        return np.ones(len(power), dtype=np.complex128)
    wide = np.pad(power, 2)
    higher = np.max([wide[:-4], wide[1:-3], wide[3:-1], wide[4:]], axis=0)
    peaks = np.flatnonzero(power > higher)
    if len(peaks) == 0:
        return np.ones(len(power), dtype=np.complex128)
    cross = np.sum(before[peaks] * np.conj(earlier[peaks]), axis=1)
    turns = np.where(np.abs(cross) > 0, np.exp(1j * np.angle(cross)), 1.0)
    borders = (peaks[:-1] + peaks[1:] + 1) // 2
    return np.asarray(turns[np.searchsorted(borders, np.arange(len(power)), side="right")])


class _Reader:
    """Windows of a sound at slowly rising positions; silence lies beyond its ends."""

    def __init__(self, sound: Sound, size: int) -> None:
        self._blocks, self._size = sound.blocks(), size
        self._kept = np.zeros((4 * size, sound.channels))
        self._start = -4 * size
        """Position of the first kept frame."""

    def at(self, start: int) -> Samples:
        """The window from ``start`` on: (size, channels)."""
        while self._start + len(self._kept) < start + self._size:
            more = next(self._blocks, np.zeros_like(self._kept[: 4 * self._size]))
            drop = max(0, min(len(self._kept), start - 2 * self._size - self._start))
            self._kept = np.concatenate((self._kept[drop:], more))
            self._start += drop
        return self._kept[start - self._start : start - self._start + self._size]
