"""The loudness envelope of a sound: attack, decay, and how many events it holds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio.blocks import Block, Stream

ENVELOPE_PER_SECOND = 200
"""Steps of the envelope: 5 ms each."""

_FLOOR_DB = -90.0
_RISE_DB = 9.0
"""An event begins where the level rises so far within 50 ms …"""
_NEAR_PEAK_DB = 18.0
"""… and comes so near to the loudest moment."""
_SMOOTH = 4
"""Steps over which the level is held, so that the cycles of a bass note are no events."""
_JUMP_STEPS, _APART_STEPS = 10, 16
"""Events lie at least 80 ms apart."""
_FALLEN_DB = 20.0

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Envelope:
    """The level of a sound over time, and what it shows."""

    level_db: Doubles
    """Power of each 5 ms in dB under full scale, mean of the channels, (steps,)."""
    events: int
    """How many times the sound is struck."""
    attack_seconds: float | None
    decay_seconds: float | None

    @property
    def tail_db(self) -> float:
        """Level of the last 30 ms under the loudest moment; 0 where the sound is cut off loud."""
        if not len(self.level_db):
            return 0.0
        return float(self.level_db[-6:].max() - self.level_db.max())


class EnvelopeMeter:
    """Keep the power of each 5 ms."""

    def __init__(self, stream: Stream) -> None:
        self._rate, self._frames = stream.sample_rate_hz, 0
        self._sums: list[Doubles] = []
        self._rest = np.zeros(0)

    def push(self, block: Block) -> None:
        """Take the next block."""
        power = np.concatenate((self._rest, np.square(block.samples, dtype=np.float64).mean(0)))
        first = self._frames - len(self._rest)
        self._frames = first + len(power)
        step = self._rate / ENVELOPE_PER_SECOND
        begun, whole = round(first / step), int((self._frames + 0.5) / step)
        edges = np.round(np.arange(begun, whole + 1) * step).astype(int) - first
        edges = edges[edges <= len(power)]
        if len(edges) < 2:
            self._rest = power
            return
        sums = np.add.reduceat(power[: edges[-1]], edges[:-1])
        self._sums.append(sums / np.maximum(np.diff(edges), 1))
        self._rest = power[edges[-1] :]

    def finish(self) -> Envelope:
        """Say how the level runs."""
        power = np.concatenate([*self._sums, np.zeros(0)])
        level: Doubles = 10 * np.log10(np.maximum(power, 10 ** (_FLOOR_DB / 10)))
        if not len(level) or level.max() <= _FLOOR_DB:
            return Envelope(level, 0, None, None)
        held = _held(level)
        peak = int(held.argmax())
        return Envelope(level, _events(held), _attack(held, peak), _decay(held, peak))


def _held(level: Doubles) -> Doubles:
    """The highest of the last few steps."""
    padded = np.concatenate((np.full(_SMOOTH - 1, _FLOOR_DB), level))
    held: Doubles = np.lib.stride_tricks.sliding_window_view(padded, _SMOOTH).max(axis=1)
    return held


def _events(held: Doubles) -> int:
    """How often the level jumps, within 50 ms, to near its highest; at least once."""
    before = np.concatenate((np.full(_JUMP_STEPS, _FLOOR_DB), held))
    lowest = np.lib.stride_tricks.sliding_window_view(before, _JUMP_STEPS).min(axis=1)[:-1]
    struck = np.flatnonzero((held > held.max() - _NEAR_PEAK_DB) & (held > lowest + _RISE_DB))
    count, last = 0, -_APART_STEPS
    for step in struck.tolist():
        if step - last >= _APART_STEPS:
            count += 1
            last = step
    return max(count, 1)


def _attack(held: Doubles, peak: int) -> float:
    quiet = np.flatnonzero(held[: peak + 1] < held[peak] - _FALLEN_DB)
    begun = int(quiet[-1]) + 1 if len(quiet) else 0
    return round((peak - begun) / ENVELOPE_PER_SECOND, 3)


def _decay(held: Doubles, peak: int) -> float | None:
    fallen = np.flatnonzero(held[peak:] < held[peak] - _FALLEN_DB)
    return round(float(fallen[0]) / ENVELOPE_PER_SECOND, 3) if len(fallen) else None
