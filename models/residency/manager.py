"""Lets threads use models within the memory that there is; loading happens beside the waiting."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Protocol

from grym_synth.errors import Cancelled, ModelFault
from models.residency.ledger import Ledger
from models.residency.ordering import fewest_loads
from models.residency.telling import no_room_in_time, queued, too_large, too_many
from models.residency.words import Footprint, Step, Ticket

_LOOK_SECONDS = 0.1
"""How often one who waits sees whether it still wants to."""

MOST_WAITING = 64
"""Longest queue."""


class Loadable(Protocol):
    """A model that takes memory of the device."""

    def footprint(self) -> Footprint:
        """What it takes; known before it is loaded."""
        ...

    def load(self) -> None:
        """Load it; nothing happens where it is loaded.

        Raises:
            ModelFault: it can't be loaded.
        """
        ...

    def unload(self) -> None:
        """Free its memory; it may be loaded again."""
        ...


class Memory(Protocol):
    """What models may take of a device."""

    def budget(self, ours: Iterable[str]) -> int:
        """Bytes that the models may take together now.

        Args:
            ours: names of those that have memory already; what others take is not for them.
        """
        ...


class Residency:
    """Loads models when they are asked for, and unloads those that cost least to lose."""

    def __init__(
        self,
        memory: Memory,
        most_waiting: int = MOST_WAITING,
        keep: frozenset[str] = frozenset(),
    ) -> None:
        """Nothing is loaded yet.

        Args:
            memory: how much there is.
            most_waiting: how many may wait at once.
            keep: names of models that are pinned: once loaded, they stay whatever comes.
        """
        self._memory, self._most_waiting = memory, most_waiting
        self._ledger = Ledger(0, keep)
        self._models: dict[str, Loadable] = {}
        self._faults: dict[int, ModelFault] = {}
        self._granted: set[int] = set()
        self._numbers = count(1)
        self._changed = threading.Condition()

    @contextmanager
    def lease(
        self,
        model: Loadable,
        *,
        seconds: float = 300.0,
        cancel: threading.Event | None = None,
        beside: frozenset[str] = frozenset(),
        tell: Callable[[str], None] = lambda text: None,
    ) -> Iterator[float]:
        """Have a model loaded for as long as the block takes; gives the seconds that were waited.

        Args:
            model: what is asked.
            seconds: longest wait, loading included.
            cancel: ends the wait once it is set.
            beside: names of models that the same thread leases meanwhile.
            tell: takes a line when somebody else has to be waited for.

        Raises:
            NotEnoughMemory: it doesn't fit, others had the memory too long, or too many wait.
            ModelFault: it did not load.
            Cancelled: ``cancel`` was set.
        """
        began, ticket = time.monotonic(), Ticket(next(self._numbers), model.footprint(), beside)
        self._ask(ticket, model, tell)
        try:
            self._wait(ticket, began + seconds, seconds, cancel or threading.Event())
            yield time.monotonic() - began
        finally:
            with self._changed:
                self._ledger.release(ticket.number)
                self._ledger.withdraw(ticket.number)
                self._granted.discard(ticket.number)
                self._follow()

    def plan(
        self, stages: Sequence[frozenset[str]], footprints: Mapping[str, Footprint]
    ) -> tuple[str, ...]:
        """The order of uses that costs the fewest loads; what comes soon in it stays loaded.

        Args:
            stages: names of models that are used together, one stage after another.
            footprints: what they take.
        """
        with self._changed:
            held = frozenset(self._ledger.held)
            known = {name: one.footprint for name, one in self._ledger.held.items()}
            budget = self._memory.budget(held)
            way = fewest_loads(stages, held, {**known, **footprints}, budget)
            order = tuple(name for stage in way.order for name in stage)
            self._ledger.habits.expect(order)
            return order

    def loaded(self) -> tuple[str, ...]:
        """Names of the models that can be asked at once."""
        with self._changed:
            return tuple(name for name, one in self._ledger.held.items() if one.stage == "ready")

    def _ask(self, ticket: Ticket, model: Loadable, tell: Callable[[str], None]) -> None:
        name = ticket.footprint.name
        with self._changed:
            if name not in self._ledger.held:
                self._ledger.budget = self._memory.budget(tuple(self._ledger.held))
                if not self._ledger.fits(ticket):
                    raise too_large(ticket, self._ledger)
            if len(self._ledger.queue) >= self._most_waiting:
                raise too_many(name, len(self._ledger.queue))
            self._models[name] = model
            self._ledger.ask(ticket)
            self._follow()
            waits = ticket.clears and ticket.number not in self._granted
            text = queued(ticket, self._ledger) if waits else ""
        if text:
            tell(text)

    def _wait(self, ticket: Ticket, end: float, seconds: float, cancel: threading.Event) -> None:
        with self._changed:
            while ticket.number not in self._granted:
                if ticket.number in self._faults:
                    raise self._faults.pop(ticket.number)
                if cancel.is_set():
                    name = ticket.footprint.name
                    raise Cancelled(f"waiting for {name}", "it was cancelled", "Ask again")
                if time.monotonic() >= end:
                    raise no_room_in_time(ticket, self._ledger, seconds)
                self._changed.wait(_LOOK_SECONDS)
            self._granted.discard(ticket.number)

    def _follow(self) -> None:
        """Do what the books say; the caller holds the lock."""
        for step in self._ledger.steps():
            if step.do == "grant":
                self._granted.add(step.ticket)
            else:
                work = threading.Thread(target=self._carry_out, args=(step,), daemon=True)
                work.start()
        self._changed.notify_all()

    def _carry_out(self, step: Step) -> None:
        """Load or unload a model, and note how that ended."""
        model, tried = self._models[step.name], f"{step.do}ing {step.name}"
        fault: ModelFault | None = ModelFault(tried, "it broke", "See the log; take another model")
        try:
            (model.load if step.do == "load" else model.unload)()
            fault = None
        except ModelFault as told:
            fault = told
        finally:
            with self._changed:
                if step.do == "load" and fault is None:
                    self._ledger.loaded(step.name)
                else:
                    self._ledger.gone(step.name)
                if step.do == "load" and fault is not None:
                    self._fail(step.name, fault)
                self._follow()

    def _fail(self, name: str, fault: ModelFault) -> None:
        """Tell all who wait for a model that it did not load."""
        for ticket in [one for one in self._ledger.queue if one.footprint.name == name]:
            self._faults[ticket.number] = fault
            self._ledger.withdraw(ticket.number)
