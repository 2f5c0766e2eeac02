"""Entries of a project as opened handles show them: on one line, in full, or in parts."""

import json
from collections.abc import Iterator, Sequence

from pydantic import JsonValue

from agents.contexts.telling import Names, heading, tell
from agents.opening.handles import ID, file_handle, handle_of, short
from audio.assets import AssetRef
from memory.context import Conflict, Element, Finding, Interaction, Section, TurnRecord
from memory.filing.keys import ASSETS, FINDINGS, INTERACTIONS, report_key
from memory.filing.records import Record, record_of, words_of
from memory.filing.wording import element_text, section_text
from memory.hierarchy.hierarchy import Branch, Hierarchy
from memory.packing.compression import flat
from memory.packing.token_budget import TokenCounter

_LONGEST = 100
"""Characters of a word that are not parted."""


def line_of(record: Record, names: Names) -> str:
    """An entry on one line: its handle, what it is about, and what it says."""
    told = tell(record, names) or record.kind
    match record.word:
        case Finding() | AssetRef():
            told = f"{heading(record, names)}: {told}"
        case TurnRecord() as turn:
            told = f"asked: {turn.request}"
        case Interaction() as step:
            told = step.what
    return f"{handle_of(record)} {flat(told)}"


def told_in_full(record: Record, tree: Hierarchy) -> Iterator[str]:
    """An entry in words, then field by field, with handles in the place of ids."""
    yield line_of(record, names_in([record], tree))
    since = record.began
    turn = f" in t:{since.thread}/{since.turn}" if since.turn else ""
    yield f"since {since.at}{turn}" + (f", until {record.ended.at}" if record.ended else "")
    fields = record.word.model_dump(mode="json", exclude_defaults=True)
    yield from (f"{name}: {_spelt(value)}" for name, value in fields.items())
    if isinstance(record.word, Finding) and record.word.subject.kind == "asset":
        yield f"about {file_handle(record.word.subject.id)}"
    if isinstance(record.word, TurnRecord):
        yield from _steps(record.word, tree)


def _steps(turn: TurnRecord, tree: Hierarchy) -> Iterator[str]:
    """What a turn's steps and reports left on record."""
    place = tree.place(INTERACTIONS, turn.thread)
    for one in reversed(tree.store.select([place], {"turn": turn.turn})):
        yield line_of(record_of(one.entry), Names({}, {}))
    for task in turn.tasks:
        for round_ in range(1, max(1, task.rounds) + 1):
            yield f"report: {report_key(task.id, round_)}"


def names_in(records: Sequence[Record], tree: Hierarchy) -> Names:
    """What the ids in some entries stand for."""
    words = [one.word for one in records]
    ids = {id_ for word in words if isinstance(word, Conflict) for id_ in word.findings}
    held = tree.store.entries(tree.place(FINDINGS), keys=ids) if ids else []
    sides = words_of(held, Finding)
    told = [*sides, *(word for word in words if isinstance(word, Finding))]
    files = {one.subject.id for one in told if one.subject.kind == "asset"}
    known = words_of(tree.store.read(tree.place(ASSETS), sorted(files)).values(), AssetRef)
    return Names({one.id: one for one in known}, {one.id: one for one in sides})


def in_parts(text: str, room: int, counter: TokenCounter) -> list[str]:
    """A text in parts of at most so many tokens."""
    parts, used = [""], 0
    words = text.replace("\n", " \n ").split(" ")
    pieces = (word[at : at + _LONGEST] for word in words for at in range(0, len(word), _LONGEST))
    for piece in pieces:
        cost = counter.count(f"{piece} ")
        if used + cost > room and parts[-1]:
            parts.append("")
            used = 0
        parts[-1] += piece if piece == "\n" or parts[-1][-1:] in ("", "\n") else f" {piece}"
        used += cost
    return parts


def stated_text(branch: Branch) -> str:
    """A place as the user said it."""
    match branch.word:
        case Section() as section:
            return flat(section_text(section))
        case Element() as element:
            return flat(element_text(element))
    return branch.place.name


def counted(number: int, label: str) -> str:
    """A number of things, such as ``1 note``."""
    return f"{number} {label.removesuffix('s') if number == 1 else label}"


def _spelt(value: JsonValue) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return ID.sub(lambda found: short(found[0]), text)
