"""The steps of a turn as the processing history keeps them: who did what, and what it cost."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.metadata import version

from agents.wording import count_text, listed
from memory.context import (
    Conflict,
    Finding,
    Interaction,
    Plan,
    ProjectContext,
    Report,
    Summary,
    Task,
    content_id,
)
from memory.filing.records import now

INSTRUMENTS = "instruments"
"""Stands for a model's name where none took part."""


def recalled(context: ProjectContext) -> Interaction:
    """The initial context: what of the project's memory the turn starts from."""
    held = (
        (len(context.assets), "file"),
        (len(context.settings), "setting"),
        (len(context.findings), "finding"),
        (len(context.notes), "note"),
        (len(context.conflicts), "conflict"),
        (len(context.history), "earlier turn"),
    )
    told = [count_text(number, noun) for number, noun in held if number]
    what = f"initial context: {listed(told)}" if told else "initial context: nothing known yet"
    saw = tuple(one.id for one in context.findings)
    return _step(context, 0, "intake", what=what, outcome="recalled", saw=saw)


def evolved(
    context: ProjectContext, summaries: Sequence[Summary], round_: int
) -> tuple[Interaction, ...]:
    """Which places of the project know more, or otherwise, after a round of work."""
    if not summaries:
        return ()
    places = [one.place.name or "the project" for one in summaries]
    what = f"told anew what is known of {listed(places)}"
    return (_step(context, round_, "evolve", what=what, outcome="evolved"),)


def retold(context: ProjectContext, summaries: Sequence[Summary]) -> Interaction:
    """What the supervisor's model told anew of the project's places after the answer."""
    places = [one.place.name or "the project" for one in summaries]
    what = f"told anew what is known of {listed(places)}" if places else "told nothing that holds"
    return _step(context, 0, "summarise", what=what, outcome="evolved")


def planned(
    context: ProjectContext, plan: Plan, tasks: Sequence[Task], seconds: float
) -> Interaction:
    """The supervisor's first decision: what is to be done, asked or remembered."""
    work = [f"{task.agent}: {task.objective}" for task in tasks]
    parts = [
        f"{count_text(len(work), 'task')} ({'; '.join(work)})" if work else "no task",
        f"asks for {listed([ask.missing for ask in plan.asks])}" if plan.asks else "",
        f"remembers {listed([one.field for one in plan.settings])}" if plan.settings else "",
        f"recalls {listed(list(plan.recalls))}" if plan.recalls else "",
    ]
    what = ", ".join(filter(None, parts))
    return _step(context, 0, "supervisor", what=what, outcome="planned", seconds=seconds)


def revised(
    context: ProjectContext, before: Sequence[Task], after: Sequence[Task], round_: int
) -> tuple[Interaction, ...]:
    """What the supervisor decided after a round of work; nothing when it changed no task."""
    held = {task.id: task.status for task in before}
    changed = [task for task in after if held.get(task.id) != task.status]
    if not changed:
        return ()
    told = [
        f"{task.agent} tries again: {task.objective}"
        if task.status == "planned"
        else f"{task.agent} does not do it: {task.objective} ({task.why})"
        for task in changed
    ]
    return (_step(context, round_, "supervisor", what="; ".join(told), outcome="planned"),)


def weighed(context: ProjectContext, round_: int) -> Interaction:
    """That the supervisor looked at what a round came to, and left it as it is."""
    what = "leaves the tasks as they are"
    return _step(context, round_, "supervisor", what=what, outcome="planned")


def new_reports(tasks: Sequence[Task], reports: Iterable[Report]) -> tuple[Report, ...]:
    """The reports of the tasks that this round worked on."""
    working = {task.id for task in tasks if task.status == "planned"}
    return tuple(report for report in reports if report.task in working)


def worked(
    context: ProjectContext, tasks: Sequence[Task], reports: Iterable[Report], round_: int
) -> tuple[Interaction, ...]:
    """What each specialist did in one round, with what it saw and found."""
    known = {task.id: task for task in tasks}
    return tuple(
        _step(
            context,
            round_,
            report.agent,
            task=report.task,
            what=_work(known[report.task], report),
            outcome=known[report.task].status,
            saw=report.saw,
            tokens_in=report.slice.tokens if report.slice else 0,
            tokens_out=0 if report.trials else report.tokens_out,
            seconds=report.seconds,
        )
        for report in reports
        if report.task in known
    )


def integrated(
    context: ProjectContext,
    tasks: Sequence[Task],
    findings: Sequence[Finding],
    conflicts: Sequence[Conflict],
    round_: int,
) -> Interaction:
    """What a round's reports came to in the project's shared context."""
    still_open = sum(conflict.status == "open" for conflict in conflicts)
    missed = [
        f"{task.agent} {task.status.replace('_', ' ')}" for task in tasks if _fell_short(task)
    ]
    parts = [
        f"{count_text(len(findings), 'finding')} of this turn",
        f"{count_text(len(conflicts), 'conflict')}, {still_open} open" if conflicts else "",
        listed(missed),
    ]
    what = "; ".join(filter(None, parts))
    return _step(context, round_, "integrate", what=what, outcome="integrated")


def answered(
    context: ProjectContext, findings: Sequence[Finding], files: int, seconds: float
) -> Interaction:
    """What the answer rests on."""
    parts = [
        f"from {count_text(len(findings), 'finding')}" if findings else "",
        f"with {count_text(files, 'file')}" if files else "",
    ]
    what = f"answered {' '.join(filter(None, parts))}".strip()
    return _step(context, 0, "respond", what=what, outcome="answered", seconds=seconds)


def _work(task: Task, report: Report) -> str:
    """What was done, and with which evidence."""
    kinds = Counter(one.evidence for one in report.findings if one.value is not None)
    told = [f"{number} {evidence}" for evidence, number in kinds.items()]
    unknown = sum(one.value is None for one in report.findings)
    parts = [
        *told,
        f"{unknown} that are none or can't be told" if unknown else "",
        count_text(len(report.recommendations), "recommendation") if report.recommendations else "",
        f"made {listed([one.name for one in report.artifacts])}" if report.artifacts else "",
        report.failure.why if report.failure else "",
    ]
    return f"{task.objective}: {', '.join(filter(None, parts)) or 'nothing found'}"


def _step(
    context: ProjectContext,
    round_: int,
    who: str,
    *,
    what: str,
    outcome: str,
    task: str = "",
    saw: tuple[str, ...] = (),
    tokens_in: int = 0,
    tokens_out: int = 0,
    seconds: float = 0.0,
) -> Interaction:
    """A step whose id comes from its place in the turn, so that a replay adds nothing."""
    key = content_id("i", context.thread, context.turn, round_, who, task)
    return Interaction(
        id=key,
        thread=context.thread,
        turn=context.turn,
        round=round_,
        who=f"{who}/{INSTRUMENTS}@{_version()}",
        task=task,
        what=what,
        outcome=outcome,
        at=now().at,
        saw=saw,
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        seconds=round(seconds, 3),
    )


def _fell_short(task: Task) -> bool:
    return task.status in ("not_met", "failed", "skipped")


@cache
def _version() -> str:
    return version("grym-synth")
