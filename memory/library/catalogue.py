"""The library's own SQLite file: roots, files, and the sounds that they hold.

A sound is known by its SHA-256, so that a file that moved, or lies in two places, is measured
once. Everything in it can be measured again: a file that is broken or of an older form is made
anew.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from audio.decoding import Floats
from audio.library.reading import Reading
from audio.library.sound import VERSION, Sound
from audio.library.vectors import DIMENSIONS
from grym_synth.errors import MemoryFault
from memory.library.names import Said, read_name

FILE = "library.sqlite"
"""Its name in the home."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS roots (path TEXT PRIMARY KEY, at TEXT NOT NULL, whole INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY, root TEXT NOT NULL, size INTEGER NOT NULL, changed INTEGER NOT NULL,
    sha256 TEXT, problem TEXT NOT NULL, words TEXT NOT NULL, tempo REAL, key TEXT,
    version INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS files_by_sound ON files (sha256);
CREATE TABLE IF NOT EXISTS sounds (
    sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL, version INTEGER NOT NULL,
    facts TEXT NOT NULL, vector BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS sounds_by_size ON sounds (size);
"""
_BUSY_MS = 10_000


@dataclass(frozen=True)
class Known:
    """What the catalogue holds of one file, enough to see whether it changed."""

    size_bytes: int
    changed_ns: int
    problem: str
    current: bool
    """Whether it was measured by this version of the instruments."""


@dataclass(frozen=True)
class Held:
    """One file of the library with its sound."""

    path: str
    root: str
    sha256: str
    said: Said
    sound: Sound


@dataclass(frozen=True)
class Root:
    """A folder that was indexed."""

    path: str
    at: str
    """When, ISO 8601, UTC."""
    whole: bool
    """Whether that run came to its end."""
    files: int
    problems: int


class Catalogue:
    """One library file, open."""

    def __init__(self, path: Path) -> None:
        """Open the file, and make it where there is none.

        Raises:
            MemoryFault: it can't be read or written.
        """
        self._path = path
        with self._guarded("opening"):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._sql = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._sql.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
            self._sql.execute("PRAGMA journal_mode = WAL")
            self._sql.execute("PRAGMA synchronous = NORMAL")
            self._sql.executescript(_SCHEMA)

    def __enter__(self) -> Self:
        """Use it in a ``with`` block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it; what was not committed is gone."""
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._sql.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make one transaction of all writes in the block."""
        with self._guarded("writing"):
            self._sql.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._sql.execute("ROLLBACK")
                raise
            self._sql.execute("COMMIT")

    def stamp(self) -> tuple[int, int]:
        """Changes whenever anybody wrote to the file."""
        version = self._sql.execute("PRAGMA data_version").fetchone()[0]
        return int(version), self._sql.total_changes

    def known(self, root: str) -> dict[str, Known]:
        """The files at or below a folder, by path."""
        rows = self._sql.execute(
            "SELECT path, size, changed, problem, version FROM files WHERE " + _BELOW, _below(root)
        )
        return {row[0]: Known(row[1], row[2], row[3], row[4] == VERSION) for row in rows}

    def has_size(self, size_bytes: int) -> bool:
        """Whether any measured sound is so many bytes long: only then can a file be one of them."""
        row = self._sql.execute(
            "SELECT 1 FROM sounds WHERE size = ? AND version = ? LIMIT 1", (size_bytes, VERSION)
        )
        return row.fetchone() is not None

    def has(self, sha256: str) -> bool:
        """Whether a content was measured."""
        row = self._sql.execute(
            "SELECT 1 FROM sounds WHERE sha256 = ? AND version = ?", (sha256, VERSION)
        )
        return row.fetchone() is not None

    def put(self, root: str, reading: Reading) -> None:
        """Keep what one file came to."""
        sound = reading.sound
        if sound is not None:
            vector = bytes.fromhex(reading.vector)
            self._sql.execute(
                "INSERT OR REPLACE INTO sounds VALUES (?, ?, ?, ?, ?)",
                (reading.sha256, reading.size_bytes, VERSION, sound.model_dump_json(), vector),
            )
        tags = sound.tags if sound is not None else self._tags(reading.sha256)
        said = read_name(reading.path, root, tags)
        sha256 = reading.sha256 if not reading.problem else None
        held = (reading.path, root, reading.size_bytes, reading.changed_ns, sha256)
        about = (reading.problem, said.words, said.tempo_bpm, said.key, VERSION)
        self._sql.execute(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*held, *about)
        )

    def remove(self, paths: Collection[str]) -> int:
        """Forget files, and sounds that no file holds any more; says how many files there were."""
        gone = self._sql.executemany("DELETE FROM files WHERE path = ?", [(one,) for one in paths])
        self._sql.execute(
            "DELETE FROM sounds WHERE NOT EXISTS "
            "(SELECT 1 FROM files WHERE files.sha256 = sounds.sha256)"
        )
        return gone.rowcount

    def below(self, root: str) -> list[str]:
        """Paths of the files at or below a folder, those with a problem too."""
        return [
            row[0]
            for row in self._sql.execute(f"SELECT path FROM files WHERE {_BELOW}", _below(root))
        ]

    def note_root(self, root: str, whole: bool) -> None:
        """Remember that a folder was indexed."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        self._sql.execute("INSERT OR REPLACE INTO roots VALUES (?, ?, ?)", (root, at, int(whole)))

    def forget_roots(self, path: str) -> None:
        """Forget that a folder, or any below it, was indexed."""
        self._sql.execute(f"DELETE FROM roots WHERE {_BELOW}", _below(path))

    def roots(self) -> list[Root]:
        """The folders that were indexed, by name."""
        rows = self._sql.execute(
            "SELECT roots.path, roots.at, roots.whole, COUNT(files.sha256), "
            "COUNT(files.path) - COUNT(files.sha256) FROM roots "
            "LEFT JOIN files ON files.root = roots.path GROUP BY roots.path ORDER BY roots.path"
        )
        return [Root(row[0], row[1], bool(row[2]), row[3], row[4]) for row in rows]

    def problems(self, root: str = "/") -> list[tuple[str, str]]:
        """Files at or below a folder that could not be measured, each with the reason."""
        rows = self._sql.execute(
            f"SELECT path, problem FROM files WHERE problem != '' AND {_BELOW} ORDER BY path",
            _below(root),
        )
        return [(row[0], row[1]) for row in rows]

    def outdated(self) -> int:
        """How many files were measured by other instruments than today's: none of them is found."""
        row = self._sql.execute("SELECT COUNT(*) FROM files WHERE version != ?", (VERSION,))
        return int(row.fetchone()[0])

    def held(self, paths: Iterable[str] | None = None) -> list[Held]:
        """All measured files, by path; or those of some paths that are there."""
        asked = "" if paths is None else "AND path IN (SELECT value FROM json_each(?))"
        rows = self._sql.execute(
            "SELECT path, root, files.sha256, words, tempo, key, facts "
            f"FROM files JOIN sounds USING (sha256) WHERE sounds.version = ? {asked} ORDER BY path",
            (VERSION,) if paths is None else (VERSION, json.dumps(list(paths))),
        )
        return [
            Held(row[0], row[1], row[2], Said(*row[3:6]), Sound.model_validate_json(row[6]))
            for row in rows
        ]

    def vectors(self) -> tuple[list[str], Floats]:
        """The SHA-256 of every sound, and their vectors: float32, (sounds, DIMENSIONS)."""
        rows = self._sql.execute(
            "SELECT sha256, vector FROM sounds WHERE version = ? AND length(vector) = ?",
            (VERSION, 4 * DIMENSIONS),
        ).fetchall()
        joined = b"".join(row[1] for row in rows)
        vectors: Floats = np.frombuffer(joined, "<f4").reshape(len(rows), DIMENSIONS)
        return [row[0] for row in rows], vectors

    def vector(self, sha256: str) -> Floats | None:
        """The vector of one sound."""
        row = self._sql.execute(
            "SELECT vector FROM sounds WHERE sha256 = ? AND version = ?", (sha256, VERSION)
        ).fetchone()
        return None if row is None else np.frombuffer(row[0], "<f4")

    def _tags(self, sha256: str) -> dict[str, str]:
        row = self._sql.execute("SELECT facts FROM sounds WHERE sha256 = ?", (sha256,)).fetchone()
        return Sound.model_validate_json(row[0]).tags if row is not None else {}

    @contextmanager
    def _guarded(self, doing: str) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as fault:
            raise MemoryFault(
                f"{doing} the library {self._path}",
                str(fault),
                "Check its rights and the room on the disk, or delete the file and index again",
            ) from fault


_BELOW = "(path = ? OR (path >= ? AND path < ?))"


def _below(root: str) -> tuple[str, str, str]:
    """A path, and the bounds between which everything below it lies: ``/`` is followed by ``0``."""
    start = root.rstrip("/")
    return root, f"{start}/", f"{start}0"
