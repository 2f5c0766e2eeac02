"""The truth of the long-term memory: entries in SQLite, with their words and an outbox.

Every write puts the entry, its full-text words and an outbox row in one transaction; the vector
index is filled from the outbox afterwards and can be rebuilt from the entries at any time.
"""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from grym_synth.errors import MemoryFault
from memory.storage.entries import Address, Entry, Namespace
from memory.storage.refusals import remedy
from memory.storage.rows import COLUMNS, Row, encode, json_of, row_of
from memory.storage.schema import REBUILD, open_file

RESTORE = (
    "What that can't mend needs a backup of the file in its place; or move the file away to begin "
    "with an empty memory (the files in assets stay)"
)
"""What to do about a damaged file."""

_PUT = """
INSERT INTO entries (namespace, key, value, text, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (namespace, key) DO UPDATE SET
    value = excluded.value,
    vector = CASE WHEN text = excluded.text THEN vector END,
    text = excluded.text,
    updated_at = excluded.updated_at
"""

AT_ONCE = 500
"""Keys that one question asks for."""

_AT = f"SELECT {COLUMNS} FROM entries e WHERE e.namespace = ? AND e.key IN"

_FORGET_KEYS = """
DELETE FROM outbox WHERE NOT EXISTS (
    SELECT 1 FROM entries e WHERE e.namespace = outbox.namespace AND e.key = outbox.key)
"""


class Truth:
    """Entries in one SQLite file (WAL), usable from several threads.

    A commit outlives the process, however that ends. A power loss may take back the last commits,
    those since the log was last merged into the file, but never breaks the file (``synchronous =
    NORMAL``, https://sqlite.org/wal.html); to wait for the disk at each would cost about 3 ms.
    """

    def __init__(self, path: Path | None, *, read_only: bool = False) -> None:
        """Open the file, and make it unless only reading is wanted; None keeps all in memory."""
        self._lock = threading.RLock()
        self._path = path
        try:
            self._connection = open_file(path, read_only)
        except (sqlite3.Error, OSError) as fault:
            raise self._fault("opening the project memory", fault) from fault

    def close(self) -> None:
        """Close the file; the object can't be used afterwards."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self, mode: Literal["read", "write"]) -> Iterator[sqlite3.Connection]:
        """Hold the connection alone; what was written is committed, or undone on an error.

        Within another one of the same thread it is a part of that.
        """
        with self._lock:
            if self._connection.in_transaction:  # of this thread: it has the lock
                yield self._connection
                return
            try:
                self._connection.execute("BEGIN IMMEDIATE" if mode == "write" else "BEGIN")
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException as fault:
                with suppress(sqlite3.ProgrammingError):  # it was closed meanwhile
                    if self._connection.in_transaction:
                        self._connection.execute("ROLLBACK")
                if isinstance(fault, sqlite3.Error):
                    raise self._fault("using the project memory", fault) from fault
                raise

    def write(self, puts: Iterable[Entry], deletes: Iterable[Address]) -> None:
        """Put and delete entries, with their outbox rows, in one transaction."""
        now = datetime.now(UTC).isoformat()
        with self.transaction("write") as connection:
            for gone in deletes:
                place = (encode(gone.namespace), gone.key)
                done = connection.execute(
                    "DELETE FROM entries WHERE namespace = ? AND key = ?", place
                )
                if done.rowcount:
                    connection.execute("INSERT INTO outbox (namespace, key) VALUES (?, ?)", place)
            for entry in puts:
                self._put(connection, entry, now)

    def _put(self, connection: sqlite3.Connection, entry: Entry, now: str) -> None:
        place = (encode(entry.namespace), entry.key)
        value = json_of(entry.value)
        text = entry.text.encode("utf-8", "replace").decode()
        before = connection.execute(
            "SELECT text FROM entries WHERE namespace = ? AND key = ?", place
        ).fetchone()
        connection.execute(_PUT, (*place, value, text, now, now))
        if (before or ("",))[0] != text:
            connection.execute("INSERT INTO outbox (namespace, key) VALUES (?, ?)", place)

    def read(self, addresses: Sequence[Address]) -> dict[Address, Row]:
        """The entries at these addresses that exist."""
        keys: dict[Namespace, list[str]] = {}
        for address in addresses:
            keys.setdefault(address.namespace, []).append(address.key)
        found: dict[Address, Row] = {}
        with self.transaction("read") as connection:
            for place, wanted in keys.items():
                for first in range(0, len(wanted), AT_ONCE):
                    part = wanted[first : first + AT_ONCE]
                    sql = f"{_AT} ({', '.join('?' * len(part))})"
                    rows = map(row_of, connection.execute(sql, (encode(place), *part)).fetchall())
                    found |= {row.entry.address: row for row in rows}
        return {address: found[address] for address in addresses if address in found}

    def mark(self, name: str) -> str | None:
        """A remembered fact about the store itself."""
        with self.transaction("read") as connection:
            row = connection.execute("SELECT value FROM marks WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def mend(self) -> list[str]:
        """Build the full-text words and SQLite's own indexes anew from the entries.

        Returns:
            What SQLite's integrity check found wrong before; empty when all was well.

        Raises:
            MemoryFault: something is still wrong.
        """
        damage = self._damage()
        with self.transaction("write") as connection:
            connection.execute("INSERT INTO words(words) VALUES ('rebuild')")
            for statement in REBUILD:
                connection.execute(statement)
            connection.execute("REINDEX")
        if lasting := self._damage():
            told = sqlite3.DatabaseError("; ".join(lasting[:3]))
            raise self._fault("repairing the project memory", told)
        return damage

    def _damage(self) -> list[str]:
        with self.transaction("read") as connection:
            rows = connection.execute("PRAGMA integrity_check").fetchall()
        return [str(row[0]) for row in rows if row[0] != "ok"]

    def scrub(self) -> None:
        """Overwrite what deleted entries left in word lists, free pages and the write-ahead log."""
        with self.transaction("write") as connection:
            connection.execute("INSERT INTO words(words) VALUES ('optimize')")
            connection.execute(_FORGET_KEYS)
        try:
            with self._lock:
                self._connection.execute("VACUUM")
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as fault:
            raise self._fault("removing what was forgotten", fault) from fault

    def _fault(self, tried: str, fault: Exception) -> MemoryFault:
        damaged = type(fault) is sqlite3.DatabaseError
        return MemoryFault(
            tried,
            f"{self._path or 'in memory'}: {fault}",
            f"Run `grym project repair`. {RESTORE}" if damaged else remedy(fault),
        )
