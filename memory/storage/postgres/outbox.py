"""What the vector index has not seen yet, in PostgreSQL."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from memory.storage.entries import Address
from memory.storage.outbox import Pending
from memory.storage.postgres.columns import plain
from memory.storage.postgres.truth import PostgresTruth
from memory.storage.rows import decode, encode

_PENDING = """
SELECT o.stamp, o.namespace, o.key, coalesce(e.text, ''), e.vector
FROM outbox o LEFT JOIN entries e ON e.namespace = o.namespace AND e.key = o.key
ORDER BY o.stamp LIMIT %s
"""

_LAST = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM outbox_stamp_seq"

_MARK = "INSERT INTO marks VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value"

_KEEP = "UPDATE entries SET vector = %s WHERE namespace = %s AND key = %s AND text = %s"

_ALL = """
INSERT INTO outbox (namespace, key)
SELECT namespace, key FROM entries WHERE text <> '' ORDER BY id
"""


class PostgresOutbox:
    """The queue between the truth and the index; every row is done again until it is cleared."""

    def __init__(self, truth: PostgresTruth) -> None:
        self._truth = truth

    def size(self) -> int:
        """How many entries wait."""
        with self._truth.transaction("read") as connection:
            rows = connection.execute("SELECT count(*) FROM outbox").fetchall()
        return int(rows[0][0])

    def waiting(self, limit: int) -> list[Pending]:
        """The oldest entries that wait."""
        with self._truth.transaction("read") as connection:
            rows = connection.execute(_PENDING, (limit,), binary=True).fetchall()
        return [
            Pending(
                stamp,
                Address(decode(namespace), key),
                text,
                None if vector is None else np.frombuffer(vector, "<f4"),
            )
            for stamp, namespace, key, text, vector in rows
        ]

    def keep(self, pending: Sequence[Pending], vectors: NDArray[np.float32]) -> None:
        """Store computed vectors, shape (rows, dimensions), beside the texts they belong to."""
        rows = [
            (vector.astype("<f4").tobytes(), encode(one.address.namespace), one.address.key, text)
            for one, vector in zip(pending, vectors, strict=True)
            for text in [plain(one.text)]
        ]
        with self._truth.transaction("write") as connection, connection.cursor() as cursor:
            cursor.executemany(_KEEP, rows)

    def clear(self, pending: Sequence[Pending]) -> None:
        """Forget rows that the index has taken, unless they were written again meanwhile."""
        stamps = [row.stamp for row in pending]
        with self._truth.transaction("write") as connection:
            connection.execute("DELETE FROM outbox WHERE stamp = ANY(%s)", (stamps,))
            connection.execute(_MARK, ("indexed", str(stamps[-1])))

    def indexed(self) -> int:
        """The stamp up to which the index is known to be filled."""
        return int(self._truth.mark("indexed") or 0)

    def last(self) -> int:
        """The newest stamp that was ever given, or a later one that none will have."""
        with self._truth.transaction("read") as connection:
            return int(connection.execute(_LAST).fetchall()[0][0])

    def refill(self, folder: str, embedder: str) -> None:
        """Point at a fresh index and let every entry wait; other vectors are dropped."""
        before = self._truth.mark("embedder")
        marks = [("index", folder), ("embedder", embedder), ("indexed", "0")]
        with self._truth.transaction("write") as connection, connection.cursor() as cursor:
            if before != embedder:
                cursor.execute("UPDATE entries SET vector = NULL WHERE vector IS NOT NULL")
            cursor.execute("DELETE FROM outbox")
            cursor.execute(_ALL)
            cursor.executemany(_MARK, marks)
