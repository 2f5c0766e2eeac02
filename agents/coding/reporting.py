"""What the coder tells of code that a model wrote."""

from agents.base import source_of
from agents.building.report import unused
from agents.coding.words import Draft, Outcome, Tries
from agents.contexts.coder import CoderSlice
from memory.context import Artifact, Criterion, Degraded, Failure, Report
from memory.packing.packages import seen, slice_report

_SHOWN = 3
"""Faults that are told in an answer."""


def report_of(slice_: CoderSlice, tries: Tries, author: str) -> Report:
    """The report of a task.

    Args:
        slice_: what the coder was shown.
        tries: what was written and came of it.
        author: the string that opens the model.
    """
    task, draft, outcome = slice_["task"], tries.draft, tries.outcome
    thoughts = [one.thought for one in tries.trials if one.thought is not None]
    return Report(
        task=task.id,
        agent="coder",
        findings=outcome.findings,
        artifacts=_artifacts(task.id, draft, outcome, author),
        slice=slice_report(slice_["package"]),
        saw=seen(slice_["package"]),
        failure=_failure(tries),
        summary=_summary(tries),
        tokens_out=sum(one.tokens_out for one in thoughts),
        degraded=_degraded(tries, author),
        criteria=_own_criteria(task.criteria, tries),
        trials=tries.trials,
    )


def refused(slice_: CoderSlice, why: str) -> Report:
    """The report of a task for which no code can be written here.

    Args:
        slice_: what the coder was shown.
        why: one sentence: what was tried, what happened, what to do.
    """
    return _without(slice_, Failure(kind="skipped", why=why))


def failed(slice_: CoderSlice, why: str) -> Report:
    """The report of a task that the machine did not let end.

    Args:
        slice_: what the coder was shown.
        why: one sentence: what was tried, what happened, what to do.
    """
    return _without(slice_, Failure(kind="failed", why=why))


def _without(slice_: CoderSlice, failure: Failure) -> Report:
    return Report(
        task=slice_["task"].id,
        agent="coder",
        slice=slice_report(slice_["package"]),
        saw=seen(slice_["package"]),
        failure=failure,
    )


def _artifacts(
    task: str, draft: Draft | None, outcome: Outcome, author: str
) -> tuple[Artifact, ...]:
    """The code, then what it left, each under a name of its own."""
    made: list[Artifact] = []
    maker = source_of("coder", draft.author if draft is not None else author)
    for one in draft.files if draft is not None else ():
        made.append(Artifact(id=one.id, name=one.name, kind="script", made_by=maker, task=task))
    for left in outcome.artifacts:
        made.append(left.model_copy(update={"name": unused(left.name, made)}))
    return tuple(made)


def _failure(tries: Tries) -> Failure | None:
    program = tries.draft.program if tries.draft is not None and tries.draft.files else "the code"
    if tries.refused:
        why = f"Running {program} was not done: {tries.refused}. The code is kept; ask again."
        return Failure(kind="skipped", why=why)
    if tries.lost:
        do = "See `grym doctor`, or ask for an operation that there is a recipe for"
        return Failure(kind="failed", why=f"Writing code was tried; {tries.lost}. {do}.")
    faults = tries.trials[-1].faults if tries.trials else ()
    if not faults:
        return None
    told = "; ".join(faults[:_SHOWN])
    count = len(tries.trials)
    versions = f"{count} versions" if count > 1 else "One version"
    why = f"{versions} of {program} were written, and none is right. The last one: {told}."
    return Failure(kind="not_met", why=why)


def _summary(tries: Tries) -> str:
    """Who wrote it, in how many rounds, what was wrong with each, and what was checked."""
    draft = tries.draft
    if draft is None or not draft.files:
        return ""
    count = len(tries.trials)
    rounds = "1 round" if count == 1 else f"{count} rounds"
    who = "changed by you" if draft.author == "user" else f"written by {draft.author}"
    head = f"{draft.program}, {who} in {rounds}"
    lines = [f"{head}{': ' + draft.why if draft.why else ''}"]
    for one in tries.trials[:-1] if tries.trials[-1].outcome == "passed" else tries.trials:
        lines.append(f"- round {one.number} {one.outcome}: {'; '.join(one.faults[:_SHOWN])}")
    if tries.outcome.notes:
        lines.append(f"- {'; '.join(tries.outcome.notes)}")
    return "\n".join(lines)


def _degraded(tries: Tries, author: str) -> tuple[Degraded, ...]:
    if not tries.lost:
        return ()
    return (Degraded(role="coder", wanted=author, used="instruments", why=tries.lost),)


def _own_criteria(held: tuple[Criterion, ...], tries: Tries) -> tuple[Criterion, ...]:
    """What the author promises to be measured beside the task's own conditions."""
    if tries.draft is None or not any(one.kind == "audio" for one in tries.outcome.artifacts):
        return ()
    known = {one.aspect for one in held}
    return tuple(one for one in tries.draft.criteria if one.aspect not in known)
