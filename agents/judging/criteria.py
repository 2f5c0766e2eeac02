"""Whether what was measured meets what was asked."""

from collections.abc import Iterable

from agents.planning.criteria import is_relative
from audio.agreement import agree
from audio.aspects import ASPECTS, is_number
from memory.context import Criterion, Finding

_ROUNDING = 1e-4
"""Share of a bound by which a rounded measurement may pass it."""


def judge(criteria: Iterable[Criterion], findings: Iterable[Finding]) -> tuple[Criterion, ...]:
    """Judge each criterion by what was measured or executed, never by what a model said.

    Args:
        criteria: the conditions.
        findings: what is known of the results, oldest first; of findings about the same subject
            the last counts, and where there are several results all must meet the condition.

    Returns:
        The criteria with ``measured`` and ``met``; unchanged where nothing was measured.
    """
    measured = [finding for finding in findings if finding.evidence in ("measured", "executed")]
    return tuple(_judge_one(criterion, measured) for criterion in criteria)


def _judge_one(criterion: Criterion, findings: list[Finding]) -> Criterion:
    about = {
        (finding.subject.kind, finding.subject.id): finding
        for finding in findings
        if finding.aspect == criterion.aspect and finding.subject.start is None
    }
    if not about or is_relative(criterion):
        return criterion
    verdicts = [(meets(criterion, finding), finding.value) for finding in about.values()]
    met, value = min(verdicts, key=lambda verdict: verdict[0])
    return criterion.model_copy(update={"measured": value, "met": met})


def meets(criterion: Criterion, finding: Finding) -> bool:
    """Whether one measured value meets a criterion; what can't be told does not.

    A criterion that asks for null ("no hum") is met where a measurement found that there is none.
    """
    wanted, value = criterion.value, finding.value
    if wanted is None or value is None:
        return wanted is None and value is None and finding.absent
    if is_number(wanted) and is_number(value):
        return _compares(criterion, float(wanted), float(value))
    if isinstance(wanted, str) and isinstance(value, str):
        return wanted.casefold() == value.casefold() or agree(criterion.aspect, wanted, value)
    return wanted == value


def _compares(criterion: Criterion, wanted: float, value: float) -> bool:
    hair = _ROUNDING * max(1.0, abs(wanted))
    if criterion.op == "<=":
        return value <= wanted + hair
    if criterion.op == ">=":
        return value >= wanted - hair
    aspect = ASPECTS.get(criterion.aspect)
    tolerance = criterion.tolerance
    if tolerance is None:
        tolerance = aspect.tolerance(wanted) if aspect else 0.0
    return abs(value - wanted) <= tolerance + 1e-9
