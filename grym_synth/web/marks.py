"""Where in a spectrogram a finding lies: its seconds and hertz, and what it says."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from pydantic import JsonValue

from agents.wording import aspect_text, value_text
from audio.aspects import is_number
from memory.context import Finding

_LINES = ("hum.hz", "tone.hz")
"""Aspects whose value is a line, in hertz."""
_EDGES = ("spectrum.cutoff_hz",)
"""Aspects whose value is the frequency above which nothing is."""
_SPANS = ("dropouts", "clipping.spans", "clicks", "voice.spans", "structure.sections")
"""Aspects whose value lists start and end, and a word for each or none."""
_PLACES = "seen.places"
_LEAST_CONFIDENCE = 0.15
"""What is less sure was refuted."""


@dataclass(frozen=True)
class Mark:
    """A finding at its place."""

    finding: str
    """Its id."""
    aspect: str
    text: str
    evidence: str
    confidence: float
    start: float
    """Seconds."""
    end: float
    low: float
    """Hertz; 0 to the highest where it concerns all frequencies."""
    high: float

    def as_json(self) -> dict[str, JsonValue]:
        """The mark for the page."""
        return asdict(self)


def marks_of(
    findings: Iterable[Finding], asset: str, start: float, end: float, highest: float
) -> list[Mark]:
    """The findings about a sound that have a place in a stretch of it, in order of time.

    Args:
        findings: what is believed.
        asset: the sound's id.
        start: where the stretch begins, in seconds.
        end: where it ends.
        highest: the highest frequency, in hertz.
    """
    marks = {
        (one.aspect, one.start, one.end, one.low, one.high): one
        for finding in findings
        if finding.subject.id == asset and finding.confidence >= _LEAST_CONFIDENCE
        for one in _placed(finding, end, highest)
        if one.start < end and one.end >= start
    }
    return sorted(marks.values(), key=lambda one: (one.start, one.low))


def _placed(finding: Finding, seconds: float, highest: float) -> Iterator[Mark]:
    subject, value = finding.subject, finding.value
    whole = (
        subject.start if subject.start is not None else 0.0,
        subject.end if subject.end is not None else seconds,
    )
    if finding.aspect in _LINES and is_number(value):
        yield _mark(finding, *whole, float(value), float(value))
    elif finding.aspect in _EDGES and is_number(value):
        yield _mark(finding, *whole, float(value), highest)
    elif finding.aspect == "sweep.hz" and isinstance(value, list):
        hertz = [float(one) for one in value if is_number(one)]
        if hertz:
            yield _mark(finding, *whole, min(hertz), max(hertz))
    elif finding.aspect in _SPANS and isinstance(value, list):
        yield from _spans(finding, value, highest)
    elif finding.aspect == _PLACES and isinstance(value, list):
        yield from _pointed(finding, value, highest)
    elif subject.start is not None and value is not None:
        yield _mark(finding, *whole, 0.0, highest)


def _spans(finding: Finding, value: list[JsonValue], highest: float) -> Iterator[Mark]:
    name = aspect_text(finding.aspect)
    for one in value:
        if isinstance(one, list) and len(one) >= 2 and is_number(one[0]) and is_number(one[1]):
            words = " ".join(str(word) for word in one[2:])
            text = f"{name}: {words}" if words else name
            yield _mark(finding, float(one[0]), float(one[1]), 0.0, highest, text)


def _pointed(finding: Finding, value: list[JsonValue], highest: float) -> Iterator[Mark]:
    """What a model pointed at."""
    for one in value:
        if isinstance(one, dict):
            place = [one.get(name) for name in ("start", "end", "low", "high")]
            start, end, low, high = (float(each) if is_number(each) else -1.0 for each in place)
            if min(start, end, low, high) >= 0:
                yield _mark(finding, start, end, low, min(high, highest), str(one.get("what", "")))


def _mark(
    finding: Finding, start: float, end: float, low: float, high: float, text: str = ""
) -> Mark:
    value = value_text(finding.value, finding.unit, finding.aspect)
    return Mark(
        finding.id,
        finding.aspect,
        text or f"{aspect_text(finding.aspect)}: {value}",
        finding.evidence,
        finding.confidence,
        start,
        end,
        low,
        high,
    )
