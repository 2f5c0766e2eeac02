"""The numbers of a request for sounds as ranges: "around 140", "90 to 100 bpm", "under 2 s"."""

import re
from collections.abc import Iterator, Sequence

from agents.planning.quantities import SAMPLE_RATES_HZ, Quantity, find_quantities
from memory.library.query import Range

_AROUND = re.compile(
    r"(?:around|about|approximately|approx\.?|roughly|circa|ca\.?|near|close to|~|≈|at|"
    r"tempo(?: of)?)\s*$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\b(?:between|from)\s+(\d{2,3}(?:\.\d+)?)\s*(?:and|to|-)\s*(\d{2,3}(?:\.\d+)?)|"
    r"(?<![\w.-])(\d{2,3}(?:\.\d+)?)\s*(?:\.\.+|-|to)\s*(\d{2,3}(?:\.\d+)?)(?=\s*(?:bpm|$|[,.;]))",
    re.IGNORECASE,
)
_BPM = re.compile(r"\s*(?:bpm|beats per minute)\b", re.IGNORECASE)
_OTHER_UNIT = re.compile(r"\s*(?:[a-z%]+)", re.IGNORECASE)
_LENGTH = re.compile(r"\b(?:longer|shorter) than\s*$", re.IGNORECASE)
_LEAD = re.compile(
    r"\b(?:(?:fast|slow|quick|long|short|loud|quiet|soft|bright|dark|high|low)(?:er)|less|more)\s+"
    r"than\s*$|\b(?:peaks?|centroid|loudness|length|duration|tempo)\s+(?:is\s+|of\s+)?"
    r"(?:over|above|below|under|at)\s*$",
    re.IGNORECASE,
)
_LEVEL = re.compile(r"\b(?:louder|quieter|softer) than\s*$", re.IGNORECASE)
_PITCHED = re.compile(r"\b(?:tuned to|pitch(?: of)?|note at)\s*$", re.IGNORECASE)
_DENIED = re.compile(
    r"\b(?:not|no|never|isn't|without|except)\s+(?:at |of |around )?$", re.IGNORECASE
)
_SLOWEST, _FASTEST = 50.0, 220.0
"""Numbers without a unit that can be a tempo."""
_EXACT_BARS, _EXACT_HZ, _CENTS = 0.1, 1.0, 1.03
_FIELDS = {"bpm": "tempo_bpm", "seconds": "seconds", "lufs": "loudness_lufs", "bars": "bars",
           "dbtp": "true_peak_dbtp", "dbfs": "true_peak_dbtp", "db": "true_peak_dbtp",
           "hz": "centroid_hz"}  # fmt: skip
_LONG = re.compile(r"\s+(?:long|in length)\b", re.IGNORECASE)
_EXACTLY = re.compile(r"\b(?:at|tempo(?: of)?)\s*$", re.IGNORECASE)
_REACH, _REACH_ELSE = {"tempo_bpm": 0.08}, 0.3
"""Share of a number at which "around" it ends; what is not said to be around has half of it."""
_SOFT = ("tempo_bpm",)
"""Fields that may be missing from a sound that is wanted all the same."""

Taken = Iterator[tuple[int, int, Range]]


def ranges_of(text: str, names: Sequence[tuple[int, int]]) -> Taken:
    """The ranges that a request names, each with its place in the text.

    Args:
        text: the request.
        names: spans whose digits are names, such as that of "808".
    """
    taken = list(names)
    for found in _BETWEEN.finditer(text):
        if _overlap((found.start(), found.end()), taken):
            continue
        low, high = sorted(float(one) for one in found.groups() if one is not None)
        unit = _BPM.match(text, found.end())
        if unit is None and (_OTHER_UNIT.match(text, found.end()) or not _paced(low, high)):
            continue
        span = found.start(), unit.end() if unit is not None else found.end()
        taken.append(span)
        yield *span, Range(field="tempo_bpm", low=low, high=high, strict=False)
    numbers = [one for one in find_quantities(text) if not _overlap((one.start, one.end), taken)]
    yield from _joined([made for one in numbers for made in _ranged(text, one)])


def _ranged(text: str, one: Quantity) -> Taken:
    before = text[max(0, one.start - 30) : one.start]
    unit = one.unit
    if unit == "bare":
        if one.signed and -70 <= one.value < 0 and _LEVEL.search(before):
            unit = "lufs"
        elif _paced(one.value) and not _LENGTH.search(before):
            unit = "bpm"
    if unit not in _FIELDS:
        return
    field = _field(unit, one, before)
    lead = _LEAD.search(before) or _AROUND.search(before)
    start = one.start - len(before) + lead.start() if lead is not None else one.start
    about = lead is not None and not _EXACTLY.search(before)
    denied = _DENIED.search(before) is not None
    after = _LONG.match(text, one.end)
    end = after.end() if after is not None else one.end
    yield start, end, _range(field, one, about=about, denied=denied)


def _field(unit: str, one: Quantity, before: str) -> str:
    if unit == "hz" and _PITCHED.search(before):
        return "pitch_hz"
    if unit == "hz" and one.op is None and one.value in SAMPLE_RATES_HZ:
        return "sample_rate_hz"
    return _FIELDS[unit]


def _range(field: str, one: Quantity, *, about: bool, denied: bool) -> Range:
    made = Range(field=field, negated=denied, strict=field not in _SOFT)
    value = one.value
    if one.op is not None:
        bound = {"low": value} if one.op == ">=" else {"high": value}
        return made.model_copy(update=bound)
    if one.within is not None:
        return made.model_copy(update={"low": value - one.within, "high": value + one.within})
    if field == "bars":
        return made.model_copy(update={"low": value - _EXACT_BARS, "high": value + _EXACT_BARS})
    if field == "sample_rate_hz":
        return made.model_copy(update={"low": value - _EXACT_HZ, "high": value + _EXACT_HZ})
    if field == "pitch_hz":
        return made.model_copy(update={"low": value / _CENTS, "high": value * _CENTS})
    reach = _REACH.get(field, _REACH_ELSE) * (1.0 if about else 0.5)
    return made.model_copy(update={"low": value, "high": value, "around": True, "reach": reach})


def _joined(found: list[tuple[int, int, Range]]) -> Taken:
    """A lower and an upper bound of one field are one range."""
    held: list[tuple[int, int, Range]] = []
    for start, end, one in found:
        last = held[-1] if held else None
        if last is not None and last[2].field == one.field and _other_bound(last[2], one):
            low = last[2].low if one.low is None else one.low
            high = last[2].high if one.high is None else one.high
            held[-1] = (last[0], end, one.model_copy(update={"low": low, "high": high}))
        else:
            held.append((start, end, one))
    yield from held


def _other_bound(last: Range, one: Range) -> bool:
    if last.around or one.around:
        return False
    return (last.low is None) != (one.low is None) and (last.high is None) != (one.high is None)


def _paced(*values: float) -> bool:
    return all(_SLOWEST <= value <= _FASTEST for value in values)


def _overlap(span: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)
