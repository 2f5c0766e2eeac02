"""Entries as a summary may tell them: in few words, with the weight of telling them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from audio.aspects import ASPECTS, SHOWS
from audio.assets import AssetRef
from memory.context import (
    Conflict,
    Deadline,
    Element,
    Evidence,
    Finding,
    Note,
    Place,
    ProjectSetting,
    Section,
)
from memory.distilling.distill import source_text
from memory.filing.records import Record
from memory.filing.wording import element_text, plain_aspect, section_text, word_value
from memory.packing.compression import flat

LONGEST = 30
"""Words of one entry; of a longer one the first are told."""

_LISTED = 4
"""Items of a list that are told; longer lists of numbers are left out."""

_EVIDENCE: Mapping[Evidence, float] = {
    "measured": 2.0, "executed": 2.0, "heard": 1.0, "seen": 1.0, "user": 0.8, "inferred": 0.5,
}  # fmt: skip

_NOTES: Mapping[str, float] = {
    "requirement": 12.0, "decision": 11.0, "recommendation": 10.0, "architecture": 8.0, "api": 8.0,
    "performance": 8.0, "design": 7.0, "notation": 7.0, "note": 6.0,
}  # fmt: skip
_DISPUTE = 20.0
_ASKED, _SURE, _RECENT, _WHOLE = 4.0, 1.0, 1.5, 1.0
_LISTED_FIRST = 1.0
_RANK = {aspect: 1 - rank / len(ASPECTS) for rank, aspect in enumerate(ASPECTS)}
"""By aspect: 1 for what the list of aspects begins with, which is what is asked for most."""

_MEDIA = frozenset(("duration.seconds", "sample_rate.hz", "channels"))
_KNOWN_ANYWAY = 4.0
"""Less weight for what every list of files tells."""

STATED, DISPUTES, SAID = "", "Open", "Notes"
"""Headings of what the user stated, of conflicts and of notes; facts stand below their file."""


@dataclass(frozen=True)
class Material:
    """What a summary of a place is made from."""

    place: Place
    records: Sequence[Record]
    """What lives there, the newest first."""
    files: Mapping[str, AssetRef] = field(default_factory=dict)
    """Files that these are about, by id."""
    asked: Mapping[str, float] = field(default_factory=dict)
    """How much each aspect was asked about lately, 0..1."""


@dataclass(frozen=True)
class Part:
    """One entry as a summary may tell it."""

    id: str
    heading: str
    """What it stands below: a file's name, a kind of entries, or nothing."""
    text: str
    weight: float
    covers: str
    """What it tells about."""

    @property
    def words(self) -> int:
        """How long it is."""
        return len(self.text.split())


def source_of(record: Record, files: Mapping[str, AssetRef]) -> Iterator[str]:
    """What an entry says, with all its numbers, and what it is about."""
    word = record.word
    if not isinstance(word, Finding):
        yield record.text
        return
    yield source_text(word)
    yield files[word.subject.id].name if word.subject.id in files else word.subject.id


def parts_of(material: Material) -> Iterator[Part]:
    """Every entry that can be told in few words."""
    moments = sorted({one.began.at for one in material.records}, reverse=True)
    ages = {moment: rank / len(moments) for rank, moment in enumerate(moments)}
    for record in material.records:
        if part := _part(record, material, ages[record.began.at]):
            yield part


def _part(record: Record, material: Material, age: float) -> Part | None:
    """An entry as a summary may tell it; None when it says nothing in few words.

    Args:
        record: the entry.
        material: what else is known.
        age: of its time among those of the others, 0 for the newest.
    """
    recent = _RECENT * (1 - age)
    match record.word:
        case ProjectSetting() as word:
            return Part(record.id, STATED, f"{word.field}: {_short(word.value)}", 0, record.id)
        case Deadline() as word:
            return Part(record.id, STATED, f"deadline: {_short(word.text)}", 0, record.id)
        case Section() | Element() as word if record.place == material.place:
            text = section_text(word) if isinstance(word, Section) else element_text(word)
            return Part(record.id, STATED, _short(text), 0, record.id)
        case Conflict(status="open") as word:
            text = f"{plain_aspect(word.aspect)}, {_short(word.why)}"
            return Part(record.id, DISPUTES, text, _DISPUTE + recent, word.aspect)
        case Note() as word:
            where = f" for {word.place.name}" if word.place != material.place else ""
            text = f"{word.kind}{where}, {_short(word.text)}"
            covers = word.aspect or word.kind
            return Part(record.id, SAID, text, _NOTES[word.kind] + recent, covers)
        case Finding() as word:
            return _fact(record.id, word, material, recent)
    return None


def _fact(id_: str, word: Finding, material: Material, recent: float) -> Part | None:
    value = _value(word)
    if value is None or word.aspect == SHOWS:
        return None
    subject = word.subject
    file = material.files.get(subject.id)
    name = file.name if file else subject.id if subject.kind != "asset" else subject.id[:12]
    where = "" if subject.start is None else f"{subject.start:.1f} s "
    if subject.start is not None and subject.end is not None:
        where = f"{subject.start:.1f}-{subject.end:.1f} s "
    doubt = "" if word.evidence in ("measured", "executed") else f" ({word.evidence})"
    weight = _EVIDENCE[word.evidence] + _SURE * word.confidence + recent
    weight += _ASKED * material.asked.get(word.aspect, 0.0) + _WHOLE * (subject.start is None)
    weight += _LISTED_FIRST * _RANK.get(word.aspect, 0.0)
    weight -= _KNOWN_ANYWAY * (word.aspect in _MEDIA)
    unit = word.unit if word.value is not None else ""
    text = f"{where}{plain_aspect(word.aspect)} {value} {unit}".strip() + doubt
    family = word.aspect.partition(".")[0]
    return Part(id_, name, flat(text), weight, f"{subject.id} {family}")


def _value(word: Finding) -> str | None:
    """A fact's value in few words; None for what only a table could tell."""
    value = word.value
    if value is None:
        return "none" if word.absent else None
    if not isinstance(value, list | dict):
        return word_value(value)
    if isinstance(value, dict) or not value:
        return None
    if labels := _labels(value):
        more = " …" if len(labels) > _LISTED else ""
        return ", ".join(labels[:_LISTED]) + more
    plain = all(not isinstance(item, list | dict) for item in value)
    return ", ".join(map(word_value, value)) if plain and len(value) <= _LISTED else None


def _labels(items: Iterable[object]) -> list[str]:
    """Labels of a list's items, such as those of chords, each once."""
    parts = (item if isinstance(item, list) else [item] for item in items)
    return list(dict.fromkeys(one for part in parts for one in part if isinstance(one, str)))


def _short(text: str) -> str:
    """How a text begins, as far as a summary tells one entry."""
    words = flat(text).split(" ")
    return " ".join(words) if len(words) <= LONGEST else " ".join(words[:LONGEST]) + " …"
