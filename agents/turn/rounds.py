"""One round of work, from reports to shared knowledge: merge them, then keep what they came to."""

from dataclasses import dataclass, replace

from agents.boss.arbitration import BossArbiter
from agents.boss.boss import Boss, signed
from agents.boss.distilling import BossDistiller
from agents.remembering.coded import tried
from agents.remembering.history import evolved, integrated, new_reports, worked
from agents.remembering.keeping import frame_of, keep_advice, keep_stated
from agents.turn.integration import Outcome, integrate_round
from audio.assets import AssetRef
from memory.context import Finding, Plan, ProjectContext, Report, Task
from memory.filing.records import now
from memory.repository import Repository

MOST_SUMMARIES = 4
"""Summaries that one round writes; what else is due in a project of many places comes later."""


@dataclass(frozen=True)
class Round:
    """What a round has to make something of."""

    context: ProjectContext
    """What the project knew before the turn."""
    plan: Plan | None
    tasks: tuple[Task, ...]
    """As the supervisor left them."""
    reports: tuple[Report, ...]
    """The newest report of each task."""
    findings: tuple[Finding, ...]
    """Of earlier rounds of this turn."""
    number: int
    """Counts from 1."""
    most_tasks: int
    """How many tasks the turn may have after it; 0 when no round is left for another."""

    @property
    def is_last(self) -> bool:
        """Whether every planned task has its report, so that it is time to distil."""
        reported = {report.task for report in self.reports}
        planned = [task.id for task in self.tasks if task.status == "planned"]
        return bool(planned) and reported.issuperset(planned)

    @property
    def fresh(self) -> tuple[Report, ...]:
        """The reports of this round's own work."""
        return new_reports(self.tasks, self.reports)


def merge(round_: Round, repository: Repository, boss: Boss | None) -> Outcome:
    """Judge the tasks, merge the findings and settle the conflicts.

    Args:
        round_: what there is to merge.
        repository: says where sections and elements lie.
        boss: distils and arbitrates what the rules leave open; None for the rules alone.
    """
    context, distiller = round_.context, None
    arbiter = BossArbiter(boss, context) if boss is not None else None
    if boss is not None and round_.is_last:
        sections = repository.sections(context.project)
        distiller = BossDistiller(boss, sections, repository.elements(context.project))
    outcome = integrate_round(
        context,
        round_.plan,
        round_.tasks,
        round_.reports,
        round_.findings,
        frame=frame_of(repository, context),
        distiller=distiller,
        boss=arbiter,
    )
    if arbiter is None:
        return outcome
    return with_rulings(outcome, arbiter, len(outcome.tasks) < round_.most_tasks)


def with_rulings(outcome: Outcome, arbiter: BossArbiter, looks: bool) -> Outcome:
    """The outcome with open conflicts explained, and the one more look that was ordered.

    Args:
        outcome: what the round came to.
        arbiter: who was asked.
        looks: whether a round is left for another look.
    """
    return replace(
        outcome,
        conflicts=arbiter.explained(outcome.conflicts),
        tasks=(*outcome.tasks, *(arbiter.looks(outcome.tasks) if looks else ())),
    )


def keep(
    round_: Round,
    outcome: Outcome,
    made: tuple[AssetRef, ...],
    repository: Repository,
    boss: Boss | None,
) -> None:
    """Write to project memory what a round came to: all of it, or nothing.

    Args:
        round_: what there was to merge.
        outcome: what it came to.
        made: the files that it made.
        repository: the memory.
        boss: who signs the step; None for instruments.
    """
    with repository.together():
        _keep_knowledge(round_, outcome, made, repository)
        _keep_steps(round_, outcome, repository, boss)


def _keep_knowledge(
    round_: Round, outcome: Outcome, made: tuple[AssetRef, ...], repository: Repository
) -> None:
    context = round_.context
    project, began = context.project, now(context.thread, context.turn)
    if round_.plan is not None:
        keep_stated(repository, project, round_.plan, began)
    repository.add_assets(project, made, began)
    repository.add_findings(project, outcome.findings, began)
    repository.add_conflicts(project, outcome.conflicts, began)
    keep_advice(repository, context, outcome.recommendations, outcome.findings)
    repository.add_notes(project, outcome.notes, began)


def _keep_steps(round_: Round, outcome: Outcome, repository: Repository, boss: Boss | None) -> None:
    """The round in the processing history, and what is told anew of the project's places."""
    context, number = round_.context, round_.number
    project, began = context.project, now(context.thread, context.turn)
    repository.add_reports(project, round_.fresh, number, began)
    came_to = integrated(context, outcome.tasks, outcome.findings, outcome.conflicts, number)
    refreshed = repository.refresh_summaries(project, began, most=MOST_SUMMARIES)
    steps = (
        *worked(context, outcome.tasks, round_.fresh, number),
        *tried(context, round_.fresh, number),
        signed(came_to, boss),
        *evolved(context, refreshed, number),
    )
    repository.add_interactions(project, steps)
