"""Stored words of ours as the classes of today, also where another version wrote them.

LangGraph builds what doesn't fit its class without checking it, and what has no class any more as a
plain dict; a turn would break over either, far from its cause.
"""

from collections.abc import Mapping
from copy import deepcopy

from pydantic import BaseModel, ValidationError

from grym_synth.errors import MemoryFault

_OURS = frozenset({"agents", "audio", "graph", "grym_synth", "memory", "models", "nodes"})
"""Packages whose classes are never read as plain data."""


class OlderWords:
    """The classes that a checkpoint may hold, by the names that are stored."""

    def __init__(self, kinds: tuple[type[BaseModel], ...]) -> None:
        """Know these classes."""
        self._kinds = {(kind.__module__, kind.__name__): kind for kind in kinds}

    def is_ours(self, module: str) -> bool:
        """Whether a module's classes are read here."""
        return module.partition(".")[0] in _OURS

    def word(self, module: str, name: str, fields: Mapping[str, object]) -> BaseModel:
        """A stored word; fields that its class has no longer are left out.

        Args:
            module: that of its class when it was stored.
            name: of its class.
            fields: what it holds.

        Raises:
            MemoryFault: it can't be what its class is today.
        """
        kind = self._kinds.get((module, name))
        if kind is None:
            raise _of_another_version(f"{module}.{name} is unknown here")
        try:
            return kind.model_validate(fields)
        except ValidationError as fault:
            known = _without_unknown(fields, fault)
        try:
            return kind.model_validate(known)
        except ValidationError as fault:
            first = fault.errors()[0]
            where = ".".join(map(str, first["loc"]))
            happened = f"the {where} of a {name} does not fit ({first['msg']})"
            raise _of_another_version(happened) from fault


def _without_unknown(fields: Mapping[str, object], fault: ValidationError) -> object:
    """The same without the fields, at any depth, that a class does not have."""
    known = deepcopy(dict(fields))
    for error in fault.errors():
        if error["type"] == "extra_forbidden":
            _drop(known, error["loc"])
    return known


def _drop(fields: object, path: tuple[int | str, ...]) -> None:
    """Delete what lies at a path; one that leads nowhere is a union's, which only its check knows.

    Args:
        fields: dicts and lists within each other.
        path: the keys and places on the way there.
    """
    first, *rest = path
    if isinstance(fields, dict) and first in fields:
        if rest:
            _drop(fields[first], tuple(rest))
        else:
            del fields[first]
    elif isinstance(fields, list) and rest and isinstance(first, int):
        _drop(fields[first], tuple(rest))


def _of_another_version(why: str) -> MemoryFault:
    return unreadable(f"another version of grym-synth wrote it: {why}")


def unreadable(why: str) -> MemoryFault:
    """A thread's state can't be read.

    Args:
        why: what is wrong with it.
    """
    return MemoryFault(
        "reading a thread's checkpoint",
        why,
        "Ask in another thread (--thread), or use what wrote it; the project memory, with the "
        "thread's history, does not depend on it",
    )
