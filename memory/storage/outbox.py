"""What the vector index has not seen yet, and the marks that tell whether it can be trusted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memory.storage.entries import Address
from memory.storage.rows import decode, encode
from memory.storage.truth import Truth

_PENDING = """
SELECT o.stamp, o.namespace, o.key, coalesce(e.text, ''), e.vector
FROM outbox o LEFT JOIN entries e ON e.namespace = o.namespace AND e.key = o.key
ORDER BY o.stamp LIMIT ?
"""

_LAST = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'outbox'"

_MARK = "INSERT INTO marks VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"


@dataclass(frozen=True)
class Pending:
    """An entry that the index has not seen; without text it must go from there."""

    stamp: int
    address: Address
    text: str
    vector: NDArray[np.float32] | None
    """Shape (dimensions,), when it was computed before."""


class Outbox:
    """The queue between the truth and the index; every row is done again until it is cleared."""

    def __init__(self, truth: Truth) -> None:
        self._truth = truth

    def size(self) -> int:
        """How many entries wait."""
        with self._truth.transaction("read") as connection:
            return int(connection.execute("SELECT count(*) FROM outbox").fetchone()[0])

    def waiting(self, limit: int) -> list[Pending]:
        """The oldest entries that wait."""
        with self._truth.transaction("read") as connection:
            rows = connection.execute(_PENDING, (limit,)).fetchall()
        return [
            Pending(stamp, Address(decode(namespace), key), text, _unpacked(vector))
            for stamp, namespace, key, text, vector in rows
        ]

    def keep(self, pending: Sequence[Pending], vectors: NDArray[np.float32]) -> None:
        """Store computed vectors, shape (rows, dimensions), beside the texts they belong to."""
        with self._truth.transaction("write") as connection:
            connection.executemany(
                "UPDATE entries SET vector = ? WHERE namespace = ? AND key = ? AND text = ?",
                [
                    (vector.astype("<f4").tobytes(), *_place(row.address), row.text)
                    for row, vector in zip(pending, vectors, strict=True)
                ],
            )

    def clear(self, pending: Sequence[Pending]) -> None:
        """Forget rows that the index has taken, unless they were written again meanwhile."""
        with self._truth.transaction("write") as connection:
            connection.executemany(
                "DELETE FROM outbox WHERE stamp = ?", [(row.stamp,) for row in pending]
            )
            connection.execute(_MARK, ("indexed", str(pending[-1].stamp)))

    def indexed(self) -> int:
        """The stamp up to which the index is known to be filled."""
        return int(self._truth.mark("indexed") or 0)

    def last(self) -> int:
        """The newest stamp that was ever given."""
        with self._truth.transaction("read") as connection:
            return int(connection.execute(_LAST).fetchone()[0])

    def refill(self, folder: str, embedder: str) -> None:
        """Point at a fresh index folder and let every entry wait; other vectors are dropped."""
        before = self._truth.mark("embedder")
        with self._truth.transaction("write") as connection:
            if before != embedder:
                connection.execute("UPDATE entries SET vector = NULL")
            connection.execute("DELETE FROM outbox")
            connection.execute(
                "INSERT INTO outbox (namespace, key) "
                "SELECT namespace, key FROM entries WHERE text != '' ORDER BY id"
            )
            connection.executemany(
                _MARK, [("index", folder), ("embedder", embedder), ("indexed", "0")]
            )


def _place(address: Address) -> tuple[str, str]:
    return encode(address.namespace), address.key


def _unpacked(blob: bytes | None) -> NDArray[np.float32] | None:
    return None if blob is None else np.frombuffer(blob, "<f4")
