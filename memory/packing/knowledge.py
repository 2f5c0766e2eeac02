"""What is known that may bear on one task: the records that the context adapters weigh."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import PurePath

from audio.assets import AssetRef
from memory.context import (
    Conflict,
    Element,
    Finding,
    Moment,
    Note,
    ProjectContext,
    Section,
    TurnRecord,
    content_id,
)
from memory.filing.records import Content, Record, assets_of, kind_of, place_of, wording
from memory.filing.wording import word_finding

_NO_WORD = re.compile(r"[\W_]+")

TITLE = 80
"""Characters of a note's first line that count as its title."""


@dataclass(frozen=True)
class Knowledge:
    """The entries that may bear on a task, and how a search for its words ranked them."""

    records: Mapping[str, Record]
    """By id, oldest first; no superseded one."""
    nearness: Mapping[str, float] = field(default_factory=dict)
    """How well an entry fits the task's words and their meaning, 0..1; absent when not found."""
    passed: Mapping[str, int] = field(default_factory=dict)
    """How many entries of the project were passed over without being weighed, by reason."""
    tokens: int = 0
    """Tokens of all that the project holds, about; 0 when that is not known."""

    def assets(self) -> Mapping[str, AssetRef]:
        """The files, by id."""
        return self._of_kinds.assets

    def elements(self) -> Mapping[str, Element]:
        """The parts of the piece, by name."""
        return self._of_kinds.elements

    def sections(self) -> Mapping[str, Section]:
        """The spans of the piece, by name."""
        return self._of_kinds.sections

    def findings(self) -> Mapping[str, Finding]:
        """The findings, by id."""
        return self._of_kinds.findings

    def with_findings(self, findings: Iterable[Finding]) -> "Knowledge":
        """The same with what this turn has found so far."""
        names = {id_: ref.name for id_, ref in self.assets().items()}
        added = {one.id: new_record(one.id, one, names) for one in findings}
        replaced = {one.supersedes for one in findings}
        kept = {id_: one for id_, one in self.records.items() if id_ not in replaced}
        return replace(self, records=kept | added)

    @cached_property
    def _of_kinds(self) -> "_OfKinds":
        return _OfKinds.of(one.word for one in self.records.values())


@dataclass(frozen=True)
class _OfKinds:
    """The words of the kinds that are asked for again and again, sorted out once."""

    assets: dict[str, AssetRef] = field(default_factory=dict)
    elements: dict[str, Element] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)
    findings: dict[str, Finding] = field(default_factory=dict)

    @classmethod
    def of(cls, words: Iterable[Content]) -> "_OfKinds":
        """Sort words out."""
        kinds = cls()
        for word in words:
            match word:
                case Finding():
                    kinds.findings[word.id] = word
                case AssetRef():
                    kinds.assets[word.id] = word
                case Element():
                    kinds.elements[word.name] = word
                case Section():
                    kinds.sections[word.name] = word
        return kinds


def about(word: Content) -> tuple[str, ...]:
    """Ids of the assets that an entry is about; a turn is about none of those that it used."""
    return () if isinstance(word, TurnRecord) else assets_of(word)


def aspect_of(word: Content) -> str:
    """The aspect that an entry is about; empty when it is no fact about one."""
    return word.aspect if isinstance(word, Finding | Conflict) else ""


def title_of(word: Content) -> str:
    """What an entry is called: its name, its aspect, or a note's first line."""
    if isinstance(word, Section | Element):
        return word.name
    if isinstance(word, AssetRef):
        return _NO_WORD.sub(" ", _stem_of(word.name))
    if isinstance(word, Note):
        return word.text.partition("\n")[0][:TITLE]
    return aspect_of(word).replace(".", " ").replace("_", " ")


def name_of(word: Content) -> str:
    """The name by which other entries speak of it; empty when it has none."""
    if isinstance(word, Section | Element):
        return word.name
    return _stem_of(word.name) if isinstance(word, AssetRef) else ""


@lru_cache(maxsize=65536)
def _stem_of(name: str) -> str:
    return PurePath(name).stem


def new_record(id_: str, word: Content, names: Mapping[str, str]) -> Record:
    """A word that is not in the project memory yet, as a record.

    Args:
        id_: its id.
        word: what it says.
        names: file names by asset id.
    """
    text = wording(word)
    began = Moment()
    if isinstance(word, Finding):
        text = word_finding(word, names.get(word.subject.id, word.subject.id[:12]))
        began = Moment(turn=word.turn, at=word.at)
    return Record(id_, kind_of(word), place_of(word), word, text, began)


def from_context(context: ProjectContext) -> Knowledge:
    """What the complete context of a turn holds, without a look into the project memory."""
    names = {ref.id: ref.name for ref in context.assets}
    words: list[tuple[str, Content]] = [
        *((ref.id, ref) for ref in context.assets),
        *((content_id(one.field, one.value), one) for one in context.settings),
        *((one.id, one) for one in context.findings),
        *((content_id("c", one.aspect, *one.findings), one) for one in context.conflicts),
    ]
    records = {id_: new_record(id_, word, names) for id_, word in words}
    passed = {"turns of the chat": len(context.history)} if context.history else {}
    return Knowledge(records, passed=passed)
