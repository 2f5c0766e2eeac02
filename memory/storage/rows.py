"""Entries as rows of SQLite: namespaces as text, and where an entry lies as a condition."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue
from pydantic_core import from_json

from memory.storage.entries import Entry, Namespace, Value

COLUMNS = "e.namespace, e.key, e.value, e.text, e.created_at, e.updated_at"
"""What ``row_of`` reads, of ``entries e``."""


class StoredValue(Mapping[str, JsonValue]):
    """A value as its JSON, which is read when a field is asked for.

    Most entries that are read are known already by their JSON (``memory.filing.records``).
    """

    __slots__ = ("_fields", "json")

    def __init__(self, text: str) -> None:
        self.json = text
        self._fields: dict[str, JsonValue] | None = None

    @property
    def fields(self) -> dict[str, JsonValue]:
        """All of it."""
        if self._fields is None:
            self._fields = _read(self.json)
        return self._fields

    def __getitem__(self, name: str) -> JsonValue:
        """A field."""
        return self.fields[name]

    def __iter__(self) -> Iterator[str]:
        """The names of the fields."""
        return iter(self.fields)

    def __len__(self) -> int:
        """How many fields there are."""
        return len(self.fields)

    def __repr__(self) -> str:
        """Its JSON."""
        return f"StoredValue({self.json!r})"


@dataclass(frozen=True)
class Row:
    """An entry with its times."""

    entry: Entry
    created: str
    """ISO 8601 time, UTC."""
    updated: str
    """The same of the last change."""

    @property
    def created_at(self) -> datetime:
        """When it was first written (UTC)."""
        return datetime.fromisoformat(self.created)

    @property
    def updated_at(self) -> datetime:
        """When it was last changed (UTC)."""
        return datetime.fromisoformat(self.updated)


def row_of(row: tuple[str, str, str, str, str, str]) -> Row:
    """An entry from its ``COLUMNS``."""
    namespace, key, value, text, created, updated = row
    return Row(Entry(decode(namespace), key, StoredValue(value), text), created, updated)


def json_of(value: Value) -> str:
    """A value as JSON.

    Raises:
        ValueError: it holds what is no number.
    """
    if isinstance(value, StoredValue):
        return value.json
    return json.dumps(value, allow_nan=False, separators=(",", ":"))


def _read(text: str) -> dict[str, JsonValue]:
    """Half of a surrogate pair, as file names may have, is left as it is."""
    try:
        fields: dict[str, JsonValue] = from_json(text)  # in half the time of the other
    except ValueError:
        fields = json.loads(text)
    return fields


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
