"""One fact in the terms of each specialist: heard, seen, or in code units.

Words of the trade are explained by the glossary; findings are put into what the specialist works
with: plain hearing for who listens, places in the picture for who looks, and hertz, linear values
and samples for who writes code.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from audio.aspects import ASPECTS, BAND_EDGES_HZ, is_number, parse_key
from audio.axes import Axes
from audio.musical_time import sample_at
from audio.pitch_names import name_of_hertz
from memory.context import AgentName, Finding
from memory.filing.wording import word_aspect, word_value
from memory.glossary.glossary import Glossary, Mention
from memory.terms import Band, Term

_BAND_ASPECT = "spectrum.band_db."
_BRIGHTER = {"too much": "brighter than usual", "wanted high": "to be brighter",
             "too little": "darker than usual", "wanted low": "to be darker"}  # fmt: skip
_STRONGER = {"too much": "too high", "wanted high": "to be raised",
             "too little": "too low", "wanted low": "to be lowered"}  # fmt: skip


@dataclass(frozen=True)
class View:
    """What a translation needs to know of the material at hand."""

    glossary: Glossary
    """With the project's own terms."""
    sample_rate_hz: int | None = None
    """Of the sound that is worked on."""
    axes: Axes | None = None
    """Of the picture that is looked at."""


def translate(said: str | Finding, agent: AgentName, view: View) -> str:
    """A text's words of the trade, or a finding, in the terms of a specialist.

    Returns:
        One line for each term of the text; the finding in one line. Empty for a text without terms.
    """
    if isinstance(said, Finding):
        return _TOLD[agent](said, view)
    mentions = {hit.term.name: hit for hit in view.glossary.explain(said)}.values()
    return "\n".join(_gloss(hit, agent, view) for hit in mentions)


def _gloss(hit: Mention, agent: AgentName, view: View) -> str:
    term = hit.term
    meant = {
        "gama": term.heard or term.means,
        "qwen_vl": _seen(term, view) or term.means,
        "coder": _coded(term) or term.means,
    }
    negated = " (denied, or less of it wanted)" if hit.negated else ""
    return f"{term.name}{negated}: {meant[agent]}"


def _seen(term: Term, view: View) -> str:
    """Where in a picture a term is to be looked for."""
    parts = [term.seen]
    if term.band is not None:
        light = _BRIGHTER.get(term.direction or "", "")
        where = f"{_hertz(term.band)}{_rows(term.band, view)}"
        parts.append(f"{where}, {light}" if light else where)
    return "; ".join(filter(None, parts))


def _coded(term: Term) -> str:
    """A term as parameters and units."""
    parts = [term.code]
    if term.band is not None:
        parts.append(f"band {_hertz(term.band)}")
    if term.aspects:
        unit = ASPECTS[term.aspects[0]].unit
        sense = _STRONGER.get(term.direction or "", "")
        aspect = f"{term.aspects[0]} ({unit})" if unit else term.aspects[0]
        parts.append(f"{aspect} {sense}".strip())
    return "; ".join(filter(None, parts))


def _hertz(band: Band) -> str:
    return f"{band.low_hz:g}-{band.high_hz:g} Hz"


def _rows(band: Band, view: View) -> str:
    """The pixel rows of a band, as far as it lies in the picture."""
    axes = view.axes
    if axes is None or axes.y.quantity != "frequency":
        return ""
    low, high = max(band.low_hz, axes.y.low), min(band.high_hz, axes.y.high)
    if low >= high:
        return " (outside this picture)"
    top, bottom = axes.pixel_at(axes.x.low, high).y, axes.pixel_at(axes.x.low, low).y
    return f" (pixel rows {top:.0f} to {bottom:.0f})"


def _heard_finding(finding: Finding, view: View) -> str:
    """In plain hearing words, with a word of the trade where the value has one."""
    line = _fact(finding)
    if is_number(finding.value):
        words = view.glossary.terms_at(finding.aspect, finding.value)
        line += f", in a word: {', '.join(words)}" if words else ""
    return f"{line}{_from_to(finding)}"


def _seen_finding(finding: Finding, view: View) -> str:
    """With the place in the picture where it shows."""
    band = _band_of(finding)
    where = [f"look at {_hertz(band)}{_rows(band, view)}"] if band is not None else []
    return "; ".join([f"{_fact(finding)}{_from_to(finding)}", *where, *_columns(finding, view)])


def _coded_finding(finding: Finding, view: View) -> str:
    """In code units: the aspect's name, the value, and what follows for samples and gains."""
    value = "none" if finding.value is None else f"{word_value(finding.value)} {finding.unit}"
    line = f"{finding.aspect} = {value.strip()}"
    return "; ".join([line, *_conversions(finding, view), *_samples(finding, view)])


def _conversions(finding: Finding, view: View) -> Iterator[str]:
    value, rate = finding.value, view.sample_rate_hz
    if isinstance(value, str) and finding.aspect == "key" and (key := parse_key(value)):
        yield f"pitch class {key[0]} (0 = C), {key[1]}"
    if not is_number(value):
        return
    if finding.unit in ("dB", "dBTP", "dBFS"):
        yield f"linear {10 ** (value / 20):.4g}"
    if finding.unit == "BPM" and value > 0:
        samples = f" = {60 / value * rate:.1f} samples" if rate else ""
        yield f"a beat lasts {60 / value:.4f} s{samples}"
    if finding.unit == "Hz" and finding.aspect != "sample_rate.hz" and value > 0:
        if finding.aspect == "hum.hz":
            yield f"near {name_of_hertz(value)}"
        if rate:
            yield f"{2 * value / rate:.4g} of half the sample rate"
    if finding.unit == "s" and rate:
        yield f"{sample_at(value, rate)} samples at {rate} Hz"


def _samples(finding: Finding, view: View) -> Iterator[str]:
    start, end, rate = finding.subject.start, finding.subject.end, view.sample_rate_hz
    if start is None or end is None:
        return
    span = f"from {start:g} s to {end:g} s"
    yield f"{span}, samples {_sample_at(start, rate)} to {_sample_at(end, rate)}" if rate else span


@lru_cache(maxsize=8192)
def _sample_at(seconds: float, sample_rate_hz: int) -> int:
    """Many facts are about the same stretches of time, and fractions take long."""
    return sample_at(seconds, sample_rate_hz)


def _columns(finding: Finding, view: View) -> Iterator[str]:
    start, end, axes = finding.subject.start, finding.subject.end, view.axes
    if axes is None or start is None or end is None or axes.x.quantity != "time":
        return
    left, right = max(start, axes.x.low), min(end, axes.x.high)
    if left < right:
        first, last = axes.pixel_at(left, axes.y.low).x, axes.pixel_at(right, axes.y.low).x
        yield f"pixel columns {first:.0f} to {last:.0f}"


def _band_of(finding: Finding) -> Band | None:
    """Where in the spectrum a finding shows: its band, or a thin line at its frequency."""
    if finding.aspect.startswith(_BAND_ASPECT):
        return Band(*BAND_EDGES_HZ[finding.aspect.removeprefix(_BAND_ASPECT)])
    is_place = finding.aspect in ("hum.hz", "spectrum.cutoff_hz", "spectrum.rolloff_hz")
    if is_place and is_number(finding.value) and finding.value > 0:
        return Band(0.97 * finding.value, 1.03 * finding.value)
    return None


def _fact(finding: Finding) -> str:
    value = "none" if finding.value is None else f"{word_value(finding.value)} {finding.unit}"
    return f"{word_aspect(finding.aspect)}: {value.strip()}"


def _from_to(finding: Finding) -> str:
    start, end = finding.subject.start, finding.subject.end
    return f" from {_clock(start)} to {_clock(end)}" if start is not None and end else ""


def _clock(seconds: float) -> str:
    return f"{int(seconds // 60)}:{seconds % 60:04.1f}"


_TOLD = {"gama": _heard_finding, "qwen_vl": _seen_finding, "coder": _coded_finding}
