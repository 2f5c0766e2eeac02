"""Findings about parts of a file that agree become one about more of it, or about all of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from audio.agreement import agree
from memory.context import Finding, Subject

TOUCHING = 0.1
"""Regions touch when no more than this lies between them, in seconds: one hop at 10 frames/s."""
WHOLE = 0.9
"""Regions that agree stand for the whole file when they cover this share of it."""


def merge_parts(findings: Iterable[Finding], seconds: Mapping[str, float]) -> tuple[Finding, ...]:
    """Merge findings of one instrument about parts of a file, where they say the same.

    Parts that touch become one stretch; parts that all agree and cover the file become a finding
    about the file. The value is that of the longest part, so no number is made up; the confidence
    is the least of them. Lists are left as they are: what they list is theirs alone.

    Args:
        findings: the findings of a report.
        seconds: the length of each file, by its id.
    """
    kept: list[Finding] = []
    parts: dict[tuple[str, str, str, str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        if _is_part(finding):
            subject = finding.subject
            parts[
                subject.kind, subject.id, finding.aspect, finding.source, finding.evidence
            ].append(finding)
        else:
            kept.append(finding)
    for group in parts.values():
        kept.extend(_merged(group, seconds.get(group[0].subject.id)))
    return tuple(kept)


def _is_part(finding: Finding) -> bool:
    subject = finding.subject
    return (
        subject.start is not None
        and subject.end is not None
        and finding.value is not None
        and not isinstance(finding.value, list | dict)
    )


def _merged(group: list[Finding], seconds: float | None) -> list[Finding]:
    ordered = sorted(group, key=lambda one: _span(one))
    covered = sum(end - start for start, end in _union(ordered))
    if len(ordered) > 1 and seconds and covered >= WHOLE * seconds and _all_agree(ordered):
        return [_joined(ordered, None)]
    runs: list[list[Finding]] = []
    for one in ordered:
        last = runs[-1] if runs else None
        if last and _span(one)[0] <= _end(last) + TOUCHING and _all_agree([*last, one]):
            last.append(one)
        else:
            runs.append([one])
    return [run[0] if len(run) == 1 else _joined(run, _end(run)) for run in runs]


def _joined(parts: list[Finding], end: float | None) -> Finding:
    """One finding for parts that agree; about the whole file when no end is given."""
    longest = max(parts, key=lambda one: _span(one)[1] - _span(one)[0])
    subject = longest.subject.model_copy(
        update={"start": None if end is None else _span(parts[0])[0], "end": end}
    )
    return Finding.make(
        Subject.model_validate(subject.model_dump()),
        longest.aspect,
        longest.value,
        unit=longest.unit,
        evidence=longest.evidence,
        source=longest.source,
        method=f"parts that agree, such as {_told(longest)}: {longest.method}",
        confidence=min(one.confidence for one in parts),
    )


def _told(finding: Finding) -> str:
    start, end = _span(finding)
    return f"{start:g} to {end:g} s"


def _span(finding: Finding) -> tuple[float, float]:
    return finding.subject.start or 0.0, finding.subject.end or 0.0


def _end(parts: list[Finding]) -> float:
    return max(_span(one)[1] for one in parts)


def _all_agree(parts: list[Finding]) -> bool:
    first = parts[0]
    return all(agree(first.aspect, first.value, one.value) for one in parts[1:])


def _union(ordered: list[Finding]) -> list[tuple[float, float]]:
    spans: list[tuple[float, float]] = []
    for start, end in map(_span, ordered):
        if spans and start <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], end)
        else:
            spans.append((start, end))
    return spans
