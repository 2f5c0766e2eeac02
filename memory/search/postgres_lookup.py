"""What a search reads from the truth in PostgreSQL: words, vectors, times, and what was beside."""

import heapq
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

import numpy as np
from numpy.typing import NDArray
from psycopg import Connection
from psycopg.rows import TupleRow

from memory.search.lookup import CONVERSATION, CORNER, GLANCED_AT, SEEN_THROUGH, Beside, Candidate
from memory.search.lookup import Scope as Scope
from memory.search.named_times import Calendar, NamedTimes, Week
from memory.search.postgres_words import best_by_words
from memory.search.word_search import MANY, telling
from memory.storage.entries import Namespace
from memory.storage.matching import matches
from memory.storage.postgres.conditions import (
    ALWAYS,
    PgCondition,
    all_of,
    inside,
    rough_condition,
)
from memory.storage.postgres.truth import PostgresTruth
from memory.storage.rows import COLUMNS, Row, row_of

_BESIDE = """
SELECT e.id,
    ARRAY(SELECT b.id FROM entries b WHERE b.namespace = e.namespace AND b.id < e.id
        ORDER BY b.id DESC LIMIT %s),
    ARRAY(SELECT a.id FROM entries a WHERE a.namespace = e.namespace AND a.id > e.id
        ORDER BY a.id LIMIT %s)
FROM entries e WHERE e.id = ANY(%s)
"""

_AT = """
SELECT e.id FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS wanted (namespace, key, place)
JOIN entries e ON e.namespace = wanted.namespace AND e.key = wanted.key ORDER BY wanted.place
"""

_WAITING = """
SELECT e.id FROM (SELECT namespace, key FROM outbox ORDER BY stamp DESC LIMIT %s) o
JOIN entries e ON e.namespace = o.namespace AND e.key = o.key
"""

_WHEN = "coalesce(e.fields ->> 'at', e.fields ->> 'when', e.created_at) COLLATE \"C\""


class PostgresLookup:
    """Reads one truth; ``memory.search.lookup.Lookup`` says what each method gives."""

    def __init__(self, truth: PostgresTruth) -> None:
        self._truth = truth
        self._common: set[str] = set()

    def at_once(self) -> AbstractContextManager[object]:
        """Read all in the block in one transaction, which takes less time."""
        return self._truth.transaction("read")

    def by_words(
        self, scope: Scope, text: str, limit: int, named: NamedTimes | None = None
    ) -> dict[int, float]:
        """Entries that hold any telling word of a text, with their BM25 (k1 1.2, b 0.75), > 0."""
        when = of_times(named) if named else ALWAYS
        with self._reading(scope) as (connection, fits):
            place, rest = inside(scope.prefix, searchable=True), all_of([fits, when])
            if scope.where:  # how rare a word is, is judged among what fits
                place, rest = all_of([place, fits]), when
            return best_by_words(connection, place, rest, telling(text), limit, self._common)

    def by_vector(
        self, scope: Scope, vector: NDArray[np.float32], limit: int, *, newest: bool = False
    ) -> list[int]:
        """The entries closest to a vector, shape (dimensions,), by looking at every one."""
        most = GLANCED_AT if newest else None
        with self._reading(scope) as (connection, fits):
            condition = all_of([inside(scope.prefix, searchable=True), fits])
            rows = connection.execute(
                f"SELECT e.id, e.vector FROM entries e WHERE {condition.sql} "
                "AND e.vector IS NOT NULL ORDER BY e.id DESC LIMIT %s",
                (*condition.values, most),
                binary=True,
            ).fetchall()
        if not rows:
            return []
        vectors = np.frombuffer(b"".join(row[1] for row in rows), "<f4").reshape(len(rows), -1)
        closeness = zip((vectors @ vector).tolist(), (row[0] for row in rows), strict=True)
        return [number for _, number in heapq.nlargest(limit, closeness)]

    def waiting(self, scope: Scope, limit: int) -> list[int]:
        """The newest entries of a scope that have a vector and are not in the index yet."""
        with self._reading(scope) as (connection, fits):
            condition = all_of([inside(scope.prefix, searchable=True), fits])
            rows = connection.execute(
                f"{_WAITING} WHERE {condition.sql} AND e.vector IS NOT NULL",
                (limit, *condition.values),
            ).fetchall()
        return [row[0] for row in rows]

    def fitting(self, scope: Scope, numbers: Sequence[int]) -> list[int]:
        """Those of some entries whose fields fit, in their order."""
        with self._reading(scope) as (connection, fits):
            held = _which(connection, numbers, fits)
        return [number for number in numbers if number in held]

    def is_corner(self, prefix: Namespace) -> bool:
        """Whether a namespace holds so few of many entries that looking at each is quicker."""
        with self._truth.transaction("read") as connection:
            rows = connection.execute("SELECT coalesce(max(id), 0) FROM entries").fetchall()
            return not _has_more(connection, prefix, min(MANY, rows[0][0] // CORNER))

    def is_seen_through(self, prefix: Namespace) -> bool:
        """Whether a namespace holds so few entries that each can be looked at without an index."""
        with self._truth.transaction("read") as connection:
            return not _has_more(connection, prefix, SEEN_THROUGH)

    def newest(self, scope: Scope, offset: int, limit: int) -> list[Row]:
        """The entries of a scope that were written or changed last."""
        with self._reading(scope) as (connection, fits):
            condition = all_of([inside(scope.prefix), fits])
            rows = connection.execute(
                f"SELECT {COLUMNS} FROM entries e WHERE {condition.sql} "
                "ORDER BY e.updated_at DESC, e.id LIMIT %s OFFSET %s",
                (*condition.values, limit, offset),
            ).fetchall()
        return [row_of(row) for row in rows]

    def numbers(self, ids: Iterable[str]) -> list[int]:
        """The numbers of the entries that exist, by their ids in the index."""
        places = [json.loads(one) for one in ids]
        asked = ([place for place, _ in places], [key for _, key in places])
        with self._truth.transaction("read") as connection:
            rows = connection.execute(_AT, asked).fetchall()
        return [row[0] for row in rows]

    def beside(self, numbers: Collection[int], reach: int) -> dict[int, Beside]:
        """What was said just before and after turns of a conversation."""
        with self._truth.transaction("read") as connection:
            rows = connection.execute(_BESIDE, (reach, reach, [*numbers])).fetchall()
        return {number: Beside(before, after) for number, before, after in rows}

    def candidates(self, scope: Scope, numbers: Collection[int]) -> dict[int, Candidate]:
        """Those of some entries that lie in a scope, with what their ranking needs."""
        with self._reading(scope) as (connection, fits):
            condition = all_of([inside(scope.prefix, searchable=True), fits])
            rows = connection.execute(
                "SELECT e.id, e.namespace, e.vector FROM entries e "
                f"WHERE e.id = ANY(%s) AND {condition.sql}",
                ([*numbers], *condition.values),
                binary=True,
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
        with self._truth.transaction("read") as connection:
            return _which(connection, numbers, of_times(named))

    def rows(self, numbers: Sequence[int]) -> list[Row]:
        """Entries, in the order of the numbers."""
        with self._truth.transaction("read") as connection:
            rows = connection.execute(
                f"SELECT e.id, {COLUMNS} FROM entries e WHERE e.id = ANY(%s)", ([*numbers],)
            ).fetchall()
        found = {row[0]: row_of(row[1:]) for row in rows}
        return [found[number] for number in numbers if number in found]

    @contextmanager
    def _reading(self, scope: Scope) -> Iterator[tuple[Connection[TupleRow], PgCondition]]:
        """Read with the condition that an entry's fields fit."""
        rough = rough_condition(scope.where)
        matches({}, scope.where)  # tells an unknown operator
        with self._truth.transaction("read") as connection:
            if rough.exact:
                yield connection, rough.condition
                return
            condition = all_of([inside(scope.prefix), rough.condition])
            rows = connection.execute(
                f"SELECT e.id, e.value FROM entries e WHERE {condition.sql}", condition.values
            ).fetchall()
            held = [number for number, value in rows if matches(json.loads(value), scope.where)]
            yield connection, PgCondition("e.id = ANY(%s)", (held,))


def of_times(named: NamedTimes) -> PgCondition:
    """The condition of being of a named time: ``at`` or ``when``, else when it was written."""
    parts = [_of_days(days) for days in named.days]
    turns = [json.dumps({"turn": turn}) for turn in named.turns]
    parts += [PgCondition("e.fields @> %s::jsonb", (turn,)) for turn in turns]
    sql = " OR ".join(f"({part.sql})" for part in parts)
    return PgCondition(f"({sql})", tuple(value for part in parts for value in part.values))


def _of_days(days: Calendar | Week) -> PgCondition:
    if isinstance(days, Week):
        first, after = days.span()
        return PgCondition(f"{_WHEN} >= %s AND {_WHEN} < %s", (first, after))
    return PgCondition(f"{_WHEN} LIKE %s", (days.pattern("_", "%"),))


def _which(
    connection: Connection[TupleRow], numbers: Collection[int], condition: PgCondition
) -> set[int]:
    rows = connection.execute(
        f"SELECT e.id FROM entries e WHERE e.id = ANY(%s) AND ({condition.sql})",
        ([*numbers], *condition.values),
    ).fetchall()
    return {row[0] for row in rows}


def _has_more(connection: Connection[TupleRow], prefix: Namespace, many: int) -> bool:
    condition = inside(prefix)
    found = connection.execute(
        f"SELECT 1 FROM entries e WHERE {condition.sql} LIMIT 1 OFFSET %s",
        (*condition.values, many),
    ).fetchone()
    return found is not None
