"""How what gama heard of two files differs, in a sentence."""

from collections.abc import Iterable

from agents.wording import aspect_text, listed, value_text
from audio.agreement import agree
from audio.aspects import is_number
from memory.context import Finding

_TELLING = (
    "duration.seconds", "channels", "tempo.bpm", "meter", "key", "loudness.integrated_lufs",
    "loudness.true_peak_dbtp", "loudness.range_lu", "clipping.samples", "hum.hz",
    "spectrum.cutoff_hz",
)  # fmt: skip
"""Aspects whose differences are told first."""
_MOST_DIFFERENCES = 8
DIFFERS = "Against "
"""How a sentence begins that says how two files differ."""


def comparison(
    name: str, findings: Iterable[Finding], other_name: str, others: Iterable[Finding]
) -> str:
    """Say in one sentence how a file differs from another, by the aspects' own agreement."""
    other_by_aspect = {finding.aspect: finding for finding in others}
    differences = []
    for finding in sorted(findings, key=_rank):
        other = other_by_aspect.get(finding.aspect)
        if other is None or None in (finding.value, other.value):
            continue
        if isinstance(finding.value, list) or agree(finding.aspect, finding.value, other.value):
            continue
        differences.append(_difference(finding, other))
    if not differences:
        return f"{other_name} agrees with {name} in all that was measured."
    more = len(differences) - _MOST_DIFFERENCES
    tail = [f"{more} more"] if more > 0 else []
    return f"{DIFFERS}{name}, {other_name} has {listed(differences[:_MOST_DIFFERENCES] + tail)}."


def _rank(finding: Finding) -> int:
    return _TELLING.index(finding.aspect) if finding.aspect in _TELLING else len(_TELLING)


def _difference(finding: Finding, other: Finding) -> str:
    value = value_text(other.value, other.unit, other.aspect)
    was = value_text(finding.value, finding.unit, finding.aspect)
    if not (is_number(finding.value) and is_number(other.value)):
        return f"{_name(finding.aspect)} {value} in place of {was}"
    return f"{_name(finding.aspect)} {value} ({other.value - finding.value:+.4g})"


def _name(aspect: str) -> str:
    text = aspect_text(aspect)
    return text[:1].lower() + text[1:]
