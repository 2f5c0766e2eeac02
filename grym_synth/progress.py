"""Live progress of a turn on standard error: one line per node, a spinner while it works."""

import time
from types import TracebackType
from typing import Self

from rich.console import Console

from grym_synth.turns import Event


class Progress:
    """Shows which node works and how long each took; quiet about nothing, loud about errors."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._began: dict[str, list[float]] = {}
        self._status = self._console.status("opening the studio")

    def __enter__(self) -> Self:
        self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._status.stop()

    def watch(self, event: Event) -> None:
        """Take one event of the graph."""
        if event.phase == "start":
            self._began.setdefault(event.node, []).append(time.monotonic())
        else:
            seconds = time.monotonic() - self._began[event.node].pop(0)
            failed = f" failed: {event.error}" if event.error else ""
            self._console.print(f"{event.node}{failed} ({seconds:.1f} s)", style="dim")
        working = [node for node, began in self._began.items() if began]
        self._status.update(", ".join(working) or "thinking")
