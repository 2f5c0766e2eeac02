"""Lines of notes as simple instruments play them: known to the sample."""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from audio.transcribing.notes import HeardNote

RATE = 44_100
Sound = NDArray[np.float64]
Instrument = Callable[[float, float], Sound]


def line(pitches: Iterable[int], lengths: Iterable[float], start: float = 0.0) -> list[HeardNote]:
    """Notes that follow one another, each sounding for nine tenths of its length; 0 is a rest."""
    notes, now = [], start
    for pitch, length in zip(pitches, lengths, strict=True):
        if pitch:
            notes.append(HeardNote(start=now, end=now + 0.9 * length, pitch=pitch, strength=1.0))
        now += length
    return notes


def plucked(hertz: float, seconds: float) -> Sound:
    """Overtones that die away, the high ones sooner."""
    at = _times(seconds)
    partials = [
        0.7 ** (n - 1) * np.exp(-at * (1.5 + 0.8 * n)) * np.sin(2 * np.pi * n * hertz * at)
        for n in range(1, 12)
    ]
    return _ended(np.sum(partials, axis=0), 0.004)


def blown(hertz: float, seconds: float) -> Sound:
    """Odd overtones above all, held, with a soft attack and vibrato."""
    at = _times(seconds)
    phase = 2 * np.pi * (hertz * at + 0.002 * hertz * np.cos(2 * np.pi * 5.2 * at) / 5.2)
    return _ended(sum((np.sin(n * phase) / n**1.5 for n in (1, 2, 3, 5, 7)), 0 * at), 0.03)


def bowed(hertz: float, seconds: float) -> Sound:
    """All overtones, held."""
    at = _times(seconds)
    tones = (np.sin(2 * np.pi * n * hertz * at) / n for n in range(1, 14))
    return _ended(sum(tones, 0 * at), 0.04)


def played(notes: Iterable[HeardNote], instrument: Instrument, seconds: float) -> Sound:
    """The sound of notes, full scale about 0.3: (frames,)."""
    sound = np.zeros(round(seconds * RATE))
    for one in notes:
        wave = instrument(440 * 2 ** ((one.pitch - 69) / 12), one.seconds)
        first = round(one.start * RATE)
        sound[first : first + len(wave)] += wave[: len(sound) - first]
    return 0.3 * sound / max(float(np.abs(sound).max()), 1e-9)


def written(folder: Path, sound: Sound, name: str = "song.wav") -> Path:
    """The sound as a file."""
    soundfile.write(folder / name, sound, RATE, subtype="PCM_24")
    return folder / name


def _times(seconds: float) -> Sound:
    return np.arange(round(seconds * RATE)) / RATE


def _ended(wave: Sound, attack: float) -> Sound:
    """The wave, faded in over the attack and out over 20 ms."""
    at = np.arange(len(wave)) / RATE
    shaped: Sound = wave * np.minimum(1, np.minimum(at / attack, at[::-1] / 0.02))
    return shaped
