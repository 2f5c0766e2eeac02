"""A device that exists in numbers only: loads, unloads and answers take their time."""

import heapq
import random
from dataclasses import dataclass, field

from models.residency.ledger import Ledger
from models.residency.words import GIB, Footprint, Ticket


@dataclass
class Request:
    """Somebody who comes at a time, asks a model for a while, and may give up before."""

    comes: float
    model: Footprint
    seconds: float
    gives_up: float = float("inf")


@dataclass
class Device:
    """Plays requests against a ledger and watches what must never happen."""

    ledger: Ledger
    unload_seconds: float = 0.3
    loads: int = 0
    granted: dict[int, float] = field(default_factory=dict)
    given_up: set[int] = field(default_factory=set)
    _events: list[tuple[float, int, str, str, int]] = field(default_factory=list)
    _count: int = 0

    def play(self, requests: list[Request]) -> None:
        """Let them come; ends when nothing happens any more."""
        for number, one in enumerate(requests):
            self._at(one.comes, "comes", one.model.name, number)
            if one.gives_up < float("inf"):
                self._at(one.comes + one.gives_up, "gives_up", one.model.name, number)
        while self._events:
            now, _, what, name, number = heapq.heappop(self._events)
            self._happen(what, name, number, requests)
            self._follow(now, requests)

    def _happen(self, what: str, name: str, number: int, requests: list[Request]) -> None:
        if what == "comes":
            ticket = Ticket(number, requests[number].model)
            if self.ledger.fits(ticket):
                self.ledger.ask(ticket)
            else:
                self.given_up.add(number)
        elif what == "gives_up" and number not in self.granted:
            self.given_up.add(number)
            self.ledger.withdraw(number)
        elif what == "ends":
            self.ledger.release(number)
        elif what == "loaded":
            self.ledger.loaded(name)
        elif what == "gone":
            self.ledger.gone(name)

    def _follow(self, now: float, requests: list[Request]) -> None:
        for step in self.ledger.steps():
            held = self.ledger.held.get(step.name)
            assert held is not None
            if step.do == "load":
                self.loads += 1
                self._at(now + held.footprint.load_seconds, "loaded", step.name, 0)
            elif step.do == "unload":
                assert not held.users, "a model that answers was unloaded"
                self._at(now + self.unload_seconds, "gone", step.name, 0)
            else:
                assert held.stage == "ready"
                self.granted[step.ticket] = now
                self._at(now + requests[step.ticket].seconds, "ends", step.name, step.ticket)
        assert self.ledger.used <= self.ledger.budget, "the budget was exceeded"

    def _at(self, time: float, what: str, name: str, number: int) -> None:
        self._count += 1
        heapq.heappush(self._events, (time, self._count, what, name, number))


def random_requests(chance: random.Random) -> tuple[int, list[Request]]:
    """A budget, and requests for up to seven models of any size."""
    budget = chance.randint(4, 48) * GIB
    models = [
        Footprint(f"m{number}", int(chance.uniform(0.2, 1.1) * budget), chance.uniform(0.1, 30))
        if chance.random() < 0.4
        else Footprint(f"m{number}", int(chance.uniform(0.05, 0.5) * budget), 2.0)
        for number in range(chance.randint(1, 7))
    ]
    hurry = chance.choice((0.2, 2.0, 20.0))
    requests = [
        Request(
            chance.uniform(0, 30 * hurry),
            chance.choice(models),
            chance.uniform(0, 10),
            chance.uniform(0, 20) if chance.random() < 0.15 else float("inf"),
        )
        for _ in range(chance.randint(1, 25))
    ]
    return budget, requests
