"""Indexes on a Chroma server (``chroma run``), by its HTTP interface, version 2.

Only ids and vectors go there. Nothing of Chroma is imported: what could crash runs in the server.
"""

import json
import time
from collections.abc import Sequence
from typing import NoReturn

import httpx
import numpy as np
from numpy.typing import NDArray
from pydantic import JsonValue

from grym_synth.errors import BadInput, MemoryFault
from memory.storage.entries import Address
from memory.vectors.index import CALL_SECONDS, IndexAway, IndexBroken, Reply, id_of

CONNECT_SECONDS = 2.0
"""Longest wait for the server to take a call."""

RETRY_SECONDS = 3.0
"""How long a server that did not answer is left alone; searches don't wait for it meanwhile."""

_COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections"

_GRAPH: dict[str, JsonValue] = {
    "hnsw": {"space": "cosine", "max_neighbors": 32, "ef_construction": 200, "ef_search": 200}
}
"""As in ``memory.vectors.index_worker``."""


class ChromaServer:
    """The server at one address; a password in it is used, and never shown."""

    def __init__(self, url: str) -> None:
        """Connect to nothing yet.

        Raises:
            BadInput: it is no address of a server.
        """
        try:
            self._url = httpx.URL(url)
        except httpx.InvalidURL:
            self._url = httpx.URL("")
        if self._url.scheme not in ("http", "https") or not self._url.host:
            raise BadInput("reading GRYM_CHROMA_URL", "it is no address", "Write http://HOST:PORT")
        self.shown = f"{self._url.scheme}://{self._url.netloc.decode()}"
        self._client: httpx.Client | None = None
        self._lost = float("-inf")

    def ask(self, method: str, path: str, body: dict[str, JsonValue] | None = None) -> JsonValue:
        """One call below the collections; None when there is no such thing.

        Raises:
            IndexAway: the server does not answer, or answers that it can't now.
            IndexBroken: it refuses.
        """
        if time.monotonic() - self._lost < RETRY_SECONDS:
            raise IndexAway(f"the Chroma server at {self.shown} did not answer a moment ago")
        try:
            reply = self._open().request(method, f"{_COLLECTIONS}{path}", json=body)
        except (httpx.HTTPError, RuntimeError) as fault:  # RuntimeError: it was closed meanwhile
            self._away(str(fault) or type(fault).__name__)
        if reply.status_code == 404:
            return None
        if reply.status_code >= 500:
            self._away(f"it answered {reply.status_code}")
        if reply.status_code >= 400:
            raise IndexBroken(f"the Chroma server answered {reply.status_code}: {reply.text[:200]}")
        told: JsonValue = reply.json() if reply.content else None
        return told

    def version(self) -> str:
        """Which version it is.

        Raises:
            IndexAway: no Chroma server answers there.
        """
        try:
            reply = self._open().get("/api/v2/version")
            told: JsonValue = reply.json() if reply.status_code == 200 else None
        except (httpx.HTTPError, ValueError) as fault:
            self._away(str(fault) or type(fault).__name__)
        if not isinstance(told, str):
            self._away(f"it answered {reply.status_code}, as no Chroma server does")
        return told

    def close(self) -> None:
        """Close the connections; calls in other threads end."""
        if self._client is not None:
            self._client.close()
        self._client = None

    def _open(self) -> httpx.Client:
        if self._client is None:
            wait = httpx.Timeout(CALL_SECONDS, connect=CONNECT_SECONDS)
            self._client = httpx.Client(base_url=self._url, timeout=wait)
        return self._client

    def _away(self, why: str) -> NoReturn:
        self._lost = time.monotonic()
        raise IndexAway(f"the Chroma server at {self.shown} does not answer ({why})")


class ServedIndex:
    """One collection of the server."""

    def __init__(self, server: ChromaServer, name: str, embedder: str) -> None:
        self._server, self._name, self._embedder = server, name, embedder
        self._id = ""

    def hello(self, seconds: float) -> Reply | None:
        """How many entries it holds and up to which stamp it was filled; it is made if need be."""
        found = self._server.ask(
            "POST",
            "",
            {
                "name": self._name,
                "get_or_create": True,
                "configuration": _GRAPH,
                "metadata": self._state(0),
            },
        )
        if found is None:
            raise IndexBroken("it can't be made on the Chroma server")
        held = self._server.ask("GET", f"/{self._name}")
        self._id = str(_field(held, "id"))
        state = _field(held, "metadata")
        if _field(state, "embedder") != self._embedder:
            raise IndexBroken(f"it was filled by {_field(state, 'embedder')}")
        count, stamp = self._call("GET", "count"), _field(state, "stamp")
        if not isinstance(count, int) or not isinstance(stamp, int):
            raise IndexBroken("the Chroma server does not tell what it holds")
        return Reply(count=count, stamp=stamp)

    def upsert(
        self,
        rows: Sequence[Address],
        vectors: NDArray[np.float32],
        gone: Sequence[Address],
        stamp: int,
    ) -> None:
        """Put entries with their vectors, shape (rows, dimensions); drop those that are gone."""
        # What is put over itself would make the graph lose others: it leaves first.
        leaving: list[JsonValue] = [id_of(address) for address in (*rows, *gone)]
        if leaving:
            self._call("POST", "delete", {"ids": leaving})
        if rows:
            ids: list[JsonValue] = [id_of(address) for address in rows]
            self._call("POST", "upsert", {"ids": ids, "embeddings": vectors.tolist()})
        self._call("PUT", "", {"new_metadata": self._state(stamp)})

    def query(self, vector: NDArray[np.float32], limit: int) -> list[str]:
        """Ids of the entries closest to a vector, shape (dimensions,), the nearest first."""
        asked: dict[str, JsonValue] = {
            "query_embeddings": [vector.tolist()], "n_results": limit, "include": [],
        }  # fmt: skip
        found = _field(self._call("POST", "query", asked), "ids")
        nearest = found[0] if isinstance(found, list) and found else []
        return [str(one) for one in nearest] if isinstance(nearest, list) else []

    def close(self) -> None:
        """Close the connections; the server keeps its files."""
        self._server.close()

    kill = end = close

    def _state(self, stamp: int) -> dict[str, JsonValue]:
        return {"embedder": self._embedder, "stamp": stamp}

    def _call(self, method: str, what: str, body: dict[str, JsonValue] | None = None) -> JsonValue:
        told = self._server.ask(method, f"/{self._id}/{what}".rstrip("/"), body)
        if told is None and what in ("count", "query", "upsert"):
            raise IndexBroken("the Chroma server has lost it")
        return told


class ServerPlace:
    """The indexes of one memory on a server, beside those of others."""

    def __init__(self, url: str) -> None:
        self._server = ChromaServer(url)

    def has(self, name: str) -> bool:
        """Whether the server has it."""
        return self._server.ask("GET", f"/{_collection(name)}") is not None

    def open(self, name: str, embedder: str) -> ServedIndex:
        """Its collection, which ``hello`` asks for."""
        return ServedIndex(self._server, _collection(name), embedder)

    def clear(self, name: str | None) -> None:
        """Remove it from the server.

        Raises:
            MemoryFault: the server does not answer.
        """
        if name is None:
            return
        try:
            self._server.ask("DELETE", f"/{_collection(name)}")
        except (IndexAway, IndexBroken) as fault:
            raise MemoryFault(
                "removing the old search index", str(fault), "Start the Chroma server, then repeat"
            ) from fault

    def close(self) -> None:
        """Close the connections."""
        self._server.close()


def _collection(name: str) -> str:
    return f"grym-{name}"


def _field(told: JsonValue, name: str) -> JsonValue:
    if not isinstance(told, dict):
        raise IndexBroken(f"the Chroma server answered {json.dumps(told)[:80]}")
    return told.get(name)
