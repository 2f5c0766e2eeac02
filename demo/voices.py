"""The instruments of the demo song, as sums of harmonics and shaped noise.

Each returns float64 samples, (frames,) mono or (2, frames), around -1..1 at the demo's rate.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from demo.score import SAMPLE_RATE_HZ

Samples = NDArray[np.float64]
Voice = Callable[[int, float], Samples]
"""Takes a MIDI pitch and a length in seconds."""


def clock(seconds: float) -> Samples:
    """Time in seconds of each sample."""
    return np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ


def hertz(pitch: float) -> float:
    """Frequency of a MIDI pitch, in equal temperament at A4 = 440 Hz."""
    return float(440.0 * 2 ** ((pitch - 69) / 12))


def harmonics(phase: Samples, damping: Samples, weights: Samples) -> Samples:
    """Sum of ``weights[k-1] * damping**k * sin(k * phase)`` for k from 1."""
    turning = damping * np.exp(1j * phase)
    return np.asarray(np.polyval([*weights[::-1], 0.0], turning).imag)


def partials(count: int, slope: float, pitch: float) -> Samples:
    """Weights falling as ``k ** -slope``, none above 15 kHz."""
    k = np.arange(1, min(count, int(15000 / hertz(pitch))) + 1)
    return np.asarray(k**-slope, dtype=np.float64)


def edges(time: Samples, attack: float, release: float) -> Samples:
    """Fade in and out over so many seconds, with no corner."""
    left = time[-1] - time
    ramp = np.clip(np.minimum(time / attack, left / release), 0, 1)
    return np.asarray(np.sin(np.pi / 2 * ramp) ** 2)


def electric_piano(pitch: int, seconds: float) -> Samples:
    """A struck tine: warm fundamental, quickly fading harmonics, a short bell."""
    time = clock(seconds + 0.25)
    phase = 2 * np.pi * hertz(pitch) * time
    damping = 0.42 + 0.42 * np.exp(-time / 0.35)
    body = harmonics(phase, damping, partials(9, 0.9, pitch)) * np.exp(-time / 1.1)
    bell = 0.12 * np.sin(7.03 * phase) * np.exp(-time / 0.09)
    return (body + bell) * edges(time, 0.003, 0.2)


def guitar(pitch: int, seconds: float) -> Samples:
    """A string plucked at a fifth of its length; high harmonics die first."""
    time = clock(seconds + 0.35)
    weights = partials(24, 1.0, pitch)
    weights *= np.abs(np.sin(np.pi * 0.2 * np.arange(1, len(weights) + 1)))
    damping = 0.93 * np.exp(-time * 1.1)
    sound = harmonics(2 * np.pi * hertz(pitch) * time, damping, weights)
    return 1.4 * sound * np.exp(-time / 0.9) * edges(time, 0.002, 0.15)


def lead(pitch: int, seconds: float) -> Samples:
    """A soft synthesiser with a vibrato that sets in late."""
    time = clock(seconds + 0.12)
    depth = 0.0035 * np.clip((time - 0.2) / 0.3, 0, 1)
    vibrato = depth * np.sin(2 * np.pi * 5.4 * time)
    phase = 2 * np.pi * hertz(pitch) * np.cumsum(1 + vibrato) / SAMPLE_RATE_HZ
    damping = 0.77 + 0.17 * np.exp(-time / 0.12)
    sound = harmonics(phase, damping, partials(16, 1.0, pitch))
    return 0.8 * sound * edges(time, 0.018, 0.1)


def bass(pitch: int, seconds: float) -> Samples:
    """A plucked bass, dark, with a brighter start."""
    time = clock(seconds + 0.06)
    damping = 0.62 + 0.25 * np.exp(-time / 0.1)
    sound = harmonics(2 * np.pi * hertz(pitch) * time, damping, partials(18, 0.8, pitch))
    return sound * np.exp(-time / 1.6) * edges(time, 0.004, 0.05)


def pad(pitch: int, seconds: float) -> Samples:
    """Slow strings: two slightly detuned waves, one more to the left, one to the right."""
    time = clock(seconds + 0.5)
    weights = partials(14, 1.1, pitch)
    damping = 0.82 + 0.08 * np.sin(2 * np.pi * 0.3 * time)
    sides = [
        harmonics(2 * np.pi * hertz(pitch + cents / 100) * time + start, damping, weights)
        for cents, start in ((-4.0, 0.0), (4.0, 1.9))
    ]
    left, right = sides
    stereo = np.stack([0.8 * left + 0.4 * right, 0.4 * left + 0.8 * right])
    return np.asarray(0.8 * stereo * edges(time, 0.18, 0.5))


def noise(seconds: float, low: float, high: float, seed: int) -> Samples:
    """Repeatable noise of one RMS between two frequencies in hertz."""
    white = np.random.default_rng(seed).uniform(-1, 1, len(clock(seconds)))
    band = signal.butter(2, (low, high), "bandpass", fs=SAMPLE_RATE_HZ, output="sos")
    shaped = signal.sosfilt(band, white)
    return np.asarray(shaped / np.sqrt(np.mean(shaped**2)))


def kick() -> Samples:
    """A sine that falls to F1, with a click."""
    time = clock(0.4)
    phase = 2 * np.pi * (hertz(29) * time + 90 * 0.028 * (1 - np.exp(-time / 0.028)))
    click = 0.08 * noise(0.4, 1500, 6000, 1) * np.exp(-time / 0.006)
    return (np.sin(phase) * np.exp(-time / 0.13) + click) * edges(time, 0.001, 0.1)


def snare() -> Samples:
    """A skin tuned to F3 and the rattle of the wires."""
    time = clock(0.35)
    skin = np.sin(2 * np.pi * hertz(53) * time) * np.exp(-time / 0.06)
    wires = 0.48 * noise(0.35, 1200, 9000, 2) * np.exp(-time / 0.075)
    return (0.65 * skin + wires) * edges(time, 0.001, 0.1)


def cymbal(seconds: float, decay: float, low: float, seed: int) -> Samples:
    """Bright noise that decays over ``decay`` seconds."""
    time = clock(seconds)
    sound = 0.4 * noise(seconds, low, 16000, seed) * np.exp(-time / decay)
    return np.asarray(sound * edges(time, 0.001, 0.02))


def drum_kit() -> dict[str, Samples]:
    """The sound of each drum by name."""
    return {
        "kick": kick(),
        "snare": snare(),
        "hat": cymbal(0.12, 0.022, 7000, 3),
        "open hat": cymbal(0.4, 0.11, 6500, 4),
        "crash": cymbal(2.2, 0.6, 3500, 5),
    }
