"""Meters: loudness in LUFS, true peak, sample peak and RMS; the sound goes through unchanged.

Loudness is that of ITU-R BS.1770-4 and EBU Tech 3341: K-weighted energy of 100 ms slices, in
windows of 400 ms (momentary) and 3 s (short-term), gated at -70 LUFS and 10 LU below the mean.
"""

from copy import copy

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from agents.toolchain.sources.oversampling import HALF, Oversampler
from agents.toolchain.sources.parameters import Parameter
from agents.toolchain.sources.processor import Processor, Samples, without_denormals

SILENCE_DB = -120.0
"""What a reading is at the lowest."""
TIMES = 8
"""Oversampling of the true peak: it reads 0.17 dB too low at most."""


class Meter(Processor):
    """Reads what goes through it, from its start or the last reset on."""

    def __init__(
        self, sample_rate: float, channels: int, parameters: tuple[Parameter, ...] = ()
    ) -> None:
        """Make a meter that has heard nothing; see ``Processor``.

        Args:
            sample_rate: in hertz.
            channels: all weigh the same, as the front channels of BS.1770 do.
            parameters: of the role ``window``: length of the RMS reading, in ms.
        """
        super().__init__(sample_rate, channels, parameters)
        self._weighting = k_weighting(self.sample_rate)
        self._peaks = Oversampler(channels, TIMES)
        self._clear()

    def _clear(self) -> None:
        self._peaks.clear()
        self._state = np.zeros((len(self._weighting), self.channels, 2))
        self._slices: list[float] = []
        self._open, self._heard = 0.0, 0
        self._powers = np.zeros(0)
        self._peak = self._true_peak = 0.0

    def read(self) -> dict[str, float]:
        """The readings by name, with their unit at its end; -120 for silence."""
        power = float(self._powers.mean()) if len(self._powers) else 0.0
        return {
            "integrated_lufs": self._integrated(),
            "momentary_lufs": self._latest(4),
            "short_term_lufs": self._latest(30),
            "true_peak_dbtp": _level(max(self._pending(), self._true_peak, self._peak) ** 2),
            "peak_dbfs": _level(self._peak**2),
            "rms_dbfs": _level(power),
        }

    def _stretch(self, block: Samples) -> Samples:
        self._peak = max(self._peak, float(np.abs(block).max()))
        self._true_peak = max(self._true_peak, float(np.abs(self._peaks.up(block)).max()))
        self._keep_power((block * block).mean(axis=0))
        weighted, state = signal.sosfilt(self._weighting, block, axis=1, zi=self._state)
        self._state = without_denormals(state)
        self._slice(np.asarray((weighted * weighted).sum(axis=0)))
        return block

    def _keep_power(self, power: NDArray[np.float64]) -> None:
        kept = max(1, round(self._now("window", 300.0) / 1000 * self.sample_rate))
        self._powers = np.concatenate([self._powers, power])[-kept:]

    def _slice(self, energy: NDArray[np.float64]) -> None:
        """Add energy to the slices of 100 ms."""
        for value in np.split(energy, self._ends(len(energy))):
            self._open += float(value.sum())
            self._heard += len(value)
            start, end = self._bounds(len(self._slices))
            if self._heard >= end:
                self._slices.append(self._open / (end - start))
                self._open = 0.0

    def _ends(self, frames: int) -> list[int]:
        """Where slices end within the next frames."""
        ends, number = [], len(self._slices)
        while (end := self._bounds(number)[1] - self._heard) < frames:
            ends.append(end)
            number += 1
        return ends

    def _bounds(self, number: int) -> tuple[int, int]:
        tenth = self.sample_rate / 10
        return round(number * tenth), round((number + 1) * tenth)

    def _windows(self, slices: int) -> NDArray[np.float64]:
        sums = np.cumsum([0.0, *self._slices])
        return np.asarray(np.maximum(sums[slices:] - sums[:-slices], 0.0) / slices)

    def _latest(self, slices: int) -> float:
        windows = self._windows(slices)
        return _loudness(float(windows[-1])) if len(windows) else SILENCE_DB

    def _integrated(self) -> float:
        windows = self._windows(4)
        heard = windows[windows > _energy(-70.0)]
        if not len(heard):
            return SILENCE_DB
        return _loudness(float(heard[heard > heard.mean() / 10].mean()))

    def _pending(self) -> float:
        """The true peak of what has not yet come out of the filter."""
        ahead = copy(self._peaks)
        return float(np.abs(ahead.up(np.zeros((self.channels, 2 * HALF)))).max())


def k_weighting(rate: float) -> NDArray[np.float64]:
    """The K filter at any sample rate, as second-order sections: (2, 6).

    BS.1770-4 lists its numbers for 48 kHz; the analogue prototypes behind them (a shelf of +4 dB at
    1682 Hz, a high-pass at 38 Hz; B. De Man's derivation) give those of other rates.
    """
    return np.array([_head(rate), _low_cut(rate)])


def _head(rate: float) -> list[float]:
    k, q = np.tan(np.pi * 1681.974450955533 / rate), 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    middle = high**0.4996667741545416
    rows = [high + middle * k / q + k * k, 2 * (k * k - high), high - middle * k / q + k * k]
    rows += [1 + k / q + k * k, 2 * (k * k - 1), 1 - k / q + k * k]
    return [float(one / rows[3]) for one in rows]


def _low_cut(rate: float) -> list[float]:
    k, q = np.tan(np.pi * 38.13547087602444 / rate), 0.5003270373238773
    whole = 1 + k / q + k * k
    poles = [1.0, 2 * (k * k - 1) / whole, (1 - k / q + k * k) / whole]
    return [1.0, -2.0, 1.0, *map(float, poles)]


def _energy(lufs: float) -> float:
    return float(10 ** ((lufs + 0.691) / 10))


def _loudness(energy: float) -> float:
    return float(max(SILENCE_DB, -0.691 + 10 * np.log10(max(energy, 1e-30))))


def _level(power: float) -> float:
    return float(max(SILENCE_DB, 10 * np.log10(max(power, 1e-30))))
