"""Time constants: how long a gain or a level takes to get where it goes."""

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]

SHARE = 1 - np.exp(-1)
"""What one time constant covers of a step: 63.2 %."""


def gains_of(signal: Reals, output: Reals, floor: float) -> tuple[Reals, Reals]:
    """The gain at the samples where a signal is strong enough to tell.

    Args:
        signal: what went in, late by the latency: (frames,).
        output: what came out: (frames,).
        floor: samples whose size is below this share of the largest within 5 ms are left out.

    Returns:
        The samples' places, and the factor there.
    """
    size = np.abs(signal)
    near = np.maximum.reduce([np.roll(size, shift) for shift in range(-24, 25, 4)])
    places = np.flatnonzero((size >= floor * near) & (size > 1e-6))
    return places.astype(np.float64), output[places] / signal[places]


def time_to_share(places: Reals, values: Reals, start: float, rate: int) -> float | None:
    """Milliseconds from a step until 63.2 % of the way to the last value is covered.

    Args:
        places: samples at which the values were taken, rising.
        values: the values from the step on, the last of them settled.
        start: sample of the step.
        rate: sample rate in hertz.
    """
    first, last = values[0], float(np.mean(values[-max(1, len(values) // 20) :]))
    share = (values - first) / (last - first) if last != first else np.zeros(len(values))
    there = np.flatnonzero(share >= SHARE)
    if not len(there):
        return None
    index = int(there[0])
    if index == 0:
        return float((places[0] - start) / rate * 1000)
    part = (SHARE - share[index - 1]) / (share[index] - share[index - 1])
    at = places[index - 1] + part * (places[index] - places[index - 1])
    return float((at - start) / rate * 1000)


def decay_ms(places: Reals, distances: Reals, rate: int) -> float | None:
    """Time constant of an exponential decay: the slope of its logarithm from 80 % to 10 %.

    Args:
        places: samples at which the distances were taken, rising.
        distances: from where it goes, falling to 0.
        rate: sample rate in hertz.
    """
    if not len(distances) or distances[0] <= 0:
        return None
    share = distances / distances[0]
    begins = np.flatnonzero(share < 0.8)
    ends = np.flatnonzero(share < 0.1)
    if not len(begins) or not len(ends) or ends[0] - begins[0] < 3:
        return None
    part = slice(int(begins[0]), int(ends[0]))
    slope = np.polyfit(places[part], np.log(np.maximum(share[part], 1e-9)), 1)[0]
    return float(-1000 / (slope * rate)) if slope < 0 else None
