"""What is told of a recording, each fact with its method and how sure it is."""

from collections.abc import Iterable
from typing import NamedTuple

from pydantic import Field, JsonValue

from audio.aspects import is_number
from memory.context import Word


class Told(Word):
    """One fact of a recording."""

    value: JsonValue
    """In ``unit``; null where it can't be told, with the reason in ``method``."""
    unit: str = ""
    method: str
    """How it was measured, or why it can't be told."""
    confidence: float = Field(ge=0, le=1)


class Span(NamedTuple):
    """A named stretch of a recording."""

    start: float
    """In seconds."""
    end: float
    """In seconds."""
    name: str


class Analysis(Word):
    """All facts of a recording: what ``analysis.json`` holds."""

    file: str
    """Name of the recording."""
    sha256: str
    seconds: float
    sample_rate_hz: int
    channels: int
    facts: dict[str, Told]
    """By name: ``tempo``, ``beats``, ``downbeats``, ``meter``, ``key``, ``chords`` …"""

    def number(self, name: str) -> float | None:
        """A fact that is a number; None where it can't be told."""
        value = self.facts[name].value if name in self.facts else None
        return float(value) if is_number(value) else None

    def text(self, name: str) -> str:
        """A fact that is text; empty where it can't be told."""
        value = self.facts[name].value if name in self.facts else None
        return value if isinstance(value, str) else ""

    def times(self, name: str) -> list[float]:
        """A fact that is a list of seconds; empty where it can't be told."""
        value = self.facts[name].value if name in self.facts else None
        return [float(one) for one in value if is_number(one)] if isinstance(value, list) else []

    def spans(self, name: str) -> list[Span]:
        """A fact that is a list of named stretches; empty where it can't be told."""
        value = self.facts[name].value if name in self.facts else None
        return [_span(one) for one in value] if isinstance(value, list) else []

    def with_facts(self, facts: dict[str, Told]) -> "Analysis":
        """The analysis with some facts told anew."""
        return self.model_copy(update={"facts": {**self.facts, **facts}})

    def without(self, names: Iterable[str], reason: str) -> "Analysis":
        """The analysis in which some facts can't be told, for one reason."""
        untold = {
            name: Told(value=None, unit=self.facts[name].unit, method=reason, confidence=0.0)
            for name in names
            if name in self.facts
        }
        return self.with_facts(untold)


def spans_told(spans: Iterable[tuple[float, float, str]]) -> JsonValue:
    """Named stretches as they are told, in order."""
    return [
        {"start": round(start, 3), "end": round(end, 3), "name": name} for start, end, name in spans
    ]


def _span(told: JsonValue) -> Span:
    if not isinstance(told, dict):
        raise TypeError("a stretch is told with its start, end and name")
    start, end = told["start"], told["end"]
    if not (is_number(start) and is_number(end)):
        raise TypeError("a stretch begins and ends at a time")
    return Span(float(start), float(end), str(told["name"]))
