"""A labelled set's entries as the product's own words."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

from pydantic import JsonValue

from audio.assets import AssetRef
from evals.sharing_set import (
    AssetEntry,
    ConflictEntry,
    ElementEntry,
    Entry,
    FindingEntry,
    LabelledTask,
    NoteEntry,
    SectionEntry,
    SettingEntry,
    SharingSet,
    TurnEntry,
)
from memory.context import (
    Conflict,
    Deadline,
    Element,
    Finding,
    Note,
    Place,
    ProjectSetting,
    Section,
    Subject,
    Task,
    TurnRecord,
    content_id,
)
from memory.filing.records import Content

_ROLES = {"chain": "effects_chain"}
_SHOWS = "picture.shows"
_AXES = "picture.axes"


@dataclass(frozen=True)
class Worded:
    """One entry in the product's words; a file with its description is more than one word."""

    entry: Entry
    words: tuple[Content, ...]


class Translator:
    """Turns the entries of one set into words, with ids that the product would give."""

    def __init__(self, labelled: SharingSet) -> None:
        self._entries = {one.id: one for one in labelled.entries}
        self._superseded = labelled.superseded
        self._held: dict[str, list[str]] = {}
        for one in labelled.entries:
            if isinstance(one, AssetEntry) and one.place and one.id not in self._superseded:
                self._held.setdefault(one.place, []).append(asset_id(one.id))

    def worded(self) -> Iterable[Worded]:
        """Every entry, in order."""
        return (Worded(one, tuple(self._words(one))) for one in self._entries.values())

    def task(self, labelled: LabelledTask) -> Task:
        """A labelled task as the supervisor would hand it out."""
        parts = [("section", labelled.section), ("element", labelled.element)]
        return Task(
            id=labelled.id,
            agent=labelled.agent,
            objective=labelled.objective,
            inputs=tuple(map(asset_id, labelled.inputs)),
            places=tuple(
                Place.model_validate({"level": level, "name": name})
                for level, name in parts
                if name
            ),
        )

    def _words(self, one: Entry) -> Iterable[Content]:
        match one:
            case SettingEntry(kind="deadline"):
                yield Deadline(text=one.text)
            case SettingEntry():
                yield ProjectSetting(field=one.kind, value=one.text)
            case SectionEntry():
                yield _section(one)
            case ElementEntry():
                yield self._element(one)
            case AssetEntry():
                yield from self._asset(one)
            case FindingEntry():
                yield self._finding(one)
            case ConflictEntry():
                findings = tuple(map(finding_id, one.findings))
                kept = finding_id(one.kept) if one.kept else None
                yield Conflict(
                    aspect=one.aspect, findings=findings, kept=kept, rule=one.rule, why=one.why,
                    status=one.status,
                )  # fmt: skip
            case TurnEntry():
                yield TurnRecord(
                    thread=one.thread, turn=one.turn, when=one.at, request=one.request,
                    answer=one.answer, attached=tuple(map(asset_id, one.attached)),
                )  # fmt: skip
            case NoteEntry():
                yield self._note(one)

    def _element(self, one: ElementEntry) -> Element:
        told = ", ".join(f"{name} {value}" for name, value in one.parameters.items())
        text = " ".join(filter(None, [f"{one.place}:", one.text, f"({told})" if told else ""]))
        role = _ROLES.get(one.role, one.role)
        return Element.model_validate(
            {"name": one.place, "kind": role, "assets": self._held.get(one.place, []), "text": text}
        )

    def _asset(self, one: AssetEntry) -> Iterable[Content]:
        key = asset_id(one.id)
        yield AssetRef(
            id=key, kind=one.media, name=one.name, suffix=PurePath(one.name).suffix.strip("."),
            size_bytes=1, seconds=one.seconds, sample_rate_hz=one.sample_rate_hz,
            channels=one.channels, width=one.width, height=one.height,
        )  # fmt: skip
        if one.text:
            text = f"{one.name}: {one.text}"
            yield _note(f"{one.id}:text", "note", text, self._place(one), (key,), one)
        if one.axes:
            yield _picture_fact(one, _AXES, one.axes)
        if one.shows:
            yield _picture_fact(one, _SHOWS, asset_id(one.shows))

    def _finding(self, one: FindingEntry) -> Finding:
        subject = one.subject
        if subject.kind == "asset":
            subject = subject.model_copy(update={"id": asset_id(subject.id)})
        return Finding(
            id=finding_id(one.id), subject=subject, aspect=one.aspect, value=one.value,
            unit=one.unit, evidence=one.evidence, source=one.source, method=one.method,
            confidence=one.confidence, absent=one.absent, turn=one.turn, at=one.at,
            supersedes=finding_id(one.supersedes) if one.supersedes else None,
        )  # fmt: skip

    def _note(self, one: NoteEntry) -> Note:
        return _note(
            one.id, one.kind, f"{one.title}\n{one.text}", self._place(one), self._about(one), one
        )

    def _place(self, one: AssetEntry | NoteEntry) -> Place:
        return Place(level=one.level, name=one.place)

    def _about(self, one: NoteEntry) -> tuple[str, ...]:
        """The files that a note is about, or that the findings which it is about belong to."""
        subjects = (self._entries[name] for name in one.about)
        ids = (
            other.subject.id
            if isinstance(other, FindingEntry) and other.subject.kind == "asset"
            else other.id
            for other in subjects
            if isinstance(other, AssetEntry | FindingEntry)
        )
        return tuple(dict.fromkeys(map(asset_id, ids)))


def asset_id(name: str) -> str:
    """A file's id: as long as a SHA-256."""
    return hashlib.sha256(name.encode()).hexdigest()


def finding_id(name: str) -> str:
    """A finding's id."""
    return content_id("f", name)


def _note(
    name: str, kind: str, text: str, place: Place, assets: tuple[str, ...], one: Entry
) -> Note:
    return Note.model_validate(
        {
            "id": content_id("n", name),
            "kind": kind,
            "text": text,
            "place": place,
            "assets": assets,
            "turn": one.turn,
            "at": one.at,
            "supersedes": content_id("n", one.supersedes) if one.supersedes else None,
        }
    )


def _picture_fact(one: AssetEntry, aspect: str, value: JsonValue) -> Finding:
    subject = Subject(kind="asset", id=asset_id(one.id))
    made = Finding.make(
        subject, aspect, value, unit="", evidence="executed", source="qwen_vl/pictures@1",
        method="", confidence=1.0,
    )  # fmt: skip
    return made.model_copy(update={"turn": one.turn, "at": one.at})


def _section(one: SectionEntry) -> Section:
    roles = {"intro": "introduction", "outro": "conclusion"}
    bars = f"bars {one.start_bar}-{one.end_bar}" if one.start_bar is not None else ""
    span = f"{one.start:g}-{one.end:g} s" if one.start is not None and one.end is not None else ""
    head = ", ".join(filter(None, [bars, span]))
    named = f"{one.place}: {head}" if head else one.place
    return Section.model_validate(
        {
            "name": one.place,
            "role": roles.get(one.place.casefold(), "main"),
            "start": one.start,
            "end": one.end,
            "first_bar": one.start_bar,
            "last_bar": one.end_bar,
            "text": ". ".join(filter(None, [named, one.text])),
        }
    )
