"""What one round of reports comes to: judged tasks, merged findings, conflicts, artifacts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from agents.criteria import judge
from agents.mending import settle
from memory.conflicts import find_conflicts
from memory.context import (
    Artifact,
    Conflict,
    Finding,
    Plan,
    ProjectContext,
    Recommendation,
    Report,
    SliceReport,
    Subject,
    Task,
)


@dataclass(frozen=True)
class Outcome:
    """Everything that is known after a round."""

    tasks: tuple[Task, ...]
    findings: tuple[Finding, ...]
    recommendations: tuple[Recommendation, ...]
    conflicts: tuple[Conflict, ...]
    artifacts: tuple[Artifact, ...]
    slices: tuple[SliceReport, ...]
    summaries: tuple[str, ...]


def integrate_round(
    context: ProjectContext,
    plan: Plan | None,
    tasks: tuple[Task, ...],
    reports: tuple[Report, ...],
    held: tuple[Finding, ...],
) -> Outcome:
    """Judge the planned tasks by their reports and merge all that the turn has found.

    Args:
        context: what the project knew before the turn.
        plan: the turn's plan; its claims become findings with the user's evidence.
        tasks: the tasks as the supervisor left them.
        reports: the newest report of each task.
        held: findings of earlier rounds of this turn.
    """
    by_task = {report.task: report for report in reports}
    judged = tuple(
        close(task, by_task[task.id]) if task.status == "planned" and task.id in by_task else task
        for task in tasks
    )
    claims = claimed(plan, context) if plan is not None else ()
    new = (finding for report in reports for finding in report.findings)
    findings = _unique((*held, *claims, *new))
    stamp = {"turn": context.turn, "at": _begun(context, held)}
    findings = tuple(
        finding if finding.at else finding.model_copy(update=stamp)
        for finding in findings  # what an agent took over from memory keeps its turn and time
    )
    artifacts = _newest(reports)
    return Outcome(
        tasks=settle(hand_on(judged, artifacts), context, findings),
        findings=findings,
        recommendations=_unique_words(
            advice for report in reports for advice in report.recommendations
        ),
        conflicts=_touched(find_conflicts((*context.findings, *findings)), findings),
        artifacts=artifacts,
        summaries=tuple(report.summary for report in reports if report.summary),
        slices=tuple(report.slice for report in reports if report.slice is not None),
    )


def _begun(context: ProjectContext, held: tuple[Finding, ...]) -> str:
    """The time of what this turn finds: that of its first round."""
    earlier = [finding.at for finding in held if finding.turn == context.turn]
    return max(earlier, default="") or datetime.now(UTC).isoformat(timespec="seconds")


def close(task: Task, report: Report) -> Task:
    """The task with its criteria judged by what its report measured."""
    criteria = judge(task.criteria, report.findings)
    status, why = "done", ""
    if report.failure is not None:
        status, why = report.failure.kind, report.failure.why
    elif any(criterion.met is not True for criterion in criteria):
        status = "not_met"
    changes = {"criteria": criteria, "status": status, "why": why, "rounds": task.rounds + 1}
    return task.model_copy(update=changes)


def hand_on(tasks: tuple[Task, ...], artifacts: tuple[Artifact, ...]) -> tuple[Task, ...]:
    """Give tasks that need a build the sound that it made, in place of what it was made from."""

    def with_results(task: Task) -> Task:
        made = tuple(
            artifact.id
            for artifact in artifacts
            if artifact.kind == "audio" and artifact.task in task.needs
        )
        return task.model_copy(update={"inputs": made}) if made else task

    return tuple(with_results(task) if task.status == "planned" else task for task in tasks)


def claimed(plan: Plan, context: ProjectContext) -> tuple[Finding, ...]:
    """What the user says of the files at hand, as findings that a measurement outranks."""
    audio = {asset.id for asset in context.assets if asset.kind == "audio"}
    subjects = [asset_id for asset_id in context.attached if asset_id in audio]
    subjects = subjects or [asset.id for asset in context.assets if asset.kind == "audio"][-1:]
    return tuple(
        Finding.make(
            Subject(kind="asset", id=asset_id),
            claim.aspect,
            claim.value,
            unit=claim.unit,
            evidence="user",
            source="user/request@1",
            method="stated in the request",
            confidence=0.5,
        )
        for claim in plan.claims
        for asset_id in subjects
    )


def _touched(
    conflicts: tuple[Conflict, ...], findings: tuple[Finding, ...]
) -> tuple[Conflict, ...]:
    """The conflicts that this turn's findings are part of, and those that are still open."""
    new = {finding.id for finding in findings}
    return tuple(
        conflict
        for conflict in conflicts
        if conflict.status == "open" or new.intersection(conflict.findings)
    )


def _newest(reports: tuple[Report, ...]) -> tuple[Artifact, ...]:
    artifacts = (artifact for report in reports for artifact in report.artifacts)
    return tuple({(artifact.task, artifact.id): artifact for artifact in artifacts}.values())


def _unique(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple({finding.id: finding for finding in findings}.values())


def _unique_words(advice: Iterable[Recommendation]) -> tuple[Recommendation, ...]:
    return tuple({(word.aspect, word.text): word for word in advice}.values())
