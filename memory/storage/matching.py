"""How filters and namespace conditions of LangGraph's store operations select entries."""

from collections.abc import Mapping
from typing import NamedTuple

from langgraph.store.base import MatchCondition
from pydantic import JsonValue

from memory.storage.entries import Filter, Namespace
from memory.storage.filters import Condition, condition_of


def matches(value: Mapping[str, JsonValue], wanted: Mapping[str, JsonValue] | None) -> bool:
    """Whether a value has the wanted fields; operators are those of ``Filter``."""
    return all(_fits(value.get(name), want) for name, want in (wanted or {}).items())


class Rough(NamedTuple):
    """What SQLite can tell of a filter."""

    condition: Condition
    """On ``entries e``; no value with the wanted fields fails it."""
    exact: bool
    """Whether every value that passes it has the wanted fields."""


def rough_condition(where: Filter | None) -> Rough:
    """A filter in SQL; nested fields, lists and what SQLite can't take are left to ``matches``."""
    parts = [_rough(name, want) for name, want in (where or {}).items()]
    told = [part for part in parts if part is not None]
    sql = " AND ".join(["TRUE", *(part.sql for part in told)])
    values = tuple(value for part in told for value in part.values)
    return Rough(Condition(sql, values), len(told) == len(parts))


def _rough(name: str, want: JsonValue) -> Condition | None:
    try:
        condition = condition_of({name: want})
    except ValueError:
        return None
    return condition if all(map(_fits_sqlite, condition.values)) else None


def _fits_sqlite(value: str | int | float) -> bool:
    """Whether SQLite compares a value as Python does.

    Decimals may be off by one digit there, and a list is the same as its JSON text.
    """
    if isinstance(value, str):
        return value.isprintable() and value[:1] not in ("[", "{")
    return isinstance(value, int) and abs(value) < 2**53


def _fits(value: JsonValue, want: JsonValue) -> bool:
    if not isinstance(want, dict):
        return value == want
    if any(name.startswith("$") for name in want):
        return all(_compares(value, name, bound) for name, bound in want.items())
    return isinstance(value, dict) and matches(value, want)


def _compares(value: JsonValue, operator: str, bound: JsonValue) -> bool:
    if operator == "$eq":
        return value == bound
    if operator == "$ne":
        return value != bound
    if operator == "$in":
        return isinstance(bound, list) and value in bound
    if operator == "$has":
        return isinstance(value, list) and bound in value
    if isinstance(value, str) and isinstance(bound, str):
        return _ordered(operator, (value > bound) - (value < bound))
    if isinstance(value, int | float) and isinstance(bound, int | float):
        return _ordered(operator, (value > bound) - (value < bound))
    _ordered(operator, 0)
    return False


def _ordered(operator: str, order: int) -> bool:
    """What an operator says when the value is smaller (-1), equal (0) or larger (1)."""
    orders = {"$gt": (1,), "$gte": (0, 1), "$lt": (-1,), "$lte": (-1, 0)}
    if operator not in orders:
        raise ValueError(f"unknown operator {operator} in a filter")
    return order in orders[operator]


def fits(namespace: Namespace, condition: MatchCondition) -> bool:
    """Whether a namespace begins or ends with a path; ``*`` stands for any one label."""
    path = condition.path
    if len(path) > len(namespace):
        return False
    part = namespace[: len(path)]
    if condition.match_type == "suffix":
        part = namespace[len(namespace) - len(path) :]
    return all(want in ("*", label) for label, want in zip(part, path, strict=True))
