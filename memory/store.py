"""The long-term memory as LangGraph sees it: a ``BaseStore`` on SQLite, searched through Chroma."""

import asyncio
import re
import shutil
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import islice
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
from memory.embeddings import Embedder, make_embedder
from memory.entries import Address, Entry, Found, Namespace
from memory.index import id_of
from memory.indexer import Indexer
from memory.matching import fits, matches
from memory.stopwords import STOPWORDS
from memory.truth import Row, Truth

TRUTH_FILE = "memory.sqlite"
"""The SQLite file below the store's folder."""

RANK_OFFSET = 60
"""Constant of reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009)."""

CANDIDATES = 64
"""Fewest candidates that each kind of search gives to the fusion."""

SEARCH_SECONDS = 0.5
"""How long a search brings waiting entries into the index before it looks."""


class GrymStore(BaseStore):
    """Entries whose truth is SQLite; searches fuse closeness in meaning with shared words.

    It is quick to open: Chroma and the embedding model start at the first search or at ``flush``,
    and ``close`` brings in what waits when they run. All methods may be called from several
    threads of one process.
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
        """
        self._truth = Truth(folder / TRUTH_FILE if folder else None)
        self._index = folder / "index" if folder else None
        self._indexer = (
            Indexer(self._truth, embedder, self._index) if self._index and embedder else None
        )
        self._degraded = degraded

    @classmethod
    def read_only(cls, folder: Path) -> Self:
        """Open the memory of a folder for reading alone, searched by words; nothing is written.

        It may be open in another process, whose writes are seen.
        """
        store = cls.__new__(cls)
        store._truth = Truth(folder / TRUTH_FILE, read_only=True)
        store._index, store._indexer, store._degraded = None, None, None
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
            if self._indexer.running:
                self.flush(seconds)
            self._indexer.close()
        self._truth.close()

    # What the project repository uses: see ``memory.entries.EntryStore``.

    def read(self, namespace: Namespace, keys: Sequence[str]) -> dict[str, Entry]:
        """The entries of these keys that exist."""
        rows = self._truth.read([Address(namespace, key) for key in keys])
        return {address.key: row.entry for address, row in rows.items()}

    def write(self, puts: Iterable[Entry], deletes: Iterable[Address] = ()) -> None:
        """Put and delete entries in one transaction."""
        self._truth.write(puts, deletes)

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

    def count(self, prefix: Namespace) -> int:
        """How many entries lie below a namespace."""
        return self._truth.count(prefix)

    def find(self, prefix: Namespace, text: str, limit: int) -> list[Found]:
        """The entries below a namespace that fit a text best, best first."""
        found = self._ranked(prefix, text, limit, lambda row: True)
        return [Found(row.entry, score) for row, score in found]

    def scrub(self) -> None:
        """Remove what deleted entries left in any file; the index is built anew when needed."""
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
            self._truth.write(
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
        def wanted(row: Row) -> bool:
            return matches(row.entry.value, op.filter)

        last = op.offset + op.limit
        if op.query:
            ranked = self._ranked(op.namespace_prefix, op.query, last, wanted)
            return [_search_item(row, score) for row, score in ranked[op.offset :]]
        rows = sorted(
            filter(wanted, self._truth.below(op.namespace_prefix)),
            key=lambda row: row.updated_at,
            reverse=True,
        )
        return [_search_item(row, None) for row in rows[op.offset : last]]

    def _list(self, op: ListNamespacesOp) -> list[Namespace]:
        found = {
            namespace[: op.max_depth]
            for namespace in self._truth.namespaces()
            if all(fits(namespace, condition) for condition in op.match_conditions or ())
        }
        return sorted(found)[op.offset : op.offset + op.limit]

    def _ranked(
        self, prefix: Namespace, text: str, limit: int, wanted: Callable[[Row], bool]
    ) -> list[tuple[Row, float]]:
        """Fuse both searches by rank; the score is 1 for an entry that is first in both."""
        many = max(CANDIDATES, 4 * limit)
        words = dict.fromkeys(re.findall(r"\w+", text.lower()))
        telling = [word for word in words if word not in STOPWORDS] or list(words)
        by_words = self._truth.by_words(prefix, telling, many) if telling else []
        near = self._indexer.nearest(prefix, text, many, SEARCH_SECONDS) if self._indexer else []
        near = sorted(near, key=lambda one: (-one.similarity, id_of(one.address)))
        rows = {row.entry.address: row for row in by_words}
        rows |= self._truth.read([one.address for one in near if one.address not in rows])
        kinds = [[row.entry.address for row in by_words], [one.address for one in near]]
        # The index may be behind the truth, and can't tell namespaces apart that are very deep.
        scores = {
            address: 0.0
            for address, row in rows.items()
            if row.entry.text and address.namespace[: len(prefix)] == prefix and wanted(row)
        }
        for ranking in kinds:
            kept = (address for address in ranking if address in scores)
            for rank, address in enumerate(kept):
                scores[address] += (RANK_OFFSET + 1) / (RANK_OFFSET + 1 + rank) / len(kinds)
        best = sorted(scores, key=lambda one: (-scores[one], one.namespace, one.key))
        return [(rows[address], scores[address]) for address in islice(best, limit)]


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
