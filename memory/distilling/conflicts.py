"""Find findings that can't all be true, and settle them by evidence, confidence and recency.

Two findings can contradict each other only when they are about one aspect of one thing: the same
version of a file, and the same stretch of it. A section's or an element's finding is held against
that of the file that holds it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple, Protocol

from audio.agreement import agree, relation
from memory.context import Conflict, Evidence, Finding, Subject

RANK: dict[Evidence, int] = {
    "measured": 5,
    "executed": 4,
    "heard": 3,
    "seen": 3,
    "inferred": 2,
    "user": 1,
}
"""What outranks what for facts about a file; a user's wish is a criterion, not a finding."""

SAME_STRETCH = 0.8
"""Two regions are one when their overlap is this share of what they cover together."""

SEVERAL = (
    "hum.hz",
    "dropouts",
    "clipping.spans",
    "tempo.alternatives_bpm",
    "tone.hz",
    "sweep.hz",
    "clicks",
)
"""Aspects of which one instrument may tell several at one place: each is true."""

OPEN = "none: equal evidence, confidence and time"
"""The rule of a conflict that nothing settled."""
ASKED = ("boss", "user")
"""Who settles what the rules leave open; their names begin the rule of such a conflict."""


class Ruling(NamedTuple):
    """What somebody decided about an open conflict."""

    kept: str
    """The id of the finding that is believed."""
    why: str
    """The reason, in one sentence."""


class Arbiter(Protocol):
    """Somebody who can weigh what the rules leave open, such as the boss model."""

    def decide(self, conflict: Conflict, sides: Sequence[Finding]) -> Ruling | None:
        """Choose one of the sides, or None when it can't be told."""
        ...


@dataclass(frozen=True)
class Frame:
    """How a project's sections and elements lie in its files."""

    elements: Mapping[str, str] = field(default_factory=dict)
    """The file that holds an element, by the element's name."""
    sections: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Start and end of each section, in seconds, by its name."""
    piece: str = ""
    """The file whose time line the sections are on."""

    def ground(self, subject: Subject) -> Subject:
        """The stretch of a file that a subject is about; itself where that is not known."""
        if subject.kind == "element" and subject.id in self.elements:
            return subject.model_copy(update={"kind": "asset", "id": self.elements[subject.id]})
        if subject.kind == "section" and self.piece:
            start, end = self.sections.get(subject.id, (subject.start, subject.end))
            if start is not None and end is not None:
                return Subject(kind="asset", id=self.piece, start=start, end=end)
        return subject


def find_conflicts(findings: Iterable[Finding], frame: Frame | None = None) -> tuple[Conflict, ...]:
    """Every disagreement about one aspect of one stretch of one thing, settled or left open.

    Args:
        findings: what is believed now.
        frame: where the project's sections and elements lie.
    """
    frame = frame if frame is not None else Frame()
    questions: dict[tuple[str, str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.value is not None or finding.absent:
            ground = frame.ground(finding.subject)
            questions[ground.kind, ground.id, finding.aspect].append(finding)
    groups = (group for held in questions.values() for group in _by_stretch(held, frame))
    found = (settle(group) for group in groups if _disagree(group))
    return tuple(conflict for conflict in found if conflict is not None)


def settle(group: list[Finding]) -> Conflict | None:
    """Keep the strongest of findings that disagree; equals of one moment stay open."""
    ordered = sorted(group, key=_strength, reverse=True)
    best = ordered[0]
    rivals = [other for other in ordered[1:] if _contradict(best, other)]
    if not rivals:
        return None
    rule = _rule(best, rivals[0])
    return Conflict(
        aspect=best.aspect,
        findings=tuple(finding.id for finding in (best, *rivals)),
        kept=best.id if rule else None,
        rule=rule or OPEN,
        why=_why(best, rivals),
        status="settled" if rule else "open",
    )


def arbitrate(
    conflicts: Iterable[Conflict], findings: Iterable[Finding], arbiter: Arbiter, by: str
) -> tuple[Conflict, ...]:
    """Put the open conflicts to somebody; a ruling for none of the sides counts as none.

    Args:
        conflicts: open and settled ones.
        findings: the facts that they are about.
        arbiter: who decides.
        by: how the decision is signed: one of ``ASKED``, then who and when.
    """
    known = {finding.id: finding for finding in findings}
    return tuple(_put_to(arbiter, by, conflict, known) for conflict in conflicts)


def carry_over(conflicts: Iterable[Conflict], earlier: Iterable[Conflict]) -> tuple[Conflict, ...]:
    """Settle open conflicts as they were settled before, unless a new side has come up."""
    decided = [one for one in earlier if one.status == "settled" and one.rule.startswith(ASKED)]
    return tuple(
        next((one for one in decided if _is_again(conflict, one)), conflict)
        for conflict in conflicts
    )


def _is_again(conflict: Conflict, decided: Conflict) -> bool:
    return (
        conflict.status == "open"
        and conflict.aspect == decided.aspect
        and decided.kept in conflict.findings
        and set(conflict.findings) <= set(decided.findings)
    )


def _put_to(
    arbiter: Arbiter, by: str, conflict: Conflict, known: Mapping[str, Finding]
) -> Conflict:
    if conflict.status != "open":
        return conflict
    sides = [known[name] for name in conflict.findings if name in known]
    ruling = arbiter.decide(conflict, sides)
    if ruling is None or ruling.kept not in {side.id for side in sides}:
        return conflict
    why = f"{conflict.why}. {ruling.why}"
    changes = {"status": "settled", "kept": ruling.kept, "rule": by, "why": why}
    return conflict.model_copy(update=changes)


def _by_stretch(findings: list[Finding], frame: Frame) -> list[list[Finding]]:
    """Findings about one aspect of one thing, by the stretch of time that they are about."""
    groups: list[list[Finding]] = []
    for finding in findings:
        ground = frame.ground(finding.subject)
        for group in groups:
            if same_stretch(ground, frame.ground(group[0].subject)):
                group.append(finding)
                break
        else:
            groups.append([finding])
    return groups


def same_stretch(one: Subject, other: Subject) -> bool:
    """Whether two subjects of one thing are about the same time: both all of it, or one region."""
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return (one.start, one.end) == (other.start, other.end)
    common = min(one.end, other.end) - max(one.start, other.start)
    whole = max(one.end, other.end) - min(one.start, other.start)
    return common >= SAME_STRETCH * whole


def _disagree(group: list[Finding]) -> bool:
    return any(_contradict(one, other) for one, other in combinations(group, 2))


def _contradict(one: Finding, other: Finding) -> bool:
    if one.absent or other.absent:
        # one search that found nothing where another found something only had other eyes
        return one.absent != other.absent and RANK[one.evidence] != RANK[other.evidence]
    if one.aspect in SEVERAL and one.source == other.source:
        return False
    return not agree(one.aspect, one.value, other.value)


def _strength(finding: Finding) -> tuple[int, float, str, int]:
    return RANK[finding.evidence], finding.confidence, finding.at, finding.turn


def _rule(best: Finding, rival: Finding) -> str:
    if RANK[best.evidence] > RANK[rival.evidence]:
        return f"evidence: {best.evidence} outranks {rival.evidence}"
    if best.confidence > rival.confidence:
        return f"confidence: {best.confidence:.2f} against {rival.confidence:.2f}"
    if best.at > rival.at:
        return f"recency: {best.at} after {rival.at or 'an unknown time'}"
    if best.turn > rival.turn:
        return f"recency: turn {best.turn} after turn {rival.turn}"
    return ""


def _why(best: Finding, rivals: list[Finding]) -> str:
    told = "; ".join(f"{_show(rival)} ({rival.evidence}, {rival.source})" for rival in rivals)
    text = f"{_show(best)} ({best.evidence}, {best.source}) against {told}"
    tie = relation(best.aspect, best.value, rivals[0].value)
    return f"{text}; {tie}" if tie else text


def _show(finding: Finding) -> str:
    if finding.absent:
        return "none"
    if isinstance(finding.value, list) and len(finding.value) > 6:
        return f"{len(finding.value)} entries"
    return f"{finding.value} {finding.unit}".strip()
