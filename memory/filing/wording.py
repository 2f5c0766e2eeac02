"""Memory entries in words: what searches by word and by meaning look at."""

import re
from collections.abc import Sequence
from functools import lru_cache

from pydantic import JsonValue

from audio.aspects import ASPECTS
from audio.assets import AssetRef
from memory.context import (
    Conflict,
    Deadline,
    Element,
    Finding,
    Note,
    ProjectSetting,
    Section,
    TurnRecord,
)
from memory.terms import Term

LONGEST = 400
"""Characters of a request or an answer that count for searches; embedders read no more."""

UNITS = {"hz", "db", "bpm", "lufs", "dbtp", "lu", "seconds", "samples"}
"""Parts of aspect names that are no words of the field; the unit follows the value."""

LISTED = 12
"""Items of a list that are told one by one; of longer lists also their number is told."""


def word_asset(asset: AssetRef) -> str:
    """Such as ``mix.wav is an audio file: 180.0 s, 44100 Hz, 2 channels``."""
    facts = [
        f"{asset.seconds:.1f} s" if asset.seconds is not None else "",
        f"{asset.sample_rate_hz} Hz" if asset.sample_rate_hz else "",
        f"{asset.channels} channels" if asset.channels else "",
        f"{asset.width} x {asset.height} pixels" if asset.width else "",
    ]
    told = ", ".join(filter(None, facts))
    return f"{asset.name} is of kind {asset.kind}" + (f": {told}" if told else "")


def word_finding(finding: Finding, name: str) -> str:
    """Such as ``mix.wav: key (tonic and mode) is F minor (measured 0.82)``.

    Args:
        finding: the fact.
        name: what its subject is called.
    """
    what = word_aspect(finding.aspect)
    where = ""
    if finding.subject.start is not None and finding.subject.end is not None:
        where = f" from {finding.subject.start:.1f} s to {finding.subject.end:.1f} s"
    if finding.value is None:
        none = "is none" if finding.absent else "can't be told"
        return f"{name}{where}: {what} {none}: {finding.method}"
    value = f"{word_value(finding.value)} {finding.unit}".strip()
    return f"{name}{where}: {what} is {value} ({finding.evidence} {finding.confidence:.2f})"


@lru_cache(maxsize=1024)
def word_aspect(aspect: str) -> str:
    """Such as ``stereo balance (right over left level)``."""
    known = ASPECTS.get(aspect)
    says = re.split(r"[,:]", known.says)[0].lower() if known else ""
    words = plain_aspect(aspect)
    return f"{words} ({says})" if says and says != words else words


@lru_cache(maxsize=1024)
def plain_aspect(aspect: str) -> str:
    """An aspect's name in plain words, without its unit: ``true peak`` for a peak in dBTP."""
    parts = [part for part in re.split(r"[._]", aspect) if part not in UNITS]
    return " ".join(parts) or aspect


def word_value(value: JsonValue) -> str:
    """A value in few words: a long list by its number, its labels and its ends."""
    if isinstance(value, list):
        return _word_list(value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {word_value(part)}" for name, part in value.items())
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value)


def _word_list(items: Sequence[JsonValue]) -> str:
    labels = dict.fromkeys(
        part for item in items if isinstance(item, list) for part in item if isinstance(part, str)
    )
    if labels:
        return f"{len(items)} spans: {', '.join(list(labels)[:LISTED])}"
    if len(items) <= LISTED and not any(isinstance(item, list | dict) for item in items):
        return ", ".join(map(word_value, items)) or "nothing"
    told = ", ".join(_word_item(item) for item in items[:LISTED])
    return f"{len(items)} values: {told}{' …' if len(items) > LISTED else ''}"


def _word_item(item: JsonValue) -> str:
    return "-".join(map(word_value, item)) if isinstance(item, list) else word_value(item)


def word_setting(setting: ProjectSetting) -> str:
    """Such as ``project style: lo-fi hip hop``."""
    return f"project {setting.field}: {setting.value}"


def word_deadline(deadline: Deadline) -> str:
    """Such as ``project deadline: Friday (2026-11-27)``."""
    told = deadline.date and deadline.date not in deadline.text
    return f"project deadline: {deadline.text}" + (f" ({deadline.date})" if told else "")


def word_section(section: Section) -> str:
    """Such as ``project section: chorus: bars 17-32``."""
    return f"project section: {section_text(section)}"


def section_text(section: Section) -> str:
    """A section as the user said it, or would say it."""
    if section.text:
        return section.text
    spans = []
    if section.first_bar is not None:
        spans.append(f"bars {section.first_bar}-{section.last_bar or section.first_bar}")
    if section.start is not None:
        end = f" to {section.end:g} s" if section.end is not None else ""
        spans.append(f"{section.start:g} s{end}")
    spans += [section.role] if section.role != "main" else []
    return f"{section.name}: {', '.join(spans)}" if spans else section.name


def word_element(element: Element) -> str:
    """Such as ``project element: drums: dusty, in the chorus``."""
    return f"project element: {element_text(element)}"


def element_text(element: Element) -> str:
    """An element as the user said it, or would say it."""
    if element.text:
        return element.text
    kind = element.kind.replace("_", " ")
    return f"{element.name}: {kind}" + (f" in {element.section}" if element.section else "")


def word_note(note: Note) -> str:
    """Such as ``requirement for element vocal chain: latency below 5 ms``."""
    where = f" for {note.place.level} {note.place.name}" if note.place.name else ""
    return f"{note.kind}{where}: {note.text}"


def word_term(term: Term) -> str:
    """Such as ``muddy (mud, murky): too much low-mid energy blurs …``."""
    others = f" ({', '.join(term.synonyms)})" if term.synonyms else ""
    return f"{term.name}{others}: {term.heard or term.means}"


def word_conflict(conflict: Conflict) -> str:
    """What disagreed, and what is believed."""
    return f"conflict about {conflict.aspect}, {conflict.status}: {conflict.why} ({conflict.rule})"


def word_turn(turn: TurnRecord) -> str:
    """What was asked, what was made, and how the answer began."""
    made = ", ".join(artifact.name for artifact in turn.artifacts)
    lines = [f"asked: {turn.request[:LONGEST]}", f"made: {made}" if made else ""]
    return "\n".join(filter(None, [*lines, f"answered: {turn.answer[:LONGEST]}"]))
