"""Keeps entries in a database and finds them again: that is the truth, searched through Chroma."""

import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Self

from grym_synth.errors import MemoryFault
from memory.context import Degraded
from memory.databases import Opened, Servers, open_database
from memory.search.lookup import Scope
from memory.search.search import Search
from memory.storage.entries import Address, Entry, Filter, Found, Namespace, Numbered
from memory.storage.locks import MEMORY_LOCK_FILE, HomeLock
from memory.storage.tallies import Tally
from memory.vectors.embeddings import Embedder
from memory.vectors.indexer import Indexer
from memory.vectors.places import open_place

LOCAL = Servers()
"""Nothing lies on a server."""


class Keeper:
    """Entries whose truth is a database; searches fuse closeness in meaning with shared words.

    It does what ``memory.storage.entries.EntryStore`` asks for. It is quick to open: Chroma and the
    embedding model start at the first search, at ``flush``, or in the background once the process
    rests, Chroma also at ``begin_searching``; ``close`` brings in what waits when they run. All
    methods may be called from several threads of one process.
    """

    def __init__(
        self,
        folder: Path | None = None,
        embedder: Embedder | None = None,
        degraded: Degraded | None = None,
        servers: Servers = LOCAL,
    ) -> None:
        """Open the memory below a folder; without one it lives and ends with this object.

        Args:
            folder: holds ``memory.sqlite`` and the index.
            embedder: what makes the vectors; None for search by words alone.
            degraded: why there is no embedder although one was wanted.
            servers: what lies on servers instead.

        Raises:
            HomeLocked: another store has it open, in this process or another.
            MemoryFault: the files can't be opened.
        """
        self._index = folder / "index" if folder else None
        place = open_place(self._index, servers.chroma) if self._index and embedder else None
        with ExitStack() as held:
            if folder is not None:
                held.enter_context(HomeLock(folder, MEMORY_LOCK_FILE))
            opened = open_database(folder, servers.database)
            self._held = held.pop_all()
        indexer = Indexer(opened.database, embedder, place) if place and embedder else None
        self._begin(opened, indexer)
        self._degraded = degraded

    @classmethod
    def read_only(cls, folder: Path, servers: Servers = LOCAL) -> Self:
        """Open the memory of a folder for reading alone, searched by words; nothing is written.

        It may be open in another process, whose writes are seen.
        """
        store = cls.__new__(cls)
        store._held, store._index, store._degraded = ExitStack(), None, None
        store._begin(open_database(folder, servers.database, read_only=True), None)
        return store

    def _begin(self, opened: Opened, indexer: Indexer | None) -> None:
        self._truth, self._questions = opened.database.truth, opened.database.questions
        self._indexer, self._searching = indexer, Search(opened.lookup, indexer)

    def __enter__(self) -> Self:
        """Use the store in a ``with`` block."""
        return self

    def __exit__(self, *fault: object) -> None:
        """Close the store."""
        self.close()

    @property
    def degraded(self) -> Degraded | None:
        """Why searches run by words alone although more was wanted; None when all is well."""
        if self._indexer is None or not self._indexer.fault:
            return self._degraded
        return by_words(self._indexer.embedder, self._indexer.fault)

    def begin_searching(self) -> None:
        """Start in the background what the first search needs; returns at once."""
        self._searching.begin()

    def flush(self, seconds: float = float("inf")) -> int:
        """Bring what was written into the index, for at most about so long.

        Returns:
            How many entries still wait; they are brought in later, nothing is lost.
        """
        return self._indexer.drain(seconds) if self._indexer else 0

    def close(self, seconds: float = 1.0) -> None:
        """Close the files; a running index takes in what waits for at most about so long."""
        if self._indexer is not None:
            self._indexer.close(seconds)
        self._truth.close()
        self._held.close()

    def read(self, namespace: Namespace, keys: Sequence[str]) -> dict[str, Entry]:
        """The entries of these keys that exist."""
        rows = self._truth.read([Address(namespace, key) for key in keys])
        return {address.key: row.entry for address, row in rows.items()}

    def write(self, puts: Iterable[Entry], deletes: Iterable[Address] = ()) -> None:
        """Put and delete entries in one transaction."""
        self._truth.write(puts, deletes)
        if self._indexer is not None:
            self._indexer.wake()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make one transaction of all writes in the block, which must not search."""
        with self._truth.transaction("write"):
            yield

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Read all in the block in one transaction; nothing is searched in it."""
        with self._truth.transaction("read"):
            yield

    def entries(
        self,
        prefix: Namespace,
        *,
        newest: int | None = None,
        searchable: bool = False,
        keys: Collection[str] | None = None,
    ) -> list[Entry]:
        """Entries below a namespace, in the order of their first writing."""
        rows = self._questions.below(prefix, newest=newest, searchable=searchable, keys=keys)
        return [row.entry for row in rows]

    def namespaces(self, prefix: Namespace) -> list[Namespace]:
        """Namespaces in or below one that hold an entry, that of the oldest entry first."""
        return self._questions.namespaces(prefix)

    def names(self, namespace: Namespace) -> dict[str, str]:
        """What the entries of a namespace are called, by key, in the order of first writing."""
        return self._questions.names(namespace)

    def about(self, namespace: Namespace, targets: Collection[str]) -> list[Entry]:
        """Searchable entries of a namespace that are about any of some files or findings."""
        return [row.entry for row in self._questions.about(namespace, targets)]

    def count(self, prefix: Namespace) -> int:
        """How many entries lie below a namespace."""
        return self._questions.count(prefix)

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
        return self._questions.select(prefixes, where, before=before, limit=limit, skip=skip)

    def characters(self, prefix: Namespace) -> int:
        """How long the texts of the entries below a namespace are together; reads every one."""
        return self._questions.characters(prefix)

    def tally(self, prefix: Namespace) -> list[Tally]:
        """How many entries that hold lie in and below a namespace, by namespace and place."""
        return self._questions.tally(prefix)

    def held(self, prefix: Namespace) -> dict[str, int]:
        """How many entries that hold lie below a namespace, by the label that follows it."""
        return self._questions.held(prefix)

    def count_fitting(self, prefixes: Sequence[Namespace], where: Filter) -> int:
        """How many entries in or below any of some namespaces have fields that fit."""
        return self._questions.count_fitting(prefixes, where)

    def starting(self, prefix: Namespace, start: str, most: int) -> list[Entry]:
        """Entries in or below a namespace whose keys begin so, by key; at most so many."""
        return [row.entry for row in self._questions.starting(prefix, start, most)]

    def find(
        self, prefix: Namespace, text: str, limit: int, where: Filter | None = None
    ) -> list[Found]:
        """The entries below a namespace that fit a text best, best first."""
        found = self._searching.best(Scope(prefix, where), text, limit)
        return [Found(row.entry, score) for row, score in found]

    def finding_each(
        self, prefix: Namespace, texts: Sequence[str], limit: int
    ) -> Callable[[], list[list[Found]]]:
        """Begin the same for each of several texts; what is returned waits for it."""
        seeking = self._searching.seeking_each(Scope(prefix), texts, limit)
        return lambda: [[Found(row.entry, score) for row, score in found] for found in seeking()]

    def scrub(self) -> None:
        """Remove what deleted entries left in any file; the index is built anew when needed."""
        with self._indexer.held() if self._indexer is not None else nullcontext():
            if self._indexer is not None:
                self._indexer.discard()
            if self._index is not None:
                _remove(self._index)
            self._truth.scrub()

    def repair(self) -> list[str]:
        """Check the truth, build words and index anew from it, and say what was done.

        Raises:
            MemoryFault: the truth is damaged itself.
        """
        damage = self._truth.mend()
        done = [
            f"{self._questions.count(())} entries checked, {len(damage)} faults mended",
            *damage,
        ]
        done.append("built the word index anew")
        if self._indexer is not None:
            left = self._indexer.rebuild()
            done.append(
                f"built the vector index anew, {self._questions.count((), searchable=True)} "
                f"entries, {left} of them missing"
            )
        if self.degraded is not None:
            done.append(f"searches run by words alone: {self.degraded.why}")
        return done


def by_words(wanted: str, why: str) -> Degraded:
    """What is told of a memory that is searched by words alone, though an embedder was wanted."""
    return Degraded(role="memory search", wanted=wanted, used="lexical", why=why)


def _remove(folder: Path) -> None:
    """Delete a folder with all that is in it, or nothing when it isn't there.

    Raises:
        MemoryFault: something in it can't be deleted.
    """
    try:
        if folder.is_dir():
            shutil.rmtree(folder)
    except OSError as fault:
        raise MemoryFault(
            "removing what was forgotten from the search index",
            str(fault),
            f"Delete the folder {folder} by hand; it is built anew when it is needed",
        ) from fault
