"""Opens the database that holds a memory: a file below its folder, or a server's."""

from dataclasses import dataclass
from pathlib import Path

from grym_synth.settings import Settings
from memory.search.any_lookup import AnyLookup
from memory.search.lookup import Lookup
from memory.storage.database import Database, need_postgres
from memory.storage.outbox import Outbox
from memory.storage.questions import Questions
from memory.storage.truth import Truth

TRUTH_FILE = "memory.sqlite"
"""The SQLite file below the memory's folder."""


@dataclass(frozen=True)
class Servers:
    """What a memory keeps on servers; where nothing is named, it lies below the memory's folder."""

    database: str = ""
    """Address of a PostgreSQL database, ``postgresql://…``; it may hold a password."""
    chroma: str = ""
    """Address of a Chroma server, ``http://…``."""


@dataclass(frozen=True)
class Opened:
    """A database with the reader that searches use."""

    database: Database
    lookup: AnyLookup


def servers_of(settings: Settings) -> Servers:
    """The servers that the settings name."""
    return Servers(settings.database_url.get_secret_value(), settings.chroma_url.get_secret_value())


def open_database(folder: Path | None, url: str, *, read_only: bool = False) -> Opened:
    """Open the truth of a memory, and make it unless only reading is wanted.

    Args:
        folder: holds the file; None keeps all in the process.
        url: the server's address; empty for the file.
        read_only: nothing is written, and the owner may go on beside.

    Raises:
        HomeLocked: another process owns the memory on the server.
        MemoryFault: it can't be opened.
    """
    if url:
        need_postgres()
        from memory.search.postgres_lookup import PostgresLookup
        from memory.storage.postgres.outbox import PostgresOutbox
        from memory.storage.postgres.questions import PostgresQuestions
        from memory.storage.postgres.truth import PostgresTruth

        served = PostgresTruth(url, read_only=read_only)
        parts = Database(served, PostgresQuestions(served), PostgresOutbox(served))
        return Opened(parts, PostgresLookup(served))
    truth = Truth(folder / TRUTH_FILE if folder else None, read_only=read_only)
    return Opened(Database(truth, Questions(truth), Outbox(truth)), Lookup(truth))


def is_there(folder: Path, url: str) -> bool:
    """Whether a memory was ever written there; nothing is made.

    Raises:
        MemoryFault: the server can't be asked.
    """
    if url:
        need_postgres()
        from memory.storage.postgres.connection import has_memory

        return has_memory(url)
    return (folder / TRUTH_FILE).is_file()
