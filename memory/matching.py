"""How filters and namespace conditions of LangGraph's store operations select entries."""

from collections.abc import Mapping

from langgraph.store.base import MatchCondition
from pydantic import JsonValue

from memory.entries import Namespace


def matches(value: Mapping[str, JsonValue], wanted: Mapping[str, JsonValue] | None) -> bool:
    """Whether a value has the wanted fields; operators are $eq, $ne, $gt, $gte, $lt and $lte."""
    return all(_fits(value.get(name), want) for name, want in (wanted or {}).items())


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
