"""Is a plan sound? What is unambiguous is repaired; the rest goes back to its author.

A plan holds only files, instruments and aspects that there are, no circle of needs, no task
without a reason, no condition without an instrument, and no more tasks than allowed. It starts from
the draft of the instruments: what it neither takes over nor drops stays, and what the user stated
in numbers holds.
"""

from collections.abc import Iterable, Sequence

from agents.boss.asking_back import asks_of
from agents.boss.aspects import aspects_named
from agents.boss.files import Files
from agents.boss.forms import PlanForm
from agents.boss.needs import circles, in_order, needs_of
from agents.boss.tasks import Draft, Planned, planned_task
from agents.boss.verdict import Verdict
from agents.remembering.recollection import SETTINGS
from memory.context import Plan, ProjectContext, Task, content_id

TOPICS = (*SETTINGS, "history", "recommendation")
"""What memory can be asked for beside aspects."""


def check_plan(
    form: PlanForm, context: ProjectContext, draft: Plan, limit: int
) -> tuple[Plan, Verdict]:
    """The plan that a decision means, and what is wrong with it or was repaired.

    Args:
        form: the decision.
        context: what the project knows.
        draft: the plan of the instruments.
        limit: most tasks.
    """
    verdict, files = Verdict(), Files.of(context.assets)
    drafts = Draft.of(draft, context)
    planned = [
        planned_task(one, number, drafts, files, verdict)
        for number, one in enumerate(form.tasks, 1)
    ]
    planned += _restored(form, drafts, planned, verdict)
    tasks = _tasks(context, _once(planned, verdict), verdict)
    if len(tasks) > limit:
        verdict.fault("tasks", f"{len(tasks)} are more than the {limit} that one turn may have")
    plan = draft.model_copy(
        update={
            "tasks": tasks,
            "asks": asks_of(form, draft, tasks, files, verdict),
            "recalls": _recalls(form, draft, context, verdict),
        }
    )
    return plan, verdict


def _restored(
    form: PlanForm, draft: Draft, planned: Sequence[Planned], verdict: Verdict
) -> list[Planned]:
    """The draft's tasks that were neither taken over nor dropped for a reason."""
    taken = {one.draft for one in planned}
    dropped = {one.number for one in form.dropped if one.what == "task" and one.why.strip()}
    back = [
        Planned(task, number, tuple(draft.places[need] for need in task.needs))
        for number, task in enumerate(draft.tasks, 1)
        if number not in taken | dropped
    ]
    for one in back:
        verdict.repair(f"draft {one.draft}", "it stays, as it was neither taken over nor dropped")
    return back


def _once(planned: Sequence[Planned], verdict: Verdict) -> list[Planned]:
    """Each piece of work once; needs of a second one turn to the first."""
    kept: list[Planned] = []
    for one in planned:
        twins = [other for other in kept if other.does_the_same(one)]
        if twins:
            verdict.repair(one.task.objective, "it does what another task does, so once is enough")
            kept[kept.index(twins[0])] = twins[0].merged(one)
        else:
            kept.append(one)
    return kept


def _tasks(
    context: ProjectContext, planned: Sequence[Planned], verdict: Verdict
) -> tuple[Task, ...]:
    """The tasks with their final ids, needs and priorities."""
    needs = needs_of(planned, verdict)
    if circle := circles(needs):
        told = ", ".join(planned[place].task.objective for place in circle)
        verdict.fault("needs", f"these tasks wait for each other: {told}")
        needs = [() for _ in planned]
    ids = [
        content_id(
            "t", context.project, context.thread, context.turn, place, one.task.agent,
            one.task.objective,
        )
        for place, one in enumerate(planned)
    ]  # fmt: skip
    tasks = [
        one.task.model_copy(
            update={"id": ids[place], "needs": tuple(ids[need] for need in needs[place])}
        )
        for place, one in enumerate(planned)
    ]
    return in_order(tuple(tasks))


def _recalls(
    form: PlanForm, draft: Plan, context: ProjectContext, verdict: Verdict
) -> tuple[str, ...]:
    """What memory is asked for: what the draft asks, and of the rest what memory holds."""
    known = {finding.aspect for finding in context.findings if finding.value is not None}
    found: list[str] = [*draft.recalls]
    for said in form.recalls:
        meant = (said,) if said in TOPICS else aspects_named(said)
        held = [name for name in meant if name in known or name in TOPICS]
        if not held:
            verdict.repair("recalls", f"memory holds nothing about {said!r}")
        found += held
    return tuple(dict.fromkeys(found))


def told_faults(faults: Iterable[str]) -> str:
    """Faults as a list for their author."""
    return "\n".join(f"- {fault}" for fault in faults)
