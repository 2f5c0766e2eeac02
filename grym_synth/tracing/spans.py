"""The parts of a turn's trace: where nobody asked for one, all this does nothing.

Whoever runs a turn begins its first span; what runs within it, in any thread that takes over the
context, adds spans below. A span holds *facts* (numbers, names, ids) and *words* (what was asked
and said), which only leave where the user wants them to.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal, Protocol

Fact = str | bool | int | float
Facts = Mapping[str, Fact]
Kind = Literal["chain", "llm", "tool"]
"""What it is in LangSmith's terms."""


class Span(Protocol):
    """One part of a trace, from its beginning to its end."""

    def part(self, name: str, kind: Kind, seconds: float = 0.0) -> "Span":
        """Begin a span below this one.

        Args:
            name: what it is called.
            kind: what it is.
            seconds: how long ago it began.
        """
        ...

    def tell(self, facts: Facts) -> None:
        """Add what may always be told, under OpenTelemetry's names or ``grym.…``."""
        ...

    def quote(self, asked: str = "", said: str = "") -> None:
        """Add what was asked and said; kept only where the user lets traces have it."""
        ...

    def fail(self, fault: str, why: str = "") -> None:
        """Say that it failed: the name of the fault, and in words why."""
        ...

    def end(self) -> None:
        """End it now."""
        ...


class Tracing(Protocol):
    """Whoever sends traces."""

    @property
    def has_words(self) -> bool:
        """Whether the user lets traces have what was asked and said."""
        ...

    def begin(self, name: str) -> Span:
        """Begin a trace with its first span."""
        ...


_HERE: ContextVar[Span | None] = ContextVar("grym_span", default=None)


def here() -> Span | None:
    """The span that this runs in; None where nothing is traced."""
    return _HERE.get()


@contextmanager
def within(span: Span | None) -> Iterator[None]:
    """Have what runs in this block belong to a span."""
    token = _HERE.set(span)
    try:
        yield
    finally:
        _HERE.reset(token)


@contextmanager
def instrument(name: str, facts: Facts | None = None) -> Iterator[None]:
    """Trace a run of one of our instruments.

    Args:
        name: of the instrument.
        facts: what else may be told.
    """
    parent = here()
    if parent is None:
        yield
        return
    span = parent.part(f"execute_tool {name}", "tool")
    span.tell({"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": name, **(facts or {})})
    try:
        with within(span):
            yield
    except BaseException as fault:
        span.fail(type(fault).__name__, str(fault))
        raise
    finally:
        span.end()
