"""The one pitch of a sound that has one: an 808, a bass note, a struck bell.

Each window's period is where its normalised difference falls lowest first, as in YIN (de
Cheveigné and Kawahara, "YIN, a fundamental frequency estimator for speech and music", JASA 111,
2002); the sound's pitch is the one that most of its energy agrees on. A kick drum whose pitch
falls all the time has none.
"""

from dataclasses import dataclass
from math import gcd

import numpy as np
from numpy.typing import NDArray
from scipy import fft, signal

from audio.blocks import Block, Floats, Stream

LOWEST_HZ, HIGHEST_HZ = 26.0, 2100.0
_RATE = 11_025
_MOST_SECONDS = 6.0
_HOP_SECONDS = 0.04
_TROUGH = 0.2
"""A dip of the normalised difference this deep is a period, the first of them."""
_PERIODIC = 0.35
"""Windows whose deepest dip is shallower hold no pitch."""
_AGREE_CENTS = 40.0
_MOSTLY = 0.5
_SKIP_SECONDS = 0.02
"""The attack is noise in most sounds."""

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class SteadyPitch:
    """The pitch of a sound."""

    hertz: float
    confidence: float
    """Share of the sound's energy that has this pitch, times how periodic it is, 0..1."""


@dataclass(frozen=True)
class Pitches:
    """What was heard of the pitches of one voice."""

    steady: SteadyPitch | None
    """The one pitch that it holds; None where none does."""
    shares: tuple[float, ...]
    """Share of the energy on each pitch class, from C: twelve that add up to 1; empty where less
    than half of the energy has a pitch."""


_NO_PITCH = Pitches(None, ())


class PitchKeeper:
    """Keep the loudest channels' mean of the first seconds, at a low rate."""

    def __init__(self, stream: Stream) -> None:
        self._rate = stream.sample_rate_hz
        self._most = int(_MOST_SECONDS * self._rate)
        self._pieces: list[Floats] = []
        self._kept = 0

    def push(self, block: Block) -> None:
        """Take the next block."""
        if self._kept >= self._most:
            return
        piece = block.samples[:, : self._most - self._kept]
        first = piece[0]
        # channels that cancel are heard by one of them
        mean = piece.mean(axis=0)
        weak = np.dot(mean, mean) < 0.1 * np.dot(first, first)
        self._pieces.append(first.copy() if weak else mean)
        self._kept += piece.shape[1]

    def finish(self) -> Pitches:
        """What was heard."""
        mono = np.concatenate([*self._pieces, np.zeros(0, np.float32)])
        step = self._rate / _RATE
        if step > 1 and len(mono) > 64:
            mono = _at_low_rate(mono, self._rate)
        return find_pitch(mono, min(self._rate, _RATE))


def find_pitch(mono: Floats, rate_hz: int) -> Pitches:
    """The pitch that most of a sound's energy agrees on, and how it is spread over the classes.

    Args:
        mono: float32, (frames,).
        rate_hz: its rate; the pitch lies between 26 Hz and 2.1 kHz.
    """
    size = _window(len(mono), rate_hz)
    if size is None:
        return _NO_PITCH
    starts = np.arange(
        int(_SKIP_SECONDS * rate_hz), len(mono) - size + 1, int(_HOP_SECONDS * rate_hz)
    )
    if not len(starts):
        starts = np.array([0])
    windows = mono[starts[:, None] + np.arange(size)].astype(np.float64)
    windows -= windows.mean(axis=1, keepdims=True)
    energy = np.square(windows).mean(axis=1)
    if energy.max() < 1e-9:
        return _NO_PITCH
    loud = energy > 1e-3 * energy.max()
    periods, clear = _periods(windows[loud], rate_hz)
    hertz, weight = rate_hz / periods, np.sqrt(energy[loud])
    return Pitches(_agreed(hertz, clear, weight), _shares(hertz, clear * weight, weight))


def _window(frames: int, rate_hz: int) -> int | None:
    """Two periods of the lowest pitch, or as much as there is."""
    wanted, least = int(2.2 * rate_hz / LOWEST_HZ), int(0.02 * rate_hz)
    size = min(wanted, frames)
    return size if size >= least else None


def _at_low_rate(mono: Floats, rate_hz: int) -> Floats:
    common = gcd(rate_hz, _RATE)
    low: Floats = signal.resample_poly(mono, _RATE // common, rate_hz // common).astype(np.float32)
    return low


def _periods(windows: Doubles, rate_hz: int) -> tuple[Doubles, Doubles]:
    """The period of each window in samples, and how clear it is, 0..1: each (windows,)."""
    size = windows.shape[1]
    longest = min(int(rate_hz / LOWEST_HZ) + 2, size // 2)
    shortest = max(2, int(rate_hz / HIGHEST_HZ))
    spectrum = fft.rfft(windows, 2 * size, axis=1)
    correlation = fft.irfft(np.abs(spectrum) ** 2, axis=1)[:, :longest]
    squares = np.cumsum(np.square(windows), axis=1)
    total = squares[:, -1:]
    lags = np.arange(longest)
    # energies of the two overlapping parts at each lag
    heads = squares[:, size - 1 - lags]
    tails = total - np.concatenate((np.zeros((len(windows), 1)), squares[:, : longest - 1]), axis=1)
    difference = np.maximum(1 - 2 * correlation / np.maximum(heads + tails, 1e-12), 0.0)
    found = [_first_dip(row, shortest) for row in difference]
    return np.array([one for one, _ in found]), np.array([two for _, two in found])


def _first_dip(difference: Doubles, shortest: int) -> tuple[float, float]:
    """The first lag at which the difference has a dip about as deep as its deepest."""
    inner = difference[shortest:-1]
    if len(inner) < 3:
        return float(shortest), 0.0
    dips = np.flatnonzero(
        (inner <= difference[shortest - 1 : -2]) & (inner < difference[shortest + 1 :])
    )
    dips = dips + shortest
    if not len(dips):
        return float(shortest), 0.0
    deepest = float(difference[dips].min())
    if deepest > _PERIODIC:
        return float(dips[0]), 0.0
    at = int(dips[difference[dips] <= max(deepest + 0.06, min(_TROUGH, 2.5 * deepest))][0])
    left, middle, right = difference[at - 1 : at + 2]
    bend = left - 2 * middle + right
    offset = 0.5 * (left - right) / bend if bend > 1e-12 else 0.0
    return at + float(np.clip(offset, -0.5, 0.5)), 1 - float(difference[at])


def _agreed(hertz: Doubles, clear: Doubles, weight: Doubles) -> SteadyPitch | None:
    """The pitch with the most weight within 40 cents of it."""
    told = clear * weight
    if told.sum() <= 0:
        return None
    cents = 1200 * np.log2(hertz)
    near = np.abs(cents[:, None] - cents) < _AGREE_CENTS
    best = int((near * told).sum(axis=1).argmax())
    held = near[best]
    centre = float(np.average(cents[held], weights=told[held] + 1e-12))
    confidence = float(told[held].sum() / weight.sum())
    return SteadyPitch(round(2 ** (centre / 1200), 2), round(min(confidence, 1.0), 3))


def _shares(hertz: Doubles, told: Doubles, weight: Doubles) -> tuple[float, ...]:
    if told.sum() < _MOSTLY * weight.sum():
        return ()
    classes = np.round(69 + 12 * np.log2(hertz / 440.0)).astype(int) % 12
    shares = np.bincount(classes, told, 12) / told.sum()
    return tuple(round(float(one), 3) for one in shares)
