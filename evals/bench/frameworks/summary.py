"""From the turns of all contestants to medians, figures at some turns, and ratios."""

import statistics
from collections.abc import Callable, Mapping, Sequence

from evals.bench.frameworks.job import Turn

MARKS = (1, 20)
"""Turns of one thread at which tokens and checkpoints are told, beside the last one."""

WARM = 3
"""First turns, which medians leave out: files are opened, modules are read."""

WINDOW = 10
"""Turns whose median stands for the last of them, where processor time is told."""

Figures = dict[str, float]


def summary(turns: Sequence[Turn]) -> Figures:
    """What one contestant's turns cost.

    Args:
        turns: in their order, more than ``WARM`` of them.
    """

    def median(of: Callable[[Turn], float], some: Sequence[Turn]) -> float:
        return round(statistics.median(map(of, some)), 2)

    warm = turns[WARM:]
    figures = {
        "model_calls": median(lambda one: one.calls, warm),
        "supersteps": median(lambda one: one.supersteps, warm),
        "overhead_cpu_ms": median(lambda one: one.cpu_ms, warm),
        "of_it_instruments_ms": median(lambda one: one.instruments_ms, warm),
        "of_it_embedding_ms": median(lambda one: one.embedding_ms, warm),
        "of_it_all_else_ms": median(own_ms, warm),
        "indexing_after_the_answer_ms": median(lambda one: one.afterwards_ms, warm),
    }
    marks = sorted({*(one for one in MARKS if one <= len(turns)), len(turns)})
    for name, exactly in _EXACT.items():
        figures |= {f"{name}_turn_{mark}": exactly(turns[mark - 1]) for mark in marks}
    for name, of in _TIMES.items():
        figures |= {
            f"{name}_turn_{mark}": median(of, turns[max(0, mark - WINDOW) : mark]) for mark in marks
        }
    return figures


def own_ms(turn: Turn) -> float:
    """Processor time of a turn beside models, instruments and embedding."""
    return turn.cpu_ms - turn.instruments_ms - turn.embedding_ms


_EXACT: dict[str, Callable[[Turn], float]] = {
    "tokens_sent": lambda one: one.tokens,
    "checkpoint_bytes_written": lambda one: one.written_bytes,
    "checkpoint_bytes_held": lambda one: one.held_bytes,
}
_TIMES: dict[str, Callable[[Turn], float]] = {
    "of_it_all_else_ms": own_ms,
    "of_it_checkpoints_ms": lambda one: one.checkpoint_ms,
}


def ratios(figures: Mapping[str, Figures], to: str) -> dict[str, Figures]:
    """Every contestant's figures over those of one of them, where neither is 0."""
    base = figures[to]
    return {
        name: {
            key: round(value / base[key], 3) for key, value in one.items() if value and base[key]
        }
        for name, one in figures.items()
        if name != to
    }


def more_tokens_from(ours: Sequence[Turn], theirs: Sequence[Turn]) -> int | None:
    """The first turn from which on another contestant always sent more tokens than we did.

    Returns:
        None where it sent fewer, or as many, in the last turn.
    """
    fewer = [at for at, (one, other) in enumerate(zip(ours, theirs, strict=True), 1)
             if other.tokens <= one.tokens]  # fmt: skip
    first = fewer[-1] + 1 if fewer else 1
    return first if first <= len(ours) else None
