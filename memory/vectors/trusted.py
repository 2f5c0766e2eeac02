"""The vector index while it can be trusted: opened when needed, begun anew when it is broken."""

import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

import numpy as np

from grym_synth.errors import MemoryFault, ModelFault
from memory.storage.database import Database
from memory.vectors.embeddings import Embedder
from memory.vectors.index import OPEN_SECONDS, IndexAway, IndexBroken
from memory.vectors.places import AnyIndex, IndexPlace

T = TypeVar("T")

REBUILDS = 2
"""Rebuilds in one process before the index is given up for its lifetime."""

_LOG = logging.getLogger(__name__)


class TrustedIndex:
    """The index of one truth, by one embedder, in one place.

    Nothing is started before there is something to do; each step that fails leaves its reason in
    ``fault``.
    """

    def __init__(self, database: Database, embedder: Embedder, place: IndexPlace) -> None:
        self._truth, self._embedder, self._place = database.truth, embedder, place
        self._outbox, self._questions = database.outbox, database.questions
        self._lock = threading.RLock()
        """Held while the index or its files are used; never while texts are embedded."""
        self._index: AnyIndex | None = None
        self._greeted = False
        self._closed = False
        self._rebuilds = 0
        self._fault = self._rebuilding = ""

    @property
    def fault(self) -> str:
        """Why there is no search by meaning, or not over all; empty when all is well."""
        if self._fault or not self._rebuilding:
            return self._fault
        return f"{self._rebuilding}; {self._outbox.size()} entries still wait for the new one"

    @property
    def running(self) -> bool:
        """Whether the index has been started."""
        return self._index is not None

    @property
    def greeted(self) -> bool:
        """Whether it has answered, and can be trusted."""
        return self._greeted

    def failed(self, why: str) -> None:
        """Remember why there is no search by meaning."""
        self._fault = why

    def answered(self) -> None:
        """Remember that a search by meaning has worked."""
        self._fault = ""

    def filled(self) -> None:
        """Remember that nothing waits for the index any more."""
        self._fault = self._rebuilding = ""

    def forgive(self) -> None:
        """Try as often as if it had never been broken."""
        self._rebuilds = 0

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep the background away from the index and its files."""
        with self._lock:
            yield

    def close(self) -> None:
        """Close the index for good; one that is still starting just ends."""
        with self._lock:
            self._closed = True
            if self._index is not None:
                close = self._index.close if self._greeted else self._index.kill
                close()
            self._index, self._greeted = None, False
            self._place.close()

    def end(self) -> None:
        """Kill an index that another thread waits for in vain, for good."""
        if (stuck := self._index) is not None:
            self._closed = True
            stuck.end()

    def discard(self) -> None:
        """Remove the index files; they are built anew from the truth when needed."""
        with self._lock:
            if self._index is not None:
                self._index.kill()
            self._index, self._greeted = None, False
            self._fresh()

    def guarded(self, step: Callable[[], T], wait: float) -> T | None:
        """Do a step on the opened index; begin a new one when it is broken, and try once more.

        Args:
            step: what to do.
            wait: how long an index that is still starting may take, in seconds.
        """
        for _ in range(2):
            if self._rebuilds > REBUILDS or self._closed:
                return None
            try:
                return step() if self._open(wait) else None
            except (ModelFault, MemoryFault) as fault:
                self._fault = str(fault)
                return None
            except IndexAway as fault:
                self._away(fault)
                return None
            except IndexBroken as fault:
                if not self._closed:
                    self._begin_anew(fault)
        return None

    def opened(self) -> AnyIndex:
        """The index, opened again when another thread has discarded it meanwhile."""
        self._open(OPEN_SECONDS)
        if self._index is None:
            raise IndexBroken("it can't be opened")
        return self._index

    def _away(self, fault: IndexAway) -> None:
        """Forget what was known of the index: it may have been lost with what holds it."""
        with self._lock:
            self._index, self._greeted = None, False
        self._fault = str(fault)

    def _begin_anew(self, fault: IndexBroken) -> None:
        self._rebuilds += 1
        with suppress(MemoryFault):
            self.discard()
        self._tell(f"the vector index could not be used ({fault})")
        if self._rebuilds > REBUILDS:
            self._fault = f"the vector index is broken: {fault}"

    def _tell(self, why: str) -> None:
        """Say that the index is built anew, where the user sees it."""
        self._rebuilding = f"{why}; it is built anew from the memory, which has lost nothing"
        _LOG.warning("%s", self._rebuilding)

    def _open(self, wait: float) -> bool:
        """Make sure that the index runs and can be trusted; false while it is starting."""
        with self._lock:
            index = self._index or self._launch()
            if self._greeted:
                return True
            hello = index.hello(wait)
            if hello is None:
                return False
            if not self._outbox.indexed() <= hello["stamp"] <= self._outbox.last():
                raise IndexBroken("it was filled from another state of the memory")
            missed = abs(hello["count"] - self._questions.count((), searchable=True))
            if missed > self._outbox.size():
                raise IndexBroken(f"its number of entries is off by {missed}")
            probe = np.full(self._embedder.dimensions, self._embedder.dimensions**-0.5, np.float32)
            index.query(probe, 1)
            self._greeted = True
            return True

    def _launch(self) -> AnyIndex:
        current = self._truth.mark("index")
        same = self._truth.mark("embedder") == self._embedder.name
        filled = self._outbox.indexed() > 0
        lost = filled and not self._place.has(str(current))
        if current is None or not same or lost:
            if filled:
                gone = "has lost its files" if same else "was filled by another embedder"
                self._tell(f"the vector index {gone}")
            current = self._fresh()
        self._index = self._place.open(current, self._embedder.name)
        return self._index

    def _fresh(self) -> str:
        """Remove the old index, choose a new name, and let every entry wait for it."""
        self._place.clear(self._truth.mark("index"))
        name = uuid.uuid4().hex[:12]
        self._outbox.refill(name, self._embedder.name)
        return name
