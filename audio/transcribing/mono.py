"""A sound file as one channel at the rate that an instrument wants."""

from fractions import Fraction
from pathlib import Path

import numpy as np
from scipy import signal

from audio.blocks import Floats, open_stream, read_blocks


def read_mono(path: Path, sample_rate_hz: int) -> Floats:
    """Decode a file, mix its channels evenly, and bring it to another rate.

    Returns:
        float32, (frames,).

    Raises:
        MediaRejected: nothing of it can be decoded.
    """
    stream = open_stream(path)
    blocks = read_blocks(path, stream, short=False, long=False)
    mono = np.concatenate([block.samples.mean(axis=0) for block in blocks])
    return at_rate(mono, stream.sample_rate_hz, sample_rate_hz)


def at_rate(mono: Floats, from_hz: int, to_hz: int) -> Floats:
    """Bring one channel to another rate by a polyphase filter; float32, (frames,)."""
    if from_hz == to_hz or not len(mono):
        return mono
    ratio = Fraction(to_hz, from_hz)
    changed: Floats = signal.resample_poly(mono, ratio.numerator, ratio.denominator)
    return changed.astype(np.float32)
