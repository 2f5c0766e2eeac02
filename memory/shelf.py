"""One project's entries: typed reads and writes under business keys, so that a replay adds nothing.

Every value holds ``text`` (what searches see while it is current), ``current`` (false once
superseded) and ``word`` (the typed content).
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote, unquote

from pydantic import BaseModel, JsonValue

from audio.aspects import ASPECTS, agree
from audio.assets import AssetRef
from memory.context import Conflict, Finding, ProjectSetting, TurnRecord, content_id
from memory.entries import Address, Entry, EntryStore, Namespace
from memory.wording import (
    word_asset,
    word_conflict,
    word_finding,
    word_setting,
    word_turn,
)

WordT = TypeVar("WordT", bound=BaseModel)

SINGLE = ("goal", "deadline")
"""Settings of which a project has one; saying another replaces it."""

NAMED = ("section", "element")
"""Settings that begin with a name (``chorus: bars 17-32``); saying the same name replaces it."""


def label(name: str) -> str:
    """A user's name as one namespace label, which may hold no dots."""
    return quote(name, safe=" ", errors="replace").replace(".", "%2E")


@dataclass(frozen=True)
class Shelf:
    """What the memory holds of one project."""

    store: EntryStore
    project: str

    def place(self, *below: str) -> Namespace:
        """The project's namespace, or one below it."""
        return ("project", label(self.project), *map(label, below))

    # Reading

    def settings(self) -> tuple[ProjectSetting, ...]:
        """The project's settings, in the order in which they were first stated."""
        return _words(self.store.entries(self.place("settings")), ProjectSetting)

    def assets(self) -> tuple[AssetRef, ...]:
        """The project's assets, in the order in which they came."""
        return _words(self.store.entries(self.place("assets")), AssetRef)

    def assets_of(self, ids: Sequence[str]) -> tuple[AssetRef, ...]:
        """The assets of these ids that the project knows, in this order."""
        found = self.store.read(self.place("assets"), ids)
        return _words([found[key] for key in dict.fromkeys(ids) if key in found], AssetRef)

    def findings(
        self, subjects: Collection[str] | None = None, *, superseded: bool = False
    ) -> tuple[Finding, ...]:
        """Findings in the order of their first writing.

        Args:
            subjects: ids of assets, or names of sections and elements; by default all.
            superseded: also those that a newer one replaced.
        """
        places = [self.place("findings")]
        if subjects is not None:
            places = [self.place("findings", subject) for subject in dict.fromkeys(subjects)]
        return tuple(
            finding
            for place in places
            for finding in _words(self.store.entries(place, searchable=not superseded), Finding)
        )

    def conflicts(self, *, superseded: bool = False) -> dict[Address, Conflict]:
        """The conflicts that hold now, or held once, in the order in which they were found."""
        held = self.store.entries(self.place("conflicts"), searchable=not superseded)
        return {entry.address: Conflict.model_validate(entry.value["word"]) for entry in held}

    def turns(self, thread: str | None = None, newest: int | None = None) -> tuple[TurnRecord, ...]:
        """Turns of the project or of one thread, oldest first."""
        place = self.place("turns") if thread is None else self.place("turns", thread)
        return _words(self.store.entries(place, newest=newest), TurnRecord)

    def threads(self) -> tuple[str, ...]:
        """Names of the threads that have a turn, in the order of their first ones."""
        above = self.place("turns")
        below = self.store.namespaces(above)
        return tuple(unquote(one[len(above)]) for one in below if len(one) > len(above))

    # Writing

    def put_setting(self, setting: ProjectSetting) -> None:
        """State a setting; what it replaces is in ``SINGLE`` and ``NAMED``."""
        self.store.write([_entry(self.place("settings"), _key_of(setting), setting)])

    def put_assets(self, assets: Iterable[AssetRef]) -> None:
        """Remember assets."""
        self.store.write([_entry(self.place("assets"), asset.id, asset) for asset in assets])

    def put_turn(self, turn: TurnRecord) -> None:
        """Remember a turn."""
        self.store.write([_entry(self.place("turns", turn.thread), turn_key(turn), turn)])

    def put_conflicts(self, conflicts: Iterable[Conflict]) -> None:
        """Remember conflicts, each in the place of the older one about the same question.

        A question is an aspect of a subject, which the findings tell.
        """
        words = list(conflicts)
        ids = {name for word in words for name in word.findings}
        known = _words(self.store.entries(self.place("findings"), keys=ids), Finding)
        subjects = {finding.id: finding.subject.model_dump_json() for finding in known}
        self.store.write(
            [_entry(self.place("conflicts"), _conflict_key(word, subjects), word) for word in words]
        )

    def put_findings(self, findings: Iterable[Finding]) -> None:
        """Remember findings, each in the place of the older one that it supersedes.

        A conflict that an older one was part of holds no longer; the new one may have its own.
        """
        writes: dict[str, Entry] = {}
        held: dict[str, list[Finding]] = {}
        for finding in findings:
            subject = finding.subject.id
            if subject not in held:
                held[subject] = list(self.findings([subject]))
            older = [other for other in held[subject] if supersedes(finding, other)]
            for other in older:
                writes[other.id] = self._finding_entry(other, current=False)
            if older:
                finding = finding.model_copy(update={"supersedes": older[-1].id})
            writes[finding.id] = self._finding_entry(finding, current=True)
            gone = {finding.id, *(other.id for other in older)}
            held[subject] = [other for other in held[subject] if other.id not in gone]
            held[subject].append(finding)
        self.store.write([*writes.values(), *self._settled_by(writes.values())])

    def _settled_by(self, writes: Iterable[Entry]) -> list[Entry]:
        """Conflicts that hold no longer once these findings are written."""
        gone = {entry.key for entry in writes if not entry.value["current"]}
        return [
            _made(at.namespace, at.key, word, word_conflict(word), current=False)
            for at, word in (self.conflicts() if gone else {}).items()
            if gone & set(word.findings)
        ]

    def drop(self, addresses: Iterable[Address]) -> None:
        """Delete entries."""
        self.store.write((), addresses)

    def _finding_entry(self, finding: Finding, *, current: bool) -> Entry:
        name = finding.subject.id
        if finding.subject.kind == "asset":
            known = self.assets_of([name])
            name = known[0].name if known else f"asset {name[:12]}"
        text = word_finding(finding, name)
        return _made(self.place("findings", finding.subject.id), finding.id, finding, text, current)


def supersedes(new: Finding, old: Finding) -> bool:
    """Whether a finding takes an older one's place.

    It does when both are of one kind of evidence about the same aspect of the same subject, and
    come from the same instrument in any version, or agree. Different instruments that disagree
    both stay: that is a conflict.
    """
    same_question = (new.subject, new.aspect, new.evidence) == (
        old.subject,
        old.aspect,
        old.evidence,
    )
    if not same_question or new.id == old.id:
        return False
    same_source = new.source.partition("@")[0] == old.source.partition("@")[0]
    if same_source or new.aspect not in ASPECTS:
        return same_source or new.value == old.value
    return agree(new.aspect, new.value, old.value)


def turn_key(turn: TurnRecord) -> str:
    """The business key of a turn within its thread."""
    return f"{turn.turn:06d}"


def _conflict_key(conflict: Conflict, subjects: Mapping[str, str]) -> str:
    """The business key of a conflict: the question that it is about."""
    about = [subjects[name] for name in conflict.findings if name in subjects][:1]
    return content_id("c", conflict.aspect, *(about or sorted(conflict.findings)))


def _key_of(setting: ProjectSetting) -> str:
    if setting.field in SINGLE:
        return setting.field
    value = setting.value.strip().casefold()
    if setting.field in NAMED:
        value = re.split(r"\s*[:=]\s*|\s+is\s+", value, maxsplit=1)[0]
    return content_id(setting.field, value)


def _entry(
    namespace: Namespace, key: str, word: AssetRef | ProjectSetting | TurnRecord | Conflict
) -> Entry:
    if isinstance(word, AssetRef):
        text = word_asset(word)
    elif isinstance(word, ProjectSetting):
        text = word_setting(word)
    elif isinstance(word, TurnRecord):
        text = word_turn(word)
    else:
        text = word_conflict(word)
    return _made(namespace, key, word, text, current=True)


def _made(namespace: Namespace, key: str, word: BaseModel, text: str, current: bool) -> Entry:
    content: JsonValue = word.model_dump(mode="json")
    value: dict[str, JsonValue] = {"text": text, "current": current, "word": content}
    return Entry(namespace, key, value, text if current else "")


def _words(entries: Iterable[Entry], kind: type[WordT]) -> tuple[WordT, ...]:
    return tuple(kind.model_validate(entry.value["word"]) for entry in entries)
