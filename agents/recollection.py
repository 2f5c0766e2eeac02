"""What the project remembers, told again: values found, settings, and what was changed."""

from collections.abc import Iterator

from agents.wording import criterion_text, finding_text, listed, operation_text, value_text
from memory.context import Finding, Plan, ProjectContext, Task, TurnRecord

SETTINGS = ("goal", "style", "constraint", "deadline", "section", "element")
MAX_TURNS = 3
"""Most earlier turns of work that are told."""


def recalled(context: ProjectContext, plan: Plan) -> tuple[Finding, ...]:
    """The findings that the plan asks of memory: the newest per subject and aspect."""
    newest = {
        (one.subject.kind, one.subject.id, one.aspect): one
        for one in context.findings
        if one.aspect in plan.recalls and one.evidence != "user"
    }
    return tuple(newest.values())


def recollect(context: ProjectContext, plan: Plan, names: dict[str, str]) -> str:
    """Answer a question about the past from findings, settings and history alone.

    Args:
        context: what the project knows.
        plan: its recalls say what is asked.
        names: file names by asset id.
    """
    if not plan.recalls:
        return ""
    lines = [*_findings(context, plan, names), *_settings(context, plan)]
    if "history" in plan.recalls:
        lines.extend(_history(context, names))
    if not lines:
        return "The project's memory holds nothing about that yet."
    return "From memory:\n" + "\n".join(f"- {line}" for line in lines)


def _findings(context: ProjectContext, plan: Plan, names: dict[str, str]) -> Iterator[str]:
    made = {artifact.id for turn in context.history for artifact in turn.artifacts}
    held = recalled(context, plan)
    given = [one for one in held if one.subject.id not in made] or list(held)
    for one in given:
        yield f"{names.get(one.subject.id, one.subject.id[:12])}: {finding_text(one)}"


def _settings(context: ProjectContext, plan: Plan) -> Iterator[str]:
    for field in SETTINGS:
        if field not in plan.recalls:
            continue
        values = [one.value for one in context.settings if one.field == field]
        yield f"{field}: {listed(values)}" if values else f"no {field} was set"


def _history(context: ProjectContext, names: dict[str, str]) -> Iterator[str]:
    worked = [turn for turn in context.history if turn.tasks]
    built = [turn for turn in worked if any(task.agent == "coder" for task in turn.tasks)]
    for turn in (built or worked)[-MAX_TURNS:]:
        for task in turn.tasks:
            if task.agent == "coder" or not built:
                yield _told(turn, task, context, names)


def _told(turn: TurnRecord, task: Task, context: ProjectContext, names: dict[str, str]) -> str:
    """One task of an earlier turn: what was done, to what, and the numbers before and after."""
    files = listed([names.get(id_, id_[:12]) for id_ in task.inputs])
    steps = listed([operation_text(one) for one in task.operations]) or task.objective
    text = f"turn {turn.turn} ({turn.thread}): {steps}"
    text += f" on {files}, {task.status.replace('_', ' ')}" if files else f", {task.status}"
    changes = [change for one in task.criteria if (change := _change(one.aspect, task, context))]
    numbers = changes or [criterion_text(one) for one in task.criteria if one.met is not None]
    made = listed([one.name for one in turn.artifacts if one.task in ("", task.id)])
    return ". ".join(filter(None, (text, "; ".join(numbers), f"It left {made}" if made else "")))


def _change(aspect: str, task: Task, context: ProjectContext) -> str:
    """``Integrated loudness -18.2 → -14.0 LUFS``, where both ends were measured."""
    after = next((one for one in task.criteria if one.aspect == aspect), None)
    before = [
        one.value
        for one in context.findings
        if one.aspect == aspect and one.subject.id in task.inputs and one.evidence == "measured"
    ]
    if after is None or after.measured is None or not before or before[-1] is None:
        return ""
    name = criterion_text(after).split(":", 1)[0]
    return f"{name} {value_text(before[-1])} → {value_text(after.measured, after.unit)}"
