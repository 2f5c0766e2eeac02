"""The boss against the instruments' planner, on the same labelled requests.

``python -m evals.planning --model ollama:deepseek-r1:14b [--dataset FILE] [--most N]`` prints
``name value`` lines for both: exact agent sets, right questions, and of the plans' tasks how many
have all that they need; for the boss also what it cost and how often the instruments stood in. The
data sets are those of ``evals.routing``. Figures of a ``scripted:`` model are labelled so: they
prove plumbing, not judgement.
"""

import argparse
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from agents.boss.archive import ProjectArchive
from agents.boss.boss import Boss
from agents.boss.checking import check_plan
from agents.boss.forms import PlanForm
from agents.boss.planner import BossPlanner
from agents.supervisor import Supervisor
from audio.aspects import PROFILE
from evals.routing import DATASET, Labelled, context_of, load
from grym_synth.settings import Settings
from memory.context import AGENTS, Plan, ProjectContext, Task, Thought
from memory.repository import Repository
from memory.store import GrymStore
from models.base import ChatModel
from models.chat import open_chat_model

MOST_TASKS = 8


@dataclass(frozen=True)
class Outcome:
    """One request, what was planned for it, and what that took."""

    labelled: Labelled
    context: ProjectContext
    plan: Plan
    seconds: float
    thoughts: tuple[Thought, ...] = ()
    stood_in: bool = False
    """Whether the instruments' plan took the place of the model's."""

    @property
    def agents(self) -> frozenset[str]:
        """Who works."""
        return frozenset(task.agent for task in self.plan.tasks)

    @property
    def exact(self) -> bool:
        """Whether they are those of the label."""
        return self.agents == frozenset(self.labelled.agents)

    @property
    def asks_right(self) -> bool:
        """Whether it asks back exactly when it should."""
        return bool(self.plan.asks) == self.labelled.asks

    @property
    def valid(self) -> bool:
        """Whether checking the plan against itself finds no fault."""
        _, verdict = check_plan(PlanForm(), self.context, self.plan, MOST_TASKS)
        return not verdict.faults and all(map(_is_sound, self.plan.tasks))

    @property
    def needs_known(self) -> bool:
        """Whether every need is a task that comes before it."""
        ids = [task.id for task in self.plan.tasks]
        return all(need in ids for task in self.plan.tasks for need in task.needs)


def planned_by_instruments(requests: Sequence[Labelled]) -> list[Outcome]:
    """Every request planned without a model."""
    supervisor = Supervisor(MOST_TASKS)
    outcomes = []
    for labelled in requests:
        context, began = context_of(labelled), time.perf_counter()
        plan = supervisor.plan(context)
        outcomes.append(Outcome(labelled, context, plan, time.perf_counter() - began))
    return outcomes


def planned_by_boss(
    requests: Sequence[Labelled], model: ChatModel, settings: Settings
) -> list[Outcome]:
    """Every request planned by a model on top of the instruments' draft, each in a new project."""
    repository, outcomes = Repository(GrymStore()), list[Outcome]()
    for number, labelled in enumerate(requests):
        context = context_of(labelled).model_copy(update={"project": f"request {number}"})
        repository.ensure_project(context.project)
        repository.add_assets(context.project, context.assets)
        boss, began = Boss(model, settings.model_seconds), time.perf_counter()
        archive, most = ProjectArchive(repository), settings.package_tokens.supervisor
        plan = BossPlanner(boss, archive, Supervisor(MOST_TASKS), most).plan(context, MOST_TASKS)
        took = time.perf_counter() - began
        stood_in = bool(boss.degraded)
        outcomes.append(Outcome(labelled, context, plan, took, tuple(boss.thoughts), stood_in))
    return outcomes


def report(name: str, outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The figures of one planner.

    Args:
        name: begins every line.
        outcomes: what it planned.
    """
    tasks = [task for one in outcomes for task in one.plan.tasks]
    builds = [task for task in tasks if task.agent == "coder" and task.operations]
    shares = {
        "exact": [one.exact for one in outcomes],
        "asks": [one.asks_right for one in outcomes],
        "both": [one.exact and one.asks_right for one in outcomes],
        "valid": [one.valid for one in outcomes],
        "needs": [one.needs_known for one in outcomes],
        "reasons": [bool(task.reason) for task in tasks],
        "builds_with_criteria": [bool(task.criteria) for task in builds],
    }
    for figure, held in shares.items():
        yield f"{name}_{figure} {sum(held) / max(len(held), 1):.3f}"
    for agent in AGENTS:
        said = sum(agent in one.agents for one in outcomes)
        true = sum(agent in one.labelled.agents for one in outcomes)
        both = sum(agent in one.agents and agent in one.labelled.agents for one in outcomes)
        yield f"{name}_{agent}_precision {both / max(said, 1):.3f}"
        yield f"{name}_{agent}_recall {both / max(true, 1):.3f}"
    yield f"{name}_seconds_median {statistics.median(one.seconds for one in outcomes):.3f}"


def costs(name: str, outcomes: Sequence[Outcome]) -> Iterator[str]:
    """What the model was asked and how much of it came to nothing."""
    asked = [one for one in outcomes if one.thoughts]
    count = max(len(asked), 1)
    yield f"{name}_asked {len(asked)}"
    yield f"{name}_instruments_stood_in {sum(one.stood_in for one in outcomes)}"
    yield f"{name}_questions_each {sum(len(one.thoughts) for one in asked) / count:.2f}"
    for figure in ("tokens_in", "tokens_out"):
        total = sum(int(getattr(thought, figure)) for one in asked for thought in one.thoughts)
        yield f"{name}_{figure}_each {total / count:.0f}"


def misses(name: str, outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The requests that were planned otherwise than labelled."""
    for one in outcomes:
        if not (one.exact and one.asks_right):
            wanted = ",".join(sorted(one.labelled.agents)) + ("?" if one.labelled.asks else "")
            got = ",".join(sorted(one.agents)) + ("?" if one.plan.asks else "")
            yield f"{name} want [{wanted}] got [{got}]: {one.labelled.request}"


def _is_sound(task: Task) -> bool:
    """Whether a task has a reason, and each of its conditions an instrument."""
    return bool(task.reason) and all(one.aspect in PROFILE for one in task.criteria)


def main() -> None:
    """Print the figures of a data set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, help="such as ollama:deepseek-r1:14b")
    parser.add_argument("--dataset", type=Path, default=DATASET)
    parser.add_argument("--most", type=int, help="only so many requests, spread over the set")
    parser.add_argument("--misses", action="store_true")
    arguments = parser.parse_args()
    settings = Settings()
    model = open_chat_model(arguments.model, settings)
    requests = load(arguments.dataset)
    if arguments.most:
        requests = requests[:: max(1, len(requests) // arguments.most)][: arguments.most]
    name = "scripted" if arguments.model.startswith("scripted:") else "boss"
    print(f"model {model.name}")
    print(f"requests {len(requests)}")
    outcomes = {
        "instruments": planned_by_instruments(requests),
        name: planned_by_boss(requests, model, settings),
    }
    for who, held in outcomes.items():
        print("\n".join(report(who, held)))
    print("\n".join(costs(name, outcomes[name])))
    if arguments.misses:
        for who, held in outcomes.items():
            print("\n".join(misses(who, held)))


if __name__ == "__main__":
    main()
