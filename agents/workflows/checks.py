"""What a workflow finds out of its own result, each with the way in which it was measured."""

from typing import Literal

from pydantic import JsonValue

from memory.context import Criterion, Op, Word

CheckStatus = Literal["met", "not_met", "not_checked"]


class Check(Word):
    """One property of a result: what it had to be, what was measured, and how."""

    name: str
    """A short dotted name, such as ``tempo.agrees``."""
    what: str
    """One sentence that says what holds when it is met."""
    status: CheckStatus
    target: JsonValue = True
    """What was wanted, in ``unit``; true where something simply has to hold."""
    op: Op = "=="
    """How the measured value had to lie to the target."""
    tolerance: float | None = None
    """How far from the target it may lie, in ``unit``, for ``==``."""
    measured: JsonValue = None
    unit: str = ""
    method: str
    """How it was measured."""
    why: str = ""
    """The reason where it is not met or was not checked."""

    def criterion(self) -> Criterion:
        """The check as a judged criterion of its task."""
        return Criterion(
            aspect=self.name,
            op=self.op,
            value=self.target,
            tolerance=self.tolerance,
            unit=self.unit,
            measured=self.measured,
            met=self.status == "met",
        )


def held(
    name: str, what: str, holds: bool, method: str, *, measured: JsonValue = None, why: str = ""
) -> Check:
    """The check of something that simply has to hold.

    Args:
        name: its short name.
        what: one sentence that says what holds.
        holds: whether it does.
        method: how that was found out.
        measured: what was found; by default whether it holds.
        why: what is wrong, where it does not hold.
    """
    return Check(
        name=name,
        what=what,
        status="met" if holds else "not_met",
        measured=holds if measured is None else measured,
        method=method,
        why="" if holds else why,
    )


def compared(
    name: str,
    what: str,
    measured: float | None,
    op: Op,
    target: float,
    method: str,
    *,
    unit: str = "",
    tolerance: float = 0.0,
    why: str = "",
) -> Check:
    """The check of a number against its target; what can't be measured does not meet it.

    Args:
        name: its short name.
        what: one sentence that says what holds when it is met.
        measured: the number in ``unit``; None where it can't be told.
        op: how it must lie to the target.
        target: in ``unit``.
        method: how it was measured.
        unit: of both numbers.
        tolerance: how far from the target it may lie, for ``==``.
        why: the reason, where it is not met.
    """
    met = measured is not None and _compares(measured, op, target, tolerance)
    return Check(
        name=name,
        what=what,
        status="met" if met else "not_met",
        target=target,
        op=op,
        tolerance=tolerance if op == "==" else None,
        measured=measured,
        unit=unit,
        method=method,
        why="" if met else why or ("it can't be told" if measured is None else ""),
    )


def unchecked(name: str, what: str, method: str, why: str) -> Check:
    """A check that could not be made, with the reason."""
    return Check(name=name, what=what, status="not_checked", method=method, why=why)


def _compares(measured: float, op: Op, target: float, tolerance: float) -> bool:
    if op == "<=":
        return measured <= target
    if op == ">=":
        return measured >= target
    return abs(measured - target) <= tolerance
