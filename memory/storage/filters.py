"""Filters of entries as SQL conditions; ``matching.matches`` is the same rule in Python."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from pydantic import JsonValue

from memory.storage.entries import Filter

_OPERATORS = {"$gt": ">", "$gte": ">=", "$lt": "<", "$lte": "<="}

SqlValue = str | int | float


NARROW = (
    "kind", "level", "name", "aspect", "evidence", "thread", "turn", "at", "until", "status",
    "middle",
)  # fmt: skip
"""Fields of values that also are columns of the narrow table ``memory.storage.fields``."""

Table = Literal["entries", "fields"]
"""Where a condition is asked: of the values themselves, or of the narrow table."""


class Condition(NamedTuple):
    """A part of a WHERE clause on ``e``, with the values of its question marks."""

    sql: str
    values: tuple[SqlValue, ...]


def table_of(where: Filter) -> Table:
    """The table that can be asked soonest for values with these fields."""
    told = (
        name in NARROW or (name == "assets" and isinstance(want, dict) and {*want} <= {"$has"})
        for name, want in where.items()
    )
    return "fields" if all(told) else "entries"


def condition_of(where: Filter, table: Table = "entries") -> Condition:
    """The condition that a value has the wanted fields: text or numbers, compared within a type.

    Raises:
        ValueError: a name is no plain word, an operator is unknown, or a bound is no text or
            number.
    """
    parts = [part for name, want in where.items() for part in _parts(name, want, table)]
    sql = " AND ".join(part.sql for part in parts)
    return Condition(sql or "TRUE", tuple(value for part in parts for value in part.values))


def _parts(name: str, want: JsonValue, table: Table) -> Iterator[Condition]:
    if not name.isidentifier():
        raise ValueError(f"{name!r} is no name of a field")
    field = f"e.{name}" if table == "fields" else f"json_extract(e.value, '$.{name}')"
    if not isinstance(want, dict):
        yield _compare(field, "=", want)
        return
    for operator, bound in want.items():
        if operator == "$in" and isinstance(bound, list):
            values = tuple(map(_plain, bound))
            marks = ", ".join("?" * len(values))
            yield Condition(f"{field} IN ({marks})", values)
        elif operator == "$has":
            each = f"? IN (SELECT value FROM json_each(e.value, '$.{name}'))"
            if name == "assets":
                each = "e.id IN (SELECT id FROM links WHERE target = ?)"
            yield Condition(each, (_plain(bound),))
        elif operator in _OPERATORS:
            yield _compare(field, _OPERATORS[operator], bound)
        elif operator in ("$eq", "$ne"):
            yield _compare(field, "=" if operator == "$eq" else "IS NOT", bound)
        else:
            raise ValueError(f"unknown operator {operator} in a filter")


def _compare(field: str, operator: str, bound: JsonValue) -> Condition:
    if bound is None:
        return Condition(f"{field} {'IS' if operator == '=' else operator} NULL", ())
    value = _plain(bound)
    sql = f"{field} {operator} ?"
    if operator in _OPERATORS.values():  # SQLite orders all texts after all numbers
        sql += f" AND typeof({field}) {'=' if isinstance(value, str) else '!='} 'text'"
    return Condition(sql, (value,))


def _plain(value: JsonValue) -> SqlValue:
    if isinstance(value, str | int | float):
        return value
    raise ValueError(f"a filter can't compare with {value!r}")
