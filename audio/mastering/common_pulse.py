"""The pulse that the stems of a session share, and which stem lies beside it.

The beginnings of a stem's notes, wound round a circle once a period, heap up at one place where the
stem plays on that pulse (the mean of ``exp(2 pi i t / period)``; the share of its power beyond
chance is told without bias). Parts that belong together heap up at the same place, or halfway
between, or on a third where the pulse is slow enough to be played between. A stem of which all
notes lie elsewhere was moved.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from audio.mastering.pulse import STEP_SECONDS, Onsets

Doubles = NDArray[np.float64]

_FEWEST_ONSETS = 7
_LONGEST_SECONDS = 120.0
"""What comes later is not looked at."""
_SLOWEST_HZ, _FASTEST_HZ = 1.0, 11.2
_STEPS_A_TURN, _FINE_STEPS = 8, 8
"""Frequencies that are tried while the whole session turns once more, and between two of them."""
_MOST_WEIGHT = 24
"""Notes of one stem that count for the pulse."""
_ON_A_PULSE = 0.6
"""Share of a stem's power from which on it plays on a pulse."""
_SHARP_DB, _SHARPEST_DB = 14.0, 34.0
"""A stem of which half the notes rise so steeply, or a tenth so much more (notes that overlap rise
little), begins where it is told; softer ones are told late."""
_PROGRAMMED_SECONDS, _PLAYED_SECONDS, _SOFT_SECONDS = 0.03, 0.035, 0.075
"""How far beside the pulse parts are that a machine plays, that players play, and soft ones."""
_FEWEST_SHARP = 2
"""So many others must begin clearly before a pulse is held to be a machine's."""
_DEVIATIONS = 3.0
"""A programmed part lies no more standard deviations of its notes beside the pulse."""
_FREE = 0.8
"""A free part lies within so many deviations of its notes beside it."""
_HALVED_SECONDS, _THIRDED_SECONDS = 0.28, 0.4
"""A pulse is played halfway between, or in thirds, from this period on."""
_SAME_PLACE_SECONDS = 0.03
_MOST_SECONDS = 1.0
_EXPLAINED_SECONDS = 0.012
"""So close to the pulse a stem is without the silence at its start, where that moved it."""
_BESIDE_SECONDS = 0.02
"""So far beside it the stem is then as it is."""


@dataclass(frozen=True)
class Place:
    """Where a stem lies against the pulse of the others."""

    beside_seconds: float
    """How far beside the pulse, within half a period; positive: late."""
    period_seconds: float
    on: float
    """Share of the stem's power at this pulse: 0..1."""
    others: int
    """Stems that lie on the pulse together."""
    fits: bool
    """Whether parts are played there."""

    def moves(self) -> Doubles:
        """By how much the stem may be late, all periods within a second: float64, (moves,)."""
        turns = np.arange(-np.ceil(_MOST_SECONDS / self.period_seconds), 20)
        all_ = self.beside_seconds + turns * self.period_seconds
        return np.asarray(
            all_[(np.abs(all_) <= _MOST_SECONDS) & (np.abs(all_) >= _PROGRAMMED_SECONDS)]
        )


@dataclass(frozen=True)
class _Wound:
    """A stem's notes round one period."""

    share: float
    at: float
    """Seconds, within half a period."""
    notes: int
    deviation: float
    """Of its notes from that place, in seconds."""
    sharp: bool
    """Whether its notes begin steeply."""
    leads: bool
    """Whether it sounds from the start, rather than after silence."""


def shared_pulse_hz(stems: Sequence[Onsets]) -> float | None:
    """The frequency at which most stems heap up, each wherever it does; None for too few notes."""
    all_ = [_early(one) for one in stems]
    used = [times for times in all_ if len(times) >= _FEWEST_ONSETS]
    if len(used) < 2:
        return None
    seconds = max(float(times[-1]) for times in used) + 1.0
    size = fft.next_fast_len(round(_STEPS_A_TURN * seconds / STEP_SECONDS))
    hertz = np.arange(size // 2 + 1) / (size * STEP_SECONDS)
    inside = (hertz >= _SLOWEST_HZ) & (hertz <= _FASTEST_HZ)
    heaped = np.zeros(np.count_nonzero(inside))
    for times in used:
        counts = np.bincount(np.round(times / STEP_SECONDS).astype(int))
        means = np.abs(fft.rfft(counts.astype(np.float32), size)[inside]) / len(times)
        heaped += min(len(times), _MOST_WEIGHT) * _beyond_chance(means, len(times))
    best = float(hertz[inside][np.argmax(heaped)])
    around = best + np.arange(-_FINE_STEPS, _FINE_STEPS + 1) / (
        _FINE_STEPS * _STEPS_A_TURN * seconds
    )
    fine = np.zeros(len(around))
    for times in used:
        means = np.abs(np.exp(2j * np.pi * np.outer(around, times)).mean(axis=1))
        fine += min(len(times), _MOST_WEIGHT) * _beyond_chance(means, len(times))
    return float(around[np.argmax(fine)])


def place_of(stem: Onsets, others: Sequence[Onsets], pulse_hz: float) -> Place | None:
    """Where a stem lies against the pulse of the others; None where that can't be told."""
    for finer in (1, 2, 3, 4):
        frequency = pulse_hz * finer
        if frequency > _FASTEST_HZ:
            return None
        own = _wound(stem, frequency)
        if own is not None and own.share >= _ON_A_PULSE:
            wound = [_wound(one, frequency) for one in others]
            return _against(own, [one for one in wound if one is not None], 1 / frequency)
    return None


def silence_moved(stem: Onsets, others: Sequence[Onsets], pulse_hz: float) -> bool:
    """Whether a stem lies on the pulse of the others but for the silence at its start.

    Two things that don't come together by chance: its notes lie beside the pulse, and by as much
    as that silence is long.
    """
    leading = [one for one in others if one.first <= _SAME_PLACE_SECONDS]
    for finer in (1, 2, 3, 4):
        frequency = pulse_hz * finer
        own = _wound(stem, frequency) if frequency <= _FASTEST_HZ else None
        if own is None:
            return False
        if own.share >= _ON_A_PULSE:
            wound = [_wound(one, frequency) for one in leading]
            on = [one.at for one in wound if one is not None and one.sharp
                  and one.share >= _ON_A_PULSE]  # fmt: skip
            if not on:
                return False
            period = 1 / frequency
            middle = on[0] + float(np.median([_apart(one, on[0], period) for one in on]))
            beside = _from_played(own.at - middle, period)
            without = _from_played(own.at - stem.digital - middle, period)
            return without <= _EXPLAINED_SECONDS and beside >= _BESIDE_SECONDS
    return False


def start_beside(start: float, others: Sequence[Onsets], pulse_hz: float) -> float | None:
    """How far a stem's start lies beside every place at which parts are played, in seconds.

    Returns:
        None where no other that sounds from the start begins clearly on the pulse.
    """
    wound = [_wound(one, pulse_hz) for one in others if one.first <= _SAME_PLACE_SECONDS]
    on = [one.at for one in wound if one is not None and one.sharp and one.share >= _ON_A_PULSE]
    if not on:
        return None
    period = 1 / pulse_hz
    middle = on[0] + float(np.median([_apart(one, on[0], period) for one in on]))
    return _from_played(start - middle, period)


def _from_played(at: float, period: float) -> float:
    """How far a place of the circle is from the nearest one at which parts are played."""
    return min(abs(_apart(at, one, period)) for one in _played(period))


def _played(period: float) -> list[float]:
    """Where parts are played: on the pulse, and between where it is slow."""
    halved = [period / 2] if period >= _HALVED_SECONDS else []
    thirds = [period / 3, -period / 3] if period >= _THIRDED_SECONDS else []
    return [0.0, *halved, *thirds]


def _early(stem: Onsets) -> Doubles:
    return stem.times[stem.times < _LONGEST_SECONDS]


def _beyond_chance(means: Doubles, count: int) -> Doubles:
    """Share of the power of unit vectors that is not chance: an unbiased estimate."""
    return np.maximum(count * means**2 - 1, 0.0) / (count - 1)


def _wound(stem: Onsets, frequency: float) -> _Wound | None:
    times = _early(stem)
    if len(times) < _FEWEST_ONSETS:
        return None
    mean = complex(np.exp(2j * np.pi * frequency * times).mean())
    share = float(_beyond_chance(np.array([abs(mean)]), len(times))[0])
    turn = 2 * np.pi * frequency
    return _Wound(
        share=share,
        at=float(np.angle(mean)) / turn,
        notes=len(times),
        deviation=float(np.sqrt(max(-2 * np.log(max(abs(mean), 1e-9)), 0.0))) / turn,
        sharp=float(np.median(stem.weights)) >= _SHARP_DB
        or float(np.quantile(stem.weights, 0.9)) >= _SHARPEST_DB,
        leads=stem.digital < _SAME_PLACE_SECONDS,
    )


def _against(own: _Wound, others: Sequence[_Wound], period: float) -> Place | None:
    """The place against those of the others that lie together, where they are the more."""
    on_pulse = [one for one in others if one.share >= _ON_A_PULSE]
    if not on_pulse:
        return None
    together = max(
        ([one for one in on_pulse if abs(_apart(one.at, middle.at, period)) <= _SAME_PLACE_SECONDS]
         for middle in on_pulse),
        key=lambda group: (sum(one.leads for one in group), sum(one.notes for one in group)),
    )  # fmt: skip
    clear = [one for one in together if one.sharp] or together
    middle = float(np.median([_apart(one.at, clear[0].at, period) for one in clear]))
    beside = _apart(own.at, clear[0].at + middle, period)
    fits = _is_played(beside, period, own, clear)
    with_own = [one for one in on_pulse if one not in together
                and abs(_apart(one.at, own.at, period)) <= _SAME_PLACE_SECONDS]  # fmt: skip
    if not fits and not _outweigh(together, own, with_own, period):
        return None
    return Place(beside, period, own.share, len(together), fits)


def _outweigh(
    together: Sequence[_Wound], own: _Wound, with_own: Sequence[_Wound], period: float
) -> bool:
    """Whether those that lie together are right, rather than the stem and those that lie with it.

    More stems are; of as many, those that sound from the start and begin it on the pulse.
    """
    if len(together) != 1 + len(with_own):
        return len(together) > 1 + len(with_own)
    start = [abs(_apart(one.at, 0.0, period)) <= _PLAYED_SECONDS for one in together]
    return all(start) and all(one.leads for one in together) and not own.leads


def _apart(one: float, other: float, period: float) -> float:
    """How much later one place of the circle is, within half a period."""
    return (one - other + period / 2) % period - period / 2


def _is_played(beside: float, period: float, own: _Wound, others: Sequence[_Wound]) -> bool:
    """Whether parts are played at a place of the pulse, as exactly as all of them are played."""
    widest = max(one.deviation for one in (own, *others))
    early = _PLAYED_SECONDS
    if sum(one.sharp for one in others) >= _FEWEST_SHARP:
        early = min(max(_DEVIATIONS * widest, _PROGRAMMED_SECONDS), _PLAYED_SECONDS)
    early = max(early, _FREE * own.deviation)
    late = max(early, _PLAYED_SECONDS if own.sharp else _SOFT_SECONDS)
    if sum(one.sharp for one in others) < _FEWEST_SHARP:
        early = max(early, _SOFT_SECONDS)
    return any(-early <= _apart(beside, one, period) <= late for one in _played(period))
