"""Linear-phase filters: tonal balance, and low frequencies in mono."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from agents.recipes.sound import Samples, Sound, overlapped

Doubles = NDArray[np.float64]


def equalised(sound: Sound, hertz: Sequence[float], gains_db: Sequence[float], taps: int) -> Sound:
    """The sound with gains at some frequencies, and straight lines between (log frequency, dB)."""
    return _convolved(sound, equaliser(sound.rate, hertz, gains_db, taps))


def equaliser(
    sample_rate_hz: int, hertz: Sequence[float], gains_db: Sequence[float], taps: int
) -> Doubles:
    """A symmetric filter by frequency sampling under a Hann window: float64, (taps,), taps odd."""
    size = 4 * (taps + 1)
    bins = np.maximum(np.fft.rfftfreq(size, 1 / sample_rate_hz), 1.0)
    gains = np.interp(np.log(bins), np.log(np.asarray(hertz)), np.asarray(gains_db))
    response = np.fft.irfft(10 ** (gains / 20), size)
    half = taps // 2
    centred = np.concatenate((response[-half:], response[: half + 1]))
    return np.asarray(centred * signal.windows.hann(taps + 2)[1:-1])


def mono_below(sound: Sound, hertz: float, taps: int) -> Sound:
    """The sound with the difference of left and right taken away below a frequency."""
    lowpass = signal.firwin(taps, hertz, fs=sound.rate, window=("kaiser", 8.0))
    half = taps // 2

    def blocks() -> Iterator[Samples]:
        for wide in overlapped(sound, half):
            side = (wide[:, 0] - wide[:, 1]) / 2
            low = signal.oaconvolve(side, lowpass, mode="valid")
            block = wide[half : len(wide) - half].copy()
            block[:, 0] -= low
            block[:, 1] += low
            yield block

    return Sound(sound.rate, sound.channels, blocks)


def _convolved(sound: Sound, taps: Doubles) -> Sound:
    """The sound after a symmetric filter, without its delay."""
    half = len(taps) // 2

    def blocks() -> Iterator[Samples]:
        for wide in overlapped(sound, half):
            yield signal.oaconvolve(wide, taps[:, None], mode="valid", axes=0)

    return Sound(sound.rate, sound.channels, blocks)
