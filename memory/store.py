"""The long-term memory as LangGraph sees it: a ``BaseStore`` on what ``memory.keeper`` keeps."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

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

from grym_synth.errors import ModelFault
from memory.databases import Servers
from memory.keeper import LOCAL, Keeper, by_words
from memory.search.lookup import Scope
from memory.storage.entries import Address, Entry, Namespace
from memory.storage.matching import fits
from memory.storage.rows import Row
from memory.vectors.embeddings import make_embedder


class GrymStore(Keeper, BaseStore):
    """The memory for LangGraph and for the project repository alike."""

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
            for namespace in self._questions.namespaces()
            if all(fits(namespace, condition) for condition in op.match_conditions or ())
        }
        return sorted(found)[op.offset : op.offset + op.limit]


def open_store(folder: Path, embedder: str, ollama_url: str, servers: Servers = LOCAL) -> GrymStore:
    """Open the memory below a folder, or on servers, with the embedder that a setting names.

    A missing model is no reason to stop: searches then run by words, and ``degraded`` says so.

    Raises:
        BadInput: there is no embedder of that name.
        MemoryFault: the files can't be opened.
    """
    try:
        return GrymStore(folder, make_embedder(embedder, ollama_url), servers=servers)
    except ModelFault as fault:
        return GrymStore(folder, None, by_words(embedder, str(fault)), servers)


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
