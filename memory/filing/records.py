"""What the memory keeps as typed words, and the fields by which they are found.

An entry's value holds ``word`` (the typed content), ``text`` (what searches see while it is
current), ``current`` (false once given up), ``began`` and ``ended`` (a ``Moment`` each), and flat
fields for exact questions: ``kind``, ``level``, ``name`` (the section's or element's, in small
letters), ``assets`` (ids of those that it is about), ``aspect``, ``evidence``, ``thread``, ``turn``
and ``at`` (when it began to hold) and ``until``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Literal, TypeVar

from pydantic import BaseModel, JsonValue, TypeAdapter

from audio.assets import AssetRef
from memory.context import (
    Conflict,
    Deadline,
    Element,
    Finding,
    Interaction,
    Moment,
    Note,
    NoteKind,
    Place,
    ProjectSetting,
    Report,
    Section,
    Summary,
    TurnRecord,
)
from memory.filing.junk import is_worth_finding
from memory.filing.wording import (
    word_asset,
    word_conflict,
    word_deadline,
    word_element,
    word_note,
    word_section,
    word_setting,
    word_term,
    word_turn,
)
from memory.storage.entries import Entry, Namespace, Value
from memory.storage.rows import StoredValue
from memory.terms import Term

RecordKind = (
    Literal[
        "goal", "style", "constraint", "deadline", "section", "element", "asset", "finding",
        "conflict", "turn", "summary", "report", "interaction", "term",
    ]
    | NoteKind
)  # fmt: skip
"""Kinds of entries; each note has its own kind."""

Content = (
    ProjectSetting
    | Deadline
    | Section
    | Element
    | AssetRef
    | Finding
    | Conflict
    | Note
    | TurnRecord
    | Summary
    | Report
    | Interaction
    | Term
)
"""What an entry says, typed."""

ContentT = TypeVar("ContentT", bound=BaseModel)

FORM = 2
"""Form of the values; ``memory.filing.forms`` brings older ones to it."""

NEVER = "9999"
"""Stands in ``until`` of what still holds: it is later than any time."""

_WORDS: Mapping[str, type[Content]] = {
    **dict.fromkeys(("goal", "style", "constraint"), ProjectSetting),
    "deadline": Deadline,
    "section": Section,
    "element": Element,
    "asset": AssetRef,
    "finding": Finding,
    "conflict": Conflict,
    "turn": TurnRecord,
    "summary": Summary,
    "report": Report,
    "interaction": Interaction,
    "term": Term,
}
"""The class of each kind's word; every other kind is a note's."""

_PROJECT = Place()

_KIND: TypeAdapter[RecordKind] = TypeAdapter(RecordKind)


@dataclass(frozen=True)
class Record:
    """One entry of a project: what it says, where it lives, and since when."""

    id: str
    """The handle that ``Repository.open`` takes."""
    kind: RecordKind
    place: Place
    word: Content
    text: str
    """In words, also when searches see it no more."""
    began: Moment
    """When it was stated or found."""
    ended: Moment | None = None
    """When it was given up; None while it holds."""
    score: float | None = None
    """How well it fits what was sought; 1 is best."""
    number: int = field(default=0, compare=False)
    """Its place in the order of first writing; 0 when that was not asked."""


def now(thread: str = "", turn: int = 0, why: str = "") -> Moment:
    """This moment."""
    at = datetime.now(UTC).isoformat(timespec="microseconds")
    return Moment(thread=thread, turn=turn, at=at, why=why)


def make_entry(
    namespace: Namespace, key: str, word: Content, began: Moment, text: str | None = None
) -> Entry:
    """An entry that holds from a moment on.

    Args:
        namespace: where it lies.
        key: its business key.
        word: what it says.
        began: since when.
        text: what searches look at; by default the word's own wording.
    """
    text = wording(word) if text is None else text
    value: dict[str, JsonValue] = {
        "form": FORM,
        **_fields(word),
        "thread": began.thread,
        "turn": began.turn,
        "at": began.at,
        "until": NEVER,
        "current": True,
        "began": began.model_dump(mode="json"),
        "text": text,
        "word": word.model_dump(mode="json"),
    }
    return Entry(namespace, key, value, text)


def end_entry(entry: Entry, ended: Moment) -> Entry:
    """The entry as it stays on record once it is given up: no search finds it."""
    held: dict[str, JsonValue] = {
        **entry.value,
        "until": ended.at,
        "current": False,
        "ended": ended.model_dump(mode="json"),
    }
    return replace(entry, value=held, text="")


def is_current(value: Value) -> bool:
    """Whether it still holds."""
    return value["current"] is True


def begun(entry: Entry) -> Moment:
    """When an entry was stated or found."""
    return _begun(entry.value)


def _begun(value: Value) -> Moment:
    told = value["began"]
    return _moment(tuple(told.items())) if isinstance(told, dict) else Moment.model_validate(told)


@lru_cache(maxsize=4096)
def _moment(fields: tuple[tuple[str, JsonValue], ...]) -> Moment:
    """A moment, which all that one turn wrote has in common."""
    return Moment.model_validate(dict(fields))


def word_of(entry: Entry, kind: type[ContentT]) -> ContentT:
    """What an entry says."""
    if isinstance(entry.value, StoredValue):
        word = record_of(entry).word
        if isinstance(word, kind):
            return word
    return kind.model_validate(entry.value["word"])


def words_of(entries: Iterable[Entry], kind: type[ContentT]) -> tuple[ContentT, ...]:
    """What entries say."""
    return tuple(word_of(entry, kind) for entry in entries)


def record_of(entry: Entry, *, number: int = 0, score: float | None = None) -> Record:
    """An entry as a typed record."""
    value = entry.value
    if not isinstance(value, StoredValue):
        record = _record(entry.key, value)
    elif len(value.json) > _LONG:
        record = _record(entry.key, value.fields)
    else:
        record = _known(entry.key, value.json)
    if number or score is not None:
        return replace(record, number=number, score=score)
    return record


_LONG = 8000
"""Characters of JSON from which on a record is not kept: few are so long, and they take room."""


@lru_cache(maxsize=8192)
def _known(key: str, json: str) -> Record:
    """A record by its stored form: one turn reads the same entries many times."""
    return _record(key, StoredValue(json).fields)


def _record(key: str, value: Value) -> Record:
    kind = _kind_named(str(value["kind"]))
    word = _WORDS.get(kind, Note).model_validate(value["word"])
    ended = value.get("ended")
    return Record(
        id=_handle(key, value),
        kind=kind,
        place=place_of(word),
        word=word,
        text=str(value["text"]),
        began=_begun(value),
        ended=Moment.model_validate(ended) if ended else None,
    )


@lru_cache(maxsize=256)
def _kind_named(name: str) -> RecordKind:
    return _KIND.validate_python(name)


def handle_of(entry: Entry) -> str:
    """The id by which an entry is opened: its key, for a turn ``thread#number``."""
    return _handle(entry.key, entry.value)


def _handle(key: str, value: Value) -> str:
    return key if value["kind"] != "turn" else f"{value['thread']}#{value['turn']}"


def place_of(word: Content) -> Place:
    """Where in the project's hierarchy a word lives."""
    if isinstance(word, Note | Summary):
        return word.place
    if isinstance(word, Section):
        return Place(level="section", name=word.name)
    if isinstance(word, Element):
        return Place(level="element", name=word.name)
    if isinstance(word, Finding) and word.subject.kind != "asset":
        return Place(level=word.subject.kind, name=word.subject.id)
    return _PROJECT


def assets_of(word: Content) -> tuple[str, ...]:
    """Ids of the assets that a word is about; for a turn also those that it made.

    Of what lies in folders the parts come before the whole: the mix is the newest, not a stem.
    """
    match word:
        case AssetRef():
            return (word.id,)
        case Finding():
            return (word.subject.id,) if word.subject.kind == "asset" else ()
        case Note() | Element():
            return word.assets
        case TurnRecord():
            inputs = [asset for task in word.tasks for asset in task.inputs]
            whole_last = sorted(word.artifacts, key=lambda one: -one.folder.count("/"))
            made = [artifact.id for artifact in whole_last]
            return tuple(dict.fromkeys([*word.attached, *inputs, *made]))
    return ()


def kind_of(word: Content) -> RecordKind:
    """The kind of a word's entry."""
    if isinstance(word, Note):
        return word.kind
    if isinstance(word, ProjectSetting):
        return word.field
    kinds = (kind for kind, held in _WORDS.items() if isinstance(word, held))
    return _KIND.validate_python(next(kinds))


def wording(word: Content) -> str:
    """A word as searches see it; empty for what they don't look at."""
    match word:
        case AssetRef():
            return word_asset(word)
        case ProjectSetting():
            return word_setting(word)
        case Deadline():
            return word_deadline(word)
        case Section():
            return word_section(word)
        case Element():
            return word_element(word)
        case Note():
            return word_note(word)
        case Conflict():
            return word_conflict(word)
        case TurnRecord():
            return word_turn(word) if is_worth_finding(word) else ""
        case Summary():
            return word.text
        case Term():
            return word_term(word)
        case _:
            return ""


def _fields(word: Content) -> dict[str, JsonValue]:
    place = place_of(word)
    fields: dict[str, JsonValue] = {
        "kind": kind_of(word),
        "level": place.level,
        "name": place.name.casefold(),
        "assets": [*assets_of(word)],
    }
    if isinstance(word, Finding):
        fields |= {"aspect": word.aspect, "evidence": word.evidence}
        if word.subject.start is not None:
            end = word.subject.start if word.subject.end is None else word.subject.end
            fields["middle"] = (word.subject.start + end) / 2
    elif isinstance(word, Note):
        fields["evidence"] = word.evidence
    elif isinstance(word, Conflict):
        fields |= {"aspect": word.aspect, "status": word.status}
    return fields
