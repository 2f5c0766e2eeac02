"""The versions of code of a turn as the processing history keeps them, one step each."""

from collections.abc import Iterable
from importlib.metadata import version

from memory.context import CodeTrial, Interaction, ProjectContext, Report, content_id
from memory.filing.records import now

_OUTCOMES = {
    "passed": "done", "failed": "not_met", "unsound": "not_met", "refused": "skipped",
    "none": "failed",
}  # fmt: skip
"""A step's outcome by what came of a version."""


def tried(
    context: ProjectContext, reports: Iterable[Report], round_: int
) -> tuple[Interaction, ...]:
    """What a model wrote in one round, who let it run, and what was wrong with it."""
    return tuple(
        _step(context, report, trial, round_) for report in reports for trial in report.trials
    )


def _step(context: ProjectContext, report: Report, trial: CodeTrial, round_: int) -> Interaction:
    thought = trial.thought
    decided = f", {trial.decision} by the user" if trial.decision else ""
    faults = f": {'; '.join(trial.faults)}" if trial.faults else ""
    key = (context.thread, context.turn, round_, report.agent, report.task, trial.number)
    return Interaction(
        id=content_id("i", *key),
        thread=context.thread,
        turn=context.turn,
        round=round_,
        who=f"{report.agent}/{trial.author}@{version('grym-synth')}",
        task=report.task,
        what=f"version {trial.number} of the code{decided}: {trial.outcome}{faults}",
        outcome=_OUTCOMES[trial.outcome],
        at=now().at,
        tokens_in=thought.tokens_in if thought else 0,
        tokens_out=thought.tokens_out if thought else 0,
        seconds=thought.seconds if thought else 0.0,
        thoughts=(thought,) if thought else (),
    )
