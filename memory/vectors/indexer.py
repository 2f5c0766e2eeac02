"""Keeps the vector index in step with the truth, and asks it for what is near."""

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import partial

import numpy as np
from numpy.typing import NDArray

from grym_synth.errors import ModelFault
from memory.storage.database import Database
from memory.storage.entries import Namespace
from memory.storage.outbox import Pending
from memory.vectors.background import Background
from memory.vectors.embeddings import Embedder
from memory.vectors.index import OPEN_SECONDS, beginnings
from memory.vectors.places import IndexPlace
from memory.vectors.trusted import TrustedIndex

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

WIDEST = 1024
"""Entries that are asked of the index when too few of the nearest ones lie where they should."""


class Indexer:
    """The index of one truth, by one embedder, in one place.

    Nothing is started before there is something to do; each call that fails leaves its reason in
    ``fault`` and the search goes on by words alone.
    """

    def __init__(self, database: Database, embedder: Embedder, place: IndexPlace) -> None:
        self._embedder = embedder
        self._outbox = database.outbox
        self._trusted = TrustedIndex(database, embedder, place)
        self._background = Background(self._step, "memory index")

    @property
    def embedder(self) -> str:
        """The embedder's name."""
        return self._embedder.name

    @property
    def fault(self) -> str:
        """Why there is no search by meaning, or not over all; empty when all is well."""
        return self._trusted.fault

    @property
    def running(self) -> bool:
        """Whether the index has been started."""
        return self._trusted.running

    def wake(self) -> None:
        """Say that entries were written; they are brought in when the process rests."""
        self._background.wake()

    def begin(self) -> None:
        """Start an index that was filled before, which takes a while where it is large."""
        if self._outbox.indexed() > 0:
            self._trusted.guarded(lambda: None, 0.0)

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32] | None:
        """The vectors of what is sought, shape (len(texts), dimensions); None when there are none.

        Texts that are embedded together take less time than one by one.
        """
        try:
            return np.asarray(self._embedder.embed(texts), np.float32)
        except ModelFault as fault:
            self._trusted.failed(str(fault))
            return None

    def nearest(
        self, prefix: Namespace, vector: NDArray[np.float32], limit: int
    ) -> list[str] | None:
        """Ids of the entries below a namespace that are closest to a vector, shape (dimensions,).

        Those that wait for the index are not among them.

        Returns:
            None when there is no answer: the index is still starting, or ``fault`` says why.
        """
        return self._trusted.guarded(partial(self._nearest, prefix, vector, limit), 0.0)

    def catch_up(self) -> None:
        """Embed the entries that wait, where they are few, so that a search can compare them."""
        waiting = self._outbox.size()
        try:
            while waiting <= AT_ONCE and self._embed(self._outbox.waiting(AT_ONCE)):
                continue
        except ModelFault as fault:
            self._trusted.failed(str(fault))
        if waiting:
            self.wake()

    def drain(self, seconds: float) -> int:
        """Bring waiting entries into the index for at most about so long.

        Returns:
            How many still wait.
        """
        until = time.monotonic() + seconds
        self._trusted.guarded(partial(self._drain, until), seconds)
        return self._outbox.size()

    def rebuild(self) -> int:
        """Fill a fresh index from the truth, whatever the old one is like.

        Returns:
            How many entries could not be brought in.
        """
        with self.held():
            self._trusted.forgive()
            self.discard()
            return self.drain(float("inf"))

    def held(self) -> AbstractContextManager[None]:
        """Keep the background away from the index and its files."""
        return self._trusted.held()

    def discard(self) -> None:
        """Remove the index files; they are built anew from the truth when needed."""
        self._trusted.discard()

    def close(self, seconds: float) -> None:
        """Take in what waits, when the index runs, for at most about so long, and close it.

        One that is still starting has taken nothing and just ends; so does one that hangs.
        """
        if not self._background.stop(CLOSE_SECONDS):
            self._trusted.end()
        with self._trusted.held():
            if self._trusted.greeted:
                self.drain(seconds)
            self._trusted.close()

    def _nearest(self, prefix: Namespace, vector: NDArray[np.float32], limit: int) -> list[str]:
        """Ask for the nearest entries anywhere, once more widely when too few are wanted ones.

        Chroma's own filter takes a second when it lets 100,000 entries through; the 1024 nearest
        without one take 14 ms.
        """
        with self._trusted.held():
            index, inside = self._trusted.opened(), beginnings(prefix)
            kept: list[str] = []
            for wide in sorted({2 * limit, max(2 * limit, WIDEST)}):
                if len(kept) < limit // 2:
                    near = index.query(vector, wide)
                    kept = [one for one in near if one.startswith(inside)]
                if len(near) < wide:
                    break
        self._trusted.answered()
        return kept[:limit]

    def _step(self, resting: bool) -> bool:
        """What the background does: a little of what waits; whether more is left."""
        if not resting and not self.running:
            return True
        try:
            most = BROUGHT if resting else RUSHED
            return bool(self._trusted.guarded(partial(self._advance, most), OPEN_SECONDS))
        except Exception as fault:  # noqa: BLE001  (the border of the thread)
            self._trusted.failed(f"{type(fault).__name__}: {fault}")
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
        with self._trusted.held():
            index, waiting = self._trusted.opened(), self._outbox.waiting(most)
            if not waiting:
                self._trusted.filled()
                return False
            known = [(row, row.vector) for row in waiting if row.text and row.vector is not None]
            ready = [row for row in waiting if not row.text or row.vector is not None]
            if len(ready) == len(waiting):
                index.upsert(
                    [row.address for row, _ in known],
                    np.array([vector for _, vector in known], np.float32),
                    [row.address for row in waiting if not row.text],
                    waiting[-1].stamp,
                )
                self._outbox.clear(waiting)
        return True
