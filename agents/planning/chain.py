"""A chain of recipe calls in the making, and the numbers that its steps find in the request."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from agents.judging.targets import PublishedTarget
from agents.planning.quantities import Quantity, Unit
from agents.planning.segments import Segment
from memory.context import Operation

NO_RECIPE = "No recipe does this"
"""How it begins that a step can't be built on instruments."""

_DOWN = frozenset({"lower", "remove", "deeper", "slower", "quieter", "darker", "fix"})


@dataclass
class Chain:
    """The recipe calls of one task, and what is said about them."""

    demands: Mapping[str, float] = field(default_factory=dict)
    """What the project wants of its sound, by aspect, for steps that the request leaves open."""
    services: tuple[PublishedTarget, ...] = ()
    """The services and broadcasters that the request names."""
    operations: list[Operation] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    """What was chosen where the request left it open."""
    unknown: list[str] = field(default_factory=list)
    """Steps that no recipe does."""
    generates: bool = False
    """Whether a sound is to be made from nothing."""
    ask: str = ""
    """The question that must be answered first; empty when all is known."""

    def add(self, name: str, **parameters: float | str) -> None:
        """Append a call; a second call of the same recipe replaces the first's numbers."""
        fresh = Operation(name=name, parameters=dict(parameters))
        same = [index for index, held in enumerate(self.operations) if held.name == name]
        if same and name not in ("peak_eq", "low_shelf", "high_shelf"):
            merged = {**self.operations[same[0]].parameters, **fresh.parameters}
            self.operations[same[0]] = Operation(name=name, parameters=merged)
        elif fresh not in self.operations:
            self.operations.append(fresh)

    def adopt(self, operations: Iterable[Operation]) -> None:
        """Put calls that were decided elsewhere before its own, which win over the same recipe."""
        fresh = [one for one in operations if not self.has(one.name)]
        self.operations[:0] = fresh

    def has(self, *names: str) -> bool:
        """Whether one of the recipes is in the chain."""
        return any(held.name in names for held in self.operations)


@dataclass(frozen=True)
class Numbers:
    """The quantities of a request, seen from one step."""

    seconds: float | None
    """Length of the file, where there is just one."""
    everywhere: tuple[Quantity, ...]
    here: tuple[Quantity, ...]
    """Those in the step's own segment."""
    down: bool
    """Whether the segment speaks of less, lower, slower."""

    def get(self, *units: Unit, wide: bool = True) -> Quantity | None:
        """The last quantity of a unit here, else (if wide) the last one anywhere."""
        for place in (self.here, self.everywhere if wide else ()):
            found = [one for one in place if one.unit in units]
            if found:
                return found[-1]
        return None

    def places(self) -> list[float]:
        """Frequencies here that a filter can work at, in hertz; also "around 300" without a unit.

        A sample rate of 32 kHz and more is none.
        """
        named = [value for value in self.all("hz") if value < 32_000]
        return named or [
            one.value
            for one in self.here
            if one.unit == "bare" and not one.signed and 20 <= one.value <= 20_000
        ]

    def all(self, *units: Unit) -> list[float]:
        """The values of a unit here, in order."""
        return [one.value for one in self.here if one.unit in units]


def numbers_of(
    segment: Segment, quantities: tuple[Quantity, ...], seconds: float | None
) -> Numbers:
    here = tuple(one for one in quantities if segment.covers(one.start, one.end))
    down = any(
        tag.name in _DOWN for tag in segment.tags if tag.group in ("verb", "effect", "quality")
    )
    return Numbers(seconds, quantities, here, down)


def plain(operation: Operation) -> dict[str, float | str]:
    return {
        name: value
        for name, value in operation.parameters.items()
        if isinstance(value, int | float | str)
    }
