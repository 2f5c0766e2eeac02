"""What the project's own meters read of samples in memory."""

import numpy as np

from audio.blocks import Block, Stream
from audio.loudness import LoudnessMeter
from audio.probing.probe import Samples
from audio.true_peak import TruePeakMeter

SILENT_DB = -120.0
"""What a silent sound reads."""


def integrated_lufs(samples: Samples, rate: int) -> float | None:
    """Integrated loudness; None where a sound is too short or silent.

    Args:
        samples: (channels, frames), full scale 1.
        rate: sample rate in hertz.
    """
    meter = LoudnessMeter(_stream(samples, rate))
    meter.push(_block(samples))
    return _number(meter.finish()[0].value)


def true_peak_dbtp(samples: Samples, rate: int) -> float:
    """True peak of the loudest channel; arguments as in ``integrated_lufs``."""
    meter = TruePeakMeter(_stream(samples, rate))
    meter.push(_block(samples))
    read = _number(meter.finish()[0].value)
    return SILENT_DB if read is None else read


def dense_peak_dbtp(samples: Samples, times: int) -> float:
    """The largest value at a higher rate, by a Fourier transform of the whole sound.

    Between the 64 samples at each end nothing is looked for: a sound that is cut off rings there.

    Args:
        samples: (channels, frames), more than 128 frames, full scale 1.
        times: higher rate over sample rate.
    """
    frames = samples.shape[1]
    dense = np.fft.irfft(np.fft.rfft(samples, axis=1) * times, times * frames, axis=1)
    inner = dense[:, 64 * times : -64 * times]
    peak = max(float(np.abs(inner).max()), float(np.abs(samples).max()))
    return max(SILENT_DB, float(20 * np.log10(max(peak, 1e-12))))


def _stream(samples: Samples, rate: int) -> Stream:
    return Stream(rate, samples.shape[0], samples.shape[1], 0, 0)


def _block(samples: Samples) -> Block:
    none = np.zeros((0, 0), np.float32)
    return Block(0, samples.astype(np.float32), none, none)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
