"""Which tasks a turn has, which can run now, which go back with their numbers, which never can."""

from collections.abc import Callable, Iterator

from agents.coding.assigning import with_places
from agents.supervisor import Supervisor
from memory.context import Plan, ProjectContext, Task

MAX_ATTEMPTS = 2
"""Most times one task is tried: once, and once more with its numbers moved by what it missed."""


Refine = Callable[[ProjectContext, Plan, int], Plan]
"""Makes a better plan of a draft, for a context and at most so many tasks."""


def plan_turn(
    supervisor: Supervisor,
    context: ProjectContext,
    max_tasks: int,
    refine: Refine | None = None,
) -> Plan:
    """The turn's plan, with what the thread's last turn left waiting or unfinished.

    A request that waits goes on when a message brings what was missing, or says nothing itself;
    another request leaves it. Tasks of a request that asks back wait for the answer.

    Args:
        supervisor: plans on instruments.
        context: the turn's context.
        max_tasks: most tasks.
        refine: who improves that plan; by default nobody.
    """
    plan = _answering(supervisor, context, max_tasks)
    if refine is not None:
        goes_on = plan.request != context.request
        about = context if goes_on else context.model_copy(update={"waiting": ""})
        plan = refine(about, plan, max_tasks)
    plan = with_places(plan)
    status = "waiting" if plan.asks else "planned"
    known = {task.id for task in context.unfinished}
    fresh = (
        task.model_copy(update={"status": status}) for task in plan.tasks if task.id not in known
    )
    return plan.model_copy(update={"tasks": (*context.unfinished, *fresh)})


def _answering(supervisor: Supervisor, context: ProjectContext, max_tasks: int) -> Plan:
    alone = context.model_copy(update={"waiting": ""})
    plan = supervisor.plan(alone, max_tasks).model_copy(update={"request": context.request})
    if not context.waiting:
        return plan
    both = f"{context.waiting}\n{context.request}".strip()
    resumed = supervisor.plan(context, max_tasks).model_copy(update={"request": both})
    said = (plan.tasks, plan.settings, plan.recalls, plan.facts, plan.terms, plan.answers)
    says_nothing = not (any(said) or plan.undoes)
    brings = not resumed.asks and (context.attached or says_nothing)
    return resumed if brings or not context.request.strip() else plan


def ready(tasks: tuple[Task, ...]) -> tuple[Task, ...]:
    """The planned tasks whose needs are done, most urgent first."""
    done = {task.id for task in tasks if task.status == "done"}
    waiting = (task for task in tasks if task.status == "planned" and done.issuperset(task.needs))
    return tuple(sorted(waiting, key=lambda task: task.priority))


def rounds_of(tasks: tuple[Task, ...]) -> Iterator[tuple[Task, ...]]:
    """The tasks that can run together, round after round, if all goes well."""
    while now := ready(tasks):
        yield now
        ended = {task.id for task in now}
        tasks = tuple(
            task.model_copy(update={"status": "done"}) if task.id in ended else task
            for task in tasks
        )


def retry(tasks: tuple[Task, ...]) -> tuple[Task, ...]:
    """Put tasks back whose result missed a criterion and that can do better another time."""
    return tuple(
        task.model_copy(update={"status": "planned"}) if _can_improve(task) else task
        for task in tasks
    )


def skip_unreachable(tasks: tuple[Task, ...], rounds_left: int) -> tuple[Task, ...]:
    """Skip planned tasks whose needs can't be met any more, or for which no round is left."""
    skipped = tasks
    while True:
        dead = {task.id for task in skipped if task.status in ("failed", "skipped", "not_met")}
        known = {task.id for task in skipped}
        following = tuple(
            _skip(task, rounds_left, known, dead) if task.status == "planned" else task
            for task in skipped
        )
        if following == skipped:
            return skipped
        skipped = following


def _skip(task: Task, rounds_left: int, known: set[str], dead: set[str]) -> Task:
    if lost := dead.intersection(task.needs) | (set(task.needs) - known):
        why = f"it needs the result of {len(lost)} other task(s) that did not come"
    elif rounds_left <= 0:
        why = "the turn's budget of rounds was used up before it"
    else:
        return task
    return task.model_copy(update={"status": "skipped", "why": why})


def _can_improve(task: Task) -> bool:
    """A build whose measured numbers missed can compensate; looking and listening can't."""
    missed = any(criterion.met is False for criterion in task.criteria)
    return (
        task.agent == "coder"
        and task.status == "not_met"
        and missed
        and task.order is None
        and not task.why
        and task.rounds < MAX_ATTEMPTS
    )
