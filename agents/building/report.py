"""What the coder tells of its work: names, numbers, and what could not be done."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from agents.building.building import Build
from agents.building.compensation import compensated
from agents.judging.criteria import judge
from agents.planning.criteria import relative_to
from agents.turn.scheduling import MAX_ATTEMPTS
from agents.wording import criterion_text
from grym_synth.free_names import numbered
from memory.context import (
    Artifact,
    ContextPackage,
    Criterion,
    Failure,
    Finding,
    Operation,
    Report,
    Task,
)
from memory.packing.packages import seen, slice_report


@dataclass
class Work:
    """What has come of a task so far."""

    task: Task
    artifacts: list[Artifact] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    builds: list[Build] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def missed(work: Work, operations: tuple[Operation, ...]) -> list[Failure]:
    """A failure when criteria are missed and another try can't do better."""
    misses = misses_of(work.task, work.findings, work.artifacts)
    reasons = [text for build in work.builds for text in build.not_reached]
    if not misses:
        return []
    last = work.task.rounds + 1 >= MAX_ATTEMPTS
    can_improve = not last and compensated(operations, misses) != operations
    if can_improve and not reasons:
        return []
    numbers = "; ".join(_told(one, work.findings) for one in misses)
    why = " ".join(f"It could not be reached: {text}." for text in reasons) or f"{numbers}."
    return [Failure(kind="not_met", why=why)]


def misses_of(
    task: Task, findings: Sequence[Finding], artifacts: Sequence[Artifact]
) -> list[Criterion]:
    """The criteria of a task that its results don't meet, each with what was measured.

    Args:
        task: the task.
        findings: what was measured of its results and of their sources.
        artifacts: its results.
    """
    sources = {*task.inputs} - {one.id for one in artifacts}
    made = [one for one in findings if one.subject.id not in sources]
    before = [one for one in findings if one.subject.id in sources]
    wanted = [relative_to(one, before) for one in task.criteria]
    return [one for one in judge(wanted, made) if one.met is False]


def make_report(work: Work, package: ContextPackage) -> Report:
    """The report of a task."""
    return Report(
        task=work.task.id,
        agent="coder",
        findings=tuple(work.findings),
        artifacts=tuple(work.artifacts),
        slice=slice_report(package),
        saw=seen(package),
        failure=min(work.failures, key=_gravity) if work.failures else None,
        summary=_summary(work),
    )


def _gravity(failure: Failure) -> int:
    return ("failed", "skipped", "not_met").index(failure.kind)


def _summary(work: Work) -> str:
    """What the builds say beside their numbers, such as by how much peaks were limited."""
    notes = [text for build in work.builds for text in build.notes]
    told = "; ".join(dict.fromkeys((*notes, *work.remarks)))
    made = [one.name for one in work.artifacts if one.kind == "audio"]
    return f"{', '.join(made) or 'The script'}: {told}." if told else ""


def _told(miss: Criterion, findings: list[Finding]) -> str:
    """A missed criterion with its numbers, or why nothing could be measured."""
    reasons = [one.method for one in findings if one.aspect == miss.aspect and one.value is None]
    unknown = miss.measured is None and reasons
    return criterion_text(miss) + (f" ({reasons[-1]})" if unknown else "")


def unused(name: str, artifacts: list[Artifact]) -> str:
    """A name that no other file of this task has."""
    taken = {one.name for one in artifacts}
    return next(one for one in numbered(name) if one not in taken)
