"""What happened in a run, kept so that a page which comes back hears what it missed."""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

from pydantic import JsonValue
from pydantic_core import to_json

MOST_EVENTS = 4000
"""Events that a run keeps; of older ones, its progress goes first."""

MOST_CHARACTERS = 16_000_000
"""The same for the length of all events together."""

_PASSING = "event"
"""Name of the events that tell of progress: what they led to is told by others."""


@dataclass(frozen=True, slots=True)
class Told:
    """One event of a run."""

    number: int
    """Counts from 1."""
    name: str
    data: str
    """JSON."""

    def as_sse(self) -> str:
        """The event as server-sent events are written (WHATWG HTML, 9.2)."""
        return f"id: {self.number}\nevent: {self.name}\ndata: {self.data}\n\n"


class EventLog:
    """Events in their order: written by the run's thread, followed on the server's event loop."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: deque[Told] = deque()
        self._characters = 0
        self._number = 0
        self._ended = False
        self._followers: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    @property
    def number(self) -> int:
        """The number of the newest event; 0 when there is none."""
        return self._number

    @property
    def ended(self) -> bool:
        """Whether no event will come any more."""
        return self._ended

    def add(self, name: str, content: JsonValue, *, last: bool = False) -> None:
        """Tell an event to all who follow; none comes after the last.

        Args:
            name: the event's name.
            content: what it says.
            last: it ends the run.
        """
        text = to_json(content, inf_nan_mode="null").decode()
        with self._lock:
            if self._ended:
                return
            self._number += 1
            self._held.append(Told(self._number, name, text))
            self._characters += len(text)
            self._ended = last
            self._make_room()
        self._wake()

    def after(self, number: int) -> list[Told]:
        """The events that are kept and came after one, oldest first."""
        with self._lock:
            return [one for one in self._held if one.number > number]

    async def follow(self, after: int, beat_seconds: float) -> AsyncIterator[Told | None]:
        """The events after one, as they come, until the last.

        Args:
            after: the number of the last event that is known.
            beat_seconds: when nothing came for so long, None does.
        """
        bell = asyncio.Event()
        follower = (asyncio.get_running_loop(), bell)
        self._followers.add(follower)
        try:
            while True:
                bell.clear()
                ended = self._ended
                for one in self.after(after):
                    after = one.number
                    yield one
                if ended:
                    return
                try:
                    await asyncio.wait_for(bell.wait(), beat_seconds)
                except TimeoutError:
                    yield None
        finally:
            self._followers.discard(follower)

    def _make_room(self) -> None:
        while len(self._held) > MOST_EVENTS or self._characters > MOST_CHARACTERS:
            passing = next((one for one in self._held if one.name == _PASSING), None)
            gone = passing or self._held[0]
            if gone is self._held[-1]:
                return
            self._held.remove(gone)
            self._characters -= len(gone.data)

    def _wake(self) -> None:
        for loop, bell in tuple(self._followers):
            with suppress(RuntimeError):  # the loop is closed: nobody is there any more
                loop.call_soon_threadsafe(bell.set)
