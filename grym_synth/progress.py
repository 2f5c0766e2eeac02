"""Live progress of a turn on standard error.

A terminal shows the plan with what each task is at, drawn anew in place; elsewhere each event is
one line, in its order.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from memory.context import Event, TaskStatus

_SIGNS: dict[TaskStatus, tuple[str, str]] = {
    "planned": ("○", "dim"),
    "waiting": ("?", "yellow"),
    "done": ("✓", "green"),
    "not_met": ("✗", "red"),
    "failed": ("✗", "red"),
    "skipped": ("–", "dim"),
}
_RUNNING = ("●", "cyan")


@dataclass(frozen=True)
class _Row:
    """One task of the plan."""

    who: str
    objective: str
    at: str = ""
    """What it is at, or came to."""
    status: TaskStatus = "planned"
    runs: bool = False


class Progress:
    """Shows who does what; the answer's own output stays free of it."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._rows: dict[str, _Row] = {}
        self._at = "opening the studio"
        self._live = Live(
            console=self._console, get_renderable=self._drawn, transient=True, refresh_per_second=8
        )

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Leave the terminal to somebody who reads or asks there; the plan stays above."""
        running = self._live.is_started
        if running:
            self._live.stop()
            self._console.print(self._plan())
        yield
        if running:
            self._live.start()

    def watch(self, event: Event) -> None:
        """Take one event of a turn."""
        text = _printable(f"failed: {event.error}" if event.error else event.text)
        if not text:
            return
        row = self._rows.get(event.task)
        goes_on = event.kind == "task_start" and row is not None and row.runs
        self._at = f"{event.node}: {text}"
        self._take(event, text)
        tells = not goes_on and event.kind != "planned" and event.status != "done"
        if tells and not self._console.is_terminal:
            self._console.print(Text(self._at, style="dim"), soft_wrap=True)

    def _take(self, event: Event, text: str) -> None:
        """Change the row of the task that an event is about."""
        if event.kind in ("planned", "task_start") and event.task not in self._rows:
            self._rows[event.task] = _Row(event.node, text)
        row = self._rows.get(event.task)
        if row is None:
            return
        if event.status is not None:
            row = replace(row, status=event.status, runs=False)
        tells = event.kind not in ("planned", "task_start") and event.status != "done"
        row = replace(row, at=text) if tells else row
        self._rows[event.task] = replace(row, runs=_runs(event, row.runs))

    def _drawn(self) -> Group:
        spinner = Spinner("dots", Text(self._at, style="dim", no_wrap=True, overflow="ellipsis"))
        return Group(self._plan(), spinner)

    def _plan(self) -> Table:
        table = Table.grid(padding=(0, 1), expand=True)
        table.add_column(width=1)
        table.add_column(width=max((len(row.who) for row in self._rows.values()), default=1))
        table.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
        for row in self._rows.values():
            sign, style = _RUNNING if row.runs else _SIGNS[row.status]
            told = Text(row.objective).append(f"  {row.at}" if row.at else "", style="dim")
            table.add_row(Text(sign, style=style), Text(row.who, style="bold"), told)
        return table


def _runs(event: Event, before: bool) -> bool:
    if event.kind in ("task_start", "progress", "loading", "waiting", "thinking", "retry"):
        return True
    return before and event.kind not in ("task_end", "judged")


def _printable(text: str) -> str:
    """One line without the control characters that names of files may hold."""
    return "".join(one if one.isprintable() else " " for one in " ".join(text.split()))
