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


def _stream(samples: Samples, rate: int) -> Stream:
    return Stream(rate, samples.shape[0], samples.shape[1], 0, 0)


def _block(samples: Samples) -> Block:
    none = np.zeros((0, 0), np.float32)
    return Block(0, samples.astype(np.float32), none, none)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
