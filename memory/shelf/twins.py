"""Notes that say what a note at the same place says already are merged with it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pydantic import JsonValue

from memory.context import Note, Place
from memory.filing.keys import NOTES
from memory.filing.records import NEVER, word_of
from memory.language.duplicates import figures_of, says_more, twin
from memory.shelf.reading import ShelfReading

_MOST = 200
"""Most older notes of one kind and place that a new one is compared with, the newest first."""


@dataclass
class _Together:
    """Notes of one kind about one thing at one place; only those that share all numbers, names and
    negations with a new one are held against it."""

    by_figures: dict[str, list[Note]] = field(default_factory=dict)

    def add(self, note: Note) -> None:
        """Take a note in."""
        self.by_figures.setdefault(figures_of(note.text), []).append(note)

    def alike(self, note: Note) -> list[Note]:
        """Those that may say the same, with the list that they are in."""
        return self.by_figures.get(figures_of(note.text), [])


_Group = tuple[str, Place, tuple[str, ...]]


def without_twins(shelf: ShelfReading, notes: Iterable[Note]) -> Iterator[Note]:
    """The notes that say something new; one that says more takes the place of its twin."""
    kept: dict[str, Note] = {}
    groups: dict[_Group, _Together] = {}
    for note in notes:
        group = (note.kind, note.place, note.assets)
        if group not in groups:
            groups[group] = _held(shelf, note)
        alike = groups[group].alike(note)
        same = [one for one in alike if one.id != note.id]
        place = twin(note.text, [one.text for one in same])
        if place is None or note.supersedes:
            kept[note.id] = note
            groups[group].add(note)
        elif says_more(note.text, same[place].text):
            older = same[place]
            kept.pop(older.id, None)
            alike.remove(older)
            kept[note.id] = note.model_copy(update={"supersedes": older.id})
            groups[group].add(kept[note.id])
    yield from kept.values()


def _held(shelf: ShelfReading, note: Note) -> _Together:
    where: dict[str, JsonValue] = {
        "kind": note.kind,
        "level": note.place.level,
        "name": note.place.name.casefold(),
        "until": NEVER,
    }
    found = _Together()
    for one in shelf.store.select([shelf.place(NOTES)], where, limit=_MOST):
        word = word_of(one.entry, Note)
        if (word.place, word.assets) == (note.place, note.assets):
            found.add(word)
    return found
