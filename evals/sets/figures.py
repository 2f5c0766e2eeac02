"""Scores with their noise: a share over a set's items, and how far chance alone may move it."""

import math
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict


class Figure(BaseModel):
    """One score of a set."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    score: float
    """Share, 0..1: all hits over all that there was to hit."""
    noise: float
    """Standard error of the score over the items."""
    n: int
    """Items that it is of."""


def figure_of(counts: Sequence[tuple[float, float]]) -> Figure | None:
    """The share of hits over some items, with its standard error; None where nothing counts.

    The error is that of a ratio of sums (Cochran, Sampling Techniques, 1977, ch. 6): for items that
    count one each it is the binomial one. So that a perfect score of few items is not taken for
    certain, it never falls below the binomial error of the share with one more hit and one more
    miss, as far as that is less than one item's worth.

    Args:
        counts: hits and how many there could be, of each item.
    """
    held = [(hits, of) for hits, of in counts if of > 0]
    n, whole = len(held), sum(of for _, of in held)
    if not held:
        return None
    score = sum(hits for hits, _ in held) / whole
    square = sum((hits - score * of) ** 2 for hits, of in held)
    spread = math.sqrt(square * n / (n - 1)) / whole if n > 1 else 0.0
    careful = (score * n + 1) / (n + 2)
    least = math.sqrt(careful * (1 - careful) / (n + 2))
    return Figure(score=score, noise=max(spread, min(least, 1 / (n + 1))), n=n)
