"""What was found, as lines below the name of what it was found of."""

from collections.abc import Iterator, Mapping, Sequence

from agents.remembering.recollection import UNNAMED
from agents.wording import finding_text
from audio.aspects import ASPECTS
from memory.context import Finding, Task

FIRST = (
    "duration.seconds", "tempo.bpm", "meter", "key", "loudness.integrated_lufs",
    "loudness.true_peak_dbtp", "loudness.range_lu", "dynamics.crest_db", "clipping.samples",
    "stereo.correlation", "hum.hz", "structure.sections", "heard.description", "voice.words",
    "seen.description", "seen.writing",
)  # fmt: skip
"""What a producer wants to know first of a full profile; the rest is counted."""
MAX_FINDINGS = 14
"""Most findings per file of which none is left out."""
MAX_SEEN = 8
"""Most places in pictures that are written out."""


def asked_of(findings: Sequence[Finding], tasks: Sequence[Task]) -> list[Finding]:
    """What listening found, without what nobody asked for where only some aspects were asked."""
    listening = [task for task in tasks if task.agent == "gama"]
    wanted: set[str] = set()
    for task in listening:
        for operation in task.operations:
            names = operation.parameters.get("aspects")
            if not names or not isinstance(names, list):
                return [*findings]
            wanted.update(str(name) for name in names)
        wanted.update(one.aspect for one in task.criteria)
    if not wanted:
        return [*findings]
    return [one for one in findings if one.aspect in wanted or not one.source.startswith("gama/")]


def measured(findings: Sequence[Finding], names: Mapping[str, str]) -> Iterator[str]:
    """One block per subject, in the aspects' order; claims of the user are in the disputes."""
    by_subject: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if finding.evidence != "user":
            key = finding.subject.kind, finding.subject.id
            by_subject.setdefault(key, []).append(finding)
    for (kind, id_), held in by_subject.items():
        lines = _first(held)
        title = names.get(id_, UNNAMED) if kind == "asset" else f"{kind} {id_}"
        shown = [f"- {finding_text(one)}{_region(one)}" for one in lines]
        if len(lines) < len(held):
            shown.append(f"- and {len(held) - len(lines)} more values in the findings")
        yield f"**{title}**\n" + "\n".join(shown)


def _first(held: list[Finding]) -> list[Finding]:
    """All findings when they are few, known values first; else those that matter most."""
    order = {name: index for index, name in enumerate((*FIRST, *ASPECTS))}
    lines = sorted(held, key=lambda one: (one.value is None, order.get(one.aspect, len(order))))
    if len(lines) <= MAX_FINDINGS:
        return lines
    seen = [one for one in lines if not one.source.startswith("gama/")]
    told = (one for one in lines if one.aspect in FIRST and one.value is not None)
    return [one for one in told if one not in seen] + seen[:MAX_SEEN]


def _region(finding: Finding) -> str:
    start, end = finding.subject.start, finding.subject.end
    return f" at {start:.2f}–{end:.2f} s" if start is not None and end is not None else ""
