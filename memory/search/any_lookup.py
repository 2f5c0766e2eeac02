"""What a search needs to read from a truth, whichever database holds it."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from memory.search.lookup import Beside, Candidate, Scope
from memory.search.named_times import NamedTimes
from memory.storage.entries import Namespace
from memory.storage.rows import Row


class AnyLookup(Protocol):
    """Reads one truth; ``memory.search.lookup.Lookup`` says what each method gives."""

    def at_once(self) -> AbstractContextManager[object]:
        """Read all in the block in one transaction, which takes less time."""
        ...

    def by_words(
        self, scope: Scope, text: str, limit: int, named: NamedTimes | None = None
    ) -> dict[int, float]:
        """Entries that hold any telling word of a text, with their BM25 (k1 1.2, b 0.75), > 0."""
        ...

    def by_vector(
        self, scope: Scope, vector: NDArray[np.float32], limit: int, *, newest: bool = False
    ) -> list[int]:
        """The entries closest to a vector, shape (dimensions,), by looking at every one."""
        ...

    def waiting(self, scope: Scope, limit: int) -> list[int]:
        """The newest entries of a scope that have a vector and are not in the index yet."""
        ...

    def fitting(self, scope: Scope, numbers: Sequence[int]) -> list[int]:
        """Those of some entries whose fields fit, in their order."""
        ...

    def is_corner(self, prefix: Namespace) -> bool:
        """Whether a namespace holds so few of many entries that looking at each is quicker."""
        ...

    def is_seen_through(self, prefix: Namespace) -> bool:
        """Whether a namespace holds so few entries that each can be looked at without an index."""
        ...

    def newest(self, scope: Scope, offset: int, limit: int) -> list[Row]:
        """The entries of a scope that were written or changed last."""
        ...

    def numbers(self, ids: Iterable[str]) -> list[int]:
        """The numbers of the entries that exist, by their ids in the index."""
        ...

    def beside(self, numbers: Collection[int], reach: int) -> dict[int, Beside]:
        """What was said just before and after turns of a conversation."""
        ...

    def candidates(self, scope: Scope, numbers: Collection[int]) -> dict[int, Candidate]:
        """Those of some entries that lie in a scope, with what their ranking needs."""
        ...

    def of_time(self, numbers: Collection[int], named: NamedTimes) -> set[int]:
        """Those of some entries that are of a named time."""
        ...

    def rows(self, numbers: Sequence[int]) -> list[Row]:
        """Entries, in the order of the numbers."""
        ...
