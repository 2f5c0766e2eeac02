"""Filters and namespaces as PostgreSQL's conditions; ``matching.matches`` is the same rule."""

import json
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pydantic import JsonValue

from memory.storage.entries import Filter, Namespace
from memory.storage.postgres.columns import comparable, plain
from memory.storage.rows import encode

_ORDERS = {"$gt": ">", "$gte": ">=", "$lt": "<", "$lte": "<="}

Bound = str | int | list[str] | list[int]


class PgCondition(NamedTuple):
    """A part of a WHERE clause on ``entries e``, with the values of its places."""

    sql: str
    values: tuple[Bound, ...]


ALWAYS = PgCondition("TRUE", ())


def all_of(parts: Sequence[PgCondition]) -> PgCondition:
    """The condition that all of some hold."""
    sql = " AND ".join(f"({part.sql})" for part in parts)
    return PgCondition(sql or "TRUE", tuple(value for part in parts for value in part.values))


def inside(prefix: Namespace, *, searchable: bool = False) -> PgCondition:
    """The condition of lying in or below a namespace, and having a text."""
    return inside_any([prefix], searchable=searchable)


def inside_any(prefixes: Sequence[Namespace], *, searchable: bool = False) -> PgCondition:
    """The condition of lying in or below any of some namespaces, and having a text."""
    texts = "e.text <> ''" if searchable else "TRUE"
    if not all(prefixes):
        return PgCondition(texts, ())
    names = [encode(prefix) for prefix in prefixes]
    below = " OR ".join("e.namespace >= %s AND e.namespace < %s" for _ in names)
    ranges = (bound for name in names for bound in (f"{name}.", f"{name}/"))
    sql = f"(e.namespace = ANY(%s){f' OR {below}' if below else ''}) AND {texts}"
    return PgCondition(sql, (names, *ranges))


def condition_of(where: Filter) -> PgCondition:
    """The condition that a value has the wanted fields: text or numbers, compared within a type.

    Raises:
        ValueError: an operator is unknown, or a bound is no text or number.
    """
    return all_of([part for name, want in where.items() for part in _parts(name, want)])


class PgRough(NamedTuple):
    """What PostgreSQL can tell of a filter."""

    condition: PgCondition
    """No value with the wanted fields fails it."""
    exact: bool
    """Whether every value that passes it has the wanted fields."""


def rough_condition(where: Filter | None) -> PgRough:
    """A filter in SQL; nested fields, lists and odd texts are left to ``matching.matches``."""
    parts = list[PgCondition]()
    wanted = (where or {}).items()
    for name, want in wanted:
        try:
            parts.append(condition_of({name: want}))
        except ValueError:
            continue
    exact = len(parts) == len(wanted) and where == _held(where)
    return PgRough(all_of(parts), exact)


def _held(value: object) -> object:
    """What is left of a filter's texts in PostgreSQL."""
    if isinstance(value, dict):
        return {plain(name): _held(held) for name, held in value.items()}
    if isinstance(value, list):
        return [_held(one) for one in value]
    return plain(value) if isinstance(value, str) else value


def _parts(name: str, want: JsonValue) -> Iterator[PgCondition]:
    name = plain(name)
    if not isinstance(want, dict):
        yield _equal(name, want)
        return
    for operator, bound in want.items():
        if operator == "$in" and isinstance(bound, list):
            wanted = [json.dumps(_scalar(one)) for one in bound]
            yield PgCondition("e.fields -> %s::text = ANY(%s::jsonb[])", (name, wanted))
        elif operator == "$has":
            yield PgCondition("e.fields @> %s::jsonb", (json.dumps({name: [_scalar(bound)]}),))
        elif operator == "$eq":
            yield _equal(name, bound)
        elif operator == "$ne":
            yield _different(name, bound)
        elif operator in _ORDERS:
            yield _ordered(name, _ORDERS[operator], _scalar(bound))
        else:
            raise ValueError(f"unknown operator {operator} in a filter")


def _equal(name: str, want: JsonValue) -> PgCondition:
    if want is None:
        return PgCondition("e.fields -> %s::text IS NULL", (name,))
    return PgCondition("e.fields @> %s::jsonb", (json.dumps({name: _scalar(want)}),))


def _different(name: str, want: JsonValue) -> PgCondition:
    if want is None:
        return PgCondition("e.fields -> %s::text IS NOT NULL", (name,))
    sql = "e.fields -> %s::text IS DISTINCT FROM %s::jsonb"
    return PgCondition(sql, (name, json.dumps(_scalar(want))))


def _ordered(name: str, operator: str, bound: str | int | float) -> PgCondition:
    if isinstance(bound, str):
        field = '(e.fields ->> %s::text) COLLATE "C"'
        sql = f"jsonb_typeof(e.fields -> %s::text) = 'string' AND {field} {operator} %s"
        return PgCondition(sql, (name, name, bound))
    sql = f"jsonb_typeof(e.fields -> %s::text) = 'number' AND e.fields -> %s::text {operator} %s"
    return PgCondition(f"{sql}::jsonb", (name, name, json.dumps(bound)))


def _scalar(value: JsonValue) -> str | int | float:
    wanted = comparable(value)
    if isinstance(wanted, str | int | float):
        return wanted
    raise ValueError(f"a filter can't compare with {value!r}")
