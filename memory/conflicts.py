"""Find findings that can't all be true, and settle them by evidence, confidence and recency."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations

from audio.aspects import agree, is_number, is_tempo_octave
from memory.context import Conflict, Evidence, Finding

RANK: dict[Evidence, int] = {
    "measured": 5,
    "executed": 4,
    "heard": 3,
    "seen": 3,
    "inferred": 2,
    "user": 1,
}
"""What outranks what for facts about a file; a user's wish is a criterion, not a finding."""


def find_conflicts(findings: Iterable[Finding]) -> tuple[Conflict, ...]:
    """Every disagreement about one aspect of one subject, each settled or left open."""
    groups: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.value is not None:
            groups[f"{finding.subject.model_dump_json()} {finding.aspect}"].append(finding)
    found = (settle(group) for group in groups.values() if _disagree(group))
    return tuple(conflict for conflict in found if conflict is not None)


def settle(group: list[Finding]) -> Conflict | None:
    """Keep the strongest of findings that disagree; equals of one moment stay open."""
    ordered = sorted(group, key=_strength, reverse=True)
    best = ordered[0]
    rivals = [other for other in ordered[1:] if not _same(best, other)]
    if not rivals:
        return None
    rule, status = _rule(best, rivals[0]), "settled"
    if not rule:
        rule, status = "none: equal evidence, confidence and time", "open"
    return Conflict.model_validate(
        {
            "aspect": best.aspect,
            "findings": [finding.id for finding in (best, *rivals)],
            "kept": best.id if status == "settled" else None,
            "rule": rule,
            "why": _why(best, rivals),
            "status": status,
        }
    )


def _disagree(group: list[Finding]) -> bool:
    return any(not _same(one, other) for one, other in combinations(group, 2))


def _same(one: Finding, other: Finding) -> bool:
    return agree(one.aspect, one.value, other.value)


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
    one, other = best.value, rivals[0].value
    if (
        best.aspect == "tempo.bpm"
        and is_number(one)
        and is_number(other)
        and is_tempo_octave(one, other)
    ):
        text += "; one is an octave of the other"
    return text


def _show(finding: Finding) -> str:
    return f"{finding.value} {finding.unit}".strip()
