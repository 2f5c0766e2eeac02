"""What PostgreSQL keeps beside an entry's value, so that it can be asked for."""

import json
import re
import unicodedata
from typing import NamedTuple

from pydantic import JsonValue

from memory.storage.entries import Entry, Value
from memory.storage.rows import encode, json_of

MOST_CHARACTERS = 200_000
"""Of a text that are searched by words: a ``tsvector`` holds a megabyte."""

_WORD = re.compile(r"[^\W_]+")
_LONGEST = 200
"""Characters of a word; what follows does not count."""


class Columns(NamedTuple):
    """One row of ``entries``, but for its number, its vector and its times."""

    namespace: str
    key: str
    value: str
    fields: str
    about: list[str]
    level: str
    place: str
    name: str | None
    text: str
    words: str
    """The text's words, parted by spaces; the database stems them."""
    length: int
    """How many they are."""


def columns_of(entry: Entry) -> Columns:
    """The row of an entry.

    Raises:
        ValueError: its value is no JSON: it holds what is no number.
    """
    value = json_of(entry.value)
    text = plain(entry.text)
    words = words_of(text)
    return Columns(
        namespace=encode(entry.namespace),
        key=entry.key,
        value=value,
        fields=json.dumps(_fields(entry.value)),
        about=_about(entry.value),
        level=plain(str(entry.value.get("level") or "")),
        place=plain(str(entry.value.get("name") or "")),
        name=_name(entry.value),
        text=text,
        words=" ".join(words),
        length=len(words),
    )


def words_of(text: str) -> list[str]:
    """The words of a text in small letters without accents, in their order."""
    spread = unicodedata.normalize("NFKD", text[:MOST_CHARACTERS].lower())
    bare = "".join(letter for letter in spread if not unicodedata.combining(letter))
    return [word[:_LONGEST] for word in _WORD.findall(bare)]


def plain(text: str) -> str:
    """A text that PostgreSQL can hold: without NUL and without halves of surrogate pairs."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")


def comparable(value: JsonValue) -> JsonValue:
    """A value as filters compare it: truth values are the numbers 1 and 0, as in SQLite."""
    if isinstance(value, str):
        return plain(value)
    return int(value) if isinstance(value, bool) else value


def _fields(value: Value) -> dict[str, JsonValue]:
    """What filters can ask for; an object stands there empty, and null is as if it were absent."""
    kept: dict[str, JsonValue] = {}
    for name, held in value.items():
        if isinstance(held, list):
            plain_ones = (one for one in held if not isinstance(one, list | dict))
            kept[plain(name)] = [comparable(one) for one in plain_ones]
        elif held is not None:
            kept[plain(name)] = {} if isinstance(held, dict) else comparable(held)
    return kept


def _about(value: Value) -> list[str]:
    """Files that an entry is about, and findings that a conflict is about."""
    assets, word = value.get("assets"), value.get("word")
    found = assets if isinstance(assets, list) else []
    if value.get("kind") == "conflict" and isinstance(word, dict):
        findings = word.get("findings")
        found = [*found, *(findings if isinstance(findings, list) else [])]
    return sorted({plain(one) for one in found if isinstance(one, str)})


def _name(value: Value) -> str | None:
    word = value.get("word")
    name = word.get("name") if isinstance(word, dict) else None
    return plain(name) if isinstance(name, str) else None
