"""What the memory keeps: entries under business keys, and what a store of them must do."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pydantic import JsonValue

Namespace = tuple[str, ...]
Value = Mapping[str, JsonValue]


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
class Found:
    """An entry that a search recalled."""

    entry: Entry
    score: float
    """Rank fusion score: 1 is first both by words and by meaning, 0 is nothing."""


class EntryStore(Protocol):
    """What the project repository needs of a store."""

    def read(self, namespace: Namespace, keys: Sequence[str]) -> dict[str, Entry]:
        """The entries of these keys that exist."""
        ...

    def write(self, puts: Iterable[Entry], deletes: Iterable[Address] = ()) -> None:
        """Put and delete entries in one transaction: all of it is kept, or nothing."""
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

    def count(self, prefix: Namespace) -> int:
        """How many entries lie below a namespace."""
        ...

    def find(self, prefix: Namespace, text: str, limit: int) -> list[Found]:
        """The entries below a namespace that fit a text best, best first."""
        ...

    def scrub(self) -> None:
        """Make sure that nothing of a deleted entry is left in any file."""
        ...

    def repair(self) -> list[str]:
        """Check the truth, rebuild the index from it, and say what was done."""
        ...
