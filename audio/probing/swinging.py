"""What goes up and down: its rate and its ends."""

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]


def rate_hz(values: Reals, per_second: float) -> float | None:
    """The rate of a periodic curve: the shortest lag at which it is like itself.

    Args:
        values: at even distances, two periods at least: (points,).
        per_second: how many there are in a second.

    Returns:
        In hertz; None where it doesn't repeat.
    """
    centred = values - values.mean()
    size = len(centred)
    if float(np.abs(centred).max(initial=0.0)) < 1e-9:
        return None
    spectrum = np.abs(np.fft.rfft(centred, 2 * size)) ** 2
    products = np.fft.irfft(spectrum)[:size]
    squares = np.concatenate([[0.0], np.cumsum(centred**2)])
    lags = np.arange(size)
    norms = np.sqrt(squares[size - lags] * (squares[size] - squares[lags])) + 1e-30
    likeness = products / norms
    falls = np.flatnonzero(likeness < 0.5)
    usable = likeness[: size * 2 // 3]
    if not len(falls) or falls[0] >= len(usable):
        return None
    best = float(usable[falls[0] :].max())
    if best < 0.8:
        return None
    peak = int(falls[0] + np.flatnonzero(usable[falls[0] :] >= best - 0.02)[0])
    while peak + 1 < len(usable) and usable[peak + 1] > usable[peak]:
        peak += 1
    left, middle, right = (float(likeness[min(peak + step, size - 1)]) for step in (-1, 0, 1))
    bend = left - 2 * middle + right
    shift = 0.5 * (left - right) / bend if bend < 0 else 0.0
    return float(per_second / (peak + shift))
