"""What doesn't fit, and what would, in plain words."""

from collections.abc import Iterable

from grym_synth.errors import NotEnoughMemory
from models.residency.ledger import Ledger
from models.residency.words import GIB, Held, Ticket


def too_large(ticket: Ticket, ledger: Ledger) -> NotEnoughMemory:
    """The fault of a model that can never be loaded beside what stays."""
    stays = ledger.stays(ticket)
    left = ledger.budget - sum(one.footprint.bytes for one in stays)
    beside = f" beside {_listed(stays)}" if stays else ""
    return NotEnoughMemory(
        f"loading {ticket.footprint.name}",
        f"it needs {_gib(ticket.footprint.bytes)} and {_gib(max(0, left))} are there{beside}",
        "Take a smaller model, a smaller precision (4 bits need about a third of 16) or a smaller "
        "window, or give models more memory (GRYM_MEMORY_GIB)",
    )


def no_room_in_time(ticket: Ticket, ledger: Ledger, seconds: float) -> NotEnoughMemory:
    """The fault of one who waited for others to be done, and they were not."""
    holds = [one for one in ledger.held.values() if one.users or one.stage != "ready"]
    return NotEnoughMemory(
        f"loading {ticket.footprint.name}",
        f"it needs {_gib(ticket.footprint.bytes)} of {_gib(ledger.budget)}, and after "
        f"{seconds:.0f} s {_listed(holds) or 'others before it'} still had the memory",
        "Ask again when they are done, or allow more time",
    )


def too_many(name: str, waiting: int) -> NotEnoughMemory:
    """The fault of a queue that is full."""
    return NotEnoughMemory(
        f"loading {name}", f"{waiting} others already wait for memory", "Ask again in a while"
    )


def queued(ticket: Ticket, ledger: Ledger) -> str:
    """What somebody who waits is told."""
    holds = [one for one in ledger.held.values() if one.users]
    answers = f"; {_listed(holds)} answers" if holds else ""
    return f"waiting for {_gib(ticket.footprint.bytes)} for {ticket.footprint.name}{answers}"


def _listed(held: Iterable[Held]) -> str:
    return ", ".join(f"{one.footprint.name} ({_gib(one.footprint.bytes)})" for one in held)


def _gib(size: int) -> str:
    return f"{size / GIB:.1f} GiB"
