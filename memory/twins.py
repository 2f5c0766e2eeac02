"""Notes that say what a note at the same place says already are merged with it."""

from collections.abc import Iterable, Iterator

from pydantic import JsonValue

from memory.context import Note
from memory.duplicates import says_more, twin
from memory.keys import NOTES
from memory.records import NEVER, word_of
from memory.shelf_reading import ShelfReading

_MOST = 200
"""Most older notes of one kind and place that a new one is compared with, the newest first."""


def without_twins(shelf: ShelfReading, notes: Iterable[Note]) -> Iterator[Note]:
    """The notes that say something new; one that says more takes the place of its twin."""
    kept: list[Note] = []
    for note in notes:
        others = [one for one in (*_held(shelf, note), *kept) if _stand_together(one, note)]
        same = [one for one in others if one.id != note.id]
        place = twin(note.text, [one.text for one in same])
        if place is None or note.supersedes:
            kept.append(note)
        elif says_more(note.text, same[place].text):
            older = same[place]
            kept = [one for one in kept if one.id != older.id]
            kept.append(note.model_copy(update={"supersedes": older.id}))
    yield from kept


def _held(shelf: ShelfReading, note: Note) -> list[Note]:
    where: dict[str, JsonValue] = {
        "kind": note.kind,
        "level": note.place.level,
        "name": note.place.name.casefold(),
        "until": NEVER,
    }
    held = shelf.store.select([shelf.place(NOTES)], where, limit=_MOST)
    return [word_of(one.entry, Note) for one in held]


def _stand_together(one: Note, other: Note) -> bool:
    return (one.kind, one.place, one.assets) == (other.kind, other.place, other.assets)
