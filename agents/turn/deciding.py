"""The supervisor's decisions in a turn: the plan, and what becomes of it after each round."""

import time
from dataclasses import dataclass

from agents.boss.adjusting import adjusted, changes_text
from agents.boss.archive import ProjectArchive
from agents.boss.boss import Boss, signed
from agents.boss.planner import BossPlanner
from agents.remembering.history import planned, revised, weighed
from agents.remembering.undoing import undone
from agents.supervisor import Supervisor
from agents.turn.scheduling import plan_turn, retry, skip_unreachable
from memory.context import Plan, ProjectContext, Task
from memory.repository import Repository


@dataclass(frozen=True)
class Limits:
    """How much one turn may do."""

    rounds: int
    tasks: int


def make_plan(
    context: ProjectContext,
    supervisor: Supervisor,
    repository: Repository,
    boss: Boss | None,
    limits: Limits,
    package_tokens: int,
) -> Plan:
    """The turn's plan, with its tasks; it is kept in the processing history.

    Args:
        context: the turn's context.
        supervisor: drafts on instruments.
        repository: the project memory.
        boss: improves the draft; None leaves it.
        limits: how much the turn may do.
        package_tokens: most tokens of the context that the boss is handed.
    """
    began, refine = time.monotonic(), None
    if boss is not None and context.order is None:
        archive = ProjectArchive(repository)
        refine = BossPlanner(boss, archive, supervisor, package_tokens).refine
    plan = undone(plan_turn(supervisor, context, limits.tasks, refine), repository, context)
    tasks = skip_unreachable(plan.tasks, rounds_left=limits.rounds)
    step = planned(context, plan, tasks, time.monotonic() - began)
    repository.add_interactions(context.project, (signed(step, boss),))
    return plan.model_copy(update={"tasks": tasks})


def decide_on(
    context: ProjectContext,
    tasks: tuple[Task, ...],
    repository: Repository,
    boss: Boss | None,
    round_: int,
    rounds_left: int,
) -> tuple[Task, ...]:
    """The tasks after a round: some go back with their numbers, some can't be done any more.

    Args:
        context: the turn's context.
        tasks: the tasks as they were judged.
        repository: keeps the decision.
        boss: knows other steps where no rule does; None where there is no model.
        round_: the number of the round that has ended.
        rounds_left: how many may follow; none is tried again without one.
    """
    after = retry(tasks) if rounds_left > 0 else tasks
    if boss is not None:
        after = adjusted(boss, context, after)
    after = skip_unreachable(after, rounds_left)
    steps = revised(context, tasks, after, round_)
    if boss is not None and boss.thoughts and not steps:
        steps = (weighed(context, round_),)
    changes = changes_text(tasks, after)
    repository.add_interactions(context.project, [signed(one, boss, changes) for one in steps])
    return after
