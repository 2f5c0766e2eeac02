"""What the project remembers, told again: values found, settings, and what was changed."""

import re
from collections.abc import Iterator, Sequence

from pydantic import JsonValue

from agents.judging.criteria import judge, meets
from agents.judging.mending import changed_nothing
from agents.planning.drafts import checked
from agents.planning.languages import read_request
from agents.planning.requirements import requirements
from agents.planning.subjects import mentioned
from agents.planning.text import read_text
from agents.remembering.inventory import conflict_lines, files_held, place_lines, title_lines
from agents.remembering.remembering import about_words, overview
from agents.wording import (
    aspect_text,
    criterion_text,
    finding_text,
    listed,
    operation_text,
    value_text,
)
from audio.aspects import ASPECTS
from memory.context import Finding, LookBack, Plan, ProjectContext, Task, TurnRecord

_JUDGING = re.compile(
    r"\b(?:right|okay|ok|correct|fine|enough|too|good|meets?|fits?|compl\w+|spec|should|richtig|"
    r"passt|genug|zu|correct[oa]?|bien|assez|trop)\b",
    re.IGNORECASE,
)
"""Words that ask whether a value is as it should be."""
SETTINGS = ("goal", "style", "constraint", "deadline", "section", "element")
MAX_TURNS = 3
"""Most earlier turns of work that are told."""
UNNAMED = "an earlier file"
"""What a file is called whose name is not known any more."""
_COMPARED = (
    "loudness.integrated_lufs", "loudness.true_peak_dbtp", "duration.seconds", "tempo.bpm", "key",
)  # fmt: skip
"""Values that are told before and after a change, beside those that were to be met."""


def recalled(context: ProjectContext, plan: Plan) -> tuple[Finding, ...]:
    """The findings that the plan asks of memory: the newest per subject and aspect.

    What the user claimed is told where nothing better is known.
    """
    asked = [one for one in context.findings if one.aspect in plan.recalls]
    claims = [one for one in asked if one.evidence == "user"]
    others = [one for one in asked if one.evidence != "user"]
    newest = {(one.subject.kind, one.subject.id, one.aspect): one for one in (*claims, *others)}
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
    files = mentioned(names, read_text(context.request))
    lines = [*_findings(context, plan, names, files), *_settings(context, plan)]
    lines = lines or [*_demands(context, plan)]
    if "project" in plan.recalls:
        lines.extend(overview(context, names))
    if "files" in plan.recalls:
        lines.extend(files_held(context, names))
    if "name" in plan.recalls:
        lines.extend(title_lines(context))
    if "notes" in plan.recalls:
        lines.extend([f"{one.kind}: {one.text}" for one in context.facts] or ["nothing was noted"])
    if "terms" in plan.recalls:
        terms = [f"“{one.name}” means {one.means}" for one in context.terms]
        lines.extend(terms or ["no word of your own was explained"])
    if "conflicts" in plan.recalls:
        lines.extend(conflict_lines(context))
    if "places" in plan.recalls:
        lines.extend(place_lines(context))
    if "words" in plan.recalls:
        lines.extend(about_words(context))
    if "recommendation" in plan.recalls:
        told = [one.text for one in context.notes if not files or files.intersection(one.assets)]
        lines.extend(told or ["nothing was recommended yet"])
    if "history" in plan.recalls:
        told = list(_history(context, names, files))
        lines.extend(told or _untouched(context, names, files))
    lines = lines or [*about_words(context)]
    when = f" at {moment_text(plan.looks_back)}" if plan.looks_back else ""
    if not lines:
        return f"The project's memory holds nothing about that{when or ' yet'}."
    return f"{f'As believed{when}' if when else 'From memory'}:\n" + "\n".join(
        f"- {line}" for line in lines
    )


def moment_text(back: LookBack) -> str:
    """Such as ``turn 12 of thread main``."""
    return f"turn {back.turn} of thread {back.thread}" if back.turn else back.at


def _untouched(
    context: ProjectContext, names: dict[str, str], files: frozenset[str]
) -> Iterator[str]:
    if files and any(turn.tasks for turn in context.history):
        yield f"nothing was done to {listed([names[id_] for id_ in sorted(files)])}"


def _findings(
    context: ProjectContext, plan: Plan, names: dict[str, str], files: frozenset[str]
) -> Iterator[str]:
    made = {artifact.id for turn in context.history for artifact in turn.artifacts}
    held = recalled(context, plan)
    about = [one for one in held if one.subject.id in files]
    given = about or [one for one in held if one.subject.id not in made] or list(held)
    verdicts = [one for one in judge(checked(read_request(context)), given) if one.met is not None]
    yield from (criterion_text(one) for one in verdicts)
    judged = {one.aspect for one in verdicts}
    for one in given:
        if one.aspect in judged:
            continue
        is_file = one.subject.kind == "asset"
        name = names.get(one.subject.id, UNNAMED if is_file else one.subject.id)
        yield f"{name}: {finding_text(one)}{_demanded(one, context)}"


def _demanded(finding: Finding, context: ProjectContext) -> str:
    """Whether a value is as the project wants it, where the request asks for that."""
    if not _JUDGING.search(context.request):
        return ""
    return "".join(
        f" — {'as' if meets(one.criterion, finding) else 'not what'} the {one.setting.field} "
        f"“{one.setting.value}” wants"
        for one in requirements(context.settings)
        if one.criterion.aspect == finding.aspect
    )


def _demands(context: ProjectContext, plan: Plan) -> Iterator[str]:
    """What the project wants of the aspects that are asked for, where nothing is known of them."""
    wanted = {
        f"{one.setting.field}: {one.setting.value}"
        for one in requirements(context.settings)
        if one.criterion.aspect in plan.recalls
    }
    yield from sorted(wanted)


def _settings(context: ProjectContext, plan: Plan) -> Iterator[str]:
    for field in SETTINGS:
        if field not in plan.recalls:
            continue
        values = [one.value for one in context.settings if one.field == field]
        yield from (f"{field}: {value}" for value in values)
        if not values:
            yield f"no {field} was set"


def _history(
    context: ProjectContext, names: dict[str, str], files: frozenset[str]
) -> Iterator[str]:
    worked = [
        (turn, task)
        for turn in context.history
        for task in turn.tasks
        if not changed_nothing(task) and (not files or files & {*task.inputs, *_made(turn, task)})
    ]
    built = [(turn, task) for turn, task in worked if task.agent == "coder"]
    told = built or worked
    latest = [*dict.fromkeys((turn.thread, turn.turn) for turn, _ in told)][-MAX_TURNS:]
    for turn, task in told:
        if (turn.thread, turn.turn) in latest:
            yield _told(turn, task, context, names)


def _made(turn: TurnRecord, task: Task) -> list[str]:
    """Ids of the files that a task left."""
    return [one.id for one in turn.artifacts if one.task in ("", task.id)]


def _told(turn: TurnRecord, task: Task, context: ProjectContext, names: dict[str, str]) -> str:
    """One task of an earlier turn: what was done, to what, and the numbers before and after."""
    files = listed(list(dict.fromkeys(names.get(id_, UNNAMED) for id_ in task.inputs)))
    steps = listed([operation_text(one) for one in task.operations]) or task.objective
    text = f"turn {turn.turn} ({turn.thread}): {steps}"
    text += f" on {files}, {task.status.replace('_', ' ')}" if files else f", {task.status}"
    judged = [one for one in task.criteria if one.met is not None]
    aspects = dict.fromkeys((*(one.aspect for one in judged), *_COMPARED))
    changes = {one: change for one in aspects if (change := _change(one, turn, task, context))}
    numbers = [
        *changes.values(),
        *(criterion_text(one) for one in judged if one.aspect not in changes),
    ]
    made = listed([one.name for one in turn.artifacts if one.task in ("", task.id)])
    return ". ".join(filter(None, (text, "; ".join(numbers), f"It left {made}" if made else "")))


def _change(aspect: str, turn: TurnRecord, task: Task, context: ProjectContext) -> str:
    """``Integrated loudness -18.2 → -14.0 LUFS``, where both ends were measured and differ."""
    if task.agent != "coder":
        return ""
    before = _value(aspect, task.inputs, context)
    judged = next((one for one in task.criteria if one.aspect == aspect), None)
    after = judged.measured if judged is not None else None
    after = _value(aspect, _made(turn, task), context) if after is None else after
    if before is None or after is None or before == after:
        return ""
    known = ASPECTS.get(aspect)
    unit = known.unit if known is not None else ""
    return f"{aspect_text(aspect)} {value_text(before)} → {value_text(after, unit)}"


def _value(aspect: str, ids: Sequence[str], context: ProjectContext) -> JsonValue:
    """The newest measured value of an aspect of the first of some files that has one."""
    values = [
        one.value
        for one in context.findings
        if one.aspect == aspect
        and one.subject.id in ids
        and one.subject.start is None
        and one.evidence in ("measured", "executed")
    ]
    return values[-1] if values else None
