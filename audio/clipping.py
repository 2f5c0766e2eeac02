"""Clipped samples: flat tops at full scale or at a lower ceiling, and runs beyond full scale.

A run is three or more consecutive samples of one channel that are equal (within a 16-bit dither).
A smooth crest is flat for a few samples too, but its neighbours then differ by little more than
the run itself does; clipping leaves a corner. So a run counts only when the step to a neighbour is
far larger than the flatness. Below full scale two more things are asked for, to tell clipping that
was turned down later from square waves and plateaus of synthesisers: the run lies at the highest
(or lowest) level of its channel, and the waveform was already moving before it stopped.

Noisy signals clip one sample at a time. Where more samples of a channel sit exactly at its
full-scale ceiling than in the 2 % below it, all of them count. Below full scale a limiter sets
single samples to its ceiling and a machine repeats its sounds; so there it is asked for pairs, too,
each with other samples before it, and for next to none just below the ceiling.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio.blocks import Block, Floats, Stream
from audio.clipped_piles import Pile
from audio.measurement import Measurement, Reporter

ASPECTS = ("clipping.samples",)

SHORTEST_RUN = 3
FULL_SCALE = 0.99
"""From this magnitude on a flat run is at full scale; 8-bit files reach 127/128."""
_FLATNESS = 5e-5
"""Samples this close are equal: one and a half steps of 16 bits, for dither."""
_CORNER = 2.2 * _FLATNESS
"""Least step beside a long run. A parabola that is flat for n samples moves (1 + 2/n)² flatnesses
in all with the next sample, so shorter runs need more."""
_SAME_LEVEL = 1e-5
"""Less than one step of 16 bits."""
_CEILING_SHARE = 0.002
"""Runs this close to a channel's extreme lie at its ceiling."""
_FEWEST_PILED = 16
"""So many samples at a ceiling are no coincidence."""
_FINE_GRAIN = 1e-3
"""Samples on a coarser grid, as of 8 bits, pile up at any level."""
_LONGEST_HELD = 4096
"""A run that ends a block is held back for the next one, up to this length."""
_SAY = Reporter("clipping")


@dataclass(frozen=True)
class _Runs:
    """Flat runs of one channel with a corner."""

    levels: Floats
    """float32, (runs,)."""
    lengths: NDArray[np.int64]
    """(runs,)."""
    moving: NDArray[np.bool_]
    """The waveform was moving before the run, or went on moving after it."""


@dataclass
class _Ceiling:
    """Samples at the highest full-scale level of one sign, and just below it."""

    level: float = 0.0
    at: int = 0
    below: int = 0

    def push(self, samples: Floats) -> None:
        """Count samples, given with the sign that makes this ceiling positive."""
        highest = float(samples.max())
        if highest < max(FULL_SCALE, self.level - _SAME_LEVEL):
            return
        if highest > self.level + _SAME_LEVEL:
            self.level, self.at, self.below = highest, 0, 0
        at = int(np.count_nonzero(samples >= self.level - _SAME_LEVEL))
        self.at += at
        self.below += int(np.count_nonzero(samples >= 0.98 * self.level)) - at

    @property
    def piled(self) -> int:
        """Samples that clipping piled up here."""
        return self.at if self.at >= _FEWEST_PILED and self.at > self.below else 0


class ClippingMeter:
    """Samples in clipped runs, over all channels."""

    def __init__(self, stream: Stream) -> None:
        self._channels = [_Channel() for _ in range(stream.channels)]
        self.piled = 0
        """Samples piled up at a ceiling, which no quantisation does; filled by ``finish``."""

    def push(self, block: Block) -> None:
        for channel, samples in zip(self._channels, block.samples, strict=True):
            channel.push(samples)

    def finish(self) -> list[Measurement]:
        flat = sum(channel.finish() for channel in self._channels)
        over = sum(channel.over for channel in self._channels)
        self.piled = sum(channel.piled() for channel in self._channels)
        if not any(channel.seen for channel in self._channels):
            return _SAY.all_untold(ASPECTS, "the file holds no samples")
        method = f"samples in flat-topped runs ({flat}) or in runs beyond full scale ({over})"
        return [_SAY.told(ASPECTS[0], flat + over, method)]


class _Channel:
    def __init__(self) -> None:
        self._held: Floats = np.zeros(0, np.float32)
        self._runs: list[_Runs] = []
        self._grain = 1.0
        self._extremes = (0.0, 0.0)
        self._top, self._bottom = _Ceiling(), _Ceiling()
        self._piles = (Pile(), Pile())
        self.over = 0
        self.seen = False

    def push(self, samples: Floats) -> None:
        if len(samples) == 0:
            return
        self.seen = True
        low, high = self._extremes
        self._extremes = (min(low, float(samples.min())), max(high, float(samples.max())))
        self._top.push(samples)
        self._bottom.push(-samples)
        self._grain = min(self._grain, _grain(samples))
        for pile, sign in zip(self._piles, (1, -1), strict=True):
            pile.push(sign * samples, self._grain)
        samples = np.concatenate((self._held, samples))
        keep = _open_run(samples)
        self._take(samples[: len(samples) - keep])
        # Two samples before the run stay with it: they tell whether the waveform was moving.
        self._held = samples[max(len(samples) - keep - 2, 0) :]

    def finish(self) -> int:
        """Samples in clipped flat runs."""
        self._take(self._held)
        self._held = self._held[:0]
        low, high = self._extremes
        fine = self._grain < _FINE_GRAIN
        piled_top, piled_bottom = (
            (ceiling.piled or pile.clipped()) * fine
            for ceiling, pile in zip((self._top, self._bottom), self._piles, strict=True)
        )
        clipped = piled_top + piled_bottom
        for runs in self._runs:
            ceiling = np.where(runs.levels > 0, high, low)
            at_ceiling = np.abs(runs.levels - ceiling) <= _CEILING_SHARE * np.abs(ceiling)
            full = np.abs(runs.levels) >= FULL_SCALE
            counted = np.where(runs.levels > 0, piled_top, piled_bottom) > 0
            kept = ~counted & (full | (at_ceiling & runs.moving))
            clipped += int(runs.lengths[kept].sum())
        return clipped

    def piled(self) -> int:
        """Samples that a clipper piled up, below full scale, too."""
        return sum(pile.clipped() for pile in self._piles) * (self._grain < _FINE_GRAIN)

    def _take(self, samples: Floats) -> None:
        loudest = max(-self._extremes[0], self._extremes[1])
        if len(samples) < SHORTEST_RUN or loudest == 0.0:
            return
        runs, flat = _flat_runs(samples, 0.1 * loudest, 4 * self._grain)
        if len(runs.levels):
            self._runs.append(runs)
        if loudest > 1.0:
            beyond = (np.abs(samples) > 1.0) & ~flat
            first, last = _groups(np.flatnonzero(beyond))
            lengths = last - first + 1
            self.over += int(lengths[lengths >= SHORTEST_RUN].sum())


def _grain(samples: Floats) -> float:
    """The step of the grid on which coarsely quantised samples lie; 0 when there is none."""
    at = int(np.argmax(np.abs(samples)))
    steps = np.abs(np.diff(samples[max(at - 2048, 0) : at + 2048]))
    steps = steps[steps > 0]
    if len(steps) == 0:
        return 1.0
    grain = float(steps.min())
    multiples = steps / grain
    on_grid = bool(np.all(np.abs(multiples - np.round(multiples)) < 0.01))
    return grain if on_grid else 0.0


def _open_run(samples: Floats) -> int:
    """Length of the flat run that ends the samples, 0 when it is too long to hold back."""
    tail = samples[-_LONGEST_HELD:]
    moves = np.flatnonzero(np.abs(np.diff(tail)) > _FLATNESS)
    if len(moves) == 0:
        return 0
    return len(tail) - 1 - int(moves[-1])


def _groups(indices: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and last index of each group of consecutive indices."""
    breaks = np.flatnonzero(np.diff(indices) > 1)
    if len(indices) == 0:
        return indices, indices
    return indices[np.append(0, breaks + 1)], indices[np.append(breaks, len(indices) - 1)]


def _flat_runs(samples: Floats, least: float, step: float) -> tuple[_Runs, NDArray[np.bool_]]:
    """Flat runs above ``least`` whose corner is ``step`` or more, and the samples they cover."""
    steps = np.abs(np.diff(samples))
    indices = np.flatnonzero((steps <= _FLATNESS) & (np.abs(samples[:-1]) > least))
    first, last = _groups(indices)
    last = last + 1
    long_enough = last - first + 1 >= SHORTEST_RUN
    first, last = first[long_enough], last[long_enough]
    padded = np.pad(steps, 2)  # padded[i + 1] is the step into sample i
    before, earlier = padded[first + 1], padded[first]
    after, later = padded[last + 2], padded[last + 3]
    corner = np.maximum(_CORNER * (1 + 2 / (last - first + 1)) ** 2, step)
    cornered = np.maximum(before, after) > corner
    moving = ((before > corner) & (before <= 4 * earlier)) | (
        (after > corner) & (after <= 4 * later)
    )
    first, last = first[cornered], last[cornered]
    covered = np.zeros(len(samples) + 1, np.int8)
    covered[first] += 1
    covered[last + 1] -= 1
    runs = _Runs(samples[first], last - first + 1, moving[cornered])
    return runs, np.cumsum(covered[:-1]).astype(bool)
