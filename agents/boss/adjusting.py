"""The boss on a build that missed: other numbers for the steps, where no rule knows any.

It is told what was wanted and what was measured, may change the steps once, and never what the
result must meet.
"""

from collections.abc import Sequence

from agents.boss.boss import Boss, told
from agents.boss.catalogue import recipes_text
from agents.boss.drafting import step_form
from agents.boss.forms import AdjustForm
from agents.boss.steps import steps_of
from agents.boss.verdict import Verdict
from agents.turn.scheduling import MAX_ATTEMPTS
from agents.wording import criterion_text, listed, operation_text
from memory.context import Criterion, ProjectContext, Task

MOST = 2
"""Most tasks of one round that it is asked about."""


def adjusted(boss: Boss, context: ProjectContext, tasks: Sequence[Task]) -> tuple[Task, ...]:
    """The tasks, with those put back for which the boss knows other steps.

    Args:
        boss: who is asked.
        context: the turn's context.
        tasks: the tasks as they were judged.
    """
    asked = [task for task in tasks if _is_given_up(task)][:MOST]
    changed = {task.id: _adjusted(boss, context, task) for task in asked}
    return tuple(changed.get(task.id, task) for task in tasks)


def changes_text(before: Sequence[Task], after: Sequence[Task]) -> str:
    """Which steps were changed into which, for the history; empty when none."""
    held = {task.id: task for task in before}
    return "; ".join(
        f"{_steps(held[task.id])} becomes {_steps(task)}"
        for task in after
        if task.id in held and held[task.id].operations != task.operations
    )


def _is_given_up(task: Task) -> bool:
    """Whether a build missed its numbers, can be tried again, and the rules know no way."""
    return (
        task.agent == "coder"
        and bool(task.operations)
        and task.status == "not_met"
        and bool(task.why)
        and task.rounds < MAX_ATTEMPTS
        and any(one.met is False for one in task.criteria)
    )


def _adjusted(boss: Boss, context: ProjectContext, task: Task) -> Task:
    names = {one.id: one.name for one in context.assets}
    messages = told(
        "adjust",
        AdjustForm,
        recipes=recipes_text(),
        objective=task.objective,
        request=context.request,
        files=listed([names.get(one, one[:12]) for one in task.inputs]),
        steps=[step_form(one).model_dump_json() for one in task.operations],
        judged=[criterion_text(one) for one in task.criteria],
        why=task.why,
    )
    form = boss.ask("adjust", AdjustForm, messages)
    if form is None:
        return task
    verdict = Verdict()
    steps = steps_of("coder", form.steps, verdict, "steps")
    if verdict.faults:
        boss.refuse("; ".join(verdict.faults))
        return task
    if not steps or steps == task.operations:
        return task
    return task.model_copy(
        update={
            "operations": steps,
            "status": "planned",
            "why": "",
            "criteria": tuple(map(_unjudged, task.criteria)),
        }
    )


def _unjudged(criterion: Criterion) -> Criterion:
    """To be judged anew, so that no rule moves the new numbers by the old miss."""
    return criterion.model_copy(update={"met": None})


def _steps(task: Task) -> str:
    return listed([operation_text(one) for one in task.operations])
