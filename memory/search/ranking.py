"""How well entries fit what is sought: words and meaning fused, spread over a conversation, timed.

Each step keeps scores within 0..1.
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from memory.search.lookup import Beside

WORDS = 0.5
"""Weight of the words in the fusion; the rest is that of the meaning."""

REACH = 2
"""Turns before and after one that fits that may be meant too."""

FADE = 0.5
"""What a turn lends to the next one, and so on; to those before it half as much, since an answer
follows its question."""

ELSEWHEN = 0.5
"""What is left of the score of an entry that is not of the time that was named."""

Scores = dict[int, float]
"""By the number of the entry, 0..1."""


def fused(
    words: Mapping[int, float],
    vectors: Mapping[int, NDArray[np.float32] | None],
    sought: NDArray[np.float32] | None,
) -> Scores:
    """A convex combination of both scores, each relative to the best of its kind.

    Bruch, Gai and Ingber (An Analysis of Fusion Functions for Hybrid Retrieval, TOIS 2023) find it
    better than rank fusion. An entry that has no vector is judged by its words alone.

    Args:
        words: BM25 by entry.
        vectors: the candidates, each with its vector of unit length, shape (dimensions,).
        sought: the vector of what is sought; None when there is no embedder.
    """
    by_words = _relative({number: words.get(number, 0.0) for number in vectors})
    if sought is None:
        return by_words
    held = {number: vector for number, vector in vectors.items() if vector is not None}
    rows = np.concatenate([*held.values()]) if held else np.zeros(0, np.float32)
    closeness = rows.reshape(len(held), sought.size) @ sought
    meaning = _relative(dict(zip(held, closeness.tolist(), strict=True)))
    return {
        number: WORDS * score + (1 - WORDS) * meaning[number] if number in meaning else score
        for number, score in by_words.items()
    }


def spread(scores: Mapping[int, float], beside: Mapping[int, Beside]) -> Scores:
    """Let each turn lend to those around it, which may hold what it asks or speaks of.

    Scores combine by noisy-or (Pearl, Probabilistic Reasoning in Intelligent Systems, 1988). An
    entry that has nothing in common with what is sought gets nothing.
    """
    left = {number: 1 - score for number, score in scores.items() if score > 0}
    for number, around in beside.items():
        for side, weight in ((around.after, FADE), (around.before, FADE / 2)):
            for steps, other in enumerate(side):
                if other in left:
                    left[other] *= 1 - weight * FADE**steps * scores.get(number, 0.0)
    return {number: 1 - rest for number, rest in left.items()}


def timed(scores: Mapping[int, float], meant: Collection[int]) -> Scores:
    """Prefer entries of the time that was named."""
    return {
        number: score * (1.0 if number in meant else ELSEWHEN) for number, score in scores.items()
    }


def best_of(scores: Mapping[int, float], limit: int) -> Sequence[int]:
    """The entries of the highest scores, best first; of equal ones the newest first."""
    return sorted(scores, key=lambda number: (scores[number], number), reverse=True)[:limit]


def _relative(scores: Mapping[int, float]) -> Scores:
    """Scores from 0 to 1, which is the best one; negative ones are 0."""
    best = max(scores.values(), default=0.0)
    return {number: max(score, 0.0) / best if best > 0 else 0.0 for number, score in scores.items()}
