"""Carry out the steps of a chain: the same sound and steps always give the same samples."""

from collections.abc import Sequence

import numpy as np
from scipy import signal

from agents.mastering.glue import compressed
from agents.mastering.long_filters import equalised, mono_below
from agents.mastering.sounds import moved
from agents.mastering.steps import (
    Compress,
    Equalise,
    Gain,
    Invert,
    Limit,
    MonoBelow,
    Move,
    Notch,
    RemoveOffset,
    Resample,
    Spread,
    Step,
)
from agents.recipes.filters import filtered
from agents.recipes.levels import Profile, profile
from agents.recipes.limiter import Speed, limiter_gains, with_gains
from agents.recipes.resampling import resample
from agents.recipes.sound import Samples, Sound


def rendered(sound: Sound, steps: Sequence[Step]) -> Sound:
    """The sound after all steps, in order."""
    for step in steps:
        sound = _after(sound, step)
    return sound


def limited(sound: Sound, step: Limit, before: Profile) -> Sound:
    """The sound after a limiter.

    Args:
        sound: what is limited.
        step: the limiter.
        before: the profile of the sound.
    """
    speed = Speed(step.attack_seconds, step.release_db_per_second)
    gains = limiter_gains(before, _factor(step.gain_db), _factor(step.ceiling_dbtp), speed)
    return with_gains(sound, gains * _factor(step.trim_db), before.segment)


def _after(sound: Sound, step: Step) -> Sound:
    match step:
        case RemoveOffset():
            offsets = np.asarray(step.offsets)
            return sound.each(lambda block: block - offsets)
        case Invert():
            signs = np.ones(sound.channels)
            signs[list(step.channels)] = -1
            return sound.each(lambda block: block * signs)
        case Notch():
            return filtered(sound, _notches(step, sound.rate))
        case Gain():
            factors = 10 ** (np.asarray(step.db) / 20)
            return sound.each(lambda block: block * factors)
        case Resample():
            return resample(sound, step.sample_rate_hz)
        case Move():
            return moved(sound, step.frames)
        case Spread():
            return _spread(sound, step.channels)
        case Equalise():
            return equalised(sound, step.hertz, step.gains_db, step.taps)
        case MonoBelow():
            return mono_below(sound, step.hertz, step.taps)
        case Compress():
            return compressed(sound, step)
        case Limit():
            return limited(sound, step, profile(sound))


def _notches(step: Notch, rate: int) -> Samples:
    """Second-order sections: (lines, 6)."""
    pairs = [signal.iirnotch(line, line / step.width_hz, fs=rate) for line in step.lines_hz]
    return np.concatenate([signal.tf2sos(b, a) for b, a in pairs])


def _spread(sound: Sound, channels: int) -> Sound:
    if sound.channels == channels:
        return sound
    blocks = sound.each(lambda block: np.repeat(block[:, :1], channels, axis=1)).blocks
    return Sound(sound.rate, channels, blocks)


def _factor(db: float) -> float:
    return float(10 ** (db / 20))
