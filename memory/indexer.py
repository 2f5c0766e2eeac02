"""Keeps the vector index in step with the truth, and rebuilds it when it can't be trusted."""

import shutil
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from grym_synth.errors import MemoryFault, ModelFault
from memory.embeddings import Embedder
from memory.entries import Namespace
from memory.index import OPEN_SECONDS, ChromaIndex, IndexBroken, Near
from memory.outbox import Outbox, Pending
from memory.truth import Truth

T = TypeVar("T")

BATCH = 8
"""Entries that go to the index in one call."""

REBUILDS = 2
"""Rebuilds in one process before the index is given up for its lifetime."""


class Indexer:
    """The index of one truth, by one embedder, below one folder.

    Nothing is started before the first call; each call that fails leaves its reason in ``fault``
    and the search goes on by words alone.
    """

    def __init__(self, truth: Truth, embedder: Embedder, folder: Path) -> None:
        self._truth, self._embedder, self._folder = truth, embedder, folder
        self._outbox = Outbox(truth)
        self._lock = threading.RLock()
        self._index: ChromaIndex | None = None
        self._greeted = False
        self._rebuilds = 0
        self.fault = ""
        """Why there is no search by meaning; empty when all is well."""

    @property
    def embedder(self) -> str:
        """The embedder's name."""
        return self._embedder.name

    @property
    def running(self) -> bool:
        """Whether the index has been started."""
        return self._index is not None

    def drain(self, seconds: float) -> int:
        """Bring waiting entries into the index for at most about so long.

        Returns:
            How many still wait.
        """
        with self._lock:
            self._guarded(lambda: self._drain(time.monotonic() + seconds), seconds)
            return self._outbox.size()

    def nearest(self, prefix: Namespace, text: str, limit: int, seconds: float) -> list[Near]:
        """The entries below a namespace that are closest to a text in meaning.

        Args:
            prefix: the namespace.
            text: what to look for.
            limit: most entries.
            seconds: how long to bring in waiting entries first.
        """
        with self._lock:
            search = partial(self._nearest, prefix, text, limit, seconds)
            return self._guarded(search, OPEN_SECONDS) or []

    def rebuild(self) -> int:
        """Fill a fresh index from the truth, whatever the old one is like.

        Returns:
            How many entries could not be brought in.
        """
        with self._lock:
            self._rebuilds = 0
            self._discard()
            return self.drain(float("inf"))

    def close(self) -> None:
        """Close the index in order; one that is still starting has taken nothing and just ends."""
        with self._lock:
            if self._index is not None:
                close = self._index.close if self._greeted else self._index.kill
                close()
            self._index, self._greeted = None, False

    def discard(self) -> None:
        """Remove the index files; the next search builds them anew from the truth."""
        with self._lock:
            self._discard()

    def _guarded(self, step: Callable[[], T], wait: float) -> T | None:
        """Do a step on the opened index; rebuild it once when it is broken.

        Args:
            step: what to do.
            wait: how long an index that is still starting may take, in seconds.
        """
        for _ in range(2):
            if self._rebuilds > REBUILDS:
                return None
            try:
                return step() if self._open(wait) else None
            except (ModelFault, MemoryFault) as fault:
                self.fault = str(fault)
                return None
            except IndexBroken as fault:
                self._rebuilds += 1
                with suppress(MemoryFault):
                    self._discard()
                self.fault = f"the vector index is broken: {fault}"
        return None

    def _open(self, wait: float) -> bool:
        """Make sure that the index runs and can be trusted; false while it is starting."""
        index = self._index or self._launch()
        if self._greeted:
            return True
        hello = index.hello(wait)
        if hello is None:
            return False
        if not self._outbox.indexed() <= hello["stamp"] <= self._outbox.last():
            raise IndexBroken("it was filled from another state of the memory")
        missed = abs(hello["count"] - self._truth.count((), searchable=True))
        if missed > self._outbox.size():
            raise IndexBroken(f"its number of entries is off by {missed}")
        probe = np.full(self._embedder.dimensions, self._embedder.dimensions**-0.5, np.float32)
        index.query((), probe, 1)
        self._greeted = True
        return True

    def _launch(self) -> ChromaIndex:
        current = self._truth.mark("index")
        same = self._truth.mark("embedder") == self._embedder.name
        if current is None or not same or not (self._folder / current).is_dir():
            current = self._fresh()
        self._index = ChromaIndex(self._folder / current, self._embedder.name)
        return self._index

    def _fresh(self) -> str:
        """Choose a new folder, let every entry wait for it, and remove the old ones."""
        name = uuid.uuid4().hex[:12]
        self._outbox.refill(name, self._embedder.name)
        shutil.rmtree(self._folder, ignore_errors=True)
        return name

    def _discard(self) -> None:
        if self._index is not None:
            self._index.kill()
        self._index, self._greeted = None, False
        self._fresh()

    def _nearest(self, prefix: Namespace, text: str, limit: int, seconds: float) -> list[Near]:
        self._drain(time.monotonic() + seconds)
        vector = self._embedder.embed([text])[0]
        assert self._index is not None
        return self._index.query(prefix, vector, limit)

    def _drain(self, until: float) -> None:
        self.fault = ""
        while waiting := self._outbox.waiting(BATCH):
            if time.monotonic() >= until:
                return
            self._bring(waiting)

    def _bring(self, waiting: list[Pending]) -> None:
        assert self._index is not None
        rows = [row for row in waiting if row.text]
        known = {row.stamp: row.vector for row in rows if row.vector is not None}
        fresh = [row for row in rows if row.stamp not in known]
        if fresh:
            vectors = self._embedder.embed([row.text for row in fresh])
            self._outbox.keep(fresh, vectors)
            known.update(zip((row.stamp for row in fresh), vectors, strict=True))
        self._index.upsert(
            [(row.address, row.text) for row in rows],
            np.array([known[row.stamp] for row in rows], np.float32),
            [row.address for row in waiting if not row.text],
            waiting[-1].stamp,
        )
        self._outbox.clear(waiting)
