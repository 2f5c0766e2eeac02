"""Advice from what was measured: rules as data, and the targets that guidelines state."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf

from agents.judging.criteria import meets
from agents.planning.criteria import targets
from agents.wording import value_text
from audio.aspects import is_number
from memory.context import Criterion, Finding, Recommendation

LEAST_CONFIDENCE = 0.3
"""Findings that are less sure give no advice."""


@dataclass(frozen=True)
class Rule:
    """Advice that holds when a measured number lies outside a span."""

    aspect: str
    text: str
    """Its ``{value}`` is the number with its unit."""
    low: float = -inf
    """Values below this need the advice."""
    high: float = inf
    """Values above this need the advice."""

    def applies(self, value: float) -> bool:
        """Whether a value needs this advice."""
        return value < self.low or value > self.high


RULES = (
    Rule(
        "clipping.samples",
        "{value} are clipped: render again with more headroom; a limiter after the fact can't "
        "restore them.",
        high=0,
    ),
    Rule(
        "loudness.true_peak_dbtp",
        "The true peak is {value}: bring it to -1 dBTP or lower, because lossy encoders and "
        "converters overshoot.",
        high=-1.0,
    ),
    Rule(
        "loudness.integrated_lufs",
        "At {value} it is so loud that streaming services turn it down to about -14 LUFS: what "
        "limiting cost won't be heard as level.",
        high=-9.0,
    ),
    Rule(
        "dynamics.crest_db",
        "The peaks stand only {value} above the RMS level: ease limiting and compression if the "
        "mix should breathe.",
        low=8.0,
    ),
    Rule(
        "loudness.range_lu",
        "The loudness range is {value}: quiet passages may get lost in a car or on a phone.",
        high=20.0,
    ),
    Rule(
        "dc_offset",
        "Remove the DC offset of {value} before any dynamics or fades: it costs headroom and "
        "makes edits click.",
        high=0.003,
    ),
    Rule(
        "hum.hz",
        "There is steady hum at {value}: notch it and its multiples, or cure the ground loop.",
        high=0,
    ),
    Rule(
        "spectrum.cutoff_hz",
        "The spectrum ends at {value} as after lossy encoding: use the lossless original if "
        "there is one.",
        low=20_000.0,
    ),
    Rule(
        "stereo.correlation",
        "Left and right are out of phase (correlation {value}): check the polarity, the mix "
        "loses level in mono.",
        low=0.0,
    ),
    Rule(
        "stereo.balance_db",
        "The image leans to one side (right over left {value}): balance the channels.",
        low=-1.5,
        high=1.5,
    ),
    Rule("silence.start_seconds", "Trim {value} of silence at the start.", high=0.5),
    Rule("silence.end_seconds", "Trim {value} of silence at the end.", high=3.0),
)
"""One rule per aspect."""

_FIELD = re.compile(r"^(?:goal|style|constraint): ")
"""What a guideline is, where it is said before the words."""
_DISTANCES = {"LUFS": "LU", "dBTP": "dB", "dBFS": "dB"}
"""Units of a distance between two levels, by the levels' own."""

_NOT_FROM_GUIDELINES = {"channels"}
"""Words such as "mono bass" speak of a part of the mix, not of the file."""


def advise(
    findings: Iterable[Finding], guidelines: Iterable[str], name: str = ""
) -> tuple[Recommendation, ...]:
    """Recommend what findings about one file call for.

    Args:
        findings: measured facts about the file.
        guidelines: what the project wants, as the user wrote it; a target that they state
            replaces the general rule for its aspect.
        name: the file, to be named in the advice when there are several.
    """
    sure = {
        finding.aspect: finding
        for finding in findings
        if finding.value is not None and finding.confidence >= LEAST_CONFIDENCE
    }
    wanted = {
        criterion.aspect: (criterion, guideline)
        for guideline in guidelines
        for criterion in targets(guideline)
        if criterion.aspect not in _NOT_FROM_GUIDELINES
    }
    lead = f"{name}: " if name else ""
    advice = [*_from_guidelines(sure, wanted), *_from_rules(sure, set(wanted))]
    return tuple(
        Recommendation(text=lead + text, findings=(finding.id,), aspect=finding.aspect)
        for text, finding in advice
    )


def _from_guidelines(
    findings: Mapping[str, Finding], wanted: Mapping[str, tuple[Criterion, str]]
) -> Iterable[tuple[str, Finding]]:
    for aspect, (criterion, guideline) in wanted.items():
        finding = findings.get(aspect)
        if finding is None or meets(criterion, finding):
            continue
        value = value_text(finding.value, finding.unit, aspect)
        words = _FIELD.sub("", guideline)
        yield (
            f"The project asks for “{words}”, measured is {value}{_gap(criterion, finding)}.",
            finding,
        )


def _gap(criterion: Criterion, finding: Finding) -> str:
    """How far it is to go, where that is a number: in the aspect's unit."""
    wanted, value = criterion.value, finding.value
    if not (is_number(wanted) and is_number(value)):
        return ""
    unit = _DISTANCES.get(finding.unit, finding.unit)
    return f": change it by {wanted - value:+.2f} {unit}".rstrip()


def _from_rules(
    findings: Mapping[str, Finding], decided: set[str]
) -> Iterable[tuple[str, Finding]]:
    for rule in RULES:
        finding = findings.get(rule.aspect)
        if finding is None or rule.aspect in decided or not is_number(finding.value):
            continue
        if rule.applies(float(finding.value)):
            yield rule.text.format(value=value_text(finding.value, finding.unit)), finding
