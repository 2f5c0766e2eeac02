"""How much each beat sounds like the first one of a bar."""

import numpy as np
from scipy import ndimage

from audio.blocks import SHORT_FRAMES_PER_SECOND, Floats
from audio.harmonic_change import harmonic_change
from audio.onsets import LATENCY_SECONDS, Doubles

_NEAR_FRAMES = 7
_BASS_WEIGHT = 1.25
"""Of the bass onsets, against the harmonic change."""


def strength_at(times: Doubles, strength: Floats) -> Doubles:
    """Largest strength within 30 ms of each time.

    Args:
        times: seconds, (times,).
        strength: 100 frames per second, (frames,) or (frames, groups).

    Returns:
        (times,) or (times, groups).
    """
    near = ndimage.maximum_filter1d(strength, _NEAR_FRAMES, axis=0)
    frames = np.rint((times + LATENCY_SECONDS) * SHORT_FRAMES_PER_SECOND).astype(int)
    values: Doubles = near[np.clip(frames, 0, len(near) - 1)].astype(np.float64)
    return values


def musical_accents(beats: Doubles, bass: Floats, chroma: Floats) -> Doubles:
    """Harmony that changes and bass that enters on a beat, mean 0, standard deviation 1, (beats,).

    Args:
        beats: times in seconds.
        bass: onset strength of the low bands, (frames,), 100 frames per second.
        chroma: pitch class magnitudes, (frames, 12), 10 frames per second.
    """
    change = _standard(harmonic_change(beats, chroma))
    return _standard(change + _BASS_WEIGHT * _standard(strength_at(beats, bass)))


def odd_accents(beats: Doubles, groups: Floats) -> Doubles:
    """Beats that sound unlike most others, as a metronome marks its bars, scaled as above.

    Args:
        beats: times in seconds.
        groups: onset strength per band group, (frames, groups), 100 frames per second.
    """
    sounds = strength_at(beats, groups)
    unlike = np.abs(sounds - np.median(sounds, axis=0)).sum(axis=1)
    return _standard(np.minimum(unlike, np.quantile(unlike, 0.8)))


def _standard(values: Doubles) -> Doubles:
    standard: Doubles = (values - values.mean()) / (values.std() + 1e-9)
    return standard
