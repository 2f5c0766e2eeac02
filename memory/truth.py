"""The truth of the long-term memory: entries in SQLite, with their words and an outbox.

Every write puts the entry, its full-text words and an outbox row in one transaction; the vector
index is filled from the outbox afterwards and can be rebuilt from the entries at any time.
"""

import json
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from grym_synth.errors import MemoryFault
from memory.entries import Address, Entry, Namespace

_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "secure_delete = ON",
    "wal_autocheckpoint = 200",
    "journal_size_limit = 1000000",
)

RESTORE = (
    "What that can't mend needs a backup of the file in its place; or move the file away to begin "
    "with an empty memory (the files in assets stay)"
)
"""What to do about a damaged file."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    namespace TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    text TEXT NOT NULL,
    vector BLOB,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (namespace, key)
);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(
    text, content='entries', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER IF NOT EXISTS entry_added AFTER INSERT ON entries BEGIN
    INSERT INTO words(rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER IF NOT EXISTS entry_removed AFTER DELETE ON entries BEGIN
    INSERT INTO words(words, rowid, text) VALUES ('delete', old.id, old.text);
END;
CREATE TRIGGER IF NOT EXISTS entry_reworded AFTER UPDATE OF text ON entries BEGIN
    INSERT INTO words(words, rowid, text) VALUES ('delete', old.id, old.text);
    INSERT INTO words(rowid, text) VALUES (new.id, new.text);
END;
CREATE TABLE IF NOT EXISTS outbox (
    stamp INTEGER PRIMARY KEY AUTOINCREMENT,
    namespace TEXT NOT NULL,
    key TEXT NOT NULL,
    UNIQUE (namespace, key) ON CONFLICT REPLACE
);
CREATE TABLE IF NOT EXISTS marks (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

_PUT = """
INSERT INTO entries (namespace, key, value, text, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (namespace, key) DO UPDATE SET
    value = excluded.value,
    vector = CASE WHEN text = excluded.text THEN vector END,
    text = excluded.text,
    updated_at = excluded.updated_at
"""

_FORGET_KEYS = """
DELETE FROM outbox WHERE NOT EXISTS (
    SELECT 1 FROM entries e WHERE e.namespace = outbox.namespace AND e.key = outbox.key)
"""

_COLUMNS = "e.namespace, e.key, e.value, e.text, e.created_at, e.updated_at"


@dataclass(frozen=True)
class Row:
    """An entry with its times (UTC)."""

    entry: Entry
    created_at: datetime
    updated_at: datetime


class Truth:
    """Entries in one SQLite file (WAL, every commit on disk), usable from several threads."""

    def __init__(self, path: Path | None, *, read_only: bool = False) -> None:
        """Open the file, and make it unless only reading is wanted; None keeps all in memory."""
        self._lock = threading.RLock()
        self._path = path
        try:
            self._connection = _connect(path, read_only)
            if read_only:
                return
            for pragma in _PRAGMAS:
                self._connection.execute(f"PRAGMA {pragma}")
            self._connection.executescript(_SCHEMA)
        except (sqlite3.Error, OSError) as fault:
            raise self._fault("opening the project memory", fault) from fault

    def close(self) -> None:
        """Close the file; the object can't be used afterwards."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self, mode: Literal["read", "write"]) -> Iterator[sqlite3.Connection]:
        """Hold the connection alone; what was written is committed, or undone on an error."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE" if mode == "write" else "BEGIN")
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException as fault:
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
        value = json.dumps(entry.value, allow_nan=False, separators=(",", ":"))
        text = entry.text.encode("utf-8", "replace").decode()
        before = connection.execute(
            "SELECT text FROM entries WHERE namespace = ? AND key = ?", place
        ).fetchone()
        connection.execute(_PUT, (*place, value, text, now, now))
        if (before or ("",))[0] != text:
            connection.execute("INSERT INTO outbox (namespace, key) VALUES (?, ?)", place)

    def read(self, addresses: Sequence[Address]) -> dict[Address, Row]:
        """The entries at these addresses that exist."""
        found: dict[Address, Row] = {}
        with self.transaction("read") as connection:
            for address in addresses:
                row = connection.execute(
                    f"SELECT {_COLUMNS} FROM entries e WHERE namespace = ? AND key = ?",
                    (encode(address.namespace), address.key),
                ).fetchone()
                if row is not None:
                    found[address] = _row(row)
        return found

    def below(
        self,
        prefix: Namespace,
        *,
        newest: int | None = None,
        searchable: bool = False,
        keys: Collection[str] | None = None,
    ) -> list[Row]:
        """Entries below a namespace, in the order of their first writing.

        Args:
            prefix: the namespace; those below it count too.
            newest: take only so many of the newest.
            searchable: only those that have a text.
            keys: only those of these keys.
        """
        condition, values = _scope(prefix, searchable)
        if keys is not None:
            condition += f" AND e.key IN ({', '.join('?' * len(keys))})"
        with self.transaction("read") as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM entries e WHERE {condition} ORDER BY e.id DESC LIMIT ?",
                (*values, *(keys or ()), -1 if newest is None else newest),
            ).fetchall()
        return [_row(row) for row in reversed(rows)]

    def count(self, prefix: Namespace, *, searchable: bool = False) -> int:
        """How many entries lie below a namespace, or how many of them have a text."""
        condition, values = _scope(prefix, searchable)
        with self.transaction("read") as connection:
            row = connection.execute(
                f"SELECT count(*) FROM entries e WHERE {condition}", values
            ).fetchone()
        return int(row[0])

    def namespaces(self, prefix: Namespace = ()) -> list[Namespace]:
        """Every namespace in or below one that holds an entry, that of the oldest entry first."""
        condition, values = _scope(prefix)
        with self.transaction("read") as connection:
            rows = connection.execute(
                f"SELECT e.namespace FROM entries e WHERE {condition} "
                "GROUP BY e.namespace ORDER BY min(e.id)",
                values,
            ).fetchall()
        return [decode(str(row[0])) for row in rows]

    def by_words(self, prefix: Namespace, words: Sequence[str], limit: int) -> list[Row]:
        """Entries that hold any of these words, best first by BM25.

        Those that score less than half of the best hold only its common words and are left out.
        """
        condition, values = _scope(prefix)
        match = " OR ".join(f'"{word}"' for word in words)
        with self.transaction("read") as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS}, bm25(words) AS score "
                "FROM words JOIN entries e ON e.id = words.rowid "
                f"WHERE words MATCH ? AND {condition} ORDER BY score, e.id DESC LIMIT ?",
                (match, *values, limit),
            ).fetchall()
        return [_row(row[:-1]) for row in rows if row[-1] <= rows[0][-1] / 2]

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
            f"Run `grym project repair`. {RESTORE}" if damaged else "Check the disk and its rights",
        )


def _connect(path: Path | None, read_only: bool) -> sqlite3.Connection:
    uri = "file::memory:" if path is None else path.absolute().as_uri()
    if path is not None and read_only:
        uri += f"?{_reading_mode(path)}"
    elif path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA busy_timeout = 5000")
    return connection


def _reading_mode(path: Path) -> str:
    """How to read without writing: a file that was closed has no log and needs no lock files."""
    return "mode=ro" if path.with_name(f"{path.name}-wal").exists() else "immutable=1"


def encode(namespace: Namespace) -> str:
    """A namespace as text; labels hold no dots."""
    return ".".join(namespace)


def decode(text: str) -> Namespace:
    """A namespace from its text."""
    return tuple(text.split(".")) if text else ()


def _scope(prefix: Namespace, searchable: bool = False) -> tuple[str, tuple[str, ...]]:
    """The SQL condition, with its values, of lying in or below a namespace, and having a text."""
    texts = "e.text != ''" if searchable else "TRUE"
    if not prefix:
        return texts, ()
    text = encode(prefix)
    after = chr(ord(".") + 1)
    condition = f"(e.namespace = ? OR (e.namespace >= ? AND e.namespace < ?)) AND {texts}"
    return condition, (text, f"{text}.", f"{text}{after}")


def _row(row: tuple[str, str, str, str, str, str]) -> Row:
    namespace, key, value, text, created, updated = row
    return Row(
        entry=Entry(decode(namespace), key, json.loads(value), text),
        created_at=datetime.fromisoformat(created),
        updated_at=datetime.fromisoformat(updated),
    )
