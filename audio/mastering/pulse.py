"""Where a recording's notes begin, to a few milliseconds, and how strongly."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from audio.blocks import Block, Floats, Stream

Doubles = NDArray[np.float64]
Picked = tuple[Doubles, Doubles]
"""Times in seconds, and how far the level rises there in dB."""

STEP_SECONDS = 0.002
"""Length of the steps in which the energy is kept."""
_BANDS_HZ = (0.0, 200.0, 2000.0)
_AVERAGE_STEPS = 11
"""Energy is smoothed over 22 ms, or the periods of a bass would count as onsets."""
_RISE_STEPS = 15
"""A note's level rises within 30 ms."""
_LEAST_RISE_DB = 6.0
_APART_STEPS = 30
"""Onsets lie at least 60 ms apart."""
_RANGE_DB = 40.0
"""Onsets so far below the loudest moment don't count."""


@dataclass(frozen=True)
class Onsets:
    """Note beginnings: float64, (onsets,) each."""

    times: Doubles
    """In seconds, in order."""
    weights: Doubles
    """How far the level rises, in dB."""
    first: float
    """When the recording begins to sound, in seconds (60 dB under its loudest moment)."""
    digital: float
    """How long it is exactly silent at its start, in seconds."""
    ends_at_db: float
    """Level of the last 20 ms against the loudest moment, in dB."""


class OnsetKeeper:
    """Keeps the energy of every 2 ms, as it is and without its bass."""

    def __init__(self, stream: Stream) -> None:
        self._rate = stream.sample_rate_hz
        self._step = max(round(STEP_SECONDS * self._rate), 1)
        self._kept: Floats = np.zeros((stream.channels, 1), np.float32)
        self._energies: list[Doubles] = []
        self._steep: list[Doubles] = []
        self._silent = 0
        self._sounding = False

    def push(self, block: Block) -> None:
        """Take the next block."""
        if not self._sounding:
            self._count_silence(block.samples)
        samples = np.concatenate((self._kept, block.samples), axis=1)
        whole = (samples.shape[1] - 1) // self._step
        used = samples[:, : whole * self._step + 1]
        self._kept = samples[:, whole * self._step :]
        if whole == 0:
            return
        cells = (len(used), whole, self._step)
        plain = used[:, 1:].reshape(cells)
        steep = np.diff(used, axis=1).reshape(cells)
        self._energies.append(np.einsum("ijk,ijk->j", plain, plain).astype(np.float64))
        self._steep.append(np.einsum("ijk,ijk->j", steep, steep).astype(np.float64))

    def finish(self) -> Onsets:
        """Pick the onsets."""
        energy = _joined(self._energies) / self._step
        steep = _joined(self._steep) / self._step
        seconds = self._step / self._rate
        loudest = float(_smooth(energy).max(initial=0.0))
        if loudest < 1e-10:
            nothing = np.zeros(0)
            return Onsets(nothing, nothing, 0.0, 0.0, -120.0)
        sounding = np.flatnonzero(energy > loudest * 1e-6)
        tail = float(energy[-10:].mean())
        times, weights = _merged(_pick(steep, seconds), _pick(energy, seconds))
        return Onsets(
            times=times,
            weights=weights,
            first=float(sounding[0]) * seconds,
            digital=self._silent / self._rate,
            ends_at_db=10 * float(np.log10(max(tail / loudest, 1e-12))),
        )

    def _count_silence(self, samples: Floats) -> None:
        moving = np.flatnonzero(np.any(samples != 0, axis=0))
        self._silent += int(moving[0]) if len(moving) else samples.shape[1]
        self._sounding = len(moving) > 0


def _merged(
    bright: tuple[Doubles, Doubles], dark: tuple[Doubles, Doubles]
) -> tuple[Doubles, Doubles]:
    """Onsets of all frequencies, and those of low ones that lie beside them."""
    times, weights = bright
    if len(times) == 0:
        return dark
    apart = np.array([np.abs(times - one).min() > _APART_STEPS * STEP_SECONDS for one in dark[0]])
    both = np.concatenate((times, dark[0][apart.astype(bool)]))
    order = np.argsort(both)
    return both[order], np.concatenate((weights, dark[1][apart.astype(bool)]))[order]


def _joined(pieces: list[Doubles]) -> Doubles:
    return np.concatenate(pieces) if pieces else np.zeros(0)


def _smooth(energy: Doubles) -> Doubles:
    return np.asarray(ndimage.uniform_filter1d(energy, _AVERAGE_STEPS, mode="constant"))


def _pick(energy: Doubles, step_seconds: float) -> Picked:
    """Where the level rises most within 30 ms, in seconds, and by how many dB."""
    smooth = _smooth(energy)
    floor = max(float(smooth.max(initial=0.0)) * 10 ** (-_RANGE_DB / 10), 1e-14)
    level = 10 * np.log10(np.maximum(smooth, floor))
    ahead = np.concatenate((level[_RISE_STEPS:], np.full(_RISE_STEPS, level[-1])))[: len(level)]
    rise = ahead - level
    highest = ndimage.maximum_filter1d(rise, 2 * _APART_STEPS + 1, mode="constant")
    found = np.flatnonzero((rise == highest) & (rise > _LEAST_RISE_DB))
    found = found[np.diff(found, prepend=-_APART_STEPS) >= _APART_STEPS]
    middle = np.array([_middle(level, int(at)) for at in found])
    return middle * step_seconds, rise[found]


def _middle(level: Doubles, start: int) -> float:
    """Where the level passes half of its rise, in steps."""
    piece = level[start : start + _RISE_STEPS + 1]
    half = (piece[0] + piece[-1]) / 2
    at = int(np.argmax(piece >= half))
    before = piece[max(at - 1, 0)]
    share = (half - before) / (piece[at] - before) if piece[at] > before else 0.0
    return start + max(at - 1, 0) + float(share)
