"""Questions to the truth in PostgreSQL that need no search."""

from collections.abc import Collection, Sequence

from memory.storage.entries import Filter, Namespace, Numbered
from memory.storage.postgres.columns import plain
from memory.storage.postgres.conditions import (
    Bound,
    PgCondition,
    all_of,
    condition_of,
    inside,
    inside_any,
)
from memory.storage.postgres.truth import PostgresTruth
from memory.storage.rows import COLUMNS, Row, decode, encode, row_of
from memory.storage.tallies import Tally


class PostgresQuestions:
    """Reads one truth; ``memory.storage.entries.EntryStore`` says what each method gives."""

    def __init__(self, truth: PostgresTruth) -> None:
        self._truth = truth

    def below(
        self,
        prefix: Namespace,
        *,
        newest: int | None = None,
        searchable: bool = False,
        keys: Collection[str] | None = None,
    ) -> list[Row]:
        """Entries below a namespace, in the order of their first writing."""
        wanted = [inside(prefix, searchable=searchable)]
        if keys is not None:
            wanted.append(PgCondition("e.key = ANY(%s)", ([*keys],)))
        condition = all_of(wanted)
        rows = self._rows(f"{condition.sql} ORDER BY e.id DESC LIMIT %s", condition.values, newest)
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
        wanted = [inside_any(prefixes), condition_of(where)]
        if before is not None:
            wanted.append(PgCondition("e.id < %s", (before,)))
        condition = all_of(wanted)
        with self._truth.transaction("read") as connection:
            rows = connection.execute(
                f"SELECT e.id, {COLUMNS} FROM entries e WHERE {condition.sql} "
                "ORDER BY e.id DESC LIMIT %s OFFSET %s",
                (*condition.values, limit, skip),
            ).fetchall()
        return [Numbered(row[0], row_of(row[1:]).entry) for row in rows]

    def count_fitting(self, prefixes: Sequence[Namespace], where: Filter) -> int:
        """How many entries in or below any of some namespaces have fields that fit."""
        return self._number("count(*)", all_of([inside_any(prefixes), condition_of(where)]))

    def count(self, prefix: Namespace, *, searchable: bool = False) -> int:
        """How many entries lie below a namespace, or how many of them have a text."""
        return self._number("count(*)", inside(prefix, searchable=searchable))

    def characters(self, prefix: Namespace) -> int:
        """How long the texts of the entries below a namespace are together."""
        return self._number("coalesce(sum(length(e.text)), 0)", inside(prefix, searchable=True))

    def namespaces(self, prefix: Namespace = ()) -> list[Namespace]:
        """Every namespace in or below one that holds an entry, that of the oldest entry first."""
        condition = inside(prefix)
        with self._truth.transaction("read") as connection:
            rows = connection.execute(
                f"SELECT e.namespace FROM entries e WHERE {condition.sql} "
                "GROUP BY e.namespace ORDER BY min(e.id)",
                condition.values,
            ).fetchall()
        return [decode(row[0]) for row in rows]

    def names(self, namespace: Namespace) -> dict[str, str]:
        """What the entries of a namespace are called, by key, in the order of first writing."""
        with self._truth.transaction("read") as connection:
            rows = connection.execute(
                "SELECT key, name FROM entries WHERE namespace = %s AND name IS NOT NULL "
                "ORDER BY id",
                (encode(namespace),),
            ).fetchall()
        return dict(rows)

    def about(self, namespace: Namespace, targets: Collection[str]) -> list[Row]:
        """Entries of a namespace with a text that are about any of some files or findings."""
        wanted = (encode(namespace), [plain(one) for one in targets])
        sql = "e.namespace = %s AND e.about && %s::text[] AND e.text <> '' ORDER BY e.id LIMIT %s"
        return [row_of(row) for row in self._rows(sql, wanted, None)]

    def tally(self, prefix: Namespace) -> list[Tally]:
        """How many entries that hold lie in and below a namespace, by namespace and place."""
        condition = inside(prefix, searchable=True)
        with self._truth.transaction("read") as connection:
            rows = connection.execute(
                "SELECT e.namespace, e.level, e.place, count(*), max(e.id) FROM entries e "
                f"WHERE {condition.sql} GROUP BY 1, 2, 3",
                condition.values,
            ).fetchall()
        return sorted(Tally(*row) for row in rows)

    def held(self, prefix: Namespace) -> dict[str, int]:
        """How many entries that hold lie below a namespace, by the label that follows it."""
        found: dict[str, int] = {}
        for one in self.tally(prefix):
            for label in decode(one.namespace)[len(prefix) : len(prefix) + 1]:
                found[label] = found.get(label, 0) + one.held
        return found

    def starting(self, prefix: Namespace, start: str, most: int) -> list[Row]:
        """Entries in or below a namespace whose keys begin so, by key; at most so many."""
        condition = inside(prefix)
        values = (start, f"{start}\U0010ffff", *condition.values)
        sql = f"e.key >= %s AND e.key < %s AND ({condition.sql}) ORDER BY e.key LIMIT %s"
        return [row_of(row) for row in self._rows(sql, values, most)]

    def _rows(
        self, rest: str, values: tuple[Bound, ...], most: int | None
    ) -> list[tuple[str, str, str, str, str, str]]:
        with self._truth.transaction("read") as connection:
            return connection.execute(
                f"SELECT {COLUMNS} FROM entries e WHERE {rest}", (*values, most)
            ).fetchall()

    def _number(self, what: str, condition: PgCondition) -> int:
        with self._truth.transaction("read") as connection:
            rows = connection.execute(
                f"SELECT {what} FROM entries e WHERE {condition.sql}", condition.values
            ).fetchall()
        return int(rows[0][0])
