"""A turn as a stream: its events while it runs, then its result."""

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

from grym_synth.errors import Cancelled
from grym_synth.result import TurnResult
from memory.context import Event

Turn = Callable[[Callable[[Event], None], threading.Event], TurnResult]
"""Runs a turn: it is given what takes the events, and what cancels it."""

_DONE = None
"""Ends the queue."""


def streamed(turn: Turn) -> Iterator[Event | TurnResult]:
    """Run a turn in a thread of its own and yield what happens, its result last.

    Who stops reading before the end cancels the turn.

    Args:
        turn: what runs.

    Raises:
        GrymError: what the turn raises.
    """
    told: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
    cancel = threading.Event()
    ended: list[TurnResult] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            ended.append(turn(told.put, cancel))
        except BaseException as fault:  # noqa: BLE001  (it is raised where the stream is read)
            failed.append(fault)
        finally:
            told.put(_DONE)

    worker = threading.Thread(target=work, name="turn")
    worker.start()
    try:
        while (event := told.get()) is not _DONE:
            yield event
    finally:
        cancel.set()
        with suppress(Cancelled):
            worker.join()
    if failed:
        raise failed[0]
    yield ended[0]
