"""The cheapest way through layers of choices, by dynamic programming (Viterbi's method)."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

T = TypeVar("T")


def cheapest(
    layers: Sequence[Sequence[T]], lone: Callable[[T], float], move: Callable[[T, T], float]
) -> tuple[T, ...]:
    """Choose one of each layer so that all costs together are least; of equal ways the first.

    Args:
        layers: the choices at each place, none of them empty.
        lone: what a choice costs by itself.
        move: what it costs to go from one choice to the next layer's.
    """
    if not layers:
        return ()
    costs = [lone(one) for one in layers[0]]
    came: list[list[int]] = []
    for before, here in pairwise(layers):
        row, back = [], []
        for choice in here:
            ways = [cost + move(one, choice) for one, cost in zip(before, costs, strict=True)]
            best = min(range(len(ways)), key=ways.__getitem__)
            row.append(ways[best] + lone(choice))
            back.append(best)
        costs = row
        came.append(back)
    place = min(range(len(costs)), key=costs.__getitem__)
    path = [layers[-1][place]]
    for layer, back in zip(reversed(layers[:-1]), reversed(came), strict=True):
        place = back[place]
        path.append(layer[place])
    return tuple(reversed(path))
