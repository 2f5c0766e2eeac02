"""Filters of entries as SQL conditions; ``matching.matches`` is the same rule in Python."""

from collections.abc import Iterator
from typing import NamedTuple

from pydantic import JsonValue

from memory.storage.entries import Filter

_OPERATORS = {"$gt": ">", "$gte": ">=", "$lt": "<", "$lte": "<="}

SqlValue = str | int | float


class Condition(NamedTuple):
    """A part of a WHERE clause on ``entries e``, with the values of its question marks."""

    sql: str
    values: tuple[SqlValue, ...]


def field(name: str) -> str:
    """One field of a value as an SQL expression; an index on it must be written the same way."""
    return f"json_extract(e.value, '$.{name}')"


def condition_of(where: Filter) -> Condition:
    """The condition that a value has the wanted fields: text or numbers, compared within a type.

    Raises:
        ValueError: a name is no plain word, an operator is unknown, or a bound is no text or
            number.
    """
    parts = [part for name, want in where.items() for part in _parts(name, want)]
    sql = " AND ".join(part.sql for part in parts)
    return Condition(sql or "TRUE", tuple(value for part in parts for value in part.values))


def _parts(name: str, want: JsonValue) -> Iterator[Condition]:
    if not name.isidentifier():
        raise ValueError(f"{name!r} is no name of a field")
    if not isinstance(want, dict):
        yield _compare(name, "=", want)
        return
    for operator, bound in want.items():
        if operator == "$in" and isinstance(bound, list):
            values = tuple(map(_plain, bound))
            marks = ", ".join("?" * len(values))
            yield Condition(f"{field(name)} IN ({marks})", values)
        elif operator == "$has":
            each = f"? IN (SELECT value FROM json_each(e.value, '$.{name}'))"
            if name == "assets":
                each = "e.id IN (SELECT id FROM links WHERE target = ?)"
            yield Condition(each, (_plain(bound),))
        elif operator in _OPERATORS:
            yield _compare(name, _OPERATORS[operator], bound)
        elif operator in ("$eq", "$ne"):
            yield _compare(name, "=" if operator == "$eq" else "IS NOT", bound)
        else:
            raise ValueError(f"unknown operator {operator} in a filter")


def _compare(name: str, operator: str, bound: JsonValue) -> Condition:
    if bound is None:
        return Condition(f"{field(name)} {'IS' if operator == '=' else operator} NULL", ())
    value = _plain(bound)
    sql = f"{field(name)} {operator} ?"
    if operator in _OPERATORS.values():  # SQLite orders all texts after all numbers
        sql += f" AND typeof({field(name)}) {'=' if isinstance(value, str) else '!='} 'text'"
    return Condition(sql, (value,))


def _plain(value: JsonValue) -> SqlValue:
    if isinstance(value, str | int | float):
        return value
    raise ValueError(f"a filter can't compare with {value!r}")
