"""Entries as rows of SQLite: namespaces as text, and where an entry lies as a condition."""

import json
from dataclasses import dataclass
from datetime import datetime

from pydantic_core import from_json

from memory.storage.entries import Entry, Namespace, Value

COLUMNS = "e.namespace, e.key, e.value, e.text, e.created_at, e.updated_at"
"""What ``row_of`` reads, of ``entries e``."""


@dataclass(frozen=True)
class Row:
    """An entry with its times (UTC)."""

    entry: Entry
    created_at: datetime
    updated_at: datetime


def row_of(row: tuple[str, str, str, str, str, str]) -> Row:
    """An entry from its ``COLUMNS``."""
    namespace, key, value, text, created, updated = row
    return Row(
        entry=Entry(decode(namespace), key, _value_of(value), text),
        created_at=datetime.fromisoformat(created),
        updated_at=datetime.fromisoformat(updated),
    )


def _value_of(text: str) -> Value:
    """A value from its JSON; half of a surrogate pair, as file names may have, is left as it is."""
    try:
        value: Value = from_json(text)  # in half the time of the other
    except ValueError:
        value = json.loads(text)
    return value


def encode(namespace: Namespace) -> str:
    """A namespace as text; labels hold no dots."""
    return ".".join(namespace)


def decode(text: str) -> Namespace:
    """A namespace from its text."""
    return tuple(text.split(".")) if text else ()


def scope_of(prefix: Namespace, searchable: bool = False) -> tuple[str, tuple[str, ...]]:
    """The SQL condition, with its values, of lying in or below a namespace, and having a text.

    One range of an index holds them all, with a few others whose names only begin alike.
    """
    texts = "e.text != ''" if searchable else "TRUE"
    if not prefix:
        return texts, ()
    text = encode(prefix)
    after = chr(ord(".") + 1)
    inside = "e.namespace >= ? AND e.namespace < ? AND (+e.namespace = ? OR +e.namespace >= ?)"
    return f"{inside} AND {texts}", (text, f"{text}{after}", text, f"{text}.")
