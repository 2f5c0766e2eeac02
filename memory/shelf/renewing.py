"""Notes about code that say anew what an older one says take its place; it stays on record."""

from collections.abc import Iterable, Iterator

from pydantic import JsonValue

from memory.context import Note, Place
from memory.filing.code_words import renews
from memory.filing.keys import NOTES
from memory.filing.records import NEVER, word_of
from memory.shelf.reading import ShelfReading

_KINDS = ("api", "architecture", "performance")


def renewed(shelf: ShelfReading, notes: Iterable[Note]) -> Iterator[Note]:
    """The notes, each with the one whose place it takes, where there is one and it says none."""
    fresh: list[Note] = []
    for note in notes:
        if note.kind in _KINDS and not note.supersedes:
            older = [one for one in (*_held(shelf, note.kind, note.place), *fresh) if one != note]
            same = [one.id for one in older if one.id != note.id and renews(note, one)]
            note = note.model_copy(update={"supersedes": same[-1] if same else None})
            fresh.append(note)
        yield note


def _held(shelf: ShelfReading, kind: str, place: Place) -> list[Note]:
    """The notes of a kind at a place that hold, the oldest first."""
    where: dict[str, JsonValue] = {
        "kind": kind,
        "level": place.level,
        "name": place.name.casefold(),
        "until": NEVER,
    }
    found = shelf.store.select([shelf.place(NOTES)], where)
    return [word_of(one.entry, Note) for one in reversed(found)]
