"""What the memory keeps: entries under business keys, and what a store of them must do."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from pydantic import JsonValue

from memory.storage.tallies import Tally

Namespace = tuple[str, ...]
Value = Mapping[str, JsonValue]
Filter = Mapping[str, JsonValue]
"""Fields that a value must have, each equal to a bound or compared: ``{"at": {"$gte": "2026"}}``.

Operators are $eq, $ne, $gt, $gte, $lt, $lte, $in (is one of a list) and $has (is a list with this).
"""


@dataclass(frozen=True)
class Address:
    """The business key of an entry: the same fact always has the same address."""

    namespace: Namespace
    key: str


@dataclass(frozen=True)
class Entry:
    """One thing that the memory knows."""

    namespace: Namespace
    key: str
    value: Value
    text: str = ""
    """What searches look at; nothing finds an entry whose text is empty."""

    @property
    def address(self) -> Address:
        """Where the entry lies."""
        return Address(self.namespace, self.key)


@dataclass(frozen=True)
class Numbered:
    """An entry with its number in the order of first writing."""

    number: int
    entry: Entry


@dataclass(frozen=True)
class Found:
    """An entry that a search recalled."""

    entry: Entry
    score: float
    """How well it fits, 0..1; of worth only beside the others of one search."""


class EntryStore(Protocol):
    """What the project repository needs of a store."""

    def read(self, namespace: Namespace, keys: Sequence[str]) -> dict[str, Entry]:
        """The entries of these keys that exist."""
        ...

    def write(self, puts: Iterable[Entry], deletes: Iterable[Address] = ()) -> None:
        """Put and delete entries in one transaction: all of it is kept, or nothing."""
        ...

    def together(self) -> AbstractContextManager[None]:
        """Make one transaction of all writes in the block, which must not search."""
        ...

    def at_once(self) -> AbstractContextManager[None]:
        """Read all in the block in one transaction, which takes less time; nothing is searched."""
        ...

    def entries(
        self,
        prefix: Namespace,
        *,
        newest: int | None = None,
        searchable: bool = False,
        keys: Collection[str] | None = None,
    ) -> list[Entry]:
        """Entries below a namespace, in the order of their first writing.

        Args:
            prefix: the namespace; those below it count too.
            newest: take only so many of the newest.
            searchable: only those that have a text.
            keys: only those of these keys.
        """
        ...

    def namespaces(self, prefix: Namespace) -> list[Namespace]:
        """Namespaces in or below one that hold an entry, that of the oldest entry first."""
        ...

    def names(self, namespace: Namespace) -> dict[str, str]:
        """What the entries of a namespace are called (``word.name``), by key, the oldest first."""
        ...

    def about(self, namespace: Namespace, targets: Collection[str]) -> list[Entry]:
        """Searchable entries of a namespace that are about any of some files or findings.

        They come in the order of their first writing.
        """
        ...

    def count(self, prefix: Namespace) -> int:
        """How many entries lie below a namespace."""
        ...

    def select(
        self,
        prefixes: Sequence[Namespace],
        where: Filter,
        *,
        before: int | None = None,
        limit: int | None = None,
        skip: int = 0,
    ) -> list[Numbered]:
        """Entries in or below any of some namespaces whose fields fit, the newest first.

        Args:
            prefixes: the namespaces; those below them count too.
            where: the fields that a value must have.
            before: only those of a smaller number: the last one of the page before.
            limit: at most so many.
            skip: without so many of the newest.
        """
        ...

    def characters(self, prefix: Namespace) -> int:
        """How long the texts of the entries below a namespace are together; reads every one."""
        ...

    def tally(self, prefix: Namespace) -> list[Tally]:
        """How many entries that hold lie in and below a namespace, by namespace and place."""
        ...

    def held(self, prefix: Namespace) -> dict[str, int]:
        """How many entries that hold lie below a namespace, by the label that follows it."""
        ...

    def count_fitting(self, prefixes: Sequence[Namespace], where: Filter) -> int:
        """How many entries in or below any of some namespaces have fields that fit."""
        ...

    def starting(self, prefix: Namespace, start: str, most: int) -> list[Entry]:
        """Entries in or below a namespace whose keys begin so, by key; at most so many."""
        ...

    def find(
        self, prefix: Namespace, text: str, limit: int, where: Filter | None = None
    ) -> list[Found]:
        """The entries below a namespace that fit a text best, best first.

        Args:
            prefix: the namespace; those below it count too.
            text: what is sought.
            limit: at most so many.
            where: the fields that a value must have; by default all fit.
        """
        ...

    def finding_each(
        self, prefix: Namespace, texts: Sequence[str], limit: int
    ) -> Callable[[], list[list[Found]]]:
        """Begin the same for each of several texts; what is returned waits for it."""
        ...

    def scrub(self) -> None:
        """Make sure that nothing of a deleted entry is left in any file."""
        ...

    def repair(self) -> list[str]:
        """Check the truth, rebuild the index from it, and say what was done."""
        ...
