"""The child process that owns Chroma: one JSON request a line in, one JSON answer a line out.

Chroma's native code can crash or hang for good; in a process of its own it takes nothing with it.
Files that a worker did not close in order are never trusted again (``Broken``): the parent fills
a fresh folder from the truth. Run as ``python -m memory.vectors.index_worker FOLDER EMBEDDER``.
"""

import base64
import fcntl
import json
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import IO, TypedDict

import numpy as np
from chromadb import Collection, PersistentClient
from chromadb.api.client import Client
from chromadb.api.collection_configuration import CreateHNSWConfiguration
from chromadb.config import Settings
from numpy.typing import NDArray

from memory.vectors.whole_scan import WholeScan

GRAPH: CreateHNSWConfiguration = {
    "space": "cosine",
    "max_neighbors": 32,
    "ef_construction": 200,
    "ef_search": 200,
}
"""Twice Chroma's defaults: with those, clusters of like entries were missed after some openings."""

SCANNED = 250_000
"""So many entries are all looked at by a query, which takes 20 ms; among more Chroma's graph is
asked, which is quicker and may miss some."""

READ = 1000
"""Entries that are read from Chroma at once."""

UNIT = 0.01
"""A vector whose length is off by more has been damaged."""

LITTERED = 10_000
"""More entries than this may have left the graph before it is made anew, where fewer are in it."""

GRACE_SECONDS = 30
"""How long a call may still take when the parent is gone."""

STATE_FILE = "grym-index.json"
"""Who filled the index, up to which stamp of the outbox, and whether it was closed in order."""

SCAN_FILE = "grym-scan.bin"
"""All vectors as they are looked at, written when the index is closed: to read 130,000 from Chroma
takes 14 s of processor time, to read this file half a second."""


class State(TypedDict):
    """The content of the state file."""

    embedder: str
    stamp: int
    closed: bool
    left: int
    """How many entries have left the graph, which keeps their nodes."""


class Request(TypedDict, total=False):
    """What the parent asks."""

    call: str
    ids: list[str]
    vectors: str
    """Base64 of little-endian float32, row by row."""
    gone: list[str]
    stamp: int
    limit: int


class Answer(TypedDict, total=False):
    """What the worker says; ``fault`` when the call failed."""

    fault: str
    count: int
    stamp: int
    ids: list[str]


class Broken(Exception):
    """The index files can't be trusted."""


class Index:
    """One Chroma collection of one embedder in one folder."""

    def __init__(self, folder: Path, embedder: str) -> None:
        self._lock = (folder / "lock").open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self._file, self._scan_file = folder / STATE_FILE, folder / SCAN_FILE
        self._state = self._load(embedder)
        client = PersistentClient(
            str(folder / "chroma"), settings=Settings(anonymized_telemetry=False)
        )
        assert isinstance(client, Client)
        self._client = client
        self._collection: Collection = self._client.get_or_create_collection(
            "memory", embedding_function=None, configuration={"hnsw": GRAPH}
        )
        count = self._collection.count()
        if self._state["left"] > max(count, LITTERED):
            raise Broken("it holds more of what is gone than of what is there")
        self._is_saved = False
        self._scan = self._whole(count) if count <= SCANNED else None

    def _whole(self, count: int) -> WholeScan:
        """All vectors, to be looked at: as they were when the index was closed, else Chroma's."""
        scan = WholeScan.loaded(self._scan_file, self._state["stamp"])
        self._is_saved = scan is not None and len(scan) == count
        return scan if scan is not None and self._is_saved else self._read(count)

    def _read(self, count: int) -> WholeScan:
        """All that Chroma holds, to be looked at."""
        scan = WholeScan()
        for first in range(0, count, READ):
            told = self._collection.get(limit=READ, offset=first, include=["embeddings"])
            vectors = np.asarray(told["embeddings"], np.float32)
            if not (np.abs(np.linalg.norm(vectors, axis=1) - 1) < UNIT).all():
                raise Broken("it holds what nobody put there")
            scan.put(told["ids"], vectors)
        return scan

    def _load(self, embedder: str) -> State:
        if not self._file.exists():
            return State(embedder=embedder, stamp=0, closed=True, left=0)
        state: State = json.loads(self._file.read_text())
        state.setdefault("left", 0)  # an older version did not count it
        if state["embedder"] != embedder:
            raise Broken(f"it was filled by {state['embedder']}")
        if not state["closed"]:
            raise Broken("its last owner did not close it")
        return state

    def _save(self, *, stamp: int, closed: bool, left: int = 0) -> None:
        """Write the state to the disk; so many more entries have left."""
        self._state = {**self._state, "stamp": stamp, "closed": closed}
        self._state["left"] += left
        fresh = self._file.with_suffix(".new")
        with fresh.open("w") as file:
            json.dump(self._state, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, self._file)

    def close(self) -> None:
        """Close Chroma, then say on disk that it was closed."""
        self._client.close()
        if self._scan is not None and not self._is_saved:
            with suppress(OSError):  # a disk that is full: what is not whole is not read
                self._scan.save(self._scan_file, self._state["stamp"])
        if not self._state["closed"]:
            self._save(stamp=self._state["stamp"], closed=True)

    def answer(self, request: Request) -> Answer:
        """Do one call."""
        if request["call"] == "upsert":
            return self._upsert(request)
        if request["call"] == "query":
            return self._query(request)
        return Answer(count=self._collection.count(), stamp=self._state["stamp"])

    def _upsert(self, request: Request) -> Answer:
        """Put entries in place of their older ones, and drop others.

        An entry that is put over itself takes along its neighbours' ways to others: after a few
        dozen rounds of this, whole clusters of 6000 entries could not be reached any more. So it
        leaves first; what has left still leads on.
        """
        if self._state["closed"]:
            self._save(stamp=self._state["stamp"], closed=False)
        if self._is_saved:  # what is forgotten must not stay there if this process is killed
            self._scan_file.unlink(missing_ok=True)
            self._is_saved = False
        ids, gone = request["ids"], request["gone"]
        older = self._collection.get(ids=[*ids, *gone], include=[])["ids"]
        if older:
            self._collection.delete(ids=older)
        vectors = vectors_of(request["vectors"], len(ids))
        if ids:
            self._collection.add(ids=ids, embeddings=vectors)
        if self._scan is not None:
            self._scan.drop(gone)
            self._scan.put(ids, vectors)
            if len(self._scan) > SCANNED:
                self._scan = None
        self._save(stamp=request["stamp"], closed=False, left=len(older))
        return Answer(stamp=request["stamp"])

    def _query(self, request: Request) -> Answer:
        vectors, limit = vectors_of(request["vectors"], 1), request["limit"]
        if self._scan is not None:
            return Answer(ids=self._scan.nearest(vectors[0], limit))
        found = self._collection.query(query_embeddings=vectors, n_results=limit, include=[])
        return Answer(ids=list(found["ids"][0]))


def vectors_of(text: str, rows: int) -> NDArray[np.float32]:
    """Decode the vectors of a request, shape (rows, dimensions)."""
    return np.frombuffer(base64.b64decode(text), "<f4").reshape(rows, -1 if rows else 0)


def serve(index: Index, requests: IO[str], answers: IO[str]) -> None:
    """Answer requests until the parent closes its end or is gone."""
    for line in requests:
        try:
            answer = index.answer(json.loads(line))
        except Exception as fault:  # noqa: BLE001  (the border of the process)
            answer = fault_of(fault)
        say(answer, answers)


def say(answer: Answer, answers: IO[str]) -> None:
    """Write one answer."""
    try:
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
    except BrokenPipeError:
        pass


def fault_of(fault: Exception) -> Answer:
    """Tell the parent what went wrong."""
    return Answer(fault=f"{type(fault).__name__}: {fault}")


def leave_when_orphaned(parent: int) -> None:
    """End the process some time after its parent, even when a call hangs in native code."""
    while os.getppid() == parent:
        time.sleep(1)
    time.sleep(GRACE_SECONDS)
    os._exit(1)


def main(folder: Path, embedder: str) -> None:
    """Serve one folder on standard input and output; what libraries print goes to stderr."""
    watch = Thread(target=leave_when_orphaned, args=(os.getppid(),), daemon=True)
    watch.start()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        index = Index(folder, embedder)
        say(index.answer(Request(call="count")), answers)
    except Exception as fault:  # noqa: BLE001  (the border of the process)
        say(fault_of(fault), answers)
        return
    serve(index, sys.stdin, answers)
    index.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
