"""Whether the notes of one stem begin beside those of the others, and by how much.

Parts of one song begin many notes together. Where nearly all notes of a stem would begin with
notes of the others if it were moved, and few do as it is, it is late or early by that much. Parts
that play between the others' notes are music: there the move leads from one place of the others'
own pulse to another, or to the half, the third or the quarter of it.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from audio.mastering.pulse import Onsets

Doubles = NDArray[np.float64]

FEWEST_ONSETS = 8
_MOST_ONSETS = 1500
_TOGETHER_SECONDS = 0.02
"""Notes so close begin together."""
FREE_SECONDS = 0.035
"""So far beside the pulse players are."""
_MOST_SECONDS = 0.75
_STEPS = np.arange(-_MOST_SECONDS, _MOST_SECONDS + 0.001, 0.004)
_LEAST_TOGETHER = 0.8
"""Share of a stem's notes that begin with others once it is moved."""
_GAIN = 0.5
"""How much larger this share is than without the move."""
_CHANCE = 1e-6
"""Probability below which so many notes don't meet by chance."""
_SILENT_GAIN, _UNLIKELY = 0.3, 0.001
"""The same for a move by the silence at a stem's start, which is one move and not any."""
_OWN_PULSE = 0.5
"""Share of the others' notes that meet others of their own after a move along their pulse."""
_FINEST_SECONDS = 0.09
"""Parts of a pulse that are shorter (sixteenths at 165 beats a minute) are not played."""
_WIDE = 1.5
"""Times as far notes may lie apart where the pulse has told that they belong together."""
_TIE = 0.15
"""Moves that bring nearly as many notes together are held to be as good."""


class Late(NamedTuple):
    """A stem that lies beside the others' notes."""

    seconds: float
    """How late it is; negative: early."""
    before: float
    """Share of its notes that begin with others as it is."""
    after: float
    """The same, once it is moved."""


def off_beat(stem: Onsets, others: Sequence[Onsets]) -> Late | None:
    """How far a stem's notes lie beside those of the others.

    Returns:
        None where they lie together, or where it can't be told.
    """
    times = np.sort(np.concatenate([one.times for one in others])) if others else np.zeros(0)
    notes, times = stem.times[:_MOST_ONSETS], times[:_MOST_ONSETS]
    if len(notes) < FEWEST_ONSETS or len(times) < FEWEST_ONSETS:
        return None
    begins = stem.first - min(one.first for one in others) if stem.digital > 0 else 0.0
    for some, all_, sign in ((notes, times, 1.0), (times, notes, -1.0)):
        late = _moved(some, all_, sign * begins)
        if late is not None and not any(_is_music(late.seconds, one) for one in (notes, times)):
            return late._replace(seconds=sign * late.seconds)
    return None


def meets_without_silence(stem: Onsets, others: Sequence[Onsets]) -> Late | None:
    """Whether far more notes would begin with the others' but for the silence at a stem's start.

    Only those notes count that meet in one of the two places alone (McNemar's test).
    """
    times = np.sort(np.concatenate([one.times for one in others]))[:_MOST_ONSETS]
    notes, silence = stem.times[:_MOST_ONSETS], stem.digital
    if len(notes) < FEWEST_ONSETS or len(times) < FEWEST_ONSETS:
        return None
    now, then = (
        np.abs(_nearest(at, times) - at) <= _TOGETHER_SECONDS for at in (notes, notes - silence)
    )
    won, lost = int(np.sum(then & ~now)), int(np.sum(now & ~then))
    if float(np.mean(then) - np.mean(now)) < _SILENT_GAIN or float(np.mean(then)) < _OWN_PULSE:
        return None
    chance = float(stats.binom.sf(won - 1, won + lost, 0.5))
    return Late(silence, float(np.mean(now)), float(np.mean(then))) if chance < _UNLIKELY else None


def most_together(stem: Onsets, others: Sequence[Onsets], moves: Doubles) -> float:
    """Of some moves, in seconds, the one after which most notes begin with the others'.

    The smallest of those that bring nearly as many together.
    """
    times = np.sort(np.concatenate([one.times for one in others]))[:_MOST_ONSETS]
    notes = stem.times[:_MOST_ONSETS]
    shares = np.array([_together(notes - move, times, _WIDE) for move in moves])
    best = moves[shares >= shares.max() - _TIE]
    return float(best[np.argmin(np.abs(best))])


def _moved(notes: Doubles, times: Doubles, likely: float) -> Late | None:
    """The move that makes nearly all notes begin with the times; None where none does."""
    shares = np.array([_together(notes - step, times) for step in _STEPS])
    before = float(shares[np.abs(_STEPS) <= FREE_SECONDS].max())
    after = float(shares.max())
    if after < _LEAST_TOGETHER or after - before < _GAIN:
        return None
    met = round(after * len(notes))
    if float(stats.binom.sf(met - 1, len(notes), _covered(times))) > _CHANCE:
        return None
    return Late(_settled(notes, times, _move(shares, likely)), before, after)


def _together(notes: Doubles, times: Doubles, wide: float = 1.0) -> float:
    """Share of the notes that begin with one of the times, or so many times as far from it."""
    return float(np.mean(np.abs(_nearest(notes, times) - notes) <= wide * _TOGETHER_SECONDS))


def _nearest(notes: Doubles, times: Doubles) -> Doubles:
    """The time nearest to each note."""
    at = np.clip(np.searchsorted(times, notes), 1, len(times) - 1)
    before, after = times[at - 1], times[at]
    nearest: Doubles = np.where(notes - before < after - notes, before, after)
    return nearest


def _move(shares: Doubles, near: float) -> float:
    """Of the moves that bring the most notes together, the nearest to one that is likely."""
    best = _STEPS[shares >= shares.max() - _TIE]
    return float(best[np.argmin(np.abs(best - near))])


def _settled(notes: Doubles, times: Doubles, late: float) -> float:
    """The move, to the median of the distances that it leaves."""
    rest = notes - late - _nearest(notes - late, times)
    return late + float(np.median(rest[np.abs(rest) <= _TOGETHER_SECONDS]))


def _covered(times: Doubles) -> float:
    """Share of the time within which a note would meet one of the others by chance."""
    gaps = np.minimum(np.diff(times), 2 * _TOGETHER_SECONDS)
    span = float(times[-1] - times[0]) + 2 * _TOGETHER_SECONDS
    return min((float(gaps.sum()) + 2 * _TOGETHER_SECONDS) / span, 1.0)


def _is_music(late: float, times: Doubles) -> bool:
    """Whether a move leads from one place of the others' pulse to another, or evenly between."""
    steps = np.arange(0.08, _MOST_SECONDS, 0.004)
    own = np.array([_together(times + step, times) for step in steps])
    pulses = steps[own >= _OWN_PULSE]
    pulse = float(pulses[0]) if len(pulses) else 4 * _FINEST_SECONDS
    divisions = [1, *(number for number in (2, 3, 4) if pulse / number >= _FINEST_SECONDS)]
    return any(
        _together(times + late * number, times, (1 + number) / 2) >= _OWN_PULSE
        for number in divisions
    )
