"""Shape of the spectrum over a whole file: band levels, centroid, rolloff, bandwidth.

Bands and rolloff share out the energy of the samples by the long spectrogram, whose bins are 2.7 Hz
apart: fine enough for the lowest bands. Centroid and bandwidth are means over the short frames.
"""

import numpy as np
from numpy.typing import NDArray

from audio.aspects import BAND_EDGES_HZ
from audio.blocks import Block, Stream
from audio.measurement import Measurement, Reporter

Doubles = NDArray[np.float64]

SHAPE_ASPECTS = ("spectrum.centroid_hz", "spectrum.rolloff_hz", "spectrum.bandwidth_hz")
BAND_ASPECTS = tuple(f"spectrum.band_db.{band}" for band in BAND_EDGES_HZ)
ASPECTS = (*BAND_ASPECTS, *SHAPE_ASPECTS)

ROLLOFF_SHARE = 0.85
HANN_NOISE_BANDWIDTH = 1.5
"""Equivalent noise bandwidth of a Hann window in bins: a sine's bins sum to 1.5 times its peak."""
ACTIVE_POWER = 1e-7
"""A frame counts as sounding above -70 dB under a full-scale sine."""
_FLOOR_DB = -120.0
_DC_BINS = 3
"""Bins at 0 Hz into which a Hann window spreads an offset."""
_SAY = Reporter("spectrum")


class SpectrumMeter:
    """Mean power in bands, and the mean shape of the sounding frames."""

    def __init__(self, stream: Stream) -> None:
        self._long = stream.frequencies(stream.long_fft).astype(np.float64)
        self._power: Doubles = np.zeros(len(self._long))
        self._samples = 0
        self._sums: Doubles = np.zeros(stream.channels)
        self._squares: Doubles = np.zeros(stream.channels)
        frequencies = stream.frequencies(stream.short_fft)
        self._moments = np.stack([frequencies**power for power in range(3)], axis=1)
        self._active = 0
        self._centroids = 0.0
        self._bandwidths = 0.0

    def push(self, block: Block) -> None:
        self._power += block.long.sum(axis=0, dtype=np.float64)
        self._samples += block.samples.shape[1]
        self._sums += block.samples.sum(axis=1, dtype=np.float64)
        self._squares += np.square(block.samples, dtype=np.float64).sum(axis=1)
        active = block.short.sum(axis=1) > ACTIVE_POWER * HANN_NOISE_BANDWIDTH
        if not active.any():
            return
        amplitude = np.sqrt(block.short if active.all() else block.short[active])
        total, first, second = (amplitude @ self._moments).astype(np.float64).T
        centroid = first / total
        self._centroids += float(centroid.sum())
        self._bandwidths += float(np.sqrt(np.maximum(second / total - centroid**2, 0.0)).sum())
        self._active += len(amplitude)

    def finish(self) -> list[Measurement]:
        if self._active == 0:
            return _SAY.all_untold(ASPECTS, "silent: no frame above -70 dBFS")
        power = self._calibrated()
        if not power.sum() > ACTIVE_POWER:
            return _SAY.all_untold(ASPECTS, "no sound but an offset: nothing above -70 dBFS")
        shape = "magnitude-weighted, mean over the 46 ms frames above -70 dBFS"
        return [
            *(self._band(power, band) for band in BAND_EDGES_HZ),
            _SAY.told("spectrum.centroid_hz", round(self._centroids / self._active, 1), shape),
            self._rolloff(power),
            _SAY.told("spectrum.bandwidth_hz", round(self._bandwidths / self._active, 1), shape),
        ]

    def _calibrated(self) -> Doubles:
        """Power per bin, which sums to 1 for a full-scale sine, without the DC offset."""
        power = self._power.copy()
        power[:_DC_BINS] = 0.0
        variance = self._squares / self._samples - (self._sums / self._samples) ** 2
        scale: Doubles = power * (2 * float(variance.mean()) / max(float(power.sum()), 1e-30))
        return scale

    def _band(self, power: Doubles, band: str) -> Measurement:
        aspect, (low, high) = f"spectrum.band_db.{band}", BAND_EDGES_HZ[band]
        nyquist = self._long[-1]
        if low >= nyquist:
            return _SAY.untold(aspect, f"above half the sample rate ({nyquist:.0f} Hz)")
        inside = float(self._shares(low, high) @ power)
        level = max(10 * np.log10(max(inside, 1e-30)), _FLOOR_DB)
        upper = min(high, nyquist)
        method = f"mean power of {low:.0f}-{upper:.0f} Hz; a full-scale sine in the band reads 0 dB"
        return _SAY.told(aspect, round(float(level), 2), method)

    def _shares(self, low: float, high: float) -> Doubles:
        """Share of each bin, as wide as the bin spacing, that lies between two frequencies."""
        half = self._long[1] / 2
        overlap = np.minimum(self._long + half, high) - np.maximum(self._long - half, low)
        shares: Doubles = np.clip(overlap / (2 * half), 0.0, 1.0)
        return shares

    def _rolloff(self, power: Doubles) -> Measurement:
        energy = np.cumsum(power)
        frequency = np.interp(ROLLOFF_SHARE * energy[-1], energy, self._long)
        method = "85 % of the mean power lies below"
        return _SAY.told("spectrum.rolloff_hz", round(float(frequency), 1), method)
