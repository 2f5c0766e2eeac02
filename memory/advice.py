"""What was recommended about files and still holds."""

from collections.abc import Iterable

from pydantic import JsonValue

from memory.context import Note
from memory.keys import NOTES
from memory.records import NEVER, word_of
from memory.shelf_reading import ShelfReading

_MOST = 40
"""Most notes about one file, the newest first."""


def advice_about(shelf: ShelfReading, assets: Iterable[str]) -> tuple[Note, ...]:
    """The recommendations about some files, oldest first."""
    found: dict[str, Note] = {}
    for asset in assets:
        where: dict[str, JsonValue] = {
            "kind": "recommendation",
            "assets": {"$has": asset},
            "until": NEVER,
        }
        held = shelf.store.select([shelf.place(NOTES)], where, limit=_MOST)
        found |= {one.entry.key: word_of(one.entry, Note) for one in reversed(held)}
    return tuple(found.values())
