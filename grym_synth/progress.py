"""Live progress of a turn on standard error: one line for each thing, a spinner on a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.text import Text

from memory.context import Event


class Progress:
    """Shows who does what; the answer's own output stays free of it."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._status = self._console.status("opening the studio")

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._status.stop()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Leave the terminal to somebody who asks something there."""
        self._status.stop()
        yield
        if self._console.is_terminal:
            self._status.start()

    def watch(self, event: Event) -> None:
        """Take one event of a turn."""
        text = f"failed: {event.error}" if event.error else event.text
        if text:
            line = Text(f"{event.node}: {_printable(text)}", style="dim")
            self._console.print(line, soft_wrap=True)
            self._status.update(line)


def _printable(text: str) -> str:
    """One line without the control characters that names of files may hold."""
    return "".join(one if one.isprintable() else " " for one in " ".join(text.split()))
