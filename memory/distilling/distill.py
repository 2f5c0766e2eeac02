"""Raw reports become few, typed findings and recommendations at the right level of the project.

``Rules`` does so on instruments; a model does it behind the same ``Distiller``. Either way
``checked`` lets nothing pass whose numbers the reports don't hold. The reports stay on record.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from memory.context import (
    Finding,
    Note,
    Place,
    ProjectContext,
    Recommendation,
    Report,
    Word,
)
from memory.distilling.merging import merge_parts
from memory.language.duplicates import says_more, shape, twin
from memory.language.invention import Ledger


class Distilled(Word):
    """What reports come to."""

    findings: tuple[Finding, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    summaries: tuple[str, ...] = ()
    """What the findings don't say by themselves."""
    notes: tuple[Note, ...] = ()
    """What later turns must know and the findings don't say by themselves, at its place."""
    dropped: tuple[str, ...] = ()
    """Sentences that were left out, with the numbers that no source contains."""


class Distiller(Protocol):
    """Somebody who makes few words of many."""

    def distill(self, reports: Sequence[Report], context: ProjectContext) -> Distilled:
        """Say what the reports come to, in the light of what the project knows."""
        ...


class Rules:
    """Distils without a model: merges, deduplicates, and leaves every word as it was."""

    def distill(self, reports: Sequence[Report], context: ProjectContext) -> Distilled:
        """Merge what agrees, and keep one of recommendations and summaries that say the same."""
        seconds = {one.id: one.seconds for one in context.assets if one.seconds is not None}
        found = (finding for report in reports for finding in report.findings)
        advice = [one for report in reports for one in report.recommendations]
        return Distilled(
            findings=merge_parts({one.id: one for one in found}.values(), seconds),
            recommendations=_once(advice),
            summaries=tuple(dict.fromkeys(one.summary for one in reports if one.summary)),
        )


def checked(distilled: Distilled, reports: Sequence[Report], context: ProjectContext) -> Distilled:
    """Drop each sentence, and each finding, that says a number which its sources don't contain.

    Args:
        distilled: what a distiller made.
        reports: what it was made from.
        context: what the project says besides: its settings and what the reports rest on.
    """
    ledger, dropped = Ledger(_sources(reports, context)), list(distilled.dropped)

    def kept(text: str) -> str:
        one = ledger.keep_supported(text)
        dropped.extend(one.dropped)
        return one.text

    advice = [one.model_copy(update={"text": kept(one.text)}) for one in distilled.recommendations]
    notes = [one.model_copy(update={"text": kept(one.text)}) for one in distilled.notes]
    summaries = tuple(filter(None, map(kept, distilled.summaries)))
    findings = [one for one in distilled.findings if _is_told(one, reports, ledger)]
    lost = [one for one in distilled.findings if one not in findings]
    dropped.extend(f"{one.aspect}: {json.dumps(one.value)} {one.unit}".strip() for one in lost)
    return Distilled(
        findings=tuple(findings),
        recommendations=tuple(one for one in advice if one.text),
        summaries=summaries,
        notes=tuple(one for one in notes if one.text),
        dropped=tuple(dropped),
    )


def source_text(finding: Finding) -> str:
    """All that a finding says, with every digit of its numbers."""
    start, end = finding.subject.start, finding.subject.end
    where = f"from {start} s to {end} s" if start is not None and end is not None else ""
    value = "none" if finding.absent else f"{_spelt(finding.value)} {finding.unit}".strip()
    doubt = f"confidence {finding.confidence}"
    return " ; ".join(filter(None, (finding.aspect, value, where, finding.method, doubt)))


def recommended(
    advice: Iterable[Recommendation],
    findings: Iterable[Finding],
    held: Iterable[Note] = (),
    elements: Mapping[str, str] | None = None,
) -> tuple[Note, ...]:
    """Recommendations as notes at their places, for later turns and for the coder.

    Advice of the same shape about the same files with newer numbers takes the older note's place.

    Args:
        advice: the turn's recommendations.
        findings: what they rest on.
        held: the notes that the project has about these files.
        elements: names of elements by the id of the file that holds them.
    """
    known = {finding.id: finding for finding in findings}
    old = [note for note in held if note.kind == "recommendation"]
    notes: list[Note] = []
    for one in advice:
        grounds = [known[name] for name in one.findings if name in known]
        note = _note(one, grounds, elements or {})
        older = _reshaped(note, [other for other in old if other.assets == note.assets])
        notes.append(note.model_copy(update={"supersedes": older.id if older else None}))
    return tuple({note.id: note for note in notes}.values())


def _reshaped(note: Note, others: Iterable[Note]) -> Note | None:
    """The older note that gives the same advice with other numbers."""
    wanted = shape(note.text)
    same = (other for other in others if other.id != note.id and shape(other.text) == wanted)
    return next(same, None)


def _note(one: Recommendation, grounds: list[Finding], elements: Mapping[str, str]) -> Note:
    subjects = dict.fromkeys(finding.subject.id for finding in grounds)
    assets = tuple(dict.fromkeys(one.subject.id for one in grounds if one.subject.kind == "asset"))
    return Note.make(
        "recommendation",
        one.text,
        _place(grounds, [elements[name] for name in subjects if name in elements]),
        assets=assets,
        evidence="inferred",
        source=grounds[0].source if grounds else "integrate",
    ).model_copy(update={"aspect": one.aspect})


def _place(grounds: list[Finding], elements: list[str]) -> Place:
    """The one section or element that all of it is about; else the project."""
    named = {
        (one.subject.kind, one.subject.id) for one in grounds if one.subject.kind != "asset"
    } | {("element", name) for name in elements}
    if len(named) != 1:
        return Place()
    level, name = named.pop()
    return Place(level="section" if level == "section" else "element", name=name)


def _once(advice: Iterable[Recommendation]) -> tuple[Recommendation, ...]:
    """Each recommendation once; of two that say the same about an aspect, the fuller one."""
    kept: list[Recommendation] = []
    for one in advice:
        same = [other for other in kept if other.aspect == one.aspect]
        place = twin(one.text, [other.text for other in same])
        if place is None:
            kept.append(one)
        elif says_more(one.text, same[place].text):
            kept[kept.index(same[place])] = one
    return tuple(kept)


def _is_told(finding: Finding, reports: Sequence[Report], ledger: Ledger) -> bool:
    """Whether a report says the finding, or all numbers of it."""
    if any(one.id == finding.id for report in reports for one in report.findings):
        return True
    return not ledger.invented(f"{_spelt(finding.value)} {finding.unit}")


def _sources(reports: Sequence[Report], context: ProjectContext) -> Iterable[str]:
    for report in reports:
        yield from (source_text(one) for one in report.findings)
        yield from (one.text for one in report.recommendations)
        yield report.summary
    for asset in context.assets:
        yield asset.name
        yield f"{asset.seconds} s, {asset.sample_rate_hz} Hz, {asset.channels} channels"
    yield from (source_text(one) for one in context.findings)
    yield from (one.value for one in context.settings)


def _spelt(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
