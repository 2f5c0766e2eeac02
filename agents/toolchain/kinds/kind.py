"""What a member of the family is made of, as data."""

from dataclasses import dataclass, field

from pydantic import JsonValue

from agents.toolchain.specification import Scale


@dataclass(frozen=True)
class Role:
    """One thing that can be set of a processor, whatever it is called."""

    units: dict[str, float]
    """Units that it may have, with what one of them is in the first one."""
    least: float
    """No lower value works, in the first unit."""
    most: float
    minimum: float
    """Where a specification names no range."""
    maximum: float
    default: float
    words: str
    """What it is called in English and German: a regular expression."""
    scale: Scale = "linear"
    needed: bool = True
    """Whether it is a parameter even where the specification doesn't name it."""


@dataclass(frozen=True)
class Kind:
    """One member of the family."""

    label: str
    module: str
    """Of ``agents/toolchain/sources``."""
    processor: str
    """Its class there."""
    words: str
    """What it is called in English and German: a regular expression."""
    roles: dict[str, Role]
    options: frozenset[str] = frozenset()
    """Arguments of the class that a specification may fix."""
    fixed: dict[str, JsonValue] = field(default_factory=dict)
    """Arguments that follow from the kind."""
    each_split: frozenset[str] = frozenset()
    """Roles of which there is one for each frequency that parts two bands."""
    each_band: frozenset[str] = frozenset()
    """Roles of which there is one for each band."""
    splits: int = 1
    """How many frequencies part the bands where the specification names none."""
    in_bands: str = ""
    """The member that it is where the specification speaks of several bands."""
