"""What was recommended about files and still holds."""

from collections.abc import Iterable

from memory.context import Note
from memory.filing.keys import NOTES
from memory.filing.records import words_of
from memory.shelf.reading import ShelfReading

_MOST = 40
"""Most notes about one file, the newest first."""


def advice_about(shelf: ShelfReading, assets: Iterable[str]) -> tuple[Note, ...]:
    """The recommendations about some files, oldest first."""
    found: dict[str, Note] = {}
    for asset in assets:
        notes = words_of(shelf.store.about(shelf.place(NOTES), [asset]), Note)
        advice = [one for one in notes if one.kind == "recommendation"]
        found |= {one.id: one for one in advice[-_MOST:]}
    return tuple(found.values())
