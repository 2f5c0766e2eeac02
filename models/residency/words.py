"""The words of residency: what a model takes, who asks for it, and what is to be done."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

GIB = 2**30

Stage = Literal["loading", "ready", "unloading"]


class Footprint(NamedTuple):
    """What one model takes of a device."""

    name: str
    """The string that opens it."""
    bytes: int
    """Weights, cache at its window, activations, and what a process of its own takes."""
    load_seconds: float
    """How long loading it takes, as far as that is known."""


@dataclass
class Held:
    """A model that has memory of the device."""

    footprint: Footprint
    stage: Stage = "loading"
    users: set[int] = field(default_factory=set)
    """Tickets that it answers now: while there are any, it stays."""
    pinned: bool = False
    """It stays whatever comes."""


@dataclass
class Ticket:
    """One who waits for a model."""

    number: int
    footprint: Footprint
    beside: frozenset[str] = frozenset()
    """Models that the same one holds meanwhile: they can't make room for it."""
    clears: frozenset[str] = frozenset()
    """Models that make room for it: they take no new users until they are gone."""


class Step(NamedTuple):
    """Something to be done on the device, or somebody to be let in."""

    do: Literal["load", "unload", "grant"]
    name: str
    ticket: int = 0
    """For ``grant``: whose turn it is."""
