"""Taking a turn back: what its user said in it holds no longer, and what it gave up holds again.

What was measured stays, since it is as true as before, and so do files.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from pydantic import JsonValue

from memory.context import Finding, Moment, Note, Summary, TurnRecord
from memory.filing.keys import (
    FINDINGS,
    NOTES,
    SETTINGS,
    SUMMARIES,
    TERMS,
    TURNS,
    VERSIONS,
    archive_of,
    turn_key,
)
from memory.filing.records import NEVER, Record, is_current, record_of, word_of
from memory.filing.stating import Stated
from memory.shelf.shelf import Shelf
from memory.storage.entries import Entry
from memory.terms import Term

_SAID = (SETTINGS, NOTES, TERMS, FINDINGS)
"""Where a user's words lie."""


@dataclass(frozen=True)
class Undone:
    """What became of a turn's words."""

    given_up: tuple[Record, ...]
    """What was said in it and holds no longer."""
    restored: tuple[Record, ...]
    """What it had replaced or given up, and what holds again."""


def undo(shelf: Shelf, thread: str, turn: int, when: Moment) -> Undone:
    """Take back what a user said in a turn; all of it stays on record.

    Args:
        shelf: the project.
        thread: the turn's thread.
        turn: its number.
        when: when it is taken back, and why.
    """
    said = [one for one in _of_turn(shelf, thread, turn) if _is_users(record_of(one))]
    gone = [one for one in _given_up(shelf, thread, turn) if _is_users(record_of(one))]
    shelf.end_with_conflicts(said, when)
    shelf.end(_summaries_of(shelf, said), when)
    back = [one for one in gone if not _stands(shelf, one)]
    for entry in back:
        _state_again(shelf, record_of(entry), when)
    _mark(shelf, thread, turn)
    return Undone(_records(said), _records(back))


def leave(shelf: Shelf, thread: str, turns: Collection[int], when: Moment) -> None:
    """Take back what a user said in turns that a conversation left behind, all of it together.

    What they had given up holds again, if it was said in none of them. A conversation that goes
    back to them leaves the turns of ``when``, which gives them their words again.

    Args:
        shelf: the project.
        thread: the thread of the turns.
        turns: their numbers.
        when: the turn that leaves them.
    """
    every = (one for turn in turns for one in _of_turn(shelf, thread, turn))
    said = [one for one in every if _is_users(record_of(one))]
    places = [shelf.place(label) for label in _SAID]
    ended = shelf.store.select([*places, *map(archive_of, places)], {"current": False})
    gone = [
        one.entry
        for one in ended
        if any(_ended_in(one.entry, thread, turn) for turn in turns)
        and not any(_began_in(one.entry, thread, turn) for turn in turns)
    ]
    shelf.end_with_conflicts(said, when)
    shelf.end(_summaries_of(shelf, said), when)
    for entry in sorted(gone, key=lambda one: str(one.value["until"]), reverse=True):
        if _is_users(record_of(entry)) and not _stands(shelf, entry):
            _state_again(shelf, record_of(entry), when)
    for turn in turns:
        _mark(shelf, thread, turn)


def _of_turn(shelf: Shelf, thread: str, turn: int) -> list[Entry]:
    """What began to hold in a turn and still does."""
    where: dict[str, JsonValue] = {"thread": thread, "turn": turn, "until": NEVER}
    found = shelf.store.select([shelf.place(label) for label in _SAID], where)
    return [one.entry for one in reversed(found)]


def _given_up(shelf: Shelf, thread: str, turn: int) -> list[Entry]:
    """What held before a turn and was given up in it, the oldest first."""
    places = [shelf.place(label) for label in _SAID]
    before = shelf.store.read(shelf.place(TURNS, thread), [turn_key(turn - 1)])
    since = str(next(iter(before.values())).value["at"]) if before else ""
    where: dict[str, JsonValue] = {"current": False, "until": {"$gte": since}}
    found = shelf.store.select([*places, *map(archive_of, places)], where)
    return [one.entry for one in reversed(found) if _ended_in(one.entry, thread, turn)]


def _ended_in(entry: Entry, thread: str, turn: int) -> bool:
    ended = record_of(entry).ended
    held_before = not _began_in(entry, thread, turn)
    return ended is not None and (ended.thread, ended.turn) == (thread, turn) and held_before


def _began_in(entry: Entry, thread: str, turn: int) -> bool:
    return (entry.value["thread"], entry.value["turn"]) == (thread, turn)


def _is_users(record: Record) -> bool:
    match record.word:
        case Note() | Finding():
            return record.word.evidence == "user"
        case _:
            return isinstance(record.word, Stated | Term)


def _stands(shelf: Shelf, entry: Entry) -> bool:
    """Whether something holds under the key that an entry had, also where it is archived now."""
    place, key = entry.namespace, entry.key
    if place[2] == VERSIONS:
        place, key = (*place[:2], *place[3:]), key.rpartition("@")[0]
    held = shelf.store.read(place, [key]).get(key)
    return held is not None and is_current(held.value)


def _state_again(shelf: Shelf, record: Record, when: Moment) -> None:
    match record.word:
        case Note():
            shelf.put_notes([record.word], when)
        case Finding():
            shelf.put_findings([record.word], when)
        case Term():
            shelf.put_term(record.word, when)
        case word if isinstance(word, Stated):
            shelf.put_stated(word, when)


def _mark(shelf: Shelf, thread: str, turn: int) -> None:
    """The turn stays in the history, and nothing else looks at it."""
    held = shelf.store.read(shelf.place(TURNS, thread), [turn_key(turn)])
    for entry in held.values():
        told = word_of(entry, TurnRecord).model_copy(update={"undone": True})
        shelf.put_turn(told, record_of(entry).began)


def _summaries_of(shelf: Shelf, gone: Iterable[Entry]) -> list[Entry]:
    """The summaries that tell of what is given up."""
    keys = {entry.key for entry in gone}
    held = shelf.store.entries(shelf.place(SUMMARIES), searchable=True)
    return [one for one in held if keys.intersection(word_of(one, Summary).entries)]


def _records(entries: Iterable[Entry]) -> tuple[Record, ...]:
    return tuple(map(record_of, entries))
