"""The end of a turn: its answer is held against what is known, and says what contradicts it."""

import re
from collections.abc import Sequence
from datetime import date

from agents.answering.coherence import check, clashes
from agents.answering.comparing import REFERENCE
from agents.answering.noted import NO_LONGER
from agents.answering.punctuality import passed
from memory.context import (
    Artifact,
    Deadline,
    Element,
    Finding,
    Flag,
    Plan,
    ProjectContext,
    Task,
)
from memory.language.duplicates import says_the_same

_NO_ADVICE = re.compile(r"(?:^|\n\n)Recommended:(?=\n\n|\Z)")
"""A heading below which nothing is left."""
_FINISHING = ("master", "normalise_loudness", "normalise_peak", "resample", "convert")
"""Recipes that make what is delivered."""


def flags_of(
    answer: str,
    context: ProjectContext,
    plan: Plan,
    tasks: Sequence[Task],
    findings: Sequence[Finding],
    artifacts: Sequence[Artifact],
    timeline: Sequence[Deadline],
    elements: Sequence[Element],
    today: date,
) -> tuple[Flag, ...]:
    """What contradicts the answer of a turn, or the project's constraints in what it found.

    Args:
        answer: the answer's text.
        context: what the project knew before the turn.
        plan: what was decided.
        tasks: the tasks as they ended.
        findings: what the answer rests on.
        artifacts: files that the turn made.
        timeline: the project's deadlines.
        elements: parts of the piece; their files are no whole pieces.
        today: the day of the turn.
    """
    made = [artifact.id for artifact in artifacts if artifact.kind == "audio"]
    parts = {id_ for one in elements for id_ in one.assets}
    held = [one for one in context.settings if one not in plan.replaced]
    settings = (*held, *(one for one in plan.settings if one not in held))
    known = {one.id: one for one in (*context.findings, *findings)}
    names = {one.id: one.name for turn in context.history for one in turn.artifacts}
    names |= {asset.id: asset.name for asset in context.assets}
    names |= {artifact.id: artifact.name for artifact in artifacts}
    outside = {id_ for id_, name in names.items() if REFERENCE.search(name)} | parts
    spoken = {one.subject.id for one in findings} - outside
    holds = [line for line in answer.split("\n") if not line.startswith(NO_LONGER)]
    flags = check(
        "\n".join(holds),
        tuple(known.values()),
        settings,
        today,
        names=names,
        about=spoken,
        made=made,
        finished=_finished(tasks, artifacts),
        tasks=tasks,
        deadlines=timeline,
    )
    said = f"{context.request} {context.waiting}".casefold()
    flags = tuple(one for one in flags if one.kind != "file" or one.against.casefold() not in said)
    return (*clashes(plan.settings, held), *passed(plan.settings, timeline, today), *flags)


def _finished(tasks: Sequence[Task], artifacts: Sequence[Artifact]) -> set[str]:
    """Files that were brought to a level or a format: the project's limits hold for them."""
    finishing = {
        task.id for task in tasks if any(one.name in _FINISHING for one in task.operations)
    }
    return {one.id for one in artifacts if one.task in finishing or "master" in one.name.casefold()}


def with_flags(answer: str, flags: Sequence[Flag]) -> str:
    """The answer with one line for each thing that contradicts; advice says it no second time."""
    kept = [line for line in answer.split("\n") if not any(_repeats(line, one) for one in flags)]
    text = _NO_ADVICE.sub("", "\n".join(kept)).strip("\n")
    return "\n\n".join(filter(None, (text, "\n".join(flag.text for flag in flags))))


def _repeats(line: str, flag: Flag) -> bool:
    """Whether a line of advice only says what a flag says, without how far it is to go."""
    advises = line.startswith("- The project asks for “") and "change it by" not in line
    return advises and bool(flag.against) and f"“{flag.against}”" in line


def is_echo(answer: str, context: ProjectContext, plan: Plan, tasks: Sequence[Task]) -> bool:
    """Whether a turn only tells again what is known, so that searches need not find it.

    It does when it was answered from memory alone, or says the same as a turn before it.
    """
    if plan.recalls and not (tasks or plan.settings or plan.claims):
        return True
    return any(
        says_the_same(turn.request, context.request) and says_the_same(turn.answer, answer)
        for turn in context.history
    )
