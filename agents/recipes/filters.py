"""Filters and equalisers: second-order sections that run once through the sound."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from agents.recipes.sound import Samples, Sound, refuse

Sections = NDArray[np.float64]
"""Second-order sections, (n, 6): b0 b1 b2 a0 a1 a2 with a0 = 1."""


def highpass(sound: Sound, cutoff_hz: float, order: int) -> Sound:
    """Take away what lies below a frequency (Butterworth, -3 dB at the cut-off)."""
    _check_below_nyquist(sound, cutoff_hz)
    return filtered(sound, signal.butter(order, cutoff_hz, "high", fs=sound.rate, output="sos"))


def lowpass(sound: Sound, cutoff_hz: float, order: int) -> Sound:
    """Take away what lies above a frequency (Butterworth, -3 dB at the cut-off)."""
    _check_below_nyquist(sound, cutoff_hz)
    return filtered(sound, signal.butter(order, cutoff_hz, "low", fs=sound.rate, output="sos"))


def bandpass(sound: Sound, low_hz: float, high_hz: float, order: int) -> Sound:
    """Keep what lies between two frequencies (Butterworth, -3 dB at both)."""
    return lowpass(highpass(sound, low_hz, order), high_hz, order)


def low_shelf(sound: Sound, frequency_hz: float, gain_db: float) -> Sound:
    """Raise or lower what lies below a frequency; half of the gain is reached at it."""
    return filtered(sound, _shelf(sound, frequency_hz, gain_db, side=-1.0))


def high_shelf(sound: Sound, frequency_hz: float, gain_db: float) -> Sound:
    """Raise or lower what lies above a frequency; half of the gain is reached at it."""
    return filtered(sound, _shelf(sound, frequency_hz, gain_db, side=1.0))


def peak_eq(sound: Sound, frequency_hz: float, gain_db: float, q: float) -> Sound:
    """Raise or lower a band about a frequency; a higher q makes it narrower."""
    _check_below_nyquist(sound, frequency_hz)
    a = 10 ** (gain_db / 40)
    angle = 2 * np.pi * frequency_hz / sound.rate
    width, middle = np.sin(angle) / (2 * q), -2 * np.cos(angle)
    rows = [1 + width * a, middle, 1 - width * a, 1 + width / a, middle, 1 - width / a]
    return filtered(sound, np.array([rows]) / rows[3])


def filtered(sound: Sound, sections: Sections) -> Sound:
    """The sound after second-order sections, which start from rest."""

    def blocks() -> Iterator[Samples]:
        state = np.zeros((len(sections), 2, sound.channels))
        for block in sound.blocks():
            result, state = signal.sosfilt(sections, block, axis=0, zi=state)
            yield result

    return Sound(sound.rate, sound.channels, blocks)


def _shelf(sound: Sound, frequency_hz: float, gain_db: float, side: float) -> Sections:
    """A shelf of slope 1 (R. Bristow-Johnson, "Cookbook formulae for audio EQ biquads").

    The high shelf (``side`` 1) and the low shelf (-1) differ in the sign of the cosine.
    """
    _check_below_nyquist(sound, frequency_hz)
    a = 10 ** (gain_db / 40)
    angle = 2 * np.pi * frequency_hz / sound.rate
    cosine, root = side * np.cos(angle), np.sqrt(2 * a) * np.sin(angle)
    rows = [
        a * ((a + 1) + (a - 1) * cosine + root), -2 * side * a * ((a - 1) + (a + 1) * cosine),
        a * ((a + 1) + (a - 1) * cosine - root),
        (a + 1) - (a - 1) * cosine + root, 2 * side * ((a - 1) - (a + 1) * cosine),
        (a + 1) - (a - 1) * cosine - root,
    ]  # fmt: skip
    return np.asarray(np.array([rows]) / rows[3], dtype=np.float64)


def _check_below_nyquist(sound: Sound, frequency_hz: float) -> None:
    if frequency_hz >= sound.rate / 2:
        refuse(
            f"{frequency_hz:g} Hz can't be filtered: at a sample rate of {sound.rate} Hz the "
            f"sound ends at {sound.rate / 2:g} Hz"
        )
