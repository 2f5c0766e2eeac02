"""Keeps the vector index in step with the truth, and rebuilds it when it can't be trusted."""

import logging
import shutil
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from grym_synth.errors import MemoryFault, ModelFault
from memory.storage.entries import Namespace
from memory.storage.outbox import Outbox, Pending
from memory.storage.truth import Truth
from memory.vectors.background import Background
from memory.vectors.embeddings import Embedder
from memory.vectors.index import OPEN_SECONDS, ChromaIndex, IndexBroken, Near

T = TypeVar("T")

EMBEDDED = 8
"""Entries that are embedded at once; the vector of a search waits for no more of them."""

BROUGHT, RUSHED = 64, 16
"""Entries that go to the index in one call while the process rests and while it is at work; a
search waits for no more of them, and 16 take 80 ms among 130,000."""

AT_ONCE = 16
"""So few waiting entries are embedded by the search that comes upon them; more are left to the
background, and found by words until then."""

CLOSE_SECONDS = 1.0
"""How long closing waits for the step that the background is at."""

WIDEST = 2048
"""Most entries that are asked of the index to keep those below one namespace."""

REBUILDS = 2
"""Rebuilds in one process before the index is given up for its lifetime."""

_LOG = logging.getLogger(__name__)


class Indexer:
    """The index of one truth, by one embedder, below one folder.

    Nothing is started before there is something to do; each call that fails leaves its reason in
    ``fault`` and the search goes on by words alone.
    """

    def __init__(self, truth: Truth, embedder: Embedder, folder: Path) -> None:
        self._truth, self._embedder, self._folder = truth, embedder, folder
        self._outbox = Outbox(truth)
        self._lock = threading.RLock()
        """Held while the index or its files are used; never while texts are embedded."""
        self._index: ChromaIndex | None = None
        self._greeted = False
        self._closed = False
        self._rebuilds = 0
        self._fault = self._rebuilding = ""
        self._background = Background(self._step, "memory index")

    @property
    def embedder(self) -> str:
        """The embedder's name."""
        return self._embedder.name

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

    def wake(self) -> None:
        """Say that entries were written; they are brought in when the process rests."""
        self._background.wake()

    def vector(self, text: str) -> NDArray[np.float32] | None:
        """The vector of what is sought, shape (dimensions,); None when it can't be made."""
        try:
            return np.asarray(self._embedder.embed([text])[0], np.float32)
        except ModelFault as fault:
            self._fault = str(fault)
            return None

    def nearest(
        self, prefix: Namespace, vector: NDArray[np.float32], limit: int
    ) -> list[Near] | None:
        """The entries below a namespace that are closest to a vector, shape (dimensions,).

        Those that wait are not among them, but have their vectors when they are few.

        Returns:
            None when there is no answer: the index is still starting, or ``fault`` says why.
        """
        found = self._guarded(partial(self._nearest, prefix, vector, limit), 0.0)
        waiting = self._outbox.size()
        try:
            while waiting <= AT_ONCE and self._embed(self._outbox.waiting(AT_ONCE)):
                continue
        except ModelFault as fault:
            self._fault = str(fault)
        if waiting:
            self.wake()
        return found

    def drain(self, seconds: float) -> int:
        """Bring waiting entries into the index for at most about so long.

        Returns:
            How many still wait.
        """
        until = time.monotonic() + seconds
        self._guarded(partial(self._drain, until), seconds)
        return self._outbox.size()

    def rebuild(self) -> int:
        """Fill a fresh index from the truth, whatever the old one is like.

        Returns:
            How many entries could not be brought in.
        """
        with self.held():
            self._rebuilds = 0
            self.discard()
            return self.drain(float("inf"))

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep the background away from the index and its files."""
        with self._lock:
            yield

    def discard(self) -> None:
        """Remove the index files; they are built anew from the truth when needed."""
        with self._lock:
            if self._index is not None:
                self._index.kill()
            self._index, self._greeted = None, False
            self._fresh()

    def close(self, seconds: float) -> None:
        """Take in what waits, when the index runs, for at most about so long, and close it.

        One that is still starting has taken nothing and just ends; so does one that hangs.
        """
        if not self._background.stop(CLOSE_SECONDS) and (stuck := self._index) is not None:
            self._closed = True
            stuck.end()
        with self._lock:
            if self._greeted:
                self.drain(seconds)
            self._closed = True
            if self._index is not None:
                close = self._index.close if self._greeted else self._index.kill
                close()
            self._index, self._greeted = None, False

    def _guarded(self, step: Callable[[], T], wait: float) -> T | None:
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
            except IndexBroken as fault:
                if not self._closed:
                    self._begin_anew(fault)
        return None

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
        filled = self._outbox.indexed() > 0
        lost = filled and not (self._folder / str(current)).is_dir()
        if current is None or not same or lost:
            if filled:
                gone = "has lost its files" if same else "was filled by another embedder"
                self._tell(f"the vector index {gone}")
            current = self._fresh()
        self._index = ChromaIndex(self._folder / current, self._embedder.name)
        return self._index

    def _fresh(self) -> str:
        """Choose a new folder, let every entry wait for it, and remove the old ones."""
        name = uuid.uuid4().hex[:12]
        self._outbox.refill(name, self._embedder.name)
        shutil.rmtree(self._folder, ignore_errors=True)
        return name

    def _nearest(self, prefix: Namespace, vector: NDArray[np.float32], limit: int) -> list[Near]:
        with self._lock:
            found = self._ask(self._opened(), prefix, vector, limit)
        self._fault = ""
        return found

    def _ask(
        self, index: ChromaIndex, prefix: Namespace, vector: NDArray[np.float32], limit: int
    ) -> list[Near]:
        """Ask for the nearest entries anywhere, for more of them while too few are wanted ones.

        Chroma's own filter takes 500 ms when it lets 100,000 entries through and 110 ms when it
        lets 100 of 100,000 through; the 1024 nearest without one take 14 ms.
        """
        wide = 2 * limit
        while wide <= WIDEST:
            near = index.query((), vector, wide)
            kept = [one for one in near if one.address.namespace[: len(prefix)] == prefix]
            if len(kept) >= limit // 2 or len(near) < wide:
                return kept[:limit]
            wide *= 8
        return index.query(prefix, vector, limit)

    def _step(self, resting: bool) -> bool:
        """What the background does: a little of what waits; whether more is left."""
        if not resting and not self.running:
            return True
        try:
            most = BROUGHT if resting else RUSHED
            return bool(self._guarded(partial(self._advance, most), OPEN_SECONDS))
        except Exception as fault:  # noqa: BLE001  (the border of the thread)
            self._fault = f"{type(fault).__name__}: {fault}"
            return False

    def _drain(self, until: float) -> None:
        while time.monotonic() < until and self._advance(BROUGHT):
            continue

    def _advance(self, most: int) -> bool:
        """Embed a few of the entries that wait longest, or bring so many embedded ones in.

        Returns:
            Whether anything waited.
        """
        return self._embed(self._outbox.waiting(most)) or self._bring(most)

    def _embed(self, waiting: Sequence[Pending]) -> bool:
        """Embed a few of those that have no vector; whether there were any."""
        fresh = [row for row in waiting if row.text and row.vector is None][:EMBEDDED]
        if fresh:
            # What was forgotten meanwhile keeps no vector: only the same text takes it.
            self._outbox.keep(fresh, self._embedder.embed([row.text for row in fresh]))
        return bool(fresh)

    def _bring(self, most: int) -> bool:
        """Bring so many entries whose vectors are known into the index.

        They are read here, under the lock, so that nothing comes in that was forgotten before.
        """
        with self._lock:
            index, waiting = self._opened(), self._outbox.waiting(most)
            if not waiting:
                self._fault = self._rebuilding = ""
                return False
            known = [(row, row.vector) for row in waiting if row.text and row.vector is not None]
            ready = [row for row in waiting if not row.text or row.vector is not None]
            if len(ready) == len(waiting):
                index.upsert(
                    [(row.address, row.text) for row, _ in known],
                    np.array([vector for _, vector in known], np.float32),
                    [row.address for row in waiting if not row.text],
                    waiting[-1].stamp,
                )
                self._outbox.clear(waiting)
        return True

    def _opened(self) -> ChromaIndex:
        """The index, opened again when another thread has discarded it meanwhile."""
        self._open(OPEN_SECONDS)
        if self._index is None:
            raise IndexBroken("it can't be opened")
        return self._index
