"""Sounds of known pitch, and what the pitch instruments make of them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from audio.blocks import Floats, open_stream, read_blocks
from audio.chroma import Chromagram, PitchMeter
from audio.hpss import HarmonicRatio, HarmonicRatioMeter
from audio.melody import Melody, MelodyMeter
from audio.structure import TimbreMeter

RATE = 22_050
Sound = NDArray[np.float64]

TRIADS = {"": (0, 4, 7), "m": (0, 3, 7)}


@dataclass(frozen=True)
class Heard:
    """What the meters say of one file."""

    chromagram: Chromagram
    melody: Melody
    timbre: Floats
    ratio: HarmonicRatio


def hear(sound: Sound, folder: Path, rate: int = RATE) -> Heard:
    """Write a sound to a file and let all pitch instruments watch it."""
    path = folder / "sound.wav"
    soundfile.write(path, sound, rate)
    return hear_file(path)


def hear_file(path: Path) -> Heard:
    """Let all pitch instruments watch a file."""
    stream = open_stream(path)
    pitch, melody = PitchMeter(stream), MelodyMeter(stream)
    timbre, ratio = TimbreMeter(stream), HarmonicRatioMeter(stream)
    for block in read_blocks(path, stream):
        for meter in (pitch, melody, timbre, ratio):
            meter.push(block)
    chromagram = pitch.finish()
    return Heard(chromagram, melody.finish(chromagram), timbre.finish(), ratio.finish())


def tone(midi: float, seconds: float, a4_hz: float = 440.0, overtones: int = 8) -> Sound:
    """A decaying tone with overtones, full scale about 0.1."""
    at = np.arange(round(seconds * RATE)) / RATE
    hertz = a4_hz * 2 ** ((midi - 69) / 12)
    numbers = [n for n in range(1, overtones + 1) if n * hertz < RATE / 2]
    wave = sum((0.6 ** (n - 1) * np.sin(2 * np.pi * n * hertz * at + n) for n in numbers), 0 * at)
    envelope = np.minimum(1, np.minimum(at / 0.01, (seconds - at) / 0.02))
    shaped: Sound = 0.1 * wave * envelope * np.exp(-at)
    return shaped


def chord(label: str, seconds: float, transpose: int = 0, a4_hz: float = 440.0) -> Sound:
    """A triad with its root doubled an octave below and above, such as ``Am`` for A minor."""
    names = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
    root = 48 + (names[label[0]] + transpose) % 12
    steps = (-12, *TRIADS[label[1:]], 12)
    notes: Sound = np.sum([tone(root + step, seconds, a4_hz) for step in steps], axis=0)
    return notes


def progression(labels: str, seconds: float, transpose: int = 0, a4_hz: float = 440.0) -> Sound:
    """Chords in turn, each of the same length, their labels apart by spaces."""
    return np.concatenate([chord(label, seconds, transpose, a4_hz) for label in labels.split()])
