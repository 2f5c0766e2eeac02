"""Steady tones: level, phase, harmonics, and what folds back from above half the sample rate."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]


@dataclass(frozen=True)
class ToneFit:
    """The cosine that fits a sound best."""

    amplitude: float
    degrees: float
    """Phase at its first sample."""

    @property
    def dbfs(self) -> float:
        """Level of its peak; -300 at the lowest."""
        return float(20 * np.log10(max(self.amplitude, 1e-15)))


def fitted(sound: Reals, rate: int, hertz: float) -> ToneFit:
    """Fit a cosine and a constant by least squares.

    Args:
        sound: (frames,), several periods.
        rate: sample rate in hertz.
        hertz: frequency of the cosine.
    """
    angle = 2 * np.pi * hertz / rate * np.arange(len(sound))
    columns = np.stack([np.cos(angle), np.sin(angle), np.ones(len(sound))], axis=1)
    (even, odd, _), *_ = np.linalg.lstsq(columns, sound, rcond=None)
    return ToneFit(float(np.hypot(even, odd)), float(np.degrees(np.arctan2(-odd, even))))


def distortion_percent(sound: Reals, rate: int, hertz: float) -> float:
    """Total harmonic distortion: harmonics below half the rate over the first one, in percent."""
    first = fitted(sound, rate, hertz).amplitude
    upper = range(2, int(rate / 2 / hertz) + 1)
    powers = sum(
        fitted(sound, rate, hertz * n).amplitude ** 2 for n in upper if n * hertz < rate / 2
    )
    return float(100 * np.sqrt(powers) / first) if first > 0 else 0.0


def folded_db(sound: Reals, period_bins: int) -> float:
    """What lies between the harmonics of a tone, over its first one, in decibels.

    Args:
        sound: a whole number of periods of everything that may be in it: (frames,), a tone with
            ``period_bins`` periods in it, a number that shares no divisor with its length.
        period_bins: periods of the tone.
    """
    power = np.abs(np.fft.rfft(sound)) ** 2
    harmonic = np.zeros(len(power), bool)
    harmonic[::period_bins] = True
    rest = power[~harmonic].sum()
    return float(10 * np.log10(max(rest, 1e-30) / max(power[period_bins], 1e-30)))
