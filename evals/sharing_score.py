"""Whether a text states the fact of a labelled entry: its values, and most of its telling words."""

import re
from collections.abc import Collection, Iterator

from pydantic import JsonValue

from evals.sharing_set import (
    AssetEntry,
    ConflictEntry,
    ElementEntry,
    Entry,
    FindingEntry,
    NoteEntry,
    SectionEntry,
    SettingEntry,
)
from memory.packing.compression import telling_words

WORDS = 0.6
"""Share of an entry's telling words that a text must hold to state it."""

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def states(entry: Entry, text: str) -> bool:
    """Whether a text says what an entry says: every number of it, and most of its words."""
    values, words = _facts(entry)
    return values <= _numbers(text) and _share(words, text) >= WORDS


def _share(words: Collection[str], text: str) -> float:
    held = telling_words(text)
    return sum(word in held for word in words) / len(words) if words else 1.0


def _facts(entry: Entry) -> tuple[frozenset[float], frozenset[str]]:
    """The numbers and the words that must be there."""
    match entry:
        case FindingEntry():
            said = " ".join(_leaves(entry.value)) or entry.method
            return _numbers(said), telling_words(re.sub(_NUMBER, " ", said))
        case SectionEntry():
            bounds = (entry.start, entry.end, entry.start_bar, entry.end_bar)
            return _numbers(" ".join(f"{one:g}" for one in bounds if one is not None)), _name(entry)
        case ElementEntry():
            values = " ".join(leaf for one in entry.parameters.values() for leaf in _leaves(one))
            return _numbers(values), _name(entry)
        case AssetEntry():
            return frozenset(), telling_words(f"{entry.name} {entry.text}")
        case ConflictEntry():
            return frozenset(), telling_words(entry.why)
        case NoteEntry():
            return _numbers(entry.text), telling_words(entry.text)
        case SettingEntry():
            return _numbers(entry.text), telling_words(entry.text)
        case _:
            return _numbers(entry.request), telling_words(f"{entry.request} {entry.answer}")


def _name(entry: SectionEntry | ElementEntry) -> frozenset[str]:
    return telling_words(re.sub(_NUMBER, " ", entry.place))


def _leaves(value: JsonValue) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _leaves(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _leaves(one)
    elif isinstance(value, float):
        yield f"{value:.6g}"
    elif value is not None:
        yield str(value)


def _numbers(text: str) -> frozenset[float]:
    return frozenset(float(f"{float(one):.6g}") for one in _NUMBER.findall(text))
