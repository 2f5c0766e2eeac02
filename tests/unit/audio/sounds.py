"""Sounds of known properties, written to files, and what the instruments say of them."""

from collections.abc import Collection
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from pydantic import JsonValue

from audio.measure import Measurement, measure

RATE = 44_100
Sound = NDArray[np.float64]


def sine(hertz: float, seconds: float, level_dbfs: float = -6.0, rate: int = RATE) -> Sound:
    """A sine whose peak is ``level_dbfs``, faded in and out over 10 ms: (frames,)."""
    at = np.arange(round(seconds * rate)) / rate
    fade = np.clip(np.minimum(at, at[::-1]) / 0.01, 0.0, 1.0)
    wave: Sound = 10 ** (level_dbfs / 20) * fade * np.sin(2 * np.pi * hertz * at)
    return wave


def noise(seconds: float, rms: float = 0.1, channels: int = 1, rate: int = RATE) -> Sound:
    """White noise, the same at every call: (frames, channels)."""
    generator = np.random.default_rng(7)
    return rms * generator.standard_normal((round(seconds * rate), channels))


def music(seconds: float, rate: int = RATE) -> Sound:
    """Something like a song: chords under a melody, with drums and a little noise: (frames, 2)."""
    at = np.arange(round(seconds * rate)) / rate
    roots = np.array([110.0, 87.31, 130.81, 98.0])[(at // 2).astype(int) % 4]
    phase = np.cumsum(roots) / rate
    body = sum((np.sin(2 * np.pi * n * phase) / n for n in (1, 2, 2.5, 3, 4, 5)), 0 * at)
    beat = at % 0.5
    drum = np.exp(-beat * 30) * np.sin(2 * np.pi * 55 * beat)
    hiss = np.exp(-(at % 0.25) * 60) * noise(seconds, 0.3, 1, rate)[:, 0]
    left = 0.1 * body + 0.4 * drum + 0.1 * hiss
    right = 0.1 * np.roll(body, 30) + 0.4 * drum + 0.1 * np.roll(hiss, 11)
    return np.stack([left, right], axis=1)


def write(folder: Path, sound: Sound, rate: int = RATE, subtype: str = "FLOAT") -> Path:
    """Write a sound as WAV."""
    path = folder / "sound.wav"
    soundfile.write(path, sound, rate, subtype=subtype)
    return path


def read(
    folder: Path, sound: Sound, aspects: Collection[str], rate: int = RATE, subtype: str = "FLOAT"
) -> dict[str, Measurement]:
    """What is measured of a sound, by aspect."""
    return {one.aspect: one for one in measure(write(folder, sound, rate, subtype), aspects)}


def value(
    folder: Path, sound: Sound, aspect: str, rate: int = RATE, subtype: str = "FLOAT"
) -> float:
    """The number that is measured for one aspect."""
    return number(read(folder, sound, [aspect], rate, subtype)[aspect].value)


def number(told: JsonValue) -> float:
    """A JSON value that must be a number."""
    assert isinstance(told, int | float)
    return float(told)
