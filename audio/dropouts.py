"""Drop-outs: short gaps in which the sound is suddenly gone, and as suddenly back.

What tells a drop-out from a rest or a breath: the level falls within about two milliseconds from
where it has been, without any decay, and returns as abruptly to about the same level. A file in
which that happens all the time is gated on purpose, and none of it is reported.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from audio.blocks import Block, Floats, Stream

HOPS_PER_SECOND = 1000
"""Peaks are kept per millisecond."""
DROP_DB = 30.0
"""The level falls and rises by at least this much."""
LONGEST_SECONDS = 2.0
"""A longer gap is a rest."""
QUIETEST_DBFS = -50.0
"""Below this peak level nothing counts as a drop-out."""
_CONTEXT = 60
"""Milliseconds on each side that say what the usual level is."""
_EDGE = 3
"""Milliseconds on each side of an edge."""
_SHORTEST = 2
_ABOVE_GAP_DB = 18.0
"""The gap ends where the level comes within this of the level before."""
_RISE_DB = 20.0
_FLOOR_DB = -120.0
_STEPS_PER_DB = 2
_MOST_PER_MINUTE = 20

Codes = NDArray[np.uint8]


@dataclass(frozen=True)
class _Likeness:
    """How far levels about a gap may differ, in dB; zeros can't be music, so they get more room."""

    balance: float
    """Between before and after."""
    steady: float
    """Between the edges and their surroundings."""


_ZEROS, _FAINT = _Likeness(20.0, 16.0), _Likeness(12.0, 10.0)


@dataclass(frozen=True)
class _Hole:
    """A gap in one row of levels, in milliseconds."""

    start: int
    end: int
    depth_db: float
    digital: bool


@dataclass(frozen=True)
class Gap:
    """One drop-out of one channel."""

    channel: int
    start: float
    """Seconds."""
    end: float
    depth_db: float
    """How far the level fell."""
    digital: bool
    """Nothing but zeros inside."""


class DropoutMeter:
    """Keeps each millisecond's peak as one byte per channel, then looks for gaps."""

    def __init__(self, stream: Stream) -> None:
        self._hop = max(1, round(stream.sample_rate_hz / HOPS_PER_SECOND))
        self._rate = stream.sample_rate_hz
        self._held = np.zeros((stream.channels, 0), np.float32)
        self._pieces: list[Codes] = []

    def push(self, block: Block) -> None:
        """Take the next block."""
        samples = np.concatenate((self._held, block.samples), axis=1)
        whole = samples.shape[1] // self._hop * self._hop
        self._held = samples[:, whole:]
        if whole:
            peaks = np.abs(samples[:, :whole]).reshape(len(samples), -1, self._hop).max(axis=2)
            self._pieces.append(_to_codes(peaks))

    def finish(self) -> list[Gap]:
        """All drop-outs, in order of time."""
        if not self._pieces:
            return []
        codes = np.concatenate(self._pieces, axis=1)
        seconds_per_hop = self._hop / self._rate
        gaps = [
            Gap(
                channel,
                hole.start * seconds_per_hop,
                hole.end * seconds_per_hop,
                hole.depth_db,
                hole.digital,
            )
            for channel, row in enumerate(codes)
            for hole in _holes(row)
        ]
        minutes = max(codes.shape[1] * seconds_per_hop / 60, 0.25)
        busiest = max((sum(gap.channel == c for gap in gaps) for c in range(len(codes))), default=0)
        return [] if busiest > _MOST_PER_MINUTE * minutes else sorted(gaps, key=lambda g: g.start)


def _to_codes(peaks: Floats) -> Codes:
    """Peaks as half-decibel steps above -120 dBFS, one byte each."""
    level = 20 * np.log10(np.maximum(peaks, 1e-9)) - _FLOOR_DB
    return np.clip(np.round(level * _STEPS_PER_DB), 0, 255).astype(np.uint8)


def _holes(codes: Codes) -> list[_Hole]:
    """The gaps of one channel."""
    found: list[_Hole] = []
    for fall in _falls(codes):
        if found and fall < found[-1].end:
            continue
        hole = _hole_at(codes, fall)
        if hole is not None:
            found.append(hole)
    return found


def _falls(codes: Codes) -> list[int]:
    """Where the level of the next milliseconds lies far below that of the last ones."""
    near = ndimage.maximum_filter1d(codes, _EDGE).astype(np.int16)
    last, following = near[: -_EDGE - 1], near[_EDGE + 1 :]
    offset = (_EDGE + 1) // 2  # `near` is centred: index i - 2 covers i - 3 to i - 1
    drop = (last - following) / _STEPS_PER_DB
    heard = last / _STEPS_PER_DB + _FLOOR_DB >= QUIETEST_DBFS
    falls = np.flatnonzero((drop >= DROP_DB) & heard) + offset
    return [int(fall) for fall in falls if fall >= _CONTEXT]


def _hole_at(codes: Codes, fall: int) -> _Hole | None:
    """The gap that begins at an edge, if it ends as a drop-out does."""
    window = codes[fall - _CONTEXT : fall + round(LONGEST_SECONDS * HOPS_PER_SECOND) + 2 * _CONTEXT]
    levels = window / _STEPS_PER_DB + _FLOOR_DB
    before = float(np.median(levels[:_CONTEXT]))
    inside = _CONTEXT + 1
    back = np.flatnonzero(levels[inside:] > before - _ABOVE_GAP_DB)
    if len(back) == 0 or back[0] < _SHORTEST or inside + back[0] + 1 + _CONTEXT > len(levels):
        return None
    end = inside + int(back[0])
    depth = before - float(np.median(levels[inside:end]))
    digital = bool(levels[inside:end].max() <= _FLOOR_DB + 10)
    last, rise = levels[_CONTEXT - _EDGE : _CONTEXT].max(), levels[end : end + _EDGE].max()
    after = float(np.median(levels[end + 1 : end + 1 + _CONTEXT]))
    like = _ZEROS if digital else _FAINT
    alike = (
        abs(after - before) <= like.balance
        and last >= before - like.steady
        and rise >= after - like.steady
        and rise - levels[max(end - _EDGE, inside) : end].max() >= _RISE_DB
    )
    if not alike or depth < DROP_DB:
        return None
    return _Hole(fall, fall - _CONTEXT + end, depth, digital)
