"""How an entry gives way to a newer one: the older version is closed and stays on record."""

from dataclasses import replace

from memory.context import Moment
from memory.filing.keys import archive_of
from memory.filing.records import begun, end_entry, is_current
from memory.storage.entries import Entry


def restate(held: Entry | None, new: Entry) -> list[Entry]:
    """What to write so that a new version stands under a key.

    Saying the same again changes nothing, and what is said again within one turn (also by a turn
    that runs again after a crash) is one version that began when it was first said.

    Args:
        held: what stands under the key, in force or given up; None when there is nothing.
        new: the new version.
    """
    if held is None:
        return [new]
    if is_current(held.value):
        if held.value["word"] == new.value["word"] and held.text == new.text:
            return []
        if _same_turn(begun(held), begun(new)):
            return [dated(new, held)]
        held = end_entry(held, begun(new))
    archived = f"{held.key}@{held.value['at']}"
    return [replace(held, namespace=archive_of(held.namespace), key=archived, text=""), new]


def dated(new: Entry, held: Entry) -> Entry:
    """A new form of an entry that keeps the moment of an older one."""
    kept = {name: held.value[name] for name in ("thread", "turn", "at", "began")}
    return replace(new, value={**new.value, **kept})


def _same_turn(one: Moment, other: Moment) -> bool:
    return one.turn > 0 and (one.thread, one.turn) == (other.thread, other.turn)
