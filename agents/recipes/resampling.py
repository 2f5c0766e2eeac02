"""Change the sample rate of a sound by a windowed-sinc filter."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from scipy import signal

from agents.recipes.sound import Samples, Sound, overlapped, rechunked

_CROSSINGS = 64
"""Half length of the filter in zero crossings of its sinc: 90 % of the band passes unchanged."""


def resample(sound: Sound, sample_rate_hz: int) -> Sound:
    """The sound at another sample rate; what would alias is taken down by 100 dB."""
    if sample_rate_hz == sound.rate:
        return sound
    scaled = with_ratio(sound, Fraction(sample_rate_hz, sound.rate))
    return Sound(sample_rate_hz, sound.channels, scaled.blocks)


def with_ratio(sound: Sound, ratio: Fraction) -> Sound:
    """The sound with ``ratio`` times as many samples at the same rate: slower where above 1."""
    up, down = ratio.numerator, ratio.denominator
    widest = max(up, down)
    half = _CROSSINGS * widest
    lowpass = up * signal.firwin(2 * half + 1, 0.95 / widest, window=("kaiser", 10.0))
    lead = -half % down  # makes the filter's delay a whole number of samples of the result
    lowpass, delay = np.pad(lowpass, (lead, 0)), (half + lead) // down
    margin = (half // (up * down) + 1) * down
    size = max(1, (1 << 16) // down) * down

    def blocks() -> Iterator[Samples]:
        for wide in overlapped(rechunked(sound, size), margin):
            fine = signal.upfirdn(lowpass, wide, up, down, axis=0)
            end = -(-(len(wide) - margin) * up // down)
            yield fine[delay + margin * up // down : delay + end]

    return Sound(sound.rate, sound.channels, blocks)
