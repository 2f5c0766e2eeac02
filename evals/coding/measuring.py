"""What hidden tests measure with; it is handed into the sandbox beside them, as ``measuring``.

Signals are float64 with full scale 1: ``(frames,)``, or ``(frames, channels)`` as sound files are
read. Frequencies are in hertz, levels in decibels (a full-scale square wave has 0 dB). It measures
by itself, so that a fault of the instruments can't hide behind the same fault here.
"""

from collections.abc import Callable, Iterable, Sequence
from math import gcd
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
from numpy.typing import ArrayLike, NDArray
from scipy import signal

Array = NDArray[np.float64]
TINY = 1e-12


class Sound(NamedTuple):
    """A sound file as it was read."""

    samples: Array
    """Shape (frames, channels)."""
    rate: int


def read(path: Path) -> Sound:
    """Read a sound file."""
    samples, rate = soundfile.read(path, always_2d=True)
    return Sound(samples, rate)


def only_sound(made: Sequence[Path]) -> Sound:
    """The one sound among the files that a program left."""
    sounds = [path for path in made if path.suffix.lower() in (".wav", ".flac", ".aiff", ".ogg")]
    assert len(sounds) == 1, f"one sound is wanted, it left {[path.name for path in made]}"
    return read(sounds[0])


def times(seconds: float, rate: int = 48_000) -> Array:
    """The moment of each sample, in seconds."""
    return np.arange(round(seconds * rate)) / rate


def tone(hz: float, seconds: float = 1.0, rate: int = 48_000, peak_db: float = -12.0) -> Array:
    """A sine."""
    return from_db(peak_db) * np.sin(2 * np.pi * hz * times(seconds, rate))


def noise(
    seconds: float = 1.0, rate: int = 48_000, channels: int = 1, level: float = -20.0, seed: int = 1
) -> Array:
    """White noise of an RMS level in decibels, shape (frames, channels)."""
    random = np.random.default_rng(seed)
    return from_db(level) * random.standard_normal((round(seconds * rate), channels))


def impulse(frames: int = 48_000) -> Array:
    """One sample of 1, then silence."""
    made = np.zeros(frames)
    made[0] = 1.0
    return made


def from_db(level: float) -> float:
    """The factor of a level."""
    return float(10.0 ** (level / 20.0))


def to_db(ratio: float) -> float:
    """The level of a factor; -240 dB for none."""
    return float(20.0 * np.log10(max(abs(ratio), TINY)))


def level_db(samples: ArrayLike) -> float:
    """RMS level over all samples."""
    return to_db(float(np.sqrt(np.mean(np.square(np.asarray(samples, dtype=float))))))


def peak_db(samples: ArrayLike) -> float:
    """Level of the highest sample."""
    return to_db(float(np.max(np.abs(np.asarray(samples, dtype=float)))))


def true_peak_db(samples: Array) -> float:
    """Level of the highest point between samples, by eight times as many of them."""
    return peak_db(signal.resample_poly(samples, 8, 1, axis=0))


def amplitude(samples: ArrayLike, hz: float, rate: int = 48_000) -> complex:
    """Height and phase of the sine at a frequency, through a Hann window."""
    flat = np.asarray(samples, dtype=float).reshape(len(np.asarray(samples)), -1)[:, 0]
    window = np.hanning(len(flat))
    turning = np.exp(-2j * np.pi * hz * np.arange(len(flat)) / rate)
    return complex(2 * np.sum(flat * window * turning) / np.sum(window))


def gain_at(before: ArrayLike, after: ArrayLike, hz: float, rate: int = 48_000) -> float:
    """How much the sine at a frequency was raised, in decibels."""
    return to_db(abs(amplitude(after, hz, rate))) - to_db(abs(amplitude(before, hz, rate)))


def response(process: Callable[[Array], ArrayLike], hz: float, rate: int = 48_000) -> complex:
    """What a process makes of a sine once it has settled: factor and phase."""
    given = tone(hz, 1.0, rate)
    made = np.asarray(process(given), dtype=float)
    half = len(given) // 2
    return amplitude(made[half:], hz, rate) / amplitude(given[half:], hz, rate)


def response_db(process: Callable[[Array], ArrayLike], hz: float, rate: int = 48_000) -> float:
    """How much a process raises a sine, in decibels."""
    return to_db(abs(response(process, hz, rate)))


def coefficients_db(b: ArrayLike, a: ArrayLike, hz: float, rate: int = 48_000) -> float:
    """The gain of a digital filter at a frequency, in decibels."""
    turn = np.exp(-2j * np.pi * hz / rate)
    top = np.polyval(np.asarray(b, dtype=float)[::-1], turn)
    return to_db(float(abs(top / np.polyval(np.asarray(a, dtype=float)[::-1], turn))))


def strongest_hz(samples: ArrayLike, rate: int = 48_000) -> float:
    """The frequency of the highest peak of the spectrum."""
    flat = np.asarray(samples, dtype=float).reshape(len(np.asarray(samples)), -1)[:, 0]
    size = 4 * len(flat)
    heights = np.abs(np.fft.rfft(flat * np.blackman(len(flat)), size))
    at = int(np.argmax(heights[1:-1])) + 1
    low, mid, high = np.log(heights[at - 1 : at + 2] + TINY)
    curve = low - 2 * mid + high
    return float((at + (0.5 * (low - high) / curve if curve else 0.0)) * rate / size)


def band_db(samples: ArrayLike, low: float, high: float, rate: int = 48_000) -> float:
    """RMS level of what lies between two frequencies."""
    flat = np.asarray(samples, dtype=float).reshape(len(np.asarray(samples)), -1)[:, 0]
    power = np.abs(np.fft.rfft(flat)) ** 2
    hertz = np.fft.rfftfreq(len(flat), 1 / rate)
    within = (hertz >= low) & (hertz < high)
    return to_db(float(np.sqrt(2 * np.sum(power[within])) / len(flat)))


def loudness_lufs(samples: Array, rate: int) -> float:
    """Integrated loudness after ITU-R BS.1770-5, for mono and stereo at 48 kHz."""
    assert rate == 48_000, f"a rate of 48000 Hz is wanted, it has {rate} Hz"
    shelf = ([1.53512485958697, -2.69169618940638, 1.19839281085285],
             [1.0, -1.69065929318241, 0.73248077421585])  # fmt: skip
    high = ([1.0, -2.0, 1.0], [1.0, -1.99004745483398, 0.99007225036621])
    weighted = signal.lfilter(*high, signal.lfilter(*shelf, samples, axis=0), axis=0)
    starts = range(0, len(weighted) - 19_200 + 1, 4_800)
    powers = np.array([np.sum(np.mean(weighted[at : at + 19_200] ** 2, axis=0)) for at in starts])
    loud = powers[-0.691 + 10 * np.log10(powers + TINY**2) > -70.0]
    limit = -0.691 + 10 * np.log10(np.mean(loud)) - 10.0
    return float(-0.691 + 10 * np.log10(np.mean(loud[-0.691 + 10 * np.log10(loud) > limit])))


def resampled(samples: Array, rate: int, wanted: int) -> Array:
    """The same sound at another rate."""
    shared = gcd(rate, wanted)
    made: Array = signal.resample_poly(samples, wanted // shared, rate // shared, axis=0)
    return made


def near(value: float, wanted: float, tolerance: float, what: str) -> None:
    """Fail unless a number is as it should be."""
    value = float(value)
    assert abs(value - wanted) <= tolerance, (
        f"{what} is {value:.6g}, not {wanted:g} ± {tolerance:g}"
    )


def alike(made: ArrayLike, wanted: ArrayLike, tolerance: float, what: str) -> None:
    """Fail unless all numbers are as they should be."""
    have, want = np.asarray(made, dtype=float), np.asarray(wanted, dtype=float)
    assert have.shape == want.shape, f"{what} has shape {have.shape}, not {want.shape}"
    assert np.all(np.isfinite(have)), f"{what} holds values that are no numbers"
    far = float(np.max(np.abs(have - want), initial=0.0))
    assert far <= tolerance, f"{what} is off by {far:.6g}, more than {tolerance:g}"


def below(value: float, most: float, what: str) -> None:
    """Fail when a number is too large."""
    assert float(value) <= most, f"{what} is {float(value):.6g}, more than {most:g}"


def above(value: float, least: float, what: str) -> None:
    """Fail when a number is too small."""
    assert float(value) >= least, f"{what} is {float(value):.6g}, less than {least:g}"


def each(values: Iterable[float]) -> list[float]:
    """Values as plain numbers."""
    return [float(one) for one in values]
