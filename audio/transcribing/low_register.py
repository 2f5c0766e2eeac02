"""Notes of the bass, heard an octave higher, where an instrument for all pitches hears better."""

from collections.abc import Callable

import numpy as np
from scipy import signal

from audio.blocks import Floats
from audio.transcribing.mono import at_rate
from audio.transcribing.notes import HeardNote
from audio.transcribing.posteriors import Posteriors, Thresholds, find_notes

_HIGHEST_HZ = 350.0
"""Above lie overtones and the other instruments."""
_HIGHEST_MIDI = 59
_LIMITS = Thresholds(struck=0.5)


def find_low_notes(
    mono: Floats, rate_hz: int, hear: Callable[[Floats], Posteriors]
) -> tuple[HeardNote, ...]:
    """The notes below C4, by start and pitch.

    What is played at twice its speed sounds an octave higher, and lasts half as long.

    Args:
        mono: float32, (frames,), at ``rate_hz``.
        rate_hz: the rate that the instrument hears.
        hear: the instrument.
    """
    lowpass = signal.butter(6, _HIGHEST_HZ, "low", fs=rate_hz, output="sos")
    low = signal.sosfiltfilt(lowpass, mono.astype(np.float64)).astype(np.float32)
    low /= max(float(np.abs(low).max(initial=0.0)), 1e-6)
    heard = hear(at_rate(low, rate_hz, rate_hz // 2))
    slowed = Posteriors(heard.sounding, heard.struck, heard.frames_per_second / 2, heard.source)
    notes = (
        one.model_copy(update={"pitch": one.pitch - 12}) for one in find_notes(slowed, _LIMITS)
    )
    return tuple(one for one in notes if 21 <= one.pitch <= _HIGHEST_MIDI)
