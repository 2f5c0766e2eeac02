"""What a database under the memory must do; SQLite's file and a PostgreSQL server are the two.

Everything that knows their SQL lies in ``memory.storage`` and, for searches, beside
``memory.search.lookup``.
"""

from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from grym_synth.errors import BadInput
from memory.storage.entries import Address, Entry, Filter, Namespace, Numbered
from memory.storage.outbox import Pending
from memory.storage.rows import Row
from memory.storage.tallies import Tally


class AnyTruth(Protocol):
    """Entries, written and read by their business keys."""

    def close(self) -> None:
        """Let go of the database for good."""
        ...

    def transaction(self, mode: Literal["read", "write"]) -> AbstractContextManager[object]:
        """Keep all that is written in a block, or nothing of it; others of the process wait."""
        ...

    def write(self, puts: Iterable[Entry], deletes: Iterable[Address]) -> None:
        """Put and delete entries, and let those whose text changed wait for the index."""
        ...

    def read(self, addresses: Sequence[Address]) -> dict[Address, Row]:
        """The entries at these addresses that exist."""
        ...

    def mark(self, name: str) -> str | None:
        """A remembered fact about the store itself."""
        ...

    def mend(self) -> list[str]:
        """Build anew what follows from the entries, and say what was found wrong before."""
        ...

    def scrub(self) -> None:
        """Make sure that nothing of a deleted entry is left in the database's own files."""
        ...


class AnyQuestions(Protocol):
    """Questions that need no search: see ``memory.storage.entries.EntryStore``."""

    def below(
        self,
        prefix: Namespace,
        *,
        newest: int | None = None,
        searchable: bool = False,
        keys: Collection[str] | None = None,
    ) -> list[Row]:
        """Entries below a namespace, in the order of their first writing."""
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
        """Entries in or below any of some namespaces whose fields fit, the newest first."""
        ...

    def count_fitting(self, prefixes: Sequence[Namespace], where: Filter) -> int:
        """How many entries in or below any of some namespaces have fields that fit."""
        ...

    def count(self, prefix: Namespace, *, searchable: bool = False) -> int:
        """How many entries lie below a namespace, or how many of them have a text."""
        ...

    def characters(self, prefix: Namespace) -> int:
        """How long the texts of the entries below a namespace are together."""
        ...

    def namespaces(self, prefix: Namespace = ()) -> list[Namespace]:
        """Every namespace in or below one that holds an entry, that of the oldest entry first."""
        ...

    def names(self, namespace: Namespace) -> dict[str, str]:
        """What the entries of a namespace are called, by key, in the order of first writing."""
        ...

    def about(self, namespace: Namespace, targets: Collection[str]) -> list[Row]:
        """Entries of a namespace with a text that are about any of some files or findings."""
        ...

    def tally(self, prefix: Namespace) -> list[Tally]:
        """How many entries that hold lie in and below a namespace, by namespace and place."""
        ...

    def held(self, prefix: Namespace) -> dict[str, int]:
        """How many entries that hold lie below a namespace, by the label that follows it."""
        ...

    def starting(self, prefix: Namespace, start: str, most: int) -> list[Row]:
        """Entries in or below a namespace whose keys begin so, by key; at most so many."""
        ...


class AnyOutbox(Protocol):
    """The queue between the truth and the index of meanings."""

    def size(self) -> int:
        """How many entries wait."""
        ...

    def waiting(self, limit: int) -> list[Pending]:
        """The oldest entries that wait."""
        ...

    def keep(self, pending: Sequence[Pending], vectors: NDArray[np.float32]) -> None:
        """Store computed vectors, shape (rows, dimensions), beside the texts they belong to."""
        ...

    def clear(self, pending: Sequence[Pending]) -> None:
        """Forget rows that the index has taken, unless they were written again meanwhile."""
        ...

    def indexed(self) -> int:
        """The stamp up to which the index is known to be filled."""
        ...

    def last(self) -> int:
        """The newest stamp that was ever given."""
        ...

    def refill(self, folder: str, embedder: str) -> None:
        """Point at a fresh index and let every entry wait; other vectors are dropped."""
        ...


def need_postgres() -> None:
    """Make sure that the packages for PostgreSQL are there.

    Raises:
        BadInput: they are not.
    """
    if find_spec("psycopg") is None or find_spec("psycopg_pool") is None:
        raise BadInput(
            "using the database of GRYM_DATABASE_URL",
            "the packages for PostgreSQL are not installed",
            "Run `pip install 'grym-synth[postgres]'`, or leave GRYM_DATABASE_URL empty",
        )


@dataclass(frozen=True)
class Database:
    """One memory's truth with what is asked of it."""

    truth: AnyTruth
    questions: AnyQuestions
    outbox: AnyOutbox
