"""The SQLite file of the long-term memory: its tables, and how it is opened.

Some tables hold nothing that the entries don't, so that it can be asked for in another way; a file
that was made before they were has them filled when it is opened.
"""

import logging
import sqlite3
from pathlib import Path

from memory.storage import fields, links, tallies

_LOG = logging.getLogger(__name__)

MAPPED_BYTES = 512 * 2**20
"""So much of the file is read where the system holds it, without a call and a copy for each page:
300 entries from anywhere in a file of 700 MB take a quarter of the time. It counts as memory of the
process, though the system may take it back at any time."""

_PRAGMAS = (
    f"mmap_size = {MAPPED_BYTES}",
    "journal_mode = WAL",
    "synchronous = NORMAL",
    "secure_delete = ON",
    "wal_autocheckpoint = 1000",
    "journal_size_limit = 4000000",
    "cache_size = -32000",
)

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
CREATE INDEX IF NOT EXISTS entries_in_order ON entries (namespace, id);
CREATE INDEX IF NOT EXISTS entries_with_text ON entries (namespace) WHERE text != '';
CREATE INDEX IF NOT EXISTS entries_by_key ON entries (key);
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

_SUPERSEDED = "".join(
    f"DROP INDEX IF EXISTS entries_by_{name};" for name in ("aspect", "turn", "status", "middle")
)
"""Indexes of older files, whose questions are put to the narrow table now."""

_DERIVED = {
    "fields": (fields.TABLE, fields.FILL),
    "tallies": (tallies.TABLE, tallies.FILL),
    "links": (links.LINKS, links.FILL_LINKS),
    "names": (links.NAMES, links.FILL_NAMES),
}
"""Statements that make a table and fill it from the entries."""

REBUILD = tuple(
    step for table, (_, fill) in _DERIVED.items() for step in (f"DELETE FROM {table}", fill)
)
"""Fills all of them anew."""


def open_file(path: Path | None, read_only: bool) -> sqlite3.Connection:
    """Open a file, and make it with its tables unless only reading is wanted.

    Args:
        path: the file; None keeps all in memory.
        read_only: a table that an older file lacks is then made beside it.
    """
    connection = _connect(path, read_only)
    if read_only:
        _derive(connection, "TEMP")
        return connection
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.executescript(_SCHEMA + _SUPERSEDED)
    connection.execute("BEGIN IMMEDIATE")
    _derive(connection, "")
    connection.execute("COMMIT")
    connection.executescript(fields.INDEXES)
    connection.executescript(fields.TRIGGERS + tallies.TRIGGERS + links.TRIGGERS)
    return connection


def _derive(connection: sqlite3.Connection, where: str) -> None:
    held = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    missing = [one for table, one in _DERIVED.items() if table not in held]
    if not missing or "entries" not in held:
        return
    if connection.execute("SELECT 1 FROM entries LIMIT 1").fetchone():
        _LOG.warning("This memory was written by an older version: preparing it for searches …")
    for make, fill in missing:
        connection.execute(make.format(where))
        connection.execute(fill)


def _connect(path: Path | None, read_only: bool) -> sqlite3.Connection:
    uri = "file::memory:" if path is None else path.absolute().as_uri()
    if path is not None and read_only:
        uri += f"?{_reading_mode(path)}"
    elif path is not None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    connection = sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA busy_timeout = 5000")
    return connection


def _reading_mode(path: Path) -> str:
    """How to read without writing: a file that was closed has no log and needs no lock files."""
    return "mode=ro" if path.with_name(f"{path.name}-wal").exists() else "immutable=1"
