"""The truth of the long-term memory: entries in SQLite, with their words and an outbox.

Every write puts the entry, its full-text words and an outbox row in one transaction; the vector
index is filled from the outbox afterwards and can be rebuilt from the entries at any time.
"""

import json
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from grym_synth.errors import MemoryFault
from memory.storage.entries import Address, Entry, Filter, Namespace, Numbered
from memory.storage.filters import Condition, condition_of
from memory.storage.links import names_in
from memory.storage.schema import REBUILD, open_file
from memory.storage.tallies import Tally, held_below, tallies_below

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

_FORGET_KEYS = """
DELETE FROM outbox WHERE NOT EXISTS (
    SELECT 1 FROM entries e WHERE e.namespace = outbox.namespace AND e.key = outbox.key)
"""

DENSE = 5000
"""Entries in a scope from which on its newest are found soonest by going back through the file."""

_INDEXED = {"aspect", "turn", "status", "middle"}
"""Fields of values that have an index of their own."""

_LAST = 2**63 - 1
"""No entry has this number or a greater one."""

COLUMNS = "e.namespace, e.key, e.value, e.text, e.created_at, e.updated_at"
"""What ``row_of`` reads, of ``entries e``."""


@dataclass(frozen=True)
class Row:
    """An entry with its times (UTC)."""

    entry: Entry
    created_at: datetime
    updated_at: datetime


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
                    f"SELECT {COLUMNS} FROM entries e WHERE namespace = ? AND key = ?",
                    (encode(address.namespace), address.key),
                ).fetchone()
                if row is not None:
                    found[address] = row_of(row)
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
        condition, values = scope_of(prefix, searchable)
        if keys is not None:
            condition += f" AND e.key IN ({', '.join('?' * len(keys))})"
        if newest is not None:  # the numbers come from an index; only these rows are read
            last = f"SELECT e.id FROM entries e WHERE {condition} ORDER BY +e.id DESC LIMIT ?"
            condition = f"e.id IN ({last})"
        with self.transaction("read") as connection:
            rows = connection.execute(
                f"SELECT {COLUMNS} FROM entries e WHERE {condition} ORDER BY e.id DESC",
                (*values, *(keys or ()), *(() if newest is None else (newest,))),
            ).fetchall()
        return [row_of(row) for row in reversed(rows)]

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
        # Without a field of its own index, many entries are better gone through by number.
        fields = limit is not None and not _INDEXED & set(where)
        with self.transaction("read") as connection:
            place, in_order = _inside(connection, prefixes)
            wanted = condition_of(where)
            many = fields and not in_order and sum(map(self.count, prefixes)) > DENSE
            rows = connection.execute(
                f"SELECT e.id, {COLUMNS} FROM entries e WHERE e.id IN "
                f"(SELECT e.id FROM entries e {'NOT INDEXED' if many else ''} "
                f"WHERE {place.sql} AND {wanted.sql} AND e.id < ? "
                "ORDER BY e.id DESC LIMIT ? OFFSET ?) ORDER BY e.id DESC",
                (
                    *place.values,
                    *wanted.values,
                    _LAST if before is None else before,
                    -1 if limit is None else limit,
                    skip,
                ),
            ).fetchall()
        return [Numbered(row[0], row_of(row[1:]).entry) for row in rows]

    def count_fitting(self, prefixes: Sequence[Namespace], where: Filter) -> int:
        """How many entries in or below any of some namespaces have fields that fit."""
        wanted = condition_of(where)
        with self.transaction("read") as connection:
            place, _ = _inside(connection, prefixes)
            row = connection.execute(
                f"SELECT count(*) FROM entries e WHERE {place.sql} AND {wanted.sql}",
                (*place.values, *wanted.values),
            ).fetchone()
        return int(row[0])

    def count_between(self, places: Sequence[Namespace], low: float, high: float) -> int:
        """How many regions that hold have their middle from ``low`` to before ``high`` seconds."""
        marks = ", ".join("?" * len(places))
        with self.transaction("read") as connection:
            row = connection.execute(
                f"SELECT count(*) FROM entries e WHERE e.namespace IN ({marks}) "
                "AND json_extract(e.value, '$.middle') >= ? "
                "AND json_extract(e.value, '$.middle') < ? AND e.text != ''",
                (*map(encode, places), low, high),
            ).fetchone()
        return int(row[0])

    def count(self, prefix: Namespace, *, searchable: bool = False) -> int:
        """How many entries lie below a namespace, or how many of them have a text."""
        condition, values = scope_of(prefix, searchable)
        with self.transaction("read") as connection:
            row = connection.execute(
                f"SELECT count(*) FROM entries e WHERE {condition}", values
            ).fetchone()
        return int(row[0])

    def characters(self, prefix: Namespace) -> int:
        """How long the texts of the entries below a namespace are together; reads every one."""
        condition, values = scope_of(prefix, searchable=True)
        with self.transaction("read") as connection:
            row = connection.execute(
                f"SELECT coalesce(sum(length(e.text)), 0) FROM entries e WHERE {condition}", values
            ).fetchone()
        return int(row[0])

    def namespaces(self, prefix: Namespace = ()) -> list[Namespace]:
        """Every namespace in or below one that holds an entry, that of the oldest entry first."""
        condition, values = scope_of(prefix)
        with self.transaction("read") as connection:
            rows = connection.execute(
                f"SELECT e.namespace FROM entries e WHERE {condition} "
                "GROUP BY e.namespace ORDER BY min(e.id)",
                values,
            ).fetchall()
        return [decode(str(row[0])) for row in rows]

    def names(self, namespace: Namespace) -> dict[str, str]:
        """What the entries of a namespace are called, by key, in the order of first writing."""
        with self.transaction("read") as connection:
            return names_in(connection, encode(namespace))

    def about(self, namespace: Namespace, targets: Collection[str]) -> list[Row]:
        """Entries of a namespace with a text that are about any of some files or findings."""
        with self.transaction("read") as connection:
            rows = connection.execute(
                f"SELECT {COLUMNS} FROM entries e WHERE e.id IN (SELECT id FROM links "
                "WHERE target IN (SELECT value FROM json_each(?)) AND namespace = ?) "
                "AND e.text != '' ORDER BY e.id",
                (json.dumps([*targets]), encode(namespace)),
            ).fetchall()
        return [row_of(row) for row in rows]

    def tally(self, prefix: Namespace) -> list[Tally]:
        """How many entries that hold lie in and below a namespace, by namespace and place."""
        with self.transaction("read") as connection:
            return tallies_below(connection, encode(prefix))

    def held(self, prefix: Namespace) -> dict[str, int]:
        """How many entries that hold lie below a namespace, by the label that follows it."""
        with self.transaction("read") as connection:
            return held_below(connection, encode(prefix))

    def starting(self, prefix: Namespace, start: str, most: int) -> list[Row]:
        """Entries in or below a namespace whose keys begin so, by key; at most so many."""
        condition, values = scope_of(prefix)
        with self.transaction("read") as connection:
            rows = connection.execute(
                f"SELECT {COLUMNS} FROM entries e INDEXED BY entries_by_key "
                f"WHERE e.key >= ? AND e.key < ? AND {condition} ORDER BY e.key LIMIT ?",
                (start, f"{start}\U0010ffff", *values, most),
            ).fetchall()
        return [row_of(row) for row in rows]

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
            f"Run `grym project repair`. {RESTORE}" if damaged else "Check the disk and its rights",
        )


def encode(namespace: Namespace) -> str:
    """A namespace as text; labels hold no dots."""
    return ".".join(namespace)


def decode(text: str) -> Namespace:
    """A namespace from its text."""
    return tuple(text.split(".")) if text else ()


def scope_of(prefix: Namespace, searchable: bool = False) -> tuple[str, tuple[str, ...]]:
    """The SQL condition, with its values, of lying in or below a namespace, and having a text.

    One range of an index holds them all, with a few others whose names only begin alike.
    """
    texts = "e.text != ''" if searchable else "TRUE"
    if not prefix:
        return texts, ()
    text = encode(prefix)
    after = chr(ord(".") + 1)
    inside = "e.namespace >= ? AND e.namespace < ? AND (+e.namespace = ? OR +e.namespace >= ?)"
    return f"{inside} AND {texts}", (text, f"{text}{after}", text, f"{text}.")


def _inside(
    connection: sqlite3.Connection, prefixes: Sequence[Namespace]
) -> tuple[Condition, bool]:
    """The condition of lying in or below any namespace, and whether an index has that in order.

    One that has none below it is asked for by its name: it has its entries in order.
    """
    below = "SELECT 1 FROM entries WHERE namespace >= ? AND namespace < ? LIMIT 1"
    single: list[str] = []
    parts: list[Condition] = []
    for name in map(encode, prefixes):
        if name and connection.execute(below, (f"{name}.", f"{name}/")).fetchone() is None:
            single.append(name)
        else:
            parts.append(Condition(*scope_of(decode(name))))
    if single:
        marks = f"IN ({', '.join('?' * len(single))})" if single[1:] else "= ?"
        parts.append(Condition(f"e.namespace {marks}", tuple(single)))
    sql = " OR ".join(f"({part.sql})" for part in parts)
    values = tuple(value for part in parts for value in part.values)
    return Condition(f"({sql or 'FALSE'})", values), len(prefixes) == len(single) == 1


def row_of(row: tuple[str, str, str, str, str, str]) -> Row:
    """An entry from its ``COLUMNS``."""
    namespace, key, value, text, created, updated = row
    return Row(
        entry=Entry(decode(namespace), key, json.loads(value), text),
        created_at=datetime.fromisoformat(created),
        updated_at=datetime.fromisoformat(updated),
    )
