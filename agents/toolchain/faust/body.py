"""What a kind adds to the parts that all Faust sources share."""

from dataclasses import dataclass
from textwrap import dedent

from agents.toolchain.expectations import parameter
from agents.toolchain.specification import Specification

FASTEST_HZ = 192_000
"""Buffers are long enough up to this sample rate, or the highest that a specification names."""


@dataclass(frozen=True)
class Body:
    """Definitions up to ``process``."""

    fragments: tuple[str, ...]
    """Shared parts that they need."""
    text: str


def body(text: str, *fragments: str) -> Body:
    """A body from an indented text."""
    return Body(fragments, dedent(text))


def number(value: float) -> str:
    """A number as Faust reads it, exactly."""
    return repr(float(value)) if value != int(value) or abs(value) > 1e9 else str(int(value))


def role(specification: Specification, name: str, otherwise: float) -> str:
    """The name of a role's value; a constant where there is no such parameter."""
    return name if parameter(specification, name) is not None else number(otherwise)


def longest(specification: Specification, milliseconds: float) -> int:
    """How many samples a time takes at the fastest rate."""
    return round(milliseconds / 1000 * max(FASTEST_HZ, *specification.sample_rates))


def most_ms(specification: Specification, name: str, otherwise: float) -> float:
    """The largest value of a time parameter, in milliseconds."""
    one = parameter(specification, name)
    return otherwise if one is None else one.maximum * one.factor


def inputs(count: int, letter: str = "x") -> list[str]:
    """Names for so many signals."""
    return [f"{letter}{n}" for n in range(count)]


def loudest(signals: list[str], shape: str) -> str:
    """The largest of some signals, each put into a shape such as ``abs({})``."""
    found = shape.format(signals[0])
    for one in signals[1:]:
        found = f"max({found}, {shape.format(one)})"
    return found
