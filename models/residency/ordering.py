"""In which order independent uses of models cost the fewest loads, when what follows is known.

Dynamic programming over stages: the state is the set of loaded models, a step is one use, and a
load may let go of any smallest set of others that makes room for it. Exact; meant for the handful
of models that one machine has.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, permutations
from typing import NamedTuple

from models.residency.words import Footprint

Loaded = frozenset[str]
Cost = Callable[[Footprint], float]


class Way(NamedTuple):
    """A course of uses."""

    cost: float
    order: tuple[tuple[str, ...], ...]
    """The models of each stage, in the order in which they are to be used."""


def load_seconds(footprint: Footprint) -> float:
    """What a load costs by its time."""
    return footprint.load_seconds


def fewest_loads(
    stages: Sequence[frozenset[str]],
    loaded: Loaded,
    footprints: Mapping[str, Footprint],
    budget: int,
    cost: Cost = load_seconds,
) -> Way:
    """The cheapest order of uses: within a stage any, one stage after another.

    Args:
        stages: the models of each; models that don't fit alone are left out.
        loaded: what is loaded now.
        footprints: what each model takes.
        budget: bytes that models may take together.
        cost: what one load costs; by default its seconds.
    """
    ways: dict[Loaded, Way] = {loaded: Way(0.0, ())}
    for stage in stages:
        fitting = frozenset(one for one in stage if footprints[one].bytes <= budget)
        after: dict[Loaded, Way] = {}
        for held, way in ways.items():
            for order, left, price in _stage(held, fitting, footprints, budget, cost):
                found = Way(way.cost + price, (*way.order, order))
                if left not in after or found.cost < after[left].cost:
                    after[left] = found
        ways = after
    return min(ways.values(), key=lambda way: way.cost)


def _stage(
    loaded: Loaded,
    stage: frozenset[str],
    footprints: Mapping[str, Footprint],
    budget: int,
    cost: Cost,
) -> Iterator[tuple[tuple[str, ...], Loaded, float]]:
    """Every sensible order of one stage, what is loaded after it, and what its loads cost.

    What is loaded already comes first: that costs nothing and makes nothing else dearer.
    """
    first, others = tuple(sorted(stage & loaded)), sorted(stage - loaded)
    for rest in permutations(others):
        ends: dict[Loaded, float] = {loaded: 0.0}
        for name in rest:
            after: dict[Loaded, float] = {}
            for held, price in ends.items():
                for left in _rooms(held, footprints[name], footprints, budget):
                    total = price + cost(footprints[name])
                    after[left] = min(total, after.get(left, total))
            ends = after
        for left, price in ends.items():
            yield (*first, *rest), left, price


def _rooms(
    loaded: Loaded, wanted: Footprint, footprints: Mapping[str, Footprint], budget: int
) -> Iterator[Loaded]:
    """What may be loaded once a model is: no more is let go than has to be."""
    lacking = wanted.bytes + sum(footprints[one].bytes for one in loaded) - budget
    if lacking <= 0:
        yield loaded | {wanted.name}
        return
    minimal: list[frozenset[str]] = []
    for size in range(1, len(loaded) + 1):
        for chosen in map(frozenset, combinations(sorted(loaded), size)):
            enough = sum(footprints[one].bytes for one in chosen) >= lacking
            if enough and not any(one <= chosen for one in minimal):
                minimal.append(chosen)
                yield (loaded - chosen) | {wanted.name}
