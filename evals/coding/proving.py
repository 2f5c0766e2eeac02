"""A set of tasks held to account: a test that can't fail says nothing, nor one that none pass."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agents.sandbox.runs import Runner
from evals.coding.judging import Case, Verdict, judge
from evals.coding.tasks import AudioTask


@dataclass(frozen=True)
class Proof:
    """What trying a set's own answers showed."""

    answers: int
    faults: tuple[str, ...]
    """What is wrong with the set; none when every test tells right from wrong."""
    seconds: float
    """Processor time in the sandboxes."""


def proved(tasks: Sequence[AudioTask], runner: Runner) -> Proof:
    """Try every reference and every wrong answer of a set."""
    right = [one.case(one.reference) for one in tasks]
    wrong = [one.case(text) for one in tasks for text in one.wrong]
    verdicts = judge([*right, *wrong], runner)
    faults = _faults(tasks, verdicts[: len(right)], verdicts[len(right) :], wrong)
    return Proof(len(verdicts), tuple(faults), sum(one.seconds for one in verdicts))


def _faults(
    tasks: Sequence[AudioTask],
    right: Sequence[Verdict],
    others: Sequence[Verdict],
    wrong: Sequence[Case],
) -> Iterator[str]:
    for task, verdict in zip(tasks, right, strict=True):
        if not verdict.passed:
            yield f"{task.id}: its reference fails: {verdict.fault}"
        if not task.wrong:
            yield f"{task.id}: it has no wrong answer"
    for case, verdict in zip(wrong, others, strict=True):
        if verdict.passed:
            yield f"{case.name}: a wrong answer passes"
