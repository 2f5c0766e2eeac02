"""The best single line through notes that were heard: a solo, a melody, or a bass.

A line is a chain of notes of which none begins with another; where the next begins before the last
has ended, the last is cut. The chain with the most weight, less the cost of its leaps, is found by
dynamic programming.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from audio.transcribing.notes import HeardNote

Doubles = NDArray[np.float64]

_TOGETHER_SECONDS = 0.045
"""Notes that begin closer than this begin together."""
_BEFORE = 64
"""How many earlier notes are tried as the one before."""
_LEAP_COST = 0.012
"""Of a semitone, against a note of full strength that lasts a second."""
_CUT_COST = 1.0
"""Of the share of a note's weight that a cut takes away."""


def best_line(notes: Sequence[HeardNote], weights: Doubles) -> tuple[HeardNote, ...]:
    """Choose the chain of notes with the most weight.

    Args:
        notes: by start.
        weights: what each note adds when it is in the line, > 0: (notes,).
    """
    if not notes:
        return ()
    starts, ends = (np.array([getattr(one, side) for one in notes]) for side in ("start", "end"))
    pitches = np.array([one.pitch for one in notes], dtype=np.float64)
    total, before = weights.astype(np.float64).copy(), np.full(len(notes), -1)
    for here in range(1, len(notes)):
        first = max(0, here - _BEFORE)
        last = int(np.searchsorted(starts, starts[here] - _TOGETHER_SECONDS))
        if last <= first:
            continue
        tried = slice(first, last)
        leaps = _LEAP_COST * np.minimum(np.abs(pitches[tried] - pitches[here]), 12)
        left = np.clip(ends[tried] - starts[here], 0, None) / (ends[tried] - starts[tried])
        gains = total[tried] - leaps - _CUT_COST * weights[tried] * left
        best = int(gains.argmax())
        if gains[best] > 0:
            total[here] += gains[best]
            before[here] = first + best
    at, chain = int(total.argmax()), []
    while at >= 0:
        chain.append(notes[at])
        at = int(before[at])
    return _without_overlap(chain[::-1])


def _without_overlap(chain: list[HeardNote]) -> tuple[HeardNote, ...]:
    """End each note at the latest where the next begins."""
    cut = [
        one.model_copy(update={"end": min(one.end, after.start)}) for one, after in pairwise(chain)
    ]
    return (*cut, chain[-1])
