"""Questions to the truth that need no search: what lies where, and which fields it has."""

import json
import sqlite3
from collections.abc import Collection, Sequence

from memory.storage.entries import Filter, Namespace, Numbered
from memory.storage.filters import Condition, condition_of, table_of
from memory.storage.links import names_in
from memory.storage.rows import COLUMNS, Row, decode, encode, row_of, scope_of
from memory.storage.tallies import Tally, held_below, tallies_below
from memory.storage.truth import Truth

_LAST = 2**63 - 1
"""No entry has this number or a greater one."""

_ABOVE_OTHERS = """
SELECT one.value FROM json_each(?) one WHERE one.value = '' OR EXISTS (
    SELECT 1 FROM entries WHERE namespace >= one.value || '.' AND namespace < one.value || '/')
"""
"""Those of some namespaces that have others below them."""


class Questions:
    """Reads one truth."""

    def __init__(self, truth: Truth) -> None:
        self._truth = truth

    def below(
        self,
        prefix: Namespace,
        *,
        newest: int | None = None,
        searchable: bool = False,
        keys: Collection[str] | None = None,
    ) -> list[Row]:
        """Entries below a namespace, in the order of their first writing.

        Args:
            prefix: the namespace; those below it count too.
            newest: take only so many of the newest.
            searchable: only those that have a text.
            keys: only those of these keys.
        """
        condition, values = scope_of(prefix, searchable)
        if keys is not None:
            condition += f" AND e.key IN ({', '.join('?' * len(keys))})"
        if newest is not None:  # the numbers come from an index; only these rows are read
            last = f"SELECT e.id FROM entries e WHERE {condition} ORDER BY +e.id DESC LIMIT ?"
            condition = f"e.id IN ({last})"
        with self._truth.transaction("read") as connection:
            rows = connection.execute(
                f"SELECT {COLUMNS} FROM entries e WHERE {condition} ORDER BY e.id DESC",
                (*values, *(keys or ()), *(() if newest is None else (newest,))),
            ).fetchall()
        return [row_of(row) for row in reversed(rows)]

    def select(
        self,
        prefixes: Sequence[Namespace],
        where: Filter,
        *,
        before: int | None = None,
        limit: int | None = None,
        skip: int = 0,
    ) -> list[Numbered]:
        """Entries in or below any of some namespaces whose fields fit, the newest first."""
        table = table_of(where)
        with self._truth.transaction("read") as connection:
            place = _inside(connection, prefixes)
            wanted = condition_of(where, table)
            rows = connection.execute(
                f"SELECT e.id, {COLUMNS} FROM entries e WHERE e.id IN "
                f"(SELECT e.id FROM {table} e WHERE {place.sql} AND {wanted.sql} AND e.id < ? "
                "ORDER BY e.id DESC LIMIT ? OFFSET ?) ORDER BY e.id DESC",
                (
                    *place.values,
                    *wanted.values,
                    _LAST if before is None else before,
                    -1 if limit is None else limit,
                    skip,
                ),
            ).fetchall()
        return [Numbered(row[0], row_of(row[1:]).entry) for row in rows]

    def count_fitting(self, prefixes: Sequence[Namespace], where: Filter) -> int:
        """How many entries in or below any of some namespaces have fields that fit."""
        table = table_of(where)
        wanted = condition_of(where, table)
        with self._truth.transaction("read") as connection:
            place = _inside(connection, prefixes)
            row = connection.execute(
                f"SELECT count(*) FROM {table} e WHERE {place.sql} AND {wanted.sql}",
                (*place.values, *wanted.values),
            ).fetchone()
        return int(row[0])

    def count(self, prefix: Namespace, *, searchable: bool = False) -> int:
        """How many entries lie below a namespace, or how many of them have a text."""
        condition, values = scope_of(prefix, searchable)
        with self._truth.transaction("read") as connection:
            row = connection.execute(
                f"SELECT count(*) FROM entries e WHERE {condition}", values
            ).fetchone()
        return int(row[0])

    def characters(self, prefix: Namespace) -> int:
        """How long the texts of the entries below a namespace are together; reads every one."""
        condition, values = scope_of(prefix, searchable=True)
        with self._truth.transaction("read") as connection:
            row = connection.execute(
                f"SELECT coalesce(sum(length(e.text)), 0) FROM entries e WHERE {condition}", values
            ).fetchone()
        return int(row[0])

    def namespaces(self, prefix: Namespace = ()) -> list[Namespace]:
        """Every namespace in or below one that holds an entry, that of the oldest entry first."""
        condition, values = scope_of(prefix)
        with self._truth.transaction("read") as connection:
            rows = connection.execute(
                f"SELECT e.namespace FROM entries e WHERE {condition} "
                "GROUP BY e.namespace ORDER BY min(e.id)",
                values,
            ).fetchall()
        return [decode(str(row[0])) for row in rows]

    def names(self, namespace: Namespace) -> dict[str, str]:
        """What the entries of a namespace are called, by key, in the order of first writing."""
        with self._truth.transaction("read") as connection:
            return names_in(connection, encode(namespace))

    def about(self, namespace: Namespace, targets: Collection[str]) -> list[Row]:
        """Entries of a namespace with a text that are about any of some files or findings."""
        with self._truth.transaction("read") as connection:
            rows = connection.execute(
                f"SELECT {COLUMNS} FROM entries e WHERE e.id IN (SELECT id FROM links "
                "WHERE target IN (SELECT value FROM json_each(?)) AND namespace = ?) "
                "AND e.text != '' ORDER BY e.id",
                (json.dumps([*targets]), encode(namespace)),
            ).fetchall()
        return [row_of(row) for row in rows]

    def tally(self, prefix: Namespace) -> list[Tally]:
        """How many entries that hold lie in and below a namespace, by namespace and place."""
        with self._truth.transaction("read") as connection:
            return tallies_below(connection, encode(prefix))

    def held(self, prefix: Namespace) -> dict[str, int]:
        """How many entries that hold lie below a namespace, by the label that follows it."""
        with self._truth.transaction("read") as connection:
            return held_below(connection, encode(prefix))

    def starting(self, prefix: Namespace, start: str, most: int) -> list[Row]:
        """Entries in or below a namespace whose keys begin so, by key; at most so many."""
        condition, values = scope_of(prefix)
        with self._truth.transaction("read") as connection:
            rows = connection.execute(
                f"SELECT {COLUMNS} FROM entries e INDEXED BY entries_by_key "
                f"WHERE e.key >= ? AND e.key < ? AND {condition} ORDER BY e.key LIMIT ?",
                (start, f"{start}\U0010ffff", *values, most),
            ).fetchall()
        return [row_of(row) for row in rows]


def _inside(connection: sqlite3.Connection, prefixes: Sequence[Namespace]) -> Condition:
    """The condition of lying in or below any namespace.

    Those that have none below them are asked for by name: an index has their entries in order.
    """
    names = [*map(encode, prefixes)]
    above = {row[0] for row in connection.execute(_ABOVE_OTHERS, (json.dumps(names),))}
    single = [name for name in names if name not in above]
    parts = [Condition(*scope_of(decode(name))) for name in names if name in above]
    if single:
        marks = f"IN ({', '.join('?' * len(single))})" if single[1:] else "= ?"
        parts.append(Condition(f"e.namespace {marks}", tuple(single)))
    sql = " OR ".join(f"({part.sql})" for part in parts)
    values = tuple(value for part in parts for value in part.values)
    return Condition(f"({sql or 'FALSE'})", values)
