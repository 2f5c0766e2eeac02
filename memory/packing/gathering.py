"""Gather what may bear on a task from a project of any size: by keys, kinds, files and one search.

Nothing reads the whole project: every question is answered by an index, and has an upper bound.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from pydantic import JsonValue

from audio.aspects import SHOWS
from memory.context import Finding, Task
from memory.filing.keys import ASSETS, CONFLICTS, FINDINGS, NOTES, SETTINGS, label_of_kind
from memory.filing.records import NEVER, Record, record_of
from memory.filing.wording import word_aspect
from memory.glossary.glossary import Glossary
from memory.packing.file_names import FileNames, says
from memory.packing.focus import task_text
from memory.packing.knowledge import Knowledge, about
from memory.packing.token_budget import EstimatedTokens
from memory.shelf.reading import ShelfReading
from memory.storage.entries import Entry, Found

HITS, MANY_HITS = 40, 200
"""Entries that the search for the task's words may find in a large and in a small project."""

SMALL = 5000
"""Entries of a project that is searched deeply. In larger ones that costs: of 138,000 entries, 60
took 27 ms and 100 took 122 ms, since the vector index has to look at many more neighbours."""

STATED = 120
"""Newest settings, sections and elements that are weighed."""

NOTED = 120
"""Newest notes that are weighed, beside those that are found or are about the files."""

DISPUTED = 30
"""Newest conflicts that are weighed, beside those about what is found."""

FILES = 24
"""Files whose findings are weighed: the task's own, their kin, then what the search found."""

FACTS = 40
"""Newest findings of one file or place that are weighed."""

ALL_FACTS = 240
"""Findings that are weighed beside those that the search found."""

SPARSE = 8
"""One in so many of the texts that were read tells how long those of a large project are."""

SHOWN = 100
"""Newest relations of pictures and sounds that are looked through."""

_COUNTER = EstimatedTokens()

UNREAD = "{}: far from the task and unread"


@dataclass
class _Basket:
    """Entries by id, as they come in."""

    shelf: ShelfReading
    records: dict[str, Record]

    def add(self, entries: Iterable[Entry]) -> list[Record]:
        """Take entries in and return them as records."""
        found = [record_of(one) for one in entries]
        self.records.update({one.id: one for one in found})
        return found

    def newest(self, label: str, most: int, *below: str) -> list[Record]:
        """Take the newest entries of a namespace."""
        place = self.shelf.place(label, *below)
        return self.add(self.shelf.store.entries(place, newest=most, searchable=True))

    def where(self, label: str, fields: Mapping[str, JsonValue], most: int) -> list[Record]:
        """Take the newest entries of a kind that have some fields."""
        wanted = {**fields, "until": NEVER}
        found = self.shelf.store.select([self.shelf.place(label)], wanted, limit=most)
        return self.add(one.entry for one in found)


@dataclass(frozen=True)
class _Shared:
    """What bears on every task of a project, read once for all tasks of a round."""

    held: Mapping[str, int]
    """How many entries the project holds, by label."""
    recent: Mapping[str, Record]
    """The newest settings, notes, conflicts, and what pictures show, by id."""
    shows: Sequence[tuple[str, str]]
    """Ids of a picture and of the sound that it shows."""
    names: FileNames
    characters: int
    """Of all texts of a small project; 0 for a large one, which is not read through."""

    @classmethod
    def of(cls, shelf: ShelfReading, held: Mapping[str, int]) -> Self:
        """Read it; how many entries the project holds is known."""
        basket = _Basket(shelf, {})
        for label, most in ((SETTINGS, STATED), (NOTES, NOTED), (CONFLICTS, DISPUTED)):
            basket.newest(label, most)
        shows = [
            (one.word.subject.id, str(one.word.value))
            for one in basket.where(FINDINGS, {"aspect": SHOWS}, SHOWN)
            if isinstance(one.word, Finding)
        ]
        is_small = sum(held.values()) <= SMALL
        characters = shelf.store.characters(shelf.place()) if is_small else 0
        return cls(held, basket.records, shows, FileNames.of(shelf.asset_names()), characters)

    @property
    def many(self) -> int:
        """How many entries the project holds."""
        return sum(self.held.values())


def gather(shelf: ShelfReading, tasks: Sequence[Task], glossary: Glossary) -> list[Knowledge]:
    """What may bear on each of some tasks.

    Args:
        shelf: the project's entries.
        tasks: what is to be done.
        glossary: what the tasks' words mean.
    """
    held = shelf.store.held(shelf.place())
    most = MANY_HITS if sum(held.values()) <= SMALL else HITS
    queries = [_query(task, glossary) for task in tasks]
    found_by_each = shelf.store.finding_each(shelf.place(), queries, most)
    with shelf.store.at_once():  # while the index looks
        shared = _Shared.of(shelf, held)
    each = found_by_each()
    with shelf.store.at_once():
        pairs = zip(tasks, each, strict=True)
        return [_gather(shelf, task, found, shared) for task, found in pairs]


def _gather(shelf: ShelfReading, task: Task, found: Sequence[Found], shared: _Shared) -> Knowledge:
    basket = _Basket(shelf, {})
    hits = basket.add(one.entry for one in found)
    nearness = {record.id: one.score for record, one in zip(hits, found, strict=True)}
    basket.records.update(shared.recent)
    files = _files(task, hits, shared)
    basket.add(shelf.store.read(shelf.place(ASSETS), files).values())
    _facts(basket, [*_places(basket, task), *files])
    basket.add(shelf.store.about(shelf.place(NOTES), files)[-NOTED:])
    _complete(basket)
    records = _in_order(basket.records)
    return Knowledge(
        records=records,
        nearness=nearness,
        passed=_unread(shared.held, records.values()),
        tokens=_size(shared, records.values()),
    )


def _query(task: Task, glossary: Glossary) -> str:
    """The task's words, with those of the aspects that they mean."""
    text = task_text(task)
    return " ".join([text, *map(word_aspect, glossary.aspects_of(text))])


def _files(task: Task, hits: Iterable[Record], shared: _Shared) -> list[str]:
    """Ids of the files that the task may need to know of, the most certain first."""
    text, inputs, pairs = task_text(task), list(task.inputs), shared.shows
    shown = [sound for picture, sound in pairs if picture in inputs]
    shown += [picture for picture, sound in pairs if sound in inputs]
    named = shared.names.named_in(text)
    versions = shared.names.versions_of([*inputs, *shown, *named])
    described = [asset for hit in hits for asset in about(hit.word)]
    return list(dict.fromkeys([*inputs, *shown, *named, *versions, *described]))[:FILES]


def _places(basket: _Basket, task: Task) -> list[str]:
    """Names of the sections and elements that the task is about, or whose files it works on."""
    text = task_text(task)
    stated = [one for one in basket.records.values() if one.kind in ("section", "element")]
    said = [
        one.place.name
        for one in stated
        if says(text, one.place.name) or set(about(one.word)) & set(task.inputs)
    ]
    return list(dict.fromkeys([*(place.name for place in task.places), *said]))[:FILES]


def _facts(basket: _Basket, subjects: Iterable[str]) -> None:
    """Bring in the findings about files and places, the most certain ones first."""
    room = ALL_FACTS
    for name in subjects:
        room -= len(basket.newest(FINDINGS, min(FACTS, room), name))
        if room <= 0:
            return


def _complete(basket: _Basket) -> None:
    """Bring in the files that findings are about, and the conflicts that they are part of."""
    shelf = basket.shelf
    findings = [one.id for one in basket.records.values() if one.kind == "finding"]
    basket.add(shelf.store.about(shelf.place(CONFLICTS), findings))
    files = {asset for one in basket.records.values() for asset in about(one.word)}
    missing = [one for one in files if one not in basket.records]
    basket.add(shelf.store.read(shelf.place(ASSETS), missing).values())


def _in_order(records: Mapping[str, Record]) -> dict[str, Record]:
    return dict(sorted(records.items(), key=lambda one: (one[1].began.at, one[0])))


def _unread(held: Mapping[str, int], records: Iterable[Record]) -> dict[str, int]:
    read = Counter(label_of_kind(one.kind) for one in records)
    left = {label: many - read[label] for label, many in held.items()}
    return {UNREAD.format(label): many for label, many in left.items() if many > 0}


def _size(shared: _Shared, sample: Iterable[Record]) -> int:
    """Tokens of all that the project holds, by those of what was read."""
    texts = [one.text for one in sample]
    if shared.many > SMALL:
        texts = texts[::SPARSE]
        return round(shared.many * sum(map(_COUNTER.count, texts)) / max(1, len(texts)))
    tokens, characters = sum(map(_COUNTER.count, texts)), sum(map(len, texts))
    return round(shared.characters * tokens / max(1, characters))
