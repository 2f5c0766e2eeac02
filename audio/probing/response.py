"""The frequency response of what is linear, from its answer to an impulse."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]

_FLOOR = 1e-15
"""Smallest amplitude that is told (-300 dB)."""


@dataclass(frozen=True)
class Spectrum:
    """Gain and phase at some frequencies."""

    hertz: Reals
    decibels: Reals
    degrees: Reals
    """Unwrapped."""


def significant(answer: Reals) -> Reals:
    """An answer to an impulse without its end, where that is 240 dB below its peak: (frames,)."""
    size = np.abs(answer)
    heard = np.flatnonzero(size > 1e-12 * size.max(initial=0.0))
    return answer[: heard[-1] + 1] if len(heard) else answer[:1]


def gain_db(answer: Reals, rate: int, hertz: float) -> float:
    """Gain at one frequency, in decibels.

    Args:
        answer: what came of an impulse of full scale: (frames,).
        rate: sample rate in hertz.
        hertz: the frequency.
    """
    return float(20 * np.log10(max(abs(_at(answer, rate, hertz)), _FLOOR)))


def phase_degrees(answer: Reals, rate: int, hertz: float) -> float:
    """Phase at one frequency, -180..180 degrees; arguments as in ``gain_db``."""
    return float(np.degrees(np.angle(_at(answer, rate, hertz))))


def spectrum_of(answer: Reals, rate: int, low_hz: float, high_hz: float, points: int) -> Spectrum:
    """The response at frequencies that are evenly apart on a logarithmic scale.

    Args:
        answer: what came of an impulse of full scale: (frames,).
        rate: sample rate in hertz.
        low_hz: the lowest frequency.
        high_hz: the highest.
        points: how many.
    """
    hertz = np.geomspace(low_hz, high_hz, points)
    values = np.array([_at(answer, rate, one) for one in hertz.tolist()])
    levels = 20 * np.log10(np.maximum(np.abs(values), _FLOOR))
    return Spectrum(hertz, levels, np.degrees(np.unwrap(np.angle(values))))


def crossing_hz(
    answer: Reals, rate: int, level_db: float, low_hz: float, high_hz: float
) -> float | None:
    """The first frequency, from low to high, at which the gain passes a level.

    Args:
        answer: what came of an impulse of full scale: (frames,).
        rate: sample rate in hertz.
        level_db: the level in decibels.
        low_hz: where to begin.
        high_hz: where to end.

    Returns:
        In hertz, to one part in a million; None where the gain stays on one side.
    """
    places = np.geomspace(low_hz, high_hz, 97).tolist()
    above = gain_db(answer, rate, places[0]) > level_db
    turn = next(
        (
            n
            for n in range(1, len(places))
            if (gain_db(answer, rate, places[n]) > level_db) != above
        ),
        None,
    )
    if turn is None:
        return None
    before, after = places[turn - 1], places[turn]
    while abs(after / before - 1) > 1e-6:
        middle = (before * after) ** 0.5
        if (gain_db(answer, rate, middle) > level_db) == above:
            before = middle
        else:
            after = middle
    return float((before * after) ** 0.5)


def slope_db_per_octave(answer: Reals, rate: int, from_hz: float, to_hz: float) -> float:
    """How fast the gain changes between two frequencies."""
    change = gain_db(answer, rate, to_hz) - gain_db(answer, rate, from_hz)
    return float(change / np.log2(to_hz / from_hz))


def _at(answer: Reals, rate: int, hertz: float) -> complex:
    turns = np.exp(-2j * np.pi * hertz / rate * np.arange(len(answer)))
    return complex(np.dot(answer, turns))
