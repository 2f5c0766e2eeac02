"""What is told of a turn while it runs: one line each, for people who wait."""

from collections.abc import Callable, Iterable

from agents.wording import aspect_text, count_text, value_text
from memory.context import Criterion, Event, Report, Task

Tell = Callable[[Event], None]
"""Takes each event as it happens."""


def planning() -> Event:
    """The supervisor begins to plan."""
    return Event(kind="planning", node="supervisor", text="planning")


def planned(tasks: Iterable[Task]) -> tuple[Event, ...]:
    """The plan: one event for each task, in its order."""
    return tuple(
        Event(kind="planned", node=one.agent, task=one.id, text=one.objective, status=one.status)
        for one in tasks
    )


def judged(before: Iterable[Task], after: Iterable[Task]) -> tuple[Event, ...]:
    """What became of the tasks whose status a round changed, and of those that came to the plan."""
    held = {task.id: task.status for task in before}
    return tuple(
        Event(kind="judged", node=one.agent, task=one.id, text=_verdict(one), status=one.status)
        for one in after
        if held.get(one.id) != one.status
    )


def task_start(task: Task) -> Event:
    """A specialist begins a task."""
    return Event(kind="task_start", node=task.agent, task=task.id, text=task.objective)


def task_end(task: Task, report: Report) -> Event:
    """A specialist has ended a task; whether its result is right is judged later."""
    made = [one.name for one in report.artifacts]
    parts = [
        count_text(len(report.findings), "finding") if report.findings else "",
        f"made {', '.join(made)}" if made else "",
        f"could not: {report.failure.why}" if report.failure else "",
    ]
    text = f"{', '.join(filter(None, parts)) or 'done'} ({report.seconds:.1f} s)"
    return Event(kind="task_end", node=task.agent, task=task.id, text=text, seconds=report.seconds)


def going_on(node: str, says: str, task: str, share: float, left: float | None) -> Event:
    """How far a workflow has come.

    Args:
        node: the workflow's node.
        says: what it does now.
        task: the id of its task.
        share: how much is done, from 0 to 1.
        left: how many seconds it will still take, as far as that can be told.
    """
    text = f"{says} ({share:.0%}" + (f", {_span(left)} left)" if left is not None else ")")
    return Event(kind="progress", node=node, task=task, text=text, share=share, left=left)


def retries(before: Iterable[Task], after: Iterable[Task]) -> tuple[Event, ...]:
    """The tasks that go back to their specialist, with the numbers that they missed."""
    missed = {task.id: task for task in before if task.status == "not_met"}
    return tuple(
        Event(kind="retry", node="supervisor", task=task.id, text=_retry(missed[task.id]))
        for task in after
        if task.status == "planned" and task.id in missed
    )


def integrating(tasks: int) -> Event:
    """What specialists reported is being merged and judged."""
    text = f"merging {count_text(tasks, 'report')}"
    return Event(kind="integrating", node="integrate", text=text)


def answering() -> Event:
    """The answer is being written."""
    return Event(kind="answering", node="respond", text="writing the answer")


def _verdict(task: Task) -> str:
    told = [_missed(one) for one in task.criteria if one.met is False]
    why = "; ".join(told) or task.why
    return f"{task.status.replace('_', ' ')}: {task.objective}" + (f" ({why})" if why else "")


def _retry(task: Task) -> str:
    told = [_missed(one) for one in task.criteria if one.met is False]
    return f"{task.agent} tries again: {task.objective} ({'; '.join(told)})"


def _missed(one: Criterion) -> str:
    measured = value_text(one.measured, one.unit, one.aspect)
    wanted = value_text(one.value, one.unit, one.aspect)
    return f"{aspect_text(one.aspect)} is {measured}, wanted {one.op} {wanted}"


def _span(seconds: float) -> str:
    minutes = round(seconds) // 60
    return f"{minutes} min {round(seconds) % 60} s" if minutes else f"{round(seconds)} s"
