"""What the user says that a file is: kept as a claim, to be held against the measurement."""

import re
from collections.abc import Iterator

from agents.planning.languages import Understood
from agents.planning.segments import Segment
from audio.aspects import ASPECTS
from memory.context import Claim, ProjectSetting

_ASPECT_OF = {
    "bpm": "tempo.bpm",
    "key": "key",
    "lufs": "loudness.integrated_lufs",
    "dbtp": "loudness.true_peak_dbtp",
    "lu": "loudness.range_lu",
    "meter": "meter",
}

_OTHERS = frozenset(
    {"other", "another", "different", "reference", "original", "andere", "anderer", "anderes",
     "anderen", "referenz", "otro", "otra", "referencia", "autre"}
)  # fmt: skip
"""Words that speak of something else than the file at hand."""

_JOINED = re.compile(r"[\s,]*(?:and|und|y|et)?\s*")
"""What may stand between values that are stated together."""


def claims_of(understood: Understood) -> tuple[Claim, ...]:
    """The values that statements of the request give."""
    return tuple({(one.aspect, one.about): one for one in _claims(understood)}.values())


def intent_of(understood: Understood) -> tuple[ProjectSetting, ...]:
    """The same as demands on a project that has no file yet: "the song is in D minor"."""
    spans: list[tuple[int, int]] = []
    for segment in understood.reading.claims:
        if any(not claim.about for claim in _claims_in(understood, segment)):
            begin, end = segment.span
            if spans and _JOINED.fullmatch(understood.text.raw[spans[-1][1] : begin]):
                begin = spans.pop()[0]
            spans.append((begin, _after_numbers(understood, end)))
    parts = dict.fromkeys(understood.text.raw[begin:end].strip() for begin, end in spans)
    return tuple(ProjectSetting(field="constraint", value=text) for text in parts)


def _after_numbers(understood: Understood, end: int) -> int:
    """The end of a part, or of the number in which it was cut: the first 4 of ``4/4``."""
    return max([end, *(one.end for one in understood.quantities if one.start < end < one.end)])


def kept_of(understood: Understood) -> tuple[ProjectSetting, ...]:
    """Values that shall stay as they are: "keep it in A minor" demands that of the project."""
    said = (
        understood.text.raw[slice(*segment.span)].strip(" .,;!")
        for segment in understood.reading.kept
        if any(_claims_in(understood, segment))
    )
    return tuple(ProjectSetting(field="constraint", value=text) for text in dict.fromkeys(said))


def _claims(understood: Understood) -> Iterator[Claim]:
    for segment in understood.reading.claims:
        yield from _claims_in(understood, segment)


def _claims_in(understood: Understood, segment: Segment) -> Iterator[Claim]:
    begin, end = segment.span
    about = _file_in(understood, begin, end)
    if not about and _OTHERS & {token.text for token in segment.tokens}:
        return
    for one in understood.quantities:
        if not begin <= one.start < end or one.op is not None:
            continue
        aspect = _ASPECT_OF.get(one.unit)
        if aspect is None and one.unit == "bare" and 40 <= one.value <= 240:
            aspect = "tempo.bpm" if _has_key(understood, begin, end) else None
        if aspect is not None:
            value = one.text or one.value
            yield Claim(aspect=aspect, value=value, unit=ASPECTS[aspect].unit, about=about)


def _file_in(understood: Understood, begin: int, end: int) -> str:
    """The one file that a part of the request names."""
    said = understood.text.raw[begin:end]
    named = [name for name in understood.text.files if name in said]
    return named[0] if len(set(named)) == 1 else ""


def _has_key(understood: Understood, begin: int, end: int) -> bool:
    return any(one.unit == "key" and begin <= one.start < end for one in understood.quantities)
