"""Beat times: an even grid where the tempo is exact, else a chain of beats whose tempo may drift.

The chain is the best path of a hidden semi-Markov model: a state is a beat at a frame that ends an
interval of so many frames. It is found by dynamic programming over blocks as long as the shortest
interval, so that an hour takes seconds (compare Ellis, "Beat tracking by dynamic programming", JNMR
2007). A chain with little freedom, and an even grid, are preferred where they meet nearly as many
onsets as a free chain: freedom also follows accidents.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from audio.blocks import SHORT_FRAMES_PER_SECOND, Floats
from audio.onsets import LATENCY_SECONDS, Doubles

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Drift:
    """How much a tempo may change, as standard deviations of log ratios."""

    change: float
    """Of one interval to the next."""
    distance: float
    """Of an interval to the expected period."""
    enough: float
    """Share of the free chain's onset strength at which it is preferred to a freer one."""


FREE = Drift(0.06, 0.2, 0.0)
STIFF = Drift(0.015, 0.04, 0.82)
_GRID_ENOUGH = 0.75

_SPREAD = 1.3
"""Intervals from 1 / spread to spread times the expected period are tried."""
_GAIN = 1.5
_GRID_WIDTH = 0.025
"""Even grids are tried up to this share from the expected period."""
_BEFORE_START_FRAMES = 3.0
"""A beat that falls this little before the file is its first."""
_GRID_SECONDS = 600.0
"""In longer files no single grid is expected to hold."""
_STEADY_SECONDS = 0.02
"""Beats whose distance to an even grid has a median below this are on the grid."""
_SPAN_BEATS = 16


@dataclass(frozen=True)
class Beats:
    """Beats in seconds."""

    times: Doubles
    bpm: float
    steady: bool
    """Whether they lie on one even grid, which then gives the times and the tempo."""


def find_beats(strength: Floats, period: float) -> Indices:
    """Find the beats with as little freedom of the tempo as the music allows.

    Args:
        strength: onset strength, (frames,), standard deviation about 1.
        period: expected beat interval, in frames.

    Returns:
        Frame of each beat, ascending.
    """
    near = ndimage.maximum_filter1d(strength, 3)
    free = track_beats(strength, period, FREE)
    reached = float(near[free].sum())
    if len(strength) <= _GRID_SECONDS * SHORT_FRAMES_PER_SECOND:
        grid = even_grid(near, period)
        if near[grid].sum() >= _GRID_ENOUGH * reached:
            return grid
    stiff = track_beats(strength, period, STIFF)
    return stiff if near[stiff].sum() >= STIFF.enough * reached else free


def even_grid(strength: Floats, period: float) -> Indices:
    """The even grid, at nearly this period, that meets the most onset strength."""
    frames = len(strength)
    step = min(0.02, 3.0 / frames)  # three frames over the whole file
    at = np.arange(frames)
    best, best_period, best_phase = -1.0, period, 0.0
    for tried in period * np.exp(np.arange(-_GRID_WIDTH, _GRID_WIDTH + step, step)):
        phases = max(2, round(tried))
        phase = np.minimum((at / tried % 1 * phases).astype(np.int64), phases - 1)
        mean = np.bincount(phase, strength, phases) / np.maximum(np.bincount(phase), 1)
        if mean.max() > best:
            best, best_period = float(mean.max()), float(tried)
            best_phase = (int(mean.argmax()) + 0.5) / phases * tried
    if best_phase - best_period > -_BEFORE_START_FRAMES:
        best_phase -= best_period
    count = int((frames - 1 - best_phase) / best_period) + 1
    grid: Indices = np.rint(best_phase + best_period * np.arange(count)).astype(np.int64)
    return np.clip(grid, 0, frames - 1)


def track_beats(strength: Floats, period: float, drift: Drift) -> Indices:
    """Find the best chain of beats; arguments and result as for find_beats."""
    shortest = max(4, round(period / _SPREAD))
    taus = np.arange(shortest, max(shortest + 2, round(period * _SPREAD) + 1))
    score, before = _best_chains(strength, period, taus, drift)
    tail = max(0, len(strength) - round(period))
    last, state = np.unravel_index(int(score[tail:].argmax()), score[tail:].shape)
    at, chosen, beats = tail + int(last), int(state), []
    while at >= 0:
        beats.append(at)
        at -= int(taus[chosen])
        chosen = int(before[at, chosen]) if at >= 0 else chosen
    return np.array(beats[::-1], np.int64)


def place_beats(frames: Indices, strength: Floats) -> Beats:
    """Turn frames of beats into times, finer than a frame; even beats are put on their grid.

    The tempo is that of the grid, or else the median over spans of up to 16 beats, so that neither
    the frame rate nor a single slip biases it.

    Args:
        frames: at least two frames, ascending.
        strength: the onset strength that they were found in, (frames,).
    """
    peaks, weights = _peaks_near(frames, strength)
    times = peaks / SHORT_FRAMES_PER_SECOND - LATENCY_SECONDS
    span = min(_SPAN_BEATS, len(times) // 2)
    period = float(np.median(times[span:] - times[:-span])) / span
    counts = np.cumsum(np.concatenate(([0], np.maximum(np.rint(np.diff(times) / period), 1))))
    slope, start = np.polyfit(counts, times, 1, w=weights)
    away = np.abs(start + slope * counts - times)
    if np.median(away) > _STEADY_SECONDS:
        return Beats(np.maximum(times, 0.0), 60 / period, False)
    on_grid = weights * (away < 2 * _STEADY_SECONDS)
    slope, start = np.polyfit(counts, times, 1, w=on_grid)
    return Beats(np.maximum(start + slope * counts, 0.0), 60 / float(slope), True)


def _peaks_near(frames: Indices, strength: Floats) -> tuple[Doubles, Doubles]:
    """Where the strength peaks within 20 ms of each frame, by a parabola, and how high."""
    padded = np.pad(strength.astype(np.float64), 3)
    around = padded[frames[:, None] + np.arange(1, 6)]
    centres = frames + 1 + around.argmax(axis=1)  # in the padded strength
    left, here, right = padded[centres - 1], padded[centres], padded[centres + 1]
    bend = left - 2 * here + right
    offsets = np.where(bend < 0, 0.5 * (left - right) / np.minimum(bend, -1e-9), 0.0)
    return centres - 3 + np.clip(offsets, -0.5, 0.5), np.maximum(here, 1e-3)


def _best_chains(
    strength: Floats, period: float, taus: Indices, drift: Drift
) -> tuple[Floats, NDArray[np.int16]]:
    """Best score of a chain that ends at (frame, interval), and the interval before each."""
    frames, shortest, longest = len(strength), int(taus[0]), int(taus[-1])
    logs = np.log(taus)
    change = -0.5 * ((logs[:, None] - logs[None, :]) / drift.change) ** 2  # (next, this)
    distance = -0.5 * ((logs - np.log(period)) / drift.distance) ** 2
    gain = _GAIN * taus / period  # an integral over time, so that faster isn't better
    score = np.zeros((frames, len(taus)), np.float32)
    before = np.zeros((frames, len(taus)), np.int16)
    onward = np.zeros((frames + longest, len(taus)), np.float32)  # row t + longest: after frame t
    states = np.arange(len(taus))
    for start in range(0, frames, shortest):
        at = np.arange(start, min(start + shortest, frames))
        reached = onward[at[:, None] - taus + longest, states]
        score[at] = reached + gain * strength[at, None] + distance
        options = score[at][:, None, :] + change
        best = options.argmax(axis=2)
        before[at] = best
        onward[at + longest] = np.take_along_axis(options, best[:, :, None], 2)[:, :, 0]
    return score, before
