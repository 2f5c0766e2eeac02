import random
from collections.abc import Mapping, Sequence
from itertools import combinations, permutations, product
from pathlib import Path

import pytest

from evals.residency import by_recency, managed, optimum, sessions
from evals.routing import load
from models.residency.ordering import fewest_loads
from models.residency.words import GIB, Footprint


def brute_force(
    stages: Sequence[frozenset[str]], models: Mapping[str, Footprint], budget: int
) -> float:
    """The cheapest of all orders and all ways to make room, one use after another."""
    best = float("inf")
    for orders in product(*(permutations(sorted(stage)) for stage in stages)):
        ways = {frozenset[str](): 0.0}
        for name in (name for order in orders for name in order):
            after: dict[frozenset[str], float] = {}
            for held, cost in ways.items():
                for size in range(len(held) + 1):
                    for kept in map(frozenset, combinations(sorted(held), size)):
                        left = kept | {name}
                        total = cost + (0 if name in held else models[name].load_seconds)
                        if sum(models[one].bytes for one in left) <= budget:
                            after[left] = min(total, after.get(left, total))
            ways = after
        best = min([best, *ways.values()])
    return best


def test_the_order_found_is_as_cheap_as_the_best_of_all_orders() -> None:
    chance = random.Random(3)
    for _ in range(60):
        budget = chance.randint(8, 24)
        models = {
            name: Footprint(name, chance.randint(1, budget), chance.randint(1, 9))
            for name in "abcd"
        }
        stages = [
            frozenset(chance.sample("abcd", chance.randint(1, 3)))
            for _ in range(chance.randint(1, 4))
        ]
        way = fewest_loads(stages, frozenset(), models, budget)
        assert way.cost == pytest.approx(brute_force(stages, models, budget))


def test_independent_tasks_begin_with_the_model_that_is_loaded() -> None:
    models = {name: Footprint(name, 8 * GIB, 5.0) for name in ("boss", "gama", "coder")}
    stages = [frozenset({"boss", "gama", "coder"}), frozenset({"boss"})]
    way = fewest_loads(stages, frozenset({"gama"}), models, 10 * GIB)
    assert way.order[0][0] == "gama"
    assert way.order[0][-1] == "boss"
    assert way.cost == 10.0


def test_recorded_plans_cost_hardly_more_loads_than_the_optimum_and_far_fewer_than_lru() -> None:
    datasets = Path(__file__).parents[4] / "evals" / "datasets"
    ours = best = old = 0
    for name in ("routing", "routing_unseen"):
        for session in sessions(load(datasets / f"{name}.jsonl"), 12):
            for size in (20, 24, 32):
                ours += managed(session, size * GIB)
                best += optimum(session, size * GIB)
                old += by_recency(session, size * GIB)
    assert ours <= 1.1 * best
    assert ours <= 0.9 * old
