"""Who has memory, who waits, and what follows: without threads, clocks or devices.

The queue is first come, first served, and nobody starves: models that make room for one who waits
take no new users, and who comes later only overtakes with what is loaded and stays, or with memory
that nobody before it needs.
"""

from collections.abc import Iterable

from models.residency.eviction import Habits, victims
from models.residency.words import Held, Step, Ticket


class Ledger:
    """The books of one device's memory."""

    def __init__(self, budget: int, keep: frozenset[str] = frozenset()) -> None:
        """Open the books.

        Args:
            budget: bytes that models may take together.
            keep: names of models that are pinned: once loaded, they stay whatever comes.
        """
        self.budget, self._keep = budget, keep
        self.held: dict[str, Held] = {}
        self.queue: list[Ticket] = []
        self.habits = Habits()

    @property
    def used(self) -> int:
        """Bytes that are taken, also by what is being loaded or unloaded."""
        return sum(one.footprint.bytes for one in self.held.values())

    def stays(self, ticket: Ticket) -> list[Held]:
        """The models that never make room for somebody: pinned ones, and its own others."""
        return [
            one
            for name, one in self.held.items()
            if (one.pinned or name in ticket.beside) and name != ticket.footprint.name
        ]

    def fits(self, ticket: Ticket) -> bool:
        """Whether a model can ever be loaded beside what stays."""
        kept = sum(one.footprint.bytes for one in self.stays(ticket))
        return ticket.footprint.bytes + kept <= self.budget

    def ask(self, ticket: Ticket) -> None:
        """Let somebody wait; the caller has seen that the model fits."""
        self.queue.append(ticket)

    def withdraw(self, number: int) -> None:
        """Take somebody out of the queue."""
        self.queue = [one for one in self.queue if one.number != number]

    def release(self, number: int) -> None:
        """Note that somebody needs its model no more."""
        for one in self.held.values():
            one.users.discard(number)

    def loaded(self, name: str) -> None:
        """Note that a model can be asked."""
        self.held[name].stage = "ready"

    def gone(self, name: str) -> None:
        """Note that a model's memory is free: it was unloaded, or did not load."""
        del self.held[name]

    def steps(self) -> list[Step]:
        """What is to be done now; loads and unloads are to be reported when they have ended."""
        steps, waiting = self._within_budget(), list[Ticket]()
        spare, leaving = self.budget - self.used, set[str]()
        for ticket in self.queue:
            name, held = ticket.footprint.name, self.held.get(ticket.footprint.name)
            if held is not None and held.stage == "ready" and name not in leaving:
                held.users.add(ticket.number)
                self.habits.used(name)
                steps.append(Step("grant", name, ticket.number))
                continue
            waiting.append(ticket)
            if held is not None:
                continue  # it is being loaded, or goes first and is loaded anew
            if ticket.footprint.bytes <= spare:
                self.held[name] = Held(ticket.footprint, pinned=name in self._keep)
                steps.append(Step("load", name))
                spare -= ticket.footprint.bytes
            else:
                ticket.clears = self._clears(ticket, spare, leaving)
                leaving |= ticket.clears
                steps += self._unload(self.held[one] for one in sorted(ticket.clears))
                spare = 0  # all of it waits for this one
        self.queue = waiting
        return steps

    def _clears(self, ticket: Ticket, spare: int, leaving: set[str]) -> frozenset[str]:
        """The models that make room for somebody: those chosen before, and more where it needs.

        Args:
            ticket: who waits.
            spare: bytes that nobody before it needs.
            leaving: models that make room for somebody before it.
        """
        others = [one for name, one in self.held.items() if name not in leaving]
        chosen = [
            one for one in others if one.stage == "unloading" or one.footprint.name in ticket.clears
        ]
        lacking = ticket.footprint.bytes - spare - sum(one.footprint.bytes for one in chosen)
        if lacking <= 0:
            return _names(chosen)
        free = [
            one
            for one in others
            if one not in chosen and one.stage == "ready" and not one.pinned
            if one.footprint.name not in ticket.beside
        ]
        wanted = {one.footprint.name for one in self.queue}
        unwanted = [one for one in free if one.footprint.name not in wanted]
        worth = {one.footprint.name: self.habits.worth(one.footprint) for one in free}
        more = victims(lacking, unwanted, worth) or victims(lacking, free, worth)
        return _names(chosen) | (more or frozenset())

    def _within_budget(self) -> list[Step]:
        """Unload idle models where the budget has become smaller than what is held."""
        over = self.used - self.budget
        over -= sum(one.footprint.bytes for one in self.held.values() if one.stage == "unloading")
        idle = [
            one
            for one in self.held.values()
            if one.stage == "ready" and not one.users and not one.pinned
        ]
        if over <= 0 or not idle:
            return []
        worth = {one.footprint.name: self.habits.worth(one.footprint) for one in idle}
        chosen = victims(over, idle, worth) or _names(idle)
        return self._unload(self.held[name] for name in chosen)

    def _unload(self, leaving: Iterable[Held]) -> list[Step]:
        """Begin to unload models that are loaded and answer nobody."""
        steps = []
        for one in leaving:
            if one.stage == "ready" and not one.users:
                one.stage = "unloading"
                steps.append(Step("unload", one.footprint.name))
        return steps


def _names(held: Iterable[Held]) -> frozenset[str]:
    return frozenset(one.footprint.name for one in held)
