"""How often models are loaded: the residency manager's books against the optimum and against LRU.

``python -m evals.residency [--dataset FILE] [--turns N]`` plans every request of a data set (those
of ``evals.routing``), makes sessions of N turns of them, and plays what their models would be asked
for on devices of several sizes. Nothing is loaded: sizes and load times are those of the models
that the roles have by default. The optimum knows the whole session and is computed offline; LRU
lets go of what was used longest ago and knows no plan. One line for each device: loads of the
three, and the ratio to the optimum.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from agents.supervisor import Supervisor
from agents.turn.scheduling import rounds_of
from evals.routing import DATASET, Labelled, context_of, load
from models.residency.ledger import Ledger
from models.residency.ordering import fewest_loads
from models.residency.words import GIB, Footprint, Ticket

Stages = list[frozenset[str]]
"""What one turn uses: models of one stage in any order, one stage after another."""

MODELS: Mapping[str, Footprint] = {
    one.name: one
    for one in (
        Footprint("supervisor", int(11.4 * GIB), 12.0),
        Footprint("gama", int(6.8 * GIB), 9.0),
        Footprint("qwen_vl", int(8.1 * GIB), 10.0),
        Footprint("coder", int(11.4 * GIB), 12.0),
    )
}
"""DeepSeek-R1 14b and Qwen2.5-Coder 14b (Q4_K_M, 8k window), GAMA and Qwen2.5-VL 7B (NF4)."""

DEVICES = (12, 16, 20, 24, 32)
"""GiB that models may take."""


def turn_of(labelled: Labelled) -> Stages:
    """The models of one turn: the supervisor plans, judges each round, and answers."""
    stages = [frozenset({"supervisor"})]
    for now in rounds_of(Supervisor().plan(context_of(labelled)).tasks):
        stages += [frozenset(one.agent for one in now), frozenset({"supervisor"})]
    return stages


def sessions(labelled: Sequence[Labelled], turns: int) -> Iterator[list[Stages]]:
    """Turns that follow one another."""
    for start in range(0, len(labelled), turns):
        yield [turn_of(one) for one in labelled[start : start + turns]]


def managed(session: Sequence[Stages], budget: int) -> int:
    """Loads of the books, with what each turn's plan says that it needs."""
    ledger, loads, number = Ledger(budget), 0, 0
    for stages in session:
        for index in range(len(stages)):
            way = fewest_loads(stages[index:], frozenset(ledger.held), MODELS, budget)
            ledger.habits.expect(name for order in way.order for name in order)
            for name in way.order[0]:
                number += 1
                loads += _use(ledger, MODELS[name], number)
    return loads


def by_recency(session: Sequence[Stages], budget: int) -> int:
    """Loads where what was used longest ago makes room, and tasks come in the plan's order."""
    held: list[str] = []
    loads = 0
    for name in (name for stages in session for stage in stages for name in sorted(stage)):
        if name in held:
            held.remove(name)
        elif MODELS[name].bytes <= budget:
            loads += 1
            while sum(MODELS[one].bytes for one in held) + MODELS[name].bytes > budget:
                held.pop(0)
        else:
            continue
        held.append(name)
    return loads


def optimum(session: Sequence[Stages], budget: int) -> int:
    """The fewest loads, for one who knows the whole session."""
    stages = [stage for turn in session for stage in turn]
    return round(fewest_loads(stages, frozenset(), MODELS, budget, lambda one: 1.0).cost)


def _use(ledger: Ledger, model: Footprint, number: int) -> int:
    """Ask for a model until it answers, and let it go; 1 if it had to be loaded."""
    ticket, loads = Ticket(number, model), 0
    if not ledger.fits(ticket):
        return 0
    ledger.ask(ticket)
    while steps := ledger.steps():
        for step in steps:
            if step.do == "load":
                loads += 1
                ledger.loaded(step.name)
            elif step.do == "unload":
                ledger.gone(step.name)
    ledger.release(number)
    return loads


def main() -> None:
    """Print a line for each size of device."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dataset", type=Path, default=DATASET)
    parser.add_argument("--turns", type=int, default=12, help="turns of one session")
    given = parser.parse_args()
    played = [*sessions(load(given.dataset), given.turns)]
    print("GiB  uses  managed  optimum  lru  managed/optimum  lru/optimum")
    uses = sum(len(stage) for session in played for turn in session for stage in turn)
    for size in DEVICES:
        budget = size * GIB
        ours = sum(managed(one, budget) for one in played)
        best = sum(optimum(one, budget) for one in played)
        old = sum(by_recency(one, budget) for one in played)
        print(
            f"{size:3d}  {uses:4d}  {ours:7d}  {best:7d}  {old:3d}  {ours / best:15.3f}"
            f"  {old / best:11.3f}"
        )


if __name__ == "__main__":
    main()
