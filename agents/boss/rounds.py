"""The boss in one round of integration: when it distils, and what its rulings change."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from agents.boss.arbitration import BossArbiter
from agents.integration import Outcome
from memory.context import Report, Task


def is_last(tasks: Sequence[Task], reports: Iterable[Report]) -> bool:
    """Whether every planned task has its report, so that it is time to distil."""
    reported = {report.task for report in reports}
    planned = [task.id for task in tasks if task.status == "planned"]
    return bool(planned) and reported.issuperset(planned)


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
