"""A small sample pack made by calculation: 808s, drums, a pad, loops at known tempos."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

RATE = 44_100
F1_HZ = 43.654
Sound = NDArray[np.float64]


def sub_808(hertz: float, seconds: float = 1.0, decay: float = 0.4) -> Sound:
    """A sine that is struck and dies away."""
    at = np.arange(round(seconds * RATE)) / RATE
    phase = 2 * np.pi * (hertz * at + 0.02 * hertz * (1 - np.exp(-at / 0.02)))
    wave: Sound = 0.8 * np.sin(phase) * np.exp(-at / decay)
    return wave


def kick() -> Sound:
    """A sine that falls from 195 Hz to 45 Hz in a tenth of a second."""
    at = np.arange(round(0.35 * RATE)) / RATE
    wave: Sound = 0.9 * np.sin(2 * np.pi * np.cumsum(45 + 150 * np.exp(-at / 0.03)) / RATE)
    wave *= np.exp(-at / 0.07)
    return wave


def snare() -> Sound:
    """A short tone under short noise."""
    at = np.arange(round(0.3 * RATE)) / RATE
    hiss = np.random.default_rng(3).standard_normal(len(at)) * np.exp(-at / 0.06)
    wave: Sound = 0.3 * hiss + 0.6 * np.sin(2 * np.pi * 190 * at) * np.exp(-at / 0.05)
    return wave


def hat(decay: float) -> Sound:
    """Noise without lows."""
    count = round(max(0.12, 6 * decay) * RATE)
    hiss = np.diff(np.random.default_rng(4).standard_normal(count + 2), 2)
    wave: Sound = 0.3 * hiss / np.abs(hiss).max() * np.exp(-np.arange(count) / RATE / decay)
    return wave


def loop(bars: int, bpm: float, hits: Sequence[tuple[float, Sound]]) -> Sound:
    """Sounds at beats, cut to whole bars of four."""
    track = np.zeros(round(bars * 240 / bpm * RATE))
    for beat, sound in hits:
        start = round(beat * 60 / bpm * RATE)
        end = min(len(track), start + len(sound))
        track[start:end] += sound[: end - start]
    wave: Sound = track / max(1.0, float(np.abs(track).max()) / 0.9)
    return wave


def drum_loop(bpm: float, bars: int = 2) -> Sound:
    """Bass drum on one and three, snare on two and four, hi-hat on eighths."""
    hits: list[tuple[float, Sound]] = []
    for bar in range(bars):
        hits += [(4 * bar + beat, kick()) for beat in (0, 2)]
        hits += [(4 * bar + beat, snare()) for beat in (1, 3)]
        hits += [(4 * bar + eighth / 2, hat(0.02)) for eighth in range(8)]
    return loop(bars, bpm, hits)


def bass_loop(bpm: float, tonic_hz: float) -> Sound:
    """808 notes of a minor key, most of them its tonic."""
    steps = (0, 0, 3, 7, 8, 0)
    beats = (0, 1.5, 2.5, 4, 5.5, 6.5)
    notes = [sub_808(tonic_hz * 2 ** (step / 12), 0.6, 0.25) for step in steps]
    return loop(2, bpm, list(zip(beats, notes, strict=True)))


def pad() -> Sound:
    """An F minor triad that swells and dies: (frames, 2)."""
    at = np.arange(5 * RATE) / RATE
    chord = sum(np.sin(2 * np.pi * hertz * at) for hertz in (174.61, 207.65, 261.63))
    swell = np.minimum(np.minimum(at, 5 - at) / 1.2, 1)
    wave: Sound = 0.1 * np.stack((chord * swell, np.roll(chord, 300) * swell), axis=1)
    return wave


def write(path: Path, sound: Sound) -> Path:
    """Write a sound; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, sound, RATE)
    return path


def make_pack(root: Path) -> Path:
    """Write a pack whose file names say nothing."""
    sounds = {
        "a/01.wav": sub_808(F1_HZ), "a/02.wav": sub_808(38.89), "a/03.wav": sub_808(61.74),
        "b/04.wav": bass_loop(140, F1_HZ), "b/05.wav": bass_loop(140, 49.0),
        "c/06.wav": kick(), "c/07.wav": snare(), "c/08.wav": hat(0.02), "c/09.wav": hat(0.2),
        "d/10.wav": drum_loop(95), "d/11.wav": drum_loop(140), "d/12.wav": drum_loop(174),
        "e/13.wav": pad(),
    }  # fmt: skip
    for name, sound in sounds.items():
        write(root / name, sound)
    return root
