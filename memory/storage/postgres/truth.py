"""The truth of the long-term memory in PostgreSQL: entries, with their words and an outbox."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Literal

from psycopg import Connection
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow

from memory.storage.entries import Address, Entry
from memory.storage.postgres.columns import columns_of
from memory.storage.postgres.connection import OwnedConnection, telling
from memory.storage.postgres.schema import WORDS, prepare
from memory.storage.rows import COLUMNS, Row, encode, row_of

_OUTBOX = """
INSERT INTO outbox (namespace, key) {0}
ON CONFLICT (namespace, key) DO UPDATE SET stamp = excluded.stamp
"""

_PUT = f"""
WITH put AS (
    INSERT INTO entries (namespace, key, value, fields, about, level, place, name, text, words,
        length, created_at, updated_at)
    VALUES (%(namespace)s, %(key)s, %(value)s, %(fields)s, %(about)s, %(level)s, %(place)s,
        %(name)s, %(text)s, to_tsvector('{WORDS}', %(words)s), %(length)s, %(now)s, %(now)s)
    ON CONFLICT (namespace, key) DO UPDATE SET
        value = excluded.value, fields = excluded.fields, about = excluded.about,
        level = excluded.level, place = excluded.place, name = excluded.name,
        vector = CASE WHEN entries.text = excluded.text THEN entries.vector END,
        text = excluded.text, words = excluded.words, length = excluded.length,
        updated_at = excluded.updated_at
)
{
    _OUTBOX.format(
        '''SELECT %(namespace)s, %(key)s WHERE %(text)s IS DISTINCT FROM coalesce(
    (SELECT text FROM entries WHERE namespace = %(namespace)s AND key = %(key)s), '')'''
    )
}
"""
"""The inner question sees the entry as it was before."""

_DELETE = f"""
WITH gone AS (DELETE FROM entries WHERE namespace = %s AND key = %s RETURNING namespace, key)
{_OUTBOX.format("SELECT namespace, key FROM gone")}
"""

_FORGET_KEYS = """
DELETE FROM outbox o WHERE NOT EXISTS (
    SELECT 1 FROM entries e WHERE e.namespace = o.namespace AND e.key = o.key)
"""

_READ = f"""
SELECT {COLUMNS} FROM unnest(%s::text[], %s::text[]) AS wanted (namespace, key)
JOIN entries e ON e.namespace = wanted.namespace AND e.key = wanted.key
"""

_NEXT = f"SELECT e.id, {COLUMNS} FROM entries e WHERE e.id > %s ORDER BY e.id LIMIT %s"

_TABLES = ("entries", "outbox", "marks")


_BETTER = f"""
UPDATE entries SET fields = %(fields)s, about = %(about)s, level = %(level)s, place = %(place)s,
    name = %(name)s, words = to_tsvector('{WORDS}', %(words)s), length = %(length)s
WHERE namespace = %(namespace)s AND key = %(key)s
"""

_CHUNK = 500
"""Entries that are computed anew at once."""


class PostgresTruth:
    """Entries in one database, whose owner this process is; usable from several threads.

    A commit outlives the process and, unless the server was told otherwise, a power loss.
    """

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        """Open the database, and make its tables unless only reading is wanted.

        Raises:
            HomeLocked: another process owns it.
            MemoryFault: it can't be opened.
        """
        self._lock, self._url = threading.RLock(), url
        with telling(url, "opening the project memory"):
            self._owned = OwnedConnection(url, None if read_only else prepare)

    def close(self) -> None:
        """Close the connection; the object can't be used afterwards."""
        with self._lock:
            self._owned.close()

    @contextmanager
    def transaction(self, mode: Literal["read", "write"]) -> Iterator[Connection[TupleRow]]:
        """Hold the connection alone; what was written is committed, or undone on an error.

        Within another one of the same thread it is a part of that. A question outside of any has
        a snapshot of its own: nobody else writes.
        """
        with self._lock, telling(self._url, "using the project memory"):
            connection = self._owned.get()
            if mode == "read" or connection.info.transaction_status != TransactionStatus.IDLE:
                yield connection
                return
            with connection.transaction():
                yield connection

    def write(self, puts: Iterable[Entry], deletes: Iterable[Address]) -> None:
        """Put and delete entries, with their outbox rows, in one transaction."""
        now = datetime.now(UTC).isoformat()
        gone = [(encode(one.namespace), one.key) for one in deletes]
        rows = [{**columns_of(entry)._asdict(), "now": now} for entry in puts]
        with self.transaction("write") as connection, connection.cursor() as cursor:
            if gone:
                cursor.executemany(_DELETE, gone)
            if rows:
                cursor.executemany(_PUT, rows)

    def read(self, addresses: Sequence[Address]) -> dict[Address, Row]:
        """The entries at these addresses that exist."""
        places = [encode(one.namespace) for one in addresses]
        with self.transaction("read") as connection:
            found = connection.execute(_READ, (places, [one.key for one in addresses])).fetchall()
        rows = [row_of(row) for row in found]
        return {row.entry.address: row for row in rows}

    def mark(self, name: str) -> str | None:
        """A remembered fact about the store itself."""
        with self.transaction("read") as connection:
            row = connection.execute("SELECT value FROM marks WHERE name = %s", (name,)).fetchone()
        return None if row is None else str(row[0])

    def mend(self) -> list[str]:
        """Compute words and fields anew from the entries, and build the indexes anew.

        Returns:
            Nothing: what is broken in a server's own files, the server tells.
        """
        after = 0
        with self.transaction("write") as connection:
            while rows := connection.execute(_NEXT, (after, _CHUNK)).fetchall():
                after = rows[-1][0]
                better = [columns_of(row_of(row[1:]).entry)._asdict() for row in rows]
                with connection.cursor() as cursor:
                    cursor.executemany(_BETTER, better)
        with self.transaction("read") as connection:
            for table in _TABLES:
                connection.execute(f"REINDEX TABLE {table}")
        return []

    def scrub(self) -> None:
        """Write the tables anew, without what was deleted.

        What the server wrote to its log of changes, to replicas and backups is its keeper's: see
        ``docs/deploying.md``.
        """
        with self.transaction("write") as connection:
            connection.execute(_FORGET_KEYS)
        with self.transaction("read") as connection:
            for table in _TABLES:
                connection.execute(f"VACUUM (FULL) {table}")
