"""Downbeats and meter: which of the beats begin a bar.

Beats have accents. For every third and every fourth beat, and each phase, the likelihood is taken
that these beats stand out; the best one tells the meter.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio.onsets import Doubles

_METHOD = "likelihood that every third or fourth beat is accented"
_FEWEST_BEATS = 8
_LEAST_EVIDENCE = 2.0
"""Log likelihood over no bars at all that a meter needs."""
_FOUR_MORE_COMMON = 1.0
"""Log odds of four beats over three."""
_CLEAR_EVIDENCE = 4.0
_BEGINS_WITH_BAR = 1.5
"""Log odds that the first beat of a file, when it is near the start, begins a bar."""
_LEAST_VARIANCE = 0.1
_SLIP = 8.0
"""What a bar that is cut short must gain, in log likelihood."""


@dataclass(frozen=True)
class Bars:
    """The bars of a chain of beats."""

    downbeats: NDArray[np.int64]
    """Indices of the beats that begin a bar."""
    beats_per_bar: int | None
    """3 or 4; None when it can't be told."""
    confidence: float
    """0..1, of the number of beats."""
    phase_confidence: float
    """0..1, of which beat it is."""
    method: str
    """How, or why not."""


@dataclass(frozen=True)
class _Fit:
    """How well bars of one length, in their best phase, explain the accents."""

    per_bar: int
    evidence: float
    """Log likelihood over accents without bars."""
    margin: float
    """By how much the evidence exceeds that of the next best phase."""
    favour: Doubles
    """Log likelihood ratio of each beat for being a downbeat, (beats,)."""


def find_bars(beats: Doubles, accents: Doubles) -> Bars:
    """Group beats into bars.

    Args:
        beats: beat times in seconds, ascending.
        accents: how much each beat is accented, mean 0, standard deviation 1.
    """
    if len(beats) < _FEWEST_BEATS:
        why = f"{len(beats)} beats are too few to tell bars"
        return Bars(np.zeros(0, np.int64), None, 0.0, 0.0, why)
    at_start = _BEGINS_WITH_BAR if beats[0] < 2 * (beats[1] - beats[0]) else 0.0
    three, four, two = (_fit(accents, per_bar, at_start) for per_bar in (3, 4, 2))
    duple = max(four.evidence, two.evidence) + _FOUR_MORE_COMMON
    best = three if three.evidence > duple else four
    evidence = max(three.evidence, duple)
    downbeats = _downbeats(best)
    if evidence < _LEAST_EVIDENCE:
        return Bars(downbeats, None, 0.0, 0.0, "no beat of the bar stands out")
    odds = 1 / (1 + np.exp(-abs(three.evidence - duple)))
    confidence = odds * (1 - np.exp(-evidence / _CLEAR_EVIDENCE))
    placed = 1 - np.exp(-best.margin / _CLEAR_EVIDENCE)
    return Bars(downbeats, best.per_bar, float(confidence), float(placed), _METHOD)


def _fit(accents: Doubles, per_bar: int, at_start: float) -> _Fit:
    """Fit a higher mean of the accents to one beat of the bar, in each phase."""
    evidence, favours = [], []
    for phase in range(per_bar):
        there = np.arange(len(accents)) % per_bar == phase
        high, low = float(accents[there].mean()), float(accents[~there].mean())
        explained = (high - low) ** 2 * there.mean() * (1 - there.mean())
        variance = max(1 - float(explained), _LEAST_VARIANCE)
        gain = -0.5 * len(accents) * float(np.log(variance)) * float(np.sign(high - low))
        evidence.append(gain + at_start * (phase == 0))
        favours.append((high - low) / variance * (accents - (high + low) / 2))
        favours[phase][0] += at_start
    second, first = np.argsort(evidence)[-2:]
    margin = evidence[first] - evidence[second]
    return _Fit(per_bar, float(evidence[first]), float(margin), favours[first])


def _downbeats(fit: _Fit) -> NDArray[np.int64]:
    """Best path of positions in the bar, in which a slip to another phase costs _SLIP."""
    positions = np.arange(fit.per_bar)
    score = np.zeros(fit.per_bar)
    origins = np.zeros((len(fit.favour), fit.per_bar), np.int64)
    for at, favour in enumerate(fit.favour):
        stepped, jump = np.roll(score, 1), int(score.argmax())
        slips = score[jump] - _SLIP > stepped
        origins[at] = np.where(slips, jump, (positions - 1) % fit.per_bar)
        score = np.where(slips, score[jump] - _SLIP, stepped)
        score[0] += favour
    position, first = int(score.argmax()), []
    for at in range(len(fit.favour) - 1, -1, -1):
        if position == 0:
            first.append(at)
        position = int(origins[at, position])
    return np.array(first[::-1], np.int64)
