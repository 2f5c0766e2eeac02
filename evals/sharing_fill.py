"""Fill a project memory with a labelled set, as the product keeps it."""

from collections.abc import Iterator
from dataclasses import dataclass

from audio.assets import AssetRef
from evals.sharing_set import SharingSet
from evals.sharing_words import Translator, Worded
from memory.context import Conflict, Finding, Moment, Note, TurnRecord, content_id
from memory.filing.keys import label_of_kind
from memory.filing.records import Record, end_entry, kind_of, make_entry, record_of, wording
from memory.filing.wording import word_finding
from memory.shelf.shelf import Shelf
from memory.storage.entries import Entry
from memory.store import GrymStore


@dataclass(frozen=True)
class Filled:
    """A labelled set in a project memory."""

    labelled: SharingSet
    shelf: Shelf
    held: dict[str, tuple[str, ...]]
    """By the id of an entry of the set: the ids of the project's records that say the same."""
    records: dict[str, Record]
    """What holds now, by id, oldest first."""
    names: dict[str, str]
    """File names by asset id."""


def fill(labelled: SharingSet, store: GrymStore) -> Filled:
    """Write a set's entries and wait until all can be found by meaning."""
    shelf = Shelf(store, labelled.project.name)
    worded = list(Translator(labelled).worded())
    files = (word for one in worded for word in one.words if isinstance(word, AssetRef))
    names = {file.id: file.name for file in files}
    held: dict[str, tuple[str, ...]] = {}
    entries: list[Entry] = []
    for one in worded:
        moment = Moment(thread="main", turn=one.entry.turn, at=one.entry.at)
        made = list(_entries(shelf, one, names, moment))
        held[one.entry.id] = tuple(entry.key for entry in made)
        if one.entry.id in labelled.superseded:
            made = [end_entry(entry, moment) for entry in made]
        entries += made
    store.write(entries)
    store.flush()
    records = {entry.key: record_of(entry) for entry in entries if entry.text}
    return Filled(labelled, shelf, held, records, names)


def _entries(shelf: Shelf, worded: Worded, names: dict[str, str], began: Moment) -> Iterator[Entry]:
    for number, word in enumerate(worded.words):
        below = [label_of_kind(kind_of(word))]
        text = wording(word)
        key = content_id("e", worded.entry.id, number)
        if isinstance(word, Finding):
            below.append(word.subject.id)
            text = word_finding(word, names.get(word.subject.id, word.subject.id))
        if isinstance(word, TurnRecord):
            below.append(word.thread)
        if isinstance(word, Finding | Note | AssetRef):
            key = word.id
        if isinstance(word, Conflict):
            key = content_id("c", worded.entry.id)
        yield make_entry(shelf.place(*below), key, word, began, text)
