"""The long-term memory as LangGraph sees it: a ``BaseStore`` on SQLite, searched through Chroma."""

import asyncio
import shutil
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Self

from langgraph.store.base import (
    BaseStore,
    GetOp,
    Item,
    ListNamespacesOp,
    Op,
    PutOp,
    Result,
    SearchItem,
    SearchOp,
    get_text_at_path,
    tokenize_path,
)
from langgraph.store.base import validate_op_namespace as check_labels

from grym_synth.errors import MemoryFault, ModelFault
from memory.context import Degraded
from memory.search.lookup import Scope
from memory.search.search import Search
from memory.storage.entries import Address, Entry, Filter, Found, Namespace, Numbered
from memory.storage.locks import MEMORY_LOCK_FILE, HomeLock
from memory.storage.matching import fits
from memory.storage.tallies import Tally
from memory.storage.truth import Row, Truth
from memory.vectors.embeddings import Embedder, make_embedder
from memory.vectors.indexer import Indexer

TRUTH_FILE = "memory.sqlite"
"""The SQLite file below the store's folder."""


class GrymStore(BaseStore):
    """Entries whose truth is SQLite; searches fuse closeness in meaning with shared words.

    It is quick to open: Chroma and the embedding model start at the first search, at ``flush``, or
    in the background once the process rests; ``close`` brings in what waits when they run. All
    methods may be called from several threads of one process.
    """

    def __init__(
        self,
        folder: Path | None = None,
        embedder: Embedder | None = None,
        degraded: Degraded | None = None,
    ) -> None:
        """Open the memory below a folder; without one it lives and ends with this object.

        Args:
            folder: holds ``memory.sqlite`` and the index.
            embedder: what makes the vectors; None for search by words alone.
            degraded: why there is no embedder although one was wanted.

        Raises:
            HomeLocked: another store has it open, in this process or another.
            MemoryFault: the files can't be opened.
        """
        with ExitStack() as held:
            if folder is not None:
                held.enter_context(HomeLock(folder, MEMORY_LOCK_FILE))
            self._truth = Truth(folder / TRUTH_FILE if folder else None)
            self._held = held.pop_all()
        self._index = folder / "index" if folder else None
        self._indexer = (
            Indexer(self._truth, embedder, self._index) if self._index and embedder else None
        )
        self._searching = Search(self._truth, self._indexer)
        self._degraded = degraded

    @classmethod
    def read_only(cls, folder: Path) -> Self:
        """Open the memory of a folder for reading alone, searched by words; nothing is written.

        It may be open in another process, whose writes are seen.
        """
        store = cls.__new__(cls)
        store._truth, store._held = Truth(folder / TRUTH_FILE, read_only=True), ExitStack()
        store._index, store._indexer, store._degraded = None, None, None
        store._searching = Search(store._truth, None)
        return store

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
        return _by_words(self._indexer.embedder, self._indexer.fault)

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

    # What the project repository uses: see ``memory.storage.entries.EntryStore``.

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

    def entries(
        self,
        prefix: Namespace,
        *,
        newest: int | None = None,
        searchable: bool = False,
        keys: Collection[str] | None = None,
    ) -> list[Entry]:
        """Entries below a namespace, in the order of their first writing."""
        rows = self._truth.below(prefix, newest=newest, searchable=searchable, keys=keys)
        return [row.entry for row in rows]

    def namespaces(self, prefix: Namespace) -> list[Namespace]:
        """Namespaces in or below one that hold an entry, that of the oldest entry first."""
        return self._truth.namespaces(prefix)

    def names(self, namespace: Namespace) -> dict[str, str]:
        """What the entries of a namespace are called, by key, in the order of first writing."""
        return self._truth.names(namespace)

    def about(self, namespace: Namespace, targets: Collection[str]) -> list[Entry]:
        """Searchable entries of a namespace that are about any of some files or findings."""
        return [row.entry for row in self._truth.about(namespace, targets)]

    def count(self, prefix: Namespace) -> int:
        """How many entries lie below a namespace."""
        return self._truth.count(prefix)

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
        return self._truth.select(prefixes, where, before=before, limit=limit, skip=skip)

    def characters(self, prefix: Namespace) -> int:
        """How long the texts of the entries below a namespace are together; reads every one."""
        return self._truth.characters(prefix)

    def tally(self, prefix: Namespace) -> list[Tally]:
        """How many entries that hold lie in and below a namespace, by namespace and place."""
        return self._truth.tally(prefix)

    def held(self, prefix: Namespace) -> dict[str, int]:
        """How many entries that hold lie below a namespace, by the label that follows it."""
        return self._truth.held(prefix)

    def count_fitting(self, prefixes: Sequence[Namespace], where: Filter) -> int:
        """How many entries in or below any of some namespaces have fields that fit."""
        return self._truth.count_fitting(prefixes, where)

    def count_between(self, places: Sequence[Namespace], low: float, high: float) -> int:
        """How many regions that hold have their middle from ``low`` to before ``high`` seconds."""
        return self._truth.count_between(places, low, high)

    def starting(self, prefix: Namespace, start: str, most: int) -> list[Entry]:
        """Entries in or below a namespace whose keys begin so, by key; at most so many."""
        return [row.entry for row in self._truth.starting(prefix, start, most)]

    def find(
        self, prefix: Namespace, text: str, limit: int, where: Filter | None = None
    ) -> list[Found]:
        """The entries below a namespace that fit a text best, best first."""
        found = self._searching.best(Scope(prefix, where), text, limit)
        return [Found(row.entry, score) for row, score in found]

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
        done = [f"{self._truth.count(())} entries checked, {len(damage)} faults mended", *damage]
        done.append("built the word index anew")
        if self._indexer is not None:
            left = self._indexer.rebuild()
            done.append(
                f"built the vector index anew, {self._truth.count((), searchable=True)} "
                f"entries, {left} of them missing"
            )
        if self.degraded is not None:
            done.append(f"searches run by words alone: {self.degraded.why}")
        return done

    # What LangGraph uses.

    def batch(self, ops: Iterable[Op]) -> list[Result]:
        """Do operations; reads see the state before the batch, the last write to a key wins."""
        asked = list(ops)
        for op in asked:
            check_labels(op)
        results: list[Result] = [None if isinstance(op, PutOp) else self._ask(op) for op in asked]
        puts = {Address(op.namespace, op.key): op for op in asked if isinstance(op, PutOp)}
        if puts:
            self.write(
                [_entry(op) for op in puts.values() if op.value is not None],
                [address for address, op in puts.items() if op.value is None],
            )
        return results

    async def abatch(self, ops: Iterable[Op]) -> list[Result]:
        """Do operations in a thread of their own."""
        return await asyncio.to_thread(self.batch, list(ops))

    def _ask(self, op: GetOp | SearchOp | ListNamespacesOp) -> Result:
        if isinstance(op, GetOp):
            row = self._truth.read([Address(op.namespace, op.key)])
            return next((_item(found) for found in row.values()), None)
        if isinstance(op, ListNamespacesOp):
            return self._list(op)
        return self._search(op)

    def _search(self, op: SearchOp) -> list[SearchItem]:
        scope = Scope(op.namespace_prefix, op.filter)
        if op.query:
            ranked = self._searching.best(scope, op.query, op.offset + op.limit)
            return [_search_item(row, score) for row, score in ranked[op.offset :]]
        newest = self._searching.newest(scope, op.offset, op.limit)
        return [_search_item(row, None) for row in newest]

    def _list(self, op: ListNamespacesOp) -> list[Namespace]:
        found = {
            namespace[: op.max_depth]
            for namespace in self._truth.namespaces()
            if all(fits(namespace, condition) for condition in op.match_conditions or ())
        }
        return sorted(found)[op.offset : op.offset + op.limit]


def open_store(folder: Path, embedder: str, ollama_url: str) -> GrymStore:
    """Open the memory below a folder with the embedder that a setting names.

    A missing model is no reason to stop: searches then run by words, and ``degraded`` says so.

    Raises:
        BadInput: there is no embedder of that name.
        MemoryFault: the files can't be opened.
    """
    try:
        return GrymStore(folder, make_embedder(embedder, ollama_url))
    except ModelFault as fault:
        return GrymStore(folder, None, _by_words(embedder, str(fault)))


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


def _by_words(wanted: str, why: str) -> Degraded:
    return Degraded(role="memory search", wanted=wanted, used="lexical", why=why)


def _entry(op: PutOp) -> Entry:
    return Entry(op.namespace, op.key, op.value or {}, _text(op))


def _text(op: PutOp) -> str:
    """What searches look at: the fields that ``index`` names, else ``text``, else everything."""
    if op.index is False or op.value is None:
        return ""
    if op.index is None:
        paths = ["text"] if isinstance(op.value.get("text"), str) else ["$"]
    else:
        paths = list(op.index)
    texts = [get_text_at_path(op.value, "$" if p == "$" else tokenize_path(p)) for p in paths]
    return "\n".join(text for found in texts for text in found)


def _item(row: Row) -> Item:
    return Item(
        value=dict(row.entry.value),
        key=row.entry.key,
        namespace=row.entry.namespace,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _search_item(row: Row, score: float | None) -> SearchItem:
    return SearchItem(
        row.entry.namespace,
        row.entry.key,
        dict(row.entry.value),
        row.created_at,
        row.updated_at,
        score,
    )
