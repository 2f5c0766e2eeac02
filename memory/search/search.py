"""Searches the memory by words, meaning, fields, time and conversation at once."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial

import numpy as np
from numpy.typing import NDArray

from memory.search.any_lookup import AnyLookup
from memory.search.lookup import Scope
from memory.search.named_times import NamedTimes, named_times
from memory.search.ranking import REACH, best_of, fused, spread, timed
from memory.storage.rows import Row
from memory.vectors.indexer import Indexer

CANDIDATES = 50
"""Fewest candidates that words and meaning give each."""

WIDE = 512
"""Entries that the index is asked for when a filter takes some of them away."""

FEW = 4
"""The index has too few of the wanted candidates when it has less than one in so many: most of what
is near lies elsewhere, or does not fit."""


class Search:
    """Searches one truth, with the index of its vectors when there is one."""

    def __init__(self, lookup: AnyLookup, indexer: Indexer | None) -> None:
        self._lookup, self._indexer = lookup, indexer
        self._meanwhile = ThreadPoolExecutor(1, "memory search")

    def begin(self) -> None:
        """Start the index in the background, so that it answers the first search."""
        if self._indexer is not None:
            self._meanwhile.submit(self._indexer.begin)

    def newest(self, scope: Scope, offset: int, limit: int) -> list[Row]:
        """The entries of a scope that were written or changed last."""
        return self._lookup.newest(scope, offset, limit)

    def best(self, scope: Scope, text: str, limit: int) -> list[tuple[Row, float]]:
        """The entries of a scope that fit a text best, best first, with scores of 0..1."""
        return self.seeking_each(scope, [text], limit)()[0]

    def seeking_each(
        self, scope: Scope, texts: Sequence[str], limit: int
    ) -> Callable[[], list[list[tuple[Row, float]]]]:
        """Begin the same for each of several texts, which are embedded together.

        What is returned waits for it: the index works in a process of its own meanwhile.
        """
        vectors = self._indexer.vectors(texts) if self._indexer and texts else None
        sought = [None] * len(texts) if vectors is None else vectors
        many = max(CANDIDATES, 4 * limit)
        near = [self._looking(scope, vector, many) for vector in sought]
        asked = list(zip(texts, sought, near, strict=True))
        return lambda: [self._best(scope, *one, limit) for one in asked]

    def _best(
        self,
        scope: Scope,
        text: str,
        sought: NDArray[np.float32] | None,
        near: Callable[[], Iterable[int]],
        limit: int,
    ) -> list[tuple[Row, float]]:
        named = named_times(text, datetime.now(UTC).date())
        many = max(CANDIDATES, 4 * limit)
        with self._lookup.at_once():
            words = self._lookup.by_words(scope, text, many)
            if named:
                words |= self._lookup.by_words(scope, text, many, named)
        seeds = {*words, *near()}
        with self._lookup.at_once():
            return self._ranked(scope, words, seeds, sought, named, limit)

    def _ranked(
        self,
        scope: Scope,
        words: Mapping[int, float],
        seeds: Collection[int],
        sought: NDArray[np.float32] | None,
        named: NamedTimes,
        limit: int,
    ) -> list[tuple[Row, float]]:
        held = self._lookup.candidates(scope, seeds)
        turns = [number for number, one in held.items() if one.in_conversation]
        beside = self._lookup.beside(turns, REACH) if turns else {}
        others = {one for around in beside.values() for side in around for one in side}
        if others := others.difference(seeds):
            held |= self._lookup.candidates(scope, others)
        vectors = {number: one.vector for number, one in held.items()}
        scores = spread(fused(words, vectors, sought), beside)
        if named:
            scores = timed(scores, self._lookup.of_time(scores, named))
        chosen = best_of(scores, limit)
        rows = self._lookup.rows(chosen)
        return [(row, scores[number]) for row, number in zip(rows, chosen, strict=True)]

    def _looking(
        self, scope: Scope, sought: NDArray[np.float32] | None, many: int
    ) -> Callable[[], Iterable[int]]:
        """Begin to look for the entries closest in meaning; what is returned waits for them.

        The index works in a process of its own, while words are searched here; it knows no fields,
        and is slow in corners.
        """
        indexer = self._indexer
        if indexer is None or sought is None:
            return tuple
        if self._lookup.is_corner(scope.prefix):
            return partial(self._lookup.by_vector, scope, sought, many)
        wide = WIDE if scope.where else many
        asked = self._meanwhile.submit(indexer.nearest, scope.prefix, sought, wide)

        def found() -> list[int]:
            close = asked.result() or ()
            indexer.catch_up()  # not before: a new index drops what another embedder made
            near = self._near(scope, sought, many, close, bool(indexer.fault))
            return [*near, *self._lookup.waiting(scope, many)]

        return found

    def _near(
        self,
        scope: Scope,
        sought: NDArray[np.float32],
        many: int,
        close: Iterable[str],
        is_partial: bool,
    ) -> list[int]:
        """What the index found; where it has little, or not all, entries are looked at besides."""
        near = self._lookup.numbers(close)
        if scope.where:
            near = self._lookup.fitting(scope, near)[:many]
        few = len(near) < many // FEW
        if few or is_partial:
            small = self._lookup.is_seen_through(scope.prefix)
            if few or small:
                near += self._lookup.by_vector(scope, sought, many, newest=not small)
        return near
