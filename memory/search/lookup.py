"""What a search reads from the truth: words, vectors, times, and what was said beside an entry.

Entries are known by their numbers, which tell the order of first writing.
"""

import heapq
import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic_core import from_json

from memory.search.named_times import NamedTimes
from memory.search.word_search import MANY, best_by_words, telling
from memory.storage.entries import Filter, Namespace
from memory.storage.filters import Condition, condition_of, table_of
from memory.storage.matching import matches, rough_condition
from memory.storage.rows import COLUMNS, Row, row_of, scope_of
from memory.storage.truth import Truth

CORNER = 16
"""A namespace that holds less than one in so many entries is a corner of the memory."""

SEEN_THROUGH, GLANCED_AT = 20_000, 5000
"""Entries that are all looked at while there is no whole index (100 ms), and how many of the newest
in a larger memory."""

CHUNK = 1000
"""Vectors that are compared at once."""

CONVERSATION = "turns"
"""The namespace label above a thread's name: the entries of one thread follow on from each other,
those of any other namespace stand alone."""

_NUMBERS = "e.id IN (SELECT value FROM json_each(?))"

_AT = """
SELECT e.id FROM json_each(?) place CROSS JOIN entries e
ON e.namespace = json_extract(place.value, '$[0]') AND e.key = json_extract(place.value, '$[1]')
ORDER BY place.key
"""

_SIDE = """
SELECT json_group_array(id) FROM (
    SELECT id FROM entries WHERE namespace = e.namespace AND id {0} e.id ORDER BY id {1} LIMIT ?)
"""

_BESIDE = f"""
SELECT json_group_array(
    json_array(e.id, json(({_SIDE.format("<", "DESC")})), json(({_SIDE.format(">", "ASC")}))))
FROM entries e WHERE {_NUMBERS}
"""


@dataclass(frozen=True)
class Scope:
    """Where a search looks: below a namespace, at entries whose fields fit."""

    prefix: Namespace
    where: Filter | None = None


class Candidate(NamedTuple):
    """What is known of an entry that may fit."""

    vector: NDArray[np.float32] | None
    """Of unit length, shape (dimensions,); None while it waits to be embedded."""
    in_conversation: bool
    """Whether it is a turn of a conversation."""


class Beside(NamedTuple):
    """What was said around a turn of a conversation, the nearest first."""

    before: list[int]
    after: list[int]


class Lookup:
    """Reads one truth."""

    def __init__(self, truth: Truth) -> None:
        self._truth = truth
        self._common: dict[str, int] = {}

    def at_once(self) -> AbstractContextManager[object]:
        """Read all in the block in one transaction, which takes less time."""
        return self._truth.transaction("read")

    def by_words(
        self, scope: Scope, text: str, limit: int, named: NamedTimes | None = None
    ) -> dict[int, float]:
        """Entries that hold any telling word of a text, with their BM25 (k1 1.2, b 0.75), > 0.

        Args:
            scope: where to look.
            text: what is sought.
            limit: at most so many.
            named: only entries of these times.
        """
        when = named.condition() if named else Condition("TRUE", ())
        sought = telling(text)
        with self._reading(scope) as (connection, fits):
            if narrow := _by_fields(scope):
                place = Condition(f"e.id IN ({narrow.sql})", narrow.values)
                return best_by_words(connection, place, when, sought, limit, self._common)
            place = Condition(*scope_of(scope.prefix, searchable=True))
            rest = Condition(f"{fits.sql} AND {when.sql}", (*fits.values, *when.values))
            return best_by_words(connection, place, rest, sought, limit, self._common)

    def by_vector(
        self, scope: Scope, vector: NDArray[np.float32], limit: int, *, newest: bool = False
    ) -> list[int]:
        """The entries closest to a vector, shape (dimensions,), by looking at every one.

        Args:
            scope: where to look.
            vector: what is sought.
            limit: at most so many.
            newest: look at the newest ``GLANCED_AT`` alone.
        """
        best: list[tuple[float, int]] = []
        with self._reading(scope) as (connection, fits):
            inside, values = _newest(scope, fits, GLANCED_AT if newest else -1)
            cursor = connection.execute(
                f"SELECT e.id, e.vector FROM entries e WHERE e.id IN ({inside}) "
                "AND e.vector IS NOT NULL",
                values,
            )
            while rows := cursor.fetchmany(CHUNK):
                vectors = np.frombuffer(b"".join(row[1] for row in rows), "<f4")
                closeness = vectors.reshape(len(rows), -1) @ vector
                best += zip(closeness.tolist(), (row[0] for row in rows), strict=True)
                best = heapq.nlargest(limit, best)
        return [number for _, number in best]

    def waiting(self, scope: Scope, limit: int) -> list[int]:
        """The newest entries of a scope that have a vector and are not in the index yet."""
        place, values = scope_of(scope.prefix, searchable=True)
        with self._reading(scope) as (connection, fits):
            rows = connection.execute(
                "SELECT e.id FROM (SELECT namespace, key FROM outbox ORDER BY stamp DESC LIMIT ?) "
                "o CROSS JOIN entries e ON e.namespace = o.namespace AND e.key = o.key "
                f"WHERE {place} AND e.vector IS NOT NULL AND {fits.sql}",
                (limit, *values, *fits.values),
            ).fetchall()
        return [row[0] for row in rows]

    def fitting(self, scope: Scope, numbers: Sequence[int]) -> list[int]:
        """Those of some entries whose fields fit, in their order."""
        with self._reading(scope) as (connection, fits):
            rows = connection.execute(
                f"SELECT e.id FROM entries e WHERE {_NUMBERS} AND {fits.sql}",
                (_array(numbers), *fits.values),
            ).fetchall()
        held = {row[0] for row in rows}
        return [number for number in numbers if number in held]

    def is_corner(self, prefix: Namespace) -> bool:
        """Whether a namespace holds so few of many entries that looking at each is quicker.

        The index would go through most of its graph to find them: 110 ms for 100 of 100,000.
        """
        with self._truth.transaction("read") as connection:
            newest = connection.execute("SELECT coalesce(max(id), 0) FROM entries").fetchone()[0]
            return not _has_more(connection, prefix, min(MANY, newest // CORNER))

    def is_seen_through(self, prefix: Namespace) -> bool:
        """Whether a namespace holds so few entries that each can be looked at without an index."""
        with self._truth.transaction("read") as connection:
            return not _has_more(connection, prefix, SEEN_THROUGH)

    def newest(self, scope: Scope, offset: int, limit: int) -> list[Row]:
        """The entries of a scope that were written or changed last."""
        place, values = scope_of(scope.prefix)
        with self._reading(scope) as (connection, fits):
            rows = connection.execute(
                f"SELECT e.id FROM entries e WHERE {place} AND {fits.sql} "
                "ORDER BY e.updated_at DESC, e.id LIMIT ? OFFSET ?",
                (*values, *fits.values, limit, offset),
            ).fetchall()
        return self.rows([row[0] for row in rows])

    def numbers(self, ids: Iterable[str]) -> list[int]:
        """The numbers of the entries that exist, by their ids in the index."""
        with self._truth.transaction("read") as connection:
            rows = connection.execute(_AT, (f"[{','.join(ids)}]",)).fetchall()
        return [row[0] for row in rows]

    def beside(self, numbers: Collection[int], reach: int) -> dict[int, Beside]:
        """What was said just before and after turns of a conversation.

        Args:
            numbers: the turns.
            reach: how many turns each way.
        """
        with self._truth.transaction("read") as connection:
            (told,) = connection.execute(_BESIDE, (reach, reach, _array(numbers))).fetchone()
        return {
            number: Beside(sorted(before, reverse=True), sorted(after))
            for number, before, after in from_json(told)
        }

    def candidates(self, scope: Scope, numbers: Collection[int]) -> dict[int, Candidate]:
        """Those of some entries that lie in a scope, with what their ranking needs."""
        place, values = scope_of(scope.prefix, searchable=True)
        with self._reading(scope) as (connection, fits):
            rows = connection.execute(
                "SELECT e.id, e.namespace, e.vector FROM entries e "
                f"WHERE {_NUMBERS} AND {place} AND {fits.sql}",
                (_array(numbers), *values, *fits.values),
            ).fetchall()
        return {
            number: Candidate(
                None if vector is None else np.frombuffer(vector, "<f4"),
                f".{namespace}".rpartition(".")[0].endswith(f".{CONVERSATION}"),
            )
            for number, namespace, vector in rows
        }

    def of_time(self, numbers: Collection[int], named: NamedTimes) -> set[int]:
        """Those of some entries that are of a named time."""
        wanted = named.condition()
        with self._truth.transaction("read") as connection:
            rows = connection.execute(
                f"SELECT e.id FROM entries e WHERE {_NUMBERS} AND {wanted.sql}",
                (_array(numbers), *wanted.values),
            ).fetchall()
        return {row[0] for row in rows}

    def rows(self, numbers: Sequence[int]) -> list[Row]:
        """Entries, in the order of the numbers."""
        with self._truth.transaction("read") as connection:
            rows = connection.execute(
                f"SELECT e.id, {COLUMNS} FROM entries e WHERE {_NUMBERS}", (_array(numbers),)
            ).fetchall()
        found = {row[0]: row_of(row[1:]) for row in rows}
        return [found[number] for number in numbers if number in found]

    @contextmanager
    def _reading(self, scope: Scope) -> Iterator[tuple[sqlite3.Connection, Condition]]:
        """Read with the condition that an entry's fields fit."""
        rough = rough_condition(scope.where)
        matches({}, scope.where)  # tells an unknown operator, which SQLite would hide
        with self._truth.transaction("read") as connection:
            if rough.exact:
                yield connection, rough.condition
                return
            connection.create_function(
                "fits", 1, lambda value: matches(json.loads(value), scope.where)
            )
            sql, values = rough.condition
            yield connection, Condition(f"{sql} AND fits(e.value)", values)


def _by_fields(scope: Scope) -> Condition | None:
    """A question to the narrow table for the numbers of a scope's entries; None if it can't tell.

    It knows nothing of texts: what was given up fits too, and has neither words nor a vector.
    """
    if not scope.where or table_of(scope.where) != "fields":
        return None
    if not rough_condition(scope.where).exact:
        return None
    place, values = scope_of(scope.prefix)
    told = condition_of(scope.where, "fields")
    sql = f"SELECT e.id FROM fields e WHERE {place} AND {told.sql}"
    return Condition(sql, (*values, *told.values))


def _newest(scope: Scope, fits: Condition, most: int) -> Condition:
    """A question for the numbers of the newest entries of a scope; below 0 for all of them."""
    asked = _by_fields(scope)
    if asked is None:
        place, values = scope_of(scope.prefix, searchable=True)
        index = "NOT INDEXED" if most >= 0 else ""
        sql = f"SELECT e.id FROM entries e {index} WHERE {place} AND {fits.sql}"
        asked = Condition(sql, (*values, *fits.values))
    return Condition(f"{asked.sql} ORDER BY e.id DESC LIMIT ?", (*asked.values, most))


def _has_more(connection: sqlite3.Connection, prefix: Namespace, many: int) -> bool:
    place, values = scope_of(prefix)
    row = connection.execute(
        f"SELECT 1 FROM entries e WHERE {place} LIMIT 1 OFFSET ?", (*values, many)
    ).fetchone()
    return row is not None


def _array(numbers: Iterable[int]) -> str:
    return json.dumps(list(numbers))
