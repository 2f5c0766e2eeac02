"""The answer to a producer's word: the band that it means, the number, and whether it fits."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from agents.wording import aspect_text, value_text
from audio.aspects import BAND_EDGES_HZ, is_number
from audio.balance import JUDGED, NOTABLE_DB, SLOPE_DB, excess_db
from memory.context import Finding
from memory.glossary.glossary import Glossary
from memory.terms import Term

_BAND = "spectrum.band_db."
_ASKS_MEANING = re.compile(
    r"\bwhat (?:does|do|is|are)\b.*\b(?:mean|means|meant)\b|\bmeaning of\b|\bdefine\b", re.I
)
_MORE = ("too much", "wanted high")

Values = Mapping[str, Finding]
"""Findings about one whole file, with numbers, by aspect."""


def in_their_words(
    request: str,
    findings: Sequence[Finding],
    names: Mapping[str, str],
    glossary: Glossary,
    judged: Collection[str] = (),
) -> str:
    """Explain the words of a request, and hold them against what was measured.

    Empty where it has none that can be told something of.

    Args:
        request: what the user said.
        findings: this turn's.
        names: file names by asset id.
        glossary: with the project's own words.
        judged: aspects of which the answer says already what they come to.
    """
    hits = {hit.term.name: hit.term for hit in glossary.explain(request)}.values()
    terms = [one for one in hits if not set(judged).intersection(one.aspects[:1])]
    measured = by_file(findings)
    asked = _ASKS_MEANING.search(request) is not None
    lines = [f"- {line}" for term in terms for line in _explained(term, asked)]
    for file, values in measured.items():
        lead = f"{names[file]}: " if len(measured) > 1 and file in names else ""
        lines += [f"- {lead}{line}" for term in terms for line in _held(term, values)]
    return "In your words:\n" + "\n".join(lines) if lines else ""


def _explained(term: Term, asked: bool) -> Iterator[str]:
    if term.own and asked:
        yield f"“{term.name}” means {term.means}, as this project says"
    elif term.own:
        yield f"“{term.name}” was read as “{term.means}”, as this project says"
    elif asked:
        yield f"“{term.name}”: {term.means[0].lower()}{term.means[1:].rstrip('.')}"


def by_file(findings: Iterable[Finding]) -> dict[str, dict[str, Finding]]:
    """The newest measured numbers about whole files, by asset id and aspect."""
    files: dict[str, dict[str, Finding]] = {}
    for one in findings:
        whole = one.subject.kind == "asset" and one.subject.start is None
        if whole and one.evidence == "measured" and is_number(one.value):
            files.setdefault(one.subject.id, {})[one.aspect] = one
    return files


def _held(term: Term, values: Values) -> Iterator[str]:
    """A term against the first of its aspects that can tell whether it fits."""
    if term.direction is None:
        return
    for aspect in term.aspects:
        if aspect not in values:
            continue
        if aspect in term.above or aspect in term.below:
            yield _against_limit(term, values[aspect])
            return
        if aspect.removeprefix(_BAND) in JUDGED and (excess := _excess(values)):
            yield _against_slope(term, values[aspect], excess[aspect.removeprefix(_BAND)])
            return


def _against_limit(term: Term, finding: Finding) -> str:
    value, aspect = finding.value, finding.aspect
    assert is_number(value)
    above, below = term.above.get(aspect), term.below.get(aspect)
    fits = (above is None or value > above) and (below is None or value < below)
    limits = [f"above {above:g}" if above is not None else "",
              f"below {below:g}" if below is not None else ""]  # fmt: skip
    limit = f"{' and '.join(filter(None, limits))} {finding.unit}".strip()
    told = f"“{term.name}” means {aspect_text(aspect)} {limit}"
    verdict = "it fits" if fits else "it does not fit"
    return f"{told}: it is {value_text(value, finding.unit)}, so {verdict}"


def _against_slope(term: Term, finding: Finding, excess: float) -> str:
    band = finding.aspect.removeprefix(_BAND)
    low, high = BAND_EDGES_HZ[band]
    where = f"{term.band.low_hz:g}–{term.band.high_hz:g} Hz" if term.band else f"the {band}"
    side = "above" if excess > 0 else "below"
    told = (
        f"{low:g}–{high:g} Hz has {value_text(finding.value, finding.unit)}, {abs(excess):.1f} dB "
        f"{side} the usual slope ({SLOPE_DB:g} dB an octave)"
    )
    towards = excess if term.direction in _MORE else -excess
    verdict = "it does not fit"
    if towards >= NOTABLE_DB:
        verdict = "it fits"
    elif towards > 0:
        verdict = "hardly more than usual"
    return f"“{term.name}” speaks of {where}: {told}, so {verdict}"


def _excess(values: Values) -> dict[str, float]:
    numbers = {name.removeprefix(_BAND): one.value for name, one in values.items()}
    levels = {name: float(value) for name, value in numbers.items() if is_number(value)}
    return excess_db(levels)
