"""What one round of reports comes to: judged tasks, merged findings, conflicts, artifacts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from agents.answering.disputes import Wishes
from agents.judging.criteria import judge
from agents.judging.mending import settle
from agents.planning.criteria import CREST, of_operations, relative_to
from audio.aspects import SHOWS
from memory.context import (
    Artifact,
    Claim,
    Conflict,
    Criterion,
    Finding,
    Note,
    Plan,
    ProjectContext,
    Recommendation,
    Report,
    SliceReport,
    Subject,
    Task,
)
from memory.distilling.conflicts import Arbiter, Frame, arbitrate, carry_over, find_conflicts
from memory.distilling.distill import Distiller, Rules, checked


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
    notes: tuple[Note, ...] = ()
    """What later turns must know beside the findings."""


def integrate_round(
    context: ProjectContext,
    plan: Plan | None,
    tasks: tuple[Task, ...],
    reports: tuple[Report, ...],
    held: tuple[Finding, ...],
    *,
    frame: Frame | None = None,
    distiller: Distiller | None = None,
    boss: Arbiter | None = None,
) -> Outcome:
    """Judge the planned tasks by their reports and merge all that the turn has found.

    Args:
        context: what the project knew before the turn.
        plan: the turn's plan; its claims become findings with the user's evidence.
        tasks: the tasks as the supervisor left them.
        reports: the newest report of each task.
        held: findings of earlier rounds of this turn.
        frame: where the project's sections and elements lie; by default nowhere.
        distiller: who makes few words of the reports; by default the rules.
        boss: who is asked about what the rules leave open; by default nobody.
    """
    by_task = {report.task: report for report in reports}
    judged = tuple(
        close(task, by_task[task.id]) if task.status == "planned" and task.id in by_task else task
        for task in tasks
    )
    claims = claimed(plan, context) if plan is not None else ()
    distilled = checked((distiller or Rules()).distill(reports, context), reports, context)
    findings = _unique((*held, *claims, *distilled.findings))
    stamp = {"turn": context.turn, "at": _begun(context, held)}
    findings = tuple(
        finding if finding.at else finding.model_copy(update=stamp)
        for finding in findings  # what an agent took over from memory keeps its turn and time
    )
    artifacts = _newest(reports)
    return Outcome(
        tasks=settle(hand_on(judged, artifacts), context, findings),
        findings=findings,
        recommendations=distilled.recommendations,
        conflicts=_conflicts(context, plan, claims, findings, frame, boss),
        artifacts=artifacts,
        summaries=(*distilled.summaries, *map(_left_out, distilled.dropped)),
        notes=distilled.notes,
        slices=tuple(report.slice for report in reports if report.slice is not None),
    )


def _begun(context: ProjectContext, held: tuple[Finding, ...]) -> str:
    """The time of what this turn finds: that of its first round."""
    earlier = [finding.at for finding in held if finding.turn == context.turn]
    return max(earlier, default="") or datetime.now(UTC).isoformat(timespec="seconds")


def _left_out(sentence: str) -> str:
    return f"Left out, because no source has its numbers: {sentence}"


def close(task: Task, report: Report) -> Task:
    """The task with its criteria judged by what its report measured."""
    before = _before(task, report)
    results = [one for one in report.findings if one not in before]
    criteria = judge((*_relative(task, before), *report.criteria), results)
    status, why = "done", ""
    if report.failure is not None:
        status, why = report.failure.kind, report.failure.why
    elif any(criterion.met is not True for criterion in criteria):
        status = "not_met"
    changes = {"criteria": criteria, "status": status, "why": why, "rounds": task.rounds + 1}
    return task.model_copy(update=changes)


def _before(task: Task, report: Report) -> list[Finding]:
    """What a build measured of its sources on the way."""
    made = {one.id for one in report.artifacts}
    sources = {*task.inputs} - made if task.agent == "coder" else set()
    return [one for one in report.findings if one.subject.id in sources]


def _relative(task: Task, before: Sequence[Finding]) -> tuple[Criterion, ...]:
    """What a task must meet, its sources known now; and what a gain must come to."""
    held = tuple(relative_to(one, before) for one in task.criteria)
    alone = [one.name for one in task.operations if one.name != "convert"] == ["gain"]
    others = [one for one in held if one.aspect != CREST]
    if others or not alone or len({one.subject.id for one in before}) != 1:
        return held
    return (*of_operations(task.operations, (), before), *held)


def hand_on(tasks: tuple[Task, ...], artifacts: tuple[Artifact, ...]) -> tuple[Task, ...]:
    """Give tasks that need a build the sound that it made, in place of what it was made from."""

    def with_results(task: Task) -> Task:
        sounds = [one for one in artifacts if one.kind == "audio" and one.task in task.needs]
        masters = [one for one in sounds if one.folder.endswith("/masters")]
        if masters:  # the first of each target's formats
            sounds = [*{one.name.rpartition(".")[0]: one for one in reversed(masters)}.values()]
            made = tuple(one.id for one in reversed(sounds))
        else:  # the mix, not its stems
            made = tuple(one.id for one in sounds if "/" not in one.folder)
        return task.model_copy(update={"inputs": made}) if made else task

    return tuple(with_results(task) if task.status == "planned" else task for task in tasks)


def claimed(plan: Plan, context: ProjectContext) -> tuple[Finding, ...]:
    """What the user says of the files at hand, as findings that a measurement outranks."""
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
        for asset_id in _files_of(claim, context)
    )


def _files_of(claim: Claim, context: ProjectContext) -> list[str]:
    """The files that a claim is about: the one that it names, else those at hand."""
    if claim.aspect == SHOWS:
        named = [one for one in context.assets if one.name == claim.about]
        return [one.id for one in named if one.id in context.attached]
    audio = [asset for asset in context.assets if asset.kind == "audio"]
    if claim.about:
        return [one.id for one in audio if one.name.casefold() == claim.about.casefold()][-1:]
    attached = [one.id for one in audio if one.id in context.attached]
    return attached or [one.id for one in audio][-1:]


def _conflicts(
    context: ProjectContext, plan: Plan | None, claims: tuple[Finding, ...],
    findings: tuple[Finding, ...], frame: Frame | None, boss: Arbiter | None,
) -> tuple[Conflict, ...]:  # fmt: skip
    """The conflicts that this turn touches: settled by rule, as before, by the boss, by the user.

    Those that stay open are told in each turn that speaks of their files.
    """
    known = (*context.findings, *findings)
    when = f"turn {context.turn} of thread {context.thread}"
    held = find_conflicts(known, frame)
    wishes = Wishes(claims, plan.settings if plan is not None else ())
    told = arbitrate(held, known, wishes, f"user: told in {when}")
    carried = carry_over(told, context.conflicts)
    if boss is not None:
        carried = arbitrate(carried, known, boss, f"boss: decided in {when}")
    new = {finding.id for finding in findings}
    return tuple(
        now
        for before, now in zip(held, carried, strict=True)
        if now.status == "open"
        or new.intersection(now.findings)
        or (before.status == "open" and now not in context.conflicts)
    )


def _newest(reports: tuple[Report, ...]) -> tuple[Artifact, ...]:
    artifacts = (artifact for report in reports for artifact in report.artifacts)
    return tuple({(artifact.task, artifact.id): artifact for artifact in artifacts}.values())


def _unique(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple({finding.id: finding for finding in findings}.values())
