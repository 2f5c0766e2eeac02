"""Loudness and true peak of a sound, by short segments."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft, signal

from agents.recipes.sound import Samples, Sound, overlapped

_MARGIN = 512
"""Frames beside a block that its oversampling looks at."""


@dataclass(frozen=True)
class Profile:
    """What the loudness and the peaks of a sound are made of."""

    rate: int
    segment: int
    """Length of a segment in frames, about 0.7 ms."""
    energy: NDArray[np.float64]
    """K-weighted energy of each segment, over all channels as BS.1770 weighs them: (segments,)."""
    peak: NDArray[np.float64]
    """True peak of each segment over all channels, full scale 1: (segments,)."""

    def true_peak_dbtp(self) -> float:
        """The highest true peak; -inf for silence."""
        return decibels(float(np.max(self.peak, initial=0.0)))

    def lufs(self, gains: NDArray[np.float64] | float = 1.0) -> float:
        """Integrated loudness (ITU-R BS.1770-5, gated), as if each segment had that gain.

        Returns:
            LUFS; -inf for what is silent or shorter than 0.4 s.
        """
        per_hop = round(self.rate / 10 / self.segment)
        energy = self.energy * np.square(gains)
        hops = energy[: len(energy) // per_hop * per_hop].reshape(-1, per_hop).sum(axis=1)
        if len(hops) < 4:
            return -np.inf
        power = np.convolve(hops, np.ones(4), "valid") / (4 * per_hop * self.segment)
        loud = power[power > _power(-70.0)]
        if len(loud) == 0:
            return -np.inf
        return _loudness(float(np.mean(loud[loud > np.mean(loud) / 10])))


def profile(sound: Sound) -> Profile:
    """Measure a sound, once through."""
    segment, carry = _segment_frames(sound.rate), np.zeros((0, 2))
    weighting, weights = _k_weighting(sound.rate), _channel_weights(sound.channels)
    state = np.zeros((len(weighting), 2, sound.channels))
    energies, peaks = [], []
    for wide in overlapped(sound, _MARGIN):
        block = wide[_MARGIN:-_MARGIN]
        filtered, state = signal.sosfilt(weighting, block, axis=0, zi=state)
        both = np.column_stack((np.square(filtered) @ weights, _peaks(wide)))
        both = np.concatenate((carry, both))
        whole = len(both) // segment * segment
        parts, carry = both[:whole].reshape(-1, segment, 2), both[whole:]
        energies.append(parts[:, :, 0].sum(axis=1))
        peaks.append(parts[:, :, 1].max(axis=1))
    if len(carry):
        energies.append(carry[:, 0].sum(keepdims=True))
        peaks.append(carry[:, 1].max(keepdims=True))
    return Profile(sound.rate, segment, np.concatenate(energies), np.concatenate(peaks))


def decibels(amplitude: float) -> float:
    """Decibels of an amplitude; -inf for none."""
    return 20 * float(np.log10(amplitude)) if amplitude > 0 else -np.inf


def _segment_frames(rate: int) -> int:
    """The longest segment of at most 1/1500 s that divides a tenth of a second."""
    return max(size for size in range(1, rate // 1500 + 1) if rate // 10 % size == 0)


def _peaks(wide: Samples) -> NDArray[np.float64]:
    """True peak about each frame of a block, over all channels; the margins are cut off."""
    size = fft.next_fast_len(len(wide), real=True)
    spectrum = fft.rfft(wide.T.astype(np.float32), size)
    peaks: NDArray[np.float64] = np.abs(wide).max(axis=1)
    for delays in _delays(size):
        for channel in spectrum:
            points = np.stack([fft.irfft(channel * delay, size) for delay in delays], axis=1)
            np.maximum(peaks, _crests(points)[: len(wide)], out=peaks)
    return peaks[_MARGIN:-_MARGIN]


def _crests(waveform: NDArray[np.float32]) -> NDArray[np.float32]:
    """Highest magnitude about each frame, between the points too, by parabolas: (frames,).

    Args:
        waveform: at even parts of a sample, (frames, parts); parts are a power of two.
    """
    points = np.abs(waveform).ravel()
    before, middle, after = points[:-2], points[1:-1], points[2:]
    tops = np.flatnonzero((middle >= before) & (middle >= after) & (middle > 0)) + 1
    rise = points[tops + 1] - points[tops - 1]
    bend = 2 * points[tops] - points[tops + 1] - points[tops - 1]
    points[tops] += rise**2 / (8 * np.maximum(bend, 1e-12))
    while len(points) > len(waveform):  # three times quicker than a maximum along a short axis
        points = np.maximum(points[::2], points[1::2])
    return points


@lru_cache(maxsize=4)
def _delays(size: int) -> tuple[list[NDArray[np.complex64]], ...]:
    """What a spectrum is multiplied by to see the waveform between the samples, by three filters.

    Meters differ in the filter that they oversample with, and by some tenths of a decibel about
    sounds that reach up to half the sample rate. So there is a long filter that ends there, and
    two of 20 and of 12 taps a phase, which are about the shortest in use. The shortest belong
    to meters that look at quarters of a sample only.
    """
    eighths, quarters = [part / 8 for part in range(8)], [part / 4 for part in range(4)]
    long = [_windowed_sinc(size, part, 96, 9.0, 0.956) for part in eighths]
    middle = [_windowed_sinc(size, part, 10, 5.0) for part in eighths]
    short = [_windowed_sinc(size, part, 6, 6.0) for part in quarters]
    return long, middle, short


def _windowed_sinc(
    size: int, part: float, reach: int, beta: float, corner: float = 1.0
) -> NDArray[np.complex64]:
    """What a sinc of ``2 * reach`` taps under a Kaiser window makes of a spectrum.

    Args:
        size: samples that the spectrum is of.
        part: where between two samples the sinc stands, 0 to 1.
        reach: half the number of taps.
        beta: shape of the window; 5 is close to Hamming's, 6 to Hann's.
        corner: where the sinc cuts off, as a share of half the sample rate.
    """
    taps = np.arange(1 - reach, reach + 1)
    distance = taps - part
    sinc = np.sinc(corner * distance) * np.i0(beta * np.sqrt(1 - (distance / reach) ** 2))
    kernel = np.zeros(size)
    kernel[taps] = sinc / sinc.sum()
    return np.conj(np.fft.rfft(kernel)).astype(np.complex64)


def _power(lufs: float) -> float:
    return float(10 ** ((lufs + 0.691) / 10))


def _loudness(power: float) -> float:
    return float(-0.691 + 10 * np.log10(power))


def _channel_weights(channels: int) -> NDArray[np.float64]:
    """Weights of BS.1770-5, annex 3, for the channel order of WAV: L R C LFE back side."""
    layouts = {
        4: [1, 1, 1.41, 1.41],
        5: [1, 1, 1, 1.41, 1.41],
        6: [1, 1, 1, 0, 1.41, 1.41],
        7: [1, 1, 1, 0, 1, 1.41, 1.41],
        8: [1, 1, 1, 0, 1, 1, 1.41, 1.41],
    }
    return np.array(layouts.get(channels, [1] * channels), dtype=np.float64)


def _k_weighting(rate: int) -> NDArray[np.float64]:
    """The two filters of BS.1770 for any sample rate: (2, 6).

    The analogue prototypes are those of B. De Man, "Evaluation of Implementations of the EBU R128
    Loudness Measurement", AES 145 (2018).
    """
    k, q = np.tan(np.pi * 1681.974450955533 / rate), 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    band, a0 = high**0.4996667741545416, 1 + k / q + k * k
    shelf = [
        (high + band * k / q + k * k) / a0, 2 * (k * k - high) / a0,
        (high - band * k / q + k * k) / a0, 1, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0,
    ]  # fmt: skip
    k, q = np.tan(np.pi * 38.13547087602444 / rate), 0.5003270373238773
    a0 = 1 + k / q + k * k
    return np.array([shelf, [1, -2, 1, 1, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0]])
