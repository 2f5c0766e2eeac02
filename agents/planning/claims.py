"""What the user says that a file is: kept as a claim, to be held against the measurement."""

from collections.abc import Iterator

from agents.planning.languages import Understood
from audio.aspects import ASPECTS
from memory.context import Claim

_ASPECT_OF = {
    "bpm": "tempo.bpm",
    "key": "key",
    "lufs": "loudness.integrated_lufs",
    "dbtp": "loudness.true_peak_dbtp",
    "lu": "loudness.range_lu",
    "meter": "meter",
}


def claims_of(understood: Understood) -> tuple[Claim, ...]:
    """The values that statements of the request give."""
    return tuple({claim.aspect: claim for claim in _claims(understood)}.values())


def _claims(understood: Understood) -> Iterator[Claim]:
    for segment in understood.reading.claims:
        begin, end = segment.span
        for one in understood.quantities:
            if not begin <= one.start < end or one.op is not None:
                continue
            aspect = _ASPECT_OF.get(one.unit)
            if aspect is None and one.unit == "bare" and 40 <= one.value <= 240:
                aspect = "tempo.bpm" if _has_key(understood, begin, end) else None
            if aspect is not None:
                yield Claim(aspect=aspect, value=one.text or one.value, unit=ASPECTS[aspect].unit)


def _has_key(understood: Understood, begin: int, end: int) -> bool:
    return any(one.unit == "key" and begin <= one.start < end for one in understood.quantities)
