"""Signals to probe a processor with."""

import numpy as np

from audio.probing.probe import Samples


def impulse(channels: int, frames: int, level: float = 1.0) -> Samples:
    """One sample, then silence: (channels, frames)."""
    made = np.zeros((channels, frames))
    made[:, 0] = level
    return made


def impulses(channels: int, frames: int, every: int) -> Samples:
    """A sample of full scale every so many frames: (channels, frames)."""
    made = np.zeros((channels, frames))
    made[:, ::every] = 1.0
    return made


def tone(channels: int, frames: int, rate: int, hertz: float, dbfs: float) -> Samples:
    """A cosine in all channels: (channels, frames).

    Args:
        channels: how many.
        frames: how long.
        rate: sample rate in hertz.
        hertz: its frequency.
        dbfs: level of its peak.
    """
    one = np.cos(2 * np.pi * hertz / rate * np.arange(frames)) * 10 ** (dbfs / 20)
    return np.tile(one, (channels, 1))


def steps(channels: int, rate: int, hertz: float, parts: list[tuple[float, float]]) -> Samples:
    """A cosine whose level jumps: (channels, frames).

    Args:
        channels: how many.
        rate: sample rate in hertz.
        hertz: its frequency; 0 for a constant.
        parts: seconds and level in dBFS of each part.
    """
    sizes = [round(seconds * rate) for seconds, _ in parts]
    level = np.concatenate(
        [np.full(size, 10 ** (dbfs / 20)) for size, (_, dbfs) in zip(sizes, parts, strict=True)]
    )
    one = level * np.cos(2 * np.pi * hertz / rate * np.arange(len(level)))
    return np.tile(one, (channels, 1))


def noise(channels: int, frames: int, seed: int, level: float = 0.5) -> Samples:
    """White noise, the same for the same seed: (channels, frames), within ± level."""
    return np.random.default_rng(seed).uniform(-level, level, (channels, frames))
