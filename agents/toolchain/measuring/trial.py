"""A trial: probes for a processor, and how their answers are judged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agents.toolchain.expectations import parameter
from agents.toolchain.specification import Specification
from agents.workflows.checks import Check
from audio.probing.probe import Answer, Probe


@dataclass(frozen=True)
class Trial:
    """One group of checks."""

    probes: tuple[Probe, ...]
    judge: Callable[[Sequence[Answer]], list[Check]]
    """Takes the answers to the probes, in their order."""
    takes_all: bool = False
    """Whether it can judge answers that hold samples which are no finite numbers."""


def main_rate(specification: Specification) -> int:
    """The sample rate at which most is measured: 48 kHz if it is one of them, else the first."""
    rates = specification.sample_rates
    return 48_000 if 48_000 in rates else rates[0]


def settings(specification: Specification, **roles: float) -> dict[str, float]:
    """Settings by name from values by role, in the processor's units, kept inside of the ranges.

    Roles that the processor doesn't have are left out.
    """
    found = {}
    for role, value in roles.items():
        one = parameter(specification, role)
        if one is not None:
            found[one.name] = min(max(value / one.factor, one.minimum), one.maximum)
    return found


def reached(specification: Specification, role: str, chosen: dict[str, float]) -> float:
    """What a role is under some settings, in the processor's unit."""
    one = parameter(specification, role)
    assert one is not None, role
    return chosen.get(one.name, one.default) * one.factor


def can_be(specification: Specification, role: str, value: float) -> bool:
    """Whether a role is fixed at a value, or can be set to it."""
    one = parameter(specification, role)
    return one is not None and one.minimum <= value / one.factor <= one.maximum


def judged(probes: Sequence[Probe], judge: Callable[[Sequence[Answer]], list[Check]]) -> Trial:
    """A trial of some probes."""
    return Trial(tuple(probes), judge)
