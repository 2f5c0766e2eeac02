"""Entries in few words, as models read them: one line each, below the heading of what it is about.

Numbers keep six digits. What was measured says so by its heading alone; other evidence is named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from audio.assets import AssetRef
from memory.context import (
    AgentName,
    Conflict,
    Deadline,
    Element,
    Finding,
    Note,
    ProjectSetting,
    Section,
)
from memory.filing.records import Record
from memory.filing.wording import element_text, plain_aspect, section_text, word_value
from memory.glossary.translation import View, translate
from memory.packing.compression import flat, telegraphic
from memory.packing.knowledge import Knowledge

LISTED = 40
"""Most items of a list that are told one by one; where there is less room, it is cut."""

SURE = 0.7
"""A fact below this confidence is told with it."""


@dataclass(frozen=True)
class Names:
    """What ids stand for."""

    assets: Mapping[str, AssetRef]
    findings: Mapping[str, Finding]

    @classmethod
    def of(cls, knowledge: Knowledge) -> "Names":
        """The names of all that a task may meet."""
        return cls(knowledge.assets(), knowledge.findings())

    def file(self, id_: str) -> str:
        """A file's name, or the start of its id when it is not known."""
        return self.assets[id_].name if id_ in self.assets else f"file {id_[:8]}"


def heading(record: Record, names: Names) -> str:
    """What an entry stands below: its file, its part of the piece, or else its kind."""
    word = record.word
    if isinstance(word, Finding):
        subject = word.subject
        return names.file(subject.id) if subject.kind == "asset" else f"{subject.kind} {subject.id}"
    if isinstance(word, AssetRef):
        return word.name
    if isinstance(word, Note) and len(word.assets) == 1:
        return names.file(word.assets[0])
    return record.kind


def below(group: str, text: str) -> str:
    """A text without the words of the heading that it stands below."""
    return (
        text.removeprefix(group).lstrip(": ")
        if text.startswith((f"{group} ", f"{group}:"))
        else text
    )


def tell_to(agent: AgentName, record: Record, names: Names, view: View) -> str:
    """An entry in full, in an agent's terms, without the heading's words."""
    word = record.word
    if isinstance(word, Finding) and isinstance(word.value, str | int | float):
        return f"{translate(word, agent, view)}{_known(word)}"
    return tell(record, names)


def tell(record: Record, names: Names) -> str:
    """An entry with all that it says, in plain terms, without the heading's words."""
    match record.word:
        case Finding() as finding:
            return tell_finding(finding, plain_aspect(finding.aspect), names)
        case AssetRef() as asset:
            return tell_file(asset)
        case ProjectSetting() as setting:
            return f"{setting.field}: {setting.value}"
        case Deadline() as deadline:
            return f"deadline: {deadline.text}"
        case Section() as section:
            return f"section {section_text(section)}"
        case Element() as element:
            return f"element {element_text(element)}"
        case Conflict() as conflict:
            return tell_conflict(conflict, names)
        case Note() as note:
            return tell_note(note, names)
        case _:
            return record.text


def tell_briefly(record: Record, names: Names) -> str:
    """An entry's name and values in as few words as say them; empty for program text."""
    word = record.word
    if isinstance(word, Section) and (word.start is not None or word.first_bar is not None):
        return f"section {word.name}: {_bounds(word)}"
    if isinstance(word, Finding | AssetRef):
        return tell(record, names)
    return "" if record.kind == "api" else telegraphic(tell(record, names))


def _bounds(section: Section) -> str:
    """Such as ``bars 9-24, 19.2-57.6 s``."""
    bars = _range(section.first_bar, section.last_bar)
    seconds = _range(section.start, section.end)
    return ", ".join(filter(None, [f"bars {bars}" if bars else "", f"{seconds} s" * bool(seconds)]))


def _range(first: float | None, last: float | None) -> str:
    if first is None:
        return ""
    return f"{first:.10g}-" + (f"{last:.10g}" if last is not None else "")


def tell_finding(finding: Finding, what: str, names: Names) -> str:
    """A fact: what, where, how much, and how it is known unless it was measured."""
    where = told_span(finding.subject.start, finding.subject.end)
    value = told_value(
        names.file(v) if (v := str(finding.value)) in names.assets else finding.value
    )
    if finding.value is None:
        value = f"{'none' if finding.absent else 'unknown'}: {finding.method}".strip(": ")
    unit = finding.unit if finding.value is not None else ""
    told = " ".join(filter(None, [what, where, value, unit]))
    return f"{told}{_known(finding)}"


def _known(finding: Finding) -> str:
    """How a fact is known, unless it was measured and is sure."""
    known: str = "" if finding.evidence == "measured" else finding.evidence
    if 0 < finding.confidence < SURE:
        known = f"{known or 'measured'}, confidence {finding.confidence:.2g}"
    return f" ({known})" if known else ""


def told_span(start: float | None, end: float | None) -> str:
    """A stretch of time, such as ``at 12.5-14 s``."""
    if start is None:
        return ""
    return f"at {start:.6g} s" if end is None else f"at {start:.6g}-{end:.6g} s"


def told_value(value: JsonValue) -> str:
    """A value with all that it says; only long lists are cut, and say so."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {told_value(part)}" for name, part in value.items())
    if not isinstance(value, list):
        return word_value(value)
    told = ", ".join(_item(one) for one in value[:LISTED])
    more = len(value) - LISTED
    return f"{told} and {more} more" if more > 0 else told or "nothing"


def tell_file(asset: AssetRef) -> str:
    """A file's media facts."""
    facts = [
        f"{asset.seconds:.6g} s" if asset.seconds is not None else "",
        f"{asset.sample_rate_hz} Hz" if asset.sample_rate_hz else "",
        f"{asset.channels} ch" if asset.channels else "",
        f"{asset.width} x {asset.height} px" if asset.width else "",
    ]
    return ", ".join(filter(None, [asset.kind, *facts]))


def tell_note(note: Note, names: Names) -> str:
    """A note with its kind, its place, and the files that it is about and does not name."""
    where = f" for {note.place.name}" if note.place.name else ""
    if len(note.assets) == 1:
        name = names.file(note.assets[0])
        return f"{note.kind}{where}: {note.text.removeprefix(name).lstrip(': ')}"
    files = [name for name in map(names.file, note.assets) if name not in note.text]
    about = f" (about {', '.join(files)})" if files else ""
    return f"{note.kind}{where}{about}: {note.text}"


def tell_conflict(conflict: Conflict, names: Names) -> str:
    """What disagrees with what, and what is believed."""
    sides = [
        f"{names.findings[one].evidence} {told_value(names.findings[one].value)}"
        for one in conflict.findings
        if one in names.findings
    ]
    against = f"{' against '.join(sides)}; " if sides else ""
    return flat(f"{plain_aspect(conflict.aspect)}, {conflict.status}: {against}{conflict.why}")


def _item(value: JsonValue) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        numbers = [part for part in value if not isinstance(part, str)]
        labels = [part for part in value if isinstance(part, str)]
        return " ".join(filter(None, ["-".join(map(told_value, numbers)), *labels]))
    return told_value(value)
