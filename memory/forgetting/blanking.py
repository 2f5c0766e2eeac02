"""Take what is forgotten out of entries that stay."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from pydantic import JsonValue

from audio.assets import AssetRef
from memory.context import Element, Interaction, TurnRecord
from memory.filing.names import says
from memory.filing.records import assets_of, begun, make_entry, word_of
from memory.storage.entries import Entry, Value

BLANK = "(forgotten)"
"""Stands for words that were forgotten in what keeps its number, its time and its cost."""

Teller = Callable[[Value], bool]
"""Whether any text in a value tells of what is forgotten."""


def tells_of(asset: AssetRef) -> Teller:
    """Whether a value holds an asset's id or, unless it has none, its name."""

    def tells(value: Value) -> bool:
        return any(asset.id[:12] in text or says(text, asset.name) for text in _texts(value))

    return tells


def quotes(phrases: Collection[str]) -> Teller:
    """Whether a value holds any of some phrases as whole words."""

    def tells(value: Value) -> bool:
        return any(says(text, phrase) for text in _texts(value) for phrase in phrases)

    return tells


def without_turn_words(entry: Entry, tells: Teller, assets: Collection[str],
                       findings: Collection[str]) -> Entry:  # fmt: skip
    """A turn's entry without what it said, and without its work on forgotten assets.

    Args:
        entry: the turn's entry.
        tells: whether a value tells of what is forgotten.
        assets: ids of forgotten assets.
        findings: ids of forgotten findings.
    """
    turn = word_of(entry, TurnRecord)
    kept = turn.model_copy(
        update={
            "request": BLANK,
            "answer": BLANK,
            "tasks": tuple(task for task in turn.tasks if not tells(task.model_dump(mode="json"))),
            "artifacts": tuple(made for made in turn.artifacts if made.id not in assets),
            "findings": tuple(name for name in turn.findings if name not in findings),
            "attached": tuple(name for name in turn.attached if name not in assets),
        }
    )
    return make_entry(entry.namespace, entry.key, kept, begun(entry))


def without_step_words(entry: Entry, forgotten: Collection[str]) -> Entry:
    """A history step's entry without its words, and without the ids of forgotten entries."""
    step = word_of(entry, Interaction)
    seen = tuple(name for name in step.saw if name not in forgotten)
    kept = step.model_copy(update={"what": BLANK, "saw": seen, "thoughts": ()})
    return make_entry(entry.namespace, entry.key, kept, begun(entry))


def without_assets(entry: Entry, forgotten: Collection[str]) -> Entry:
    """An element's entry that holds forgotten assets no more."""
    element = word_of(entry, Element)
    kept = tuple(name for name in element.assets if name not in forgotten)
    word = element.model_copy(update={"assets": kept})
    fields: dict[str, JsonValue] = {
        "assets": [*assets_of(word)],
        "word": word.model_dump(mode="json"),
    }
    return replace(entry, value={**entry.value, **fields})


def without_thread(entry: Entry, thread: str) -> Entry:
    """An entry that doesn't say any more that a forgotten thread began or ended it."""
    value = dict(entry.value)
    for name in ("began", "ended"):
        moment = value.get(name)
        if isinstance(moment, Mapping) and moment.get("thread") == thread:
            value[name] = {**moment, "thread": "", "turn": 0, "why": ""}
    if value.get("thread") == thread:
        value |= {"thread": "", "turn": 0}
    return replace(entry, value=value)


def _texts(value: JsonValue | Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, Sequence):
        for part in value:
            yield from _texts(part)
