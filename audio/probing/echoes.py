"""Echoes: where an impulse comes back, and how strong."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]

_REACH = 4
"""Samples on each side of an echo that belong to it, where it falls between two samples."""


class Echo(NamedTuple):
    """One return of an impulse."""

    samples: float
    """How late."""
    level: float
    """Sum of its samples: the gain of a low tone."""


def echoes_in(answer: Reals, floor: float) -> list[Echo]:
    """The echoes in what came of an impulse of full scale.

    Args:
        answer: (frames,).
        floor: peaks below this size are none.
    """
    found: list[Echo] = []
    size = np.abs(answer)
    at = 0
    while at < len(answer):
        if size[at] < floor:
            at += 1
            continue
        low = max(0, at - _REACH)
        near = size[low : at + 2 * _REACH + 1]
        peak = low + int(np.argmax(near))
        part = slice(max(0, peak - _REACH), peak + _REACH + 1)
        places, values = np.arange(part.start, part.start + len(answer[part])), answer[part]
        total = float(values.sum())
        middle = float((places * values).sum() / total) if abs(total) > 1e-12 else float(peak)
        found.append(Echo(middle, total))
        at = peak + _REACH + 1
    return found
