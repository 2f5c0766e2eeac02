"""Numbers with units in a request: what is asked for, how it compares, and where it stands."""

import re
from dataclasses import dataclass, replace
from typing import Literal

from agents.planning.unit_names import unit_named
from audio.aspects import parse_key
from memory.context import Op
from memory.language.number_words import ONE, TENS, UNITS, count_of

Unit = Literal[
    "lufs", "dbtp", "dbfs", "db", "lu", "hz", "bpm", "seconds", "bits", "semitones", "percent",
    "factor", "slope", "bars", "kbps", "key", "meter", "bare",
]  # fmt: skip
"""What a number counts; ``slope`` is dB per octave, ``bare`` has no unit."""

_PARTS = {"half": 0.5, "medio": 0.5, "media": 0.5, "demi": 0.5, "couple": 2.0}
"""Words for an amount that are no numbers by themselves."""

SAMPLE_RATES_HZ = frozenset(
    {8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000, 176400, 192000}
)
"""Numbers of hertz that mean a sample rate where no filter is spoken of."""

_RATES_KHZ = frozenset({22.05, 44.1, 88.2, 176.4})
"""Numbers that mean a sample rate also without a unit."""

_UNITS: tuple[tuple[str, Unit, float], ...] = (
    (r"db\s?/\s?oct\w*|db (?:per|pro|por|par) (?:octave|oktave|octava)", "slope", 1),
    (r"db\s?tp|db[\s-]true[\s-]?peak", "dbtp", 1),
    (r"db\s?fs", "dbfs", 1),
    (r"lufs|lkfs", "lufs", 1),
    (r"lu", "lu", 1),
    (r"dbs?|decibels?|dezibel|decibelios?|décibels?", "db", 1),
    (r"kbps|kbit/s|kb/s|kbit|kbits", "kbps", 1),
    (r"khz|kilohertz|kilohercios?", "hz", 1000),
    (r"hz|hertz|hercios?|cycles?", "hz", 1),
    (r"bpm|beats?[ -](?:per|a)[ -]min(?:ute)?|pulsaciones(?: por minuto)?|ppm|"
     r"schläge(?:n)?(?: pro minute)?|battements(?: par| à la)? ?minute", "bpm", 1),
    (r"milliseconds?|millisekunden?|milisegundos?|millisecondes?|ms", "seconds", 0.001),
    (r"seconds?|secs?|sekunden?|sek|segundos?|seg|secondes?|s", "seconds", 1),
    (r"minutes?|mins?|minuten?|minutos?", "seconds", 60),
    (r"hours?|hrs?|stunden?|horas?|heures?", "seconds", 3600),
    (r"bits?", "bits", 1),
    (r"semi[ -]?tones?|semis|st|half[ -]?(?:steps?|tones?)|halbt[oö]ne?n?|halbtonschritte?|"
     r"semitonos?|demi-?tons?", "semitones", 1),
    (r"whole[ -]?(?:steps?|tones?)|ganzt[oö]ne?n?|tones?|tonos?|tons?", "semitones", 2),
    (r"octaves?|oktaven?|octavas?", "semitones", 12),
    (r"cents?|centimos?", "semitones", 0.01),
    (r"percent|per cent|prozent|por ciento|pour ?cent", "percent", 1),
    (r"bars?|measures|takten?|takte|compases|compás|mesures", "bars", 1),
    (r"k", "hz", 1000),
    (r"x|times|mal|veces|fois", "factor", 1),
)  # fmt: skip
_WORDED = {"semitones", "seconds", "db", "bars", "lufs", "dbtp", "bpm", "lu", "percent"}
"""Units before which a number may be a word."""
_ARTICLES = frozenset({"a", "an", "un", "una", "une", "ein", "eine", "einen", "einem", "einer"})
_ARTICLED = {"semitones", "seconds", "db", "bars"}
"""Units before which an article means one."""
_SPELT = "|".join(sorted({*_PARTS, *UNITS, *TENS, *ONE}, key=len, reverse=True))
_DIGITS = "|".join(word for word, value in UNITS.items() if 0 < value < 10) + "|one|uno|una|un"

_SIGN = (
    r"(?:(?<![\w.,])(?:minus|menos|moins|negative)\s+|(?<![\w.,])(?:plus|más|mas)\s+(?=\d)|"
    r"(?<![\w.,)-])[-+]\s?)?"
)
_NUMBER = re.compile(
    rf"(?P<sign>{_SIGN})(?<![\w])(?<!\d[.,])(?:(?P<minute>\d{{1,3}}):(?P<second>\d\d(?:[.,]\d+)?)(?!\d)"
    rf"|(?P<kilo>\d{{1,3}})k(?P<tenth>\d)\b|(?P<number>\d{{1,7}}(?:[.,]\d+)?)(?![\d:])"
    rf"|(?P<tens>{'|'.join(TENS)})[\s-](?:y[\s-]|et[\s-])?(?P<ones>{_DIGITS})\b"
    rf"|(?P<word>{_SPELT})(?=[\s-](?!-)))",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"[\s-]{0,2}(?:" + "|".join(f"(?P<u{i}>{unit[0]})(?![\\w])" for i, unit in enumerate(_UNITS))
    + r"|(?P<percent>%))",
    re.IGNORECASE,
)  # fmt: skip
_OF = re.compile(r"\s?(?:of(?:\s+an?)?|an?|de|d'|eine[rn]?)\s", re.IGNORECASE)
_METER = re.compile(r"(?<![\w/.])(\d{1,2})/(2|4|8|16)(?![\w/])")
_RANGE = re.compile(
    r"(?<![\w.,-])(\d+(?:[.,]\d+)?)\s?(?:-|to|and|bis|und|a|y|à|et)\s?(?=[-+]?\d)", re.IGNORECASE
)

_EITHER = re.compile(r",?\s*(?:or|oder|o|ou)\s*", re.IGNORECASE)

_BEFORE: tuple[tuple[Op, str], ...] = (
    ("<=", r"(?:no(?:t)?|never|nicht|nie|no|nunca|pas|jamais|plus) "
           r"(?:(?:ever )?(?:to )?(?:go|be|get|rise|peak|come|run|climb) )?"
           r"(?:more|exceed|over|above|louder|longer|higher|faster|mehr|"
           r"über|länger|lauter|más|mas|plus)(?: than| als| de| que)?|keine[rn]? (?:über|als)|"
           r"under|below|beneath|underneath|"
           r"less than|at most|up to|max(?:imum|imal|imo|\.)?(?: of)?|"
           r"(?:shorter|lower|quieter|slower|smaller|fewer) than|unter|höchstens|weniger als|"
           r"(?:kürzer|leiser|langsamer) als|menos de|como mucho|como máximo|"
           r"máx(?:imo|\.)?(?: de)?|"
           r"por debajo de|moins de|au plus|en dessous de|sous|<=?|≤|within|maximum"),
    (">=", r"over|above|more than|at least|min(?:imum|destens|\.)?(?: of)?|mind\.?|"
           r"(?:longer|louder|higher|faster|greater|bigger) than|no (?:less|shorter) than|über|"
           r"mehr als|(?:länger|lauter|schneller|größer) als|"
           r"más de|mas de|al menos|por lo menos|mínimo|(?:por )?encima de|plus de|au moins|>=?|≥"),
)  # fmt: skip
_LESS = re.compile(rf"(?:{_BEFORE[0][1]})[\s:]*(?:the |de |a |auf |bei |um )?$", re.IGNORECASE)
_MORE = re.compile(rf"(?:{_BEFORE[1][1]})[\s:]*(?:the |de |a |auf |bei |um )?$", re.IGNORECASE)
_AFTER_LESS = re.compile(
    r"\s*(?:or (?:less|under|below|lower|shorter)|max(?:imum|imal|\.)?\b|tops|at most|at the most|"
    r"oder (?:weniger|kürzer)|o menos|ou moins|como mucho|como máximo)", re.IGNORECASE
)  # fmt: skip
_AFTER_MORE = re.compile(
    r"\s*(?:or (?:more|longer|above|louder)|min(?:imum|\.)?\b|at least|oder (?:mehr|länger)|o más|"
    r"ou plus)", re.IGNORECASE
)  # fmt: skip
_REJECTED = re.compile(
    r"(?:instead of|rather than|not|statt|anstatt|anstelle von|en vez de|en lugar de|au lieu de|"
    r"no longer)\s*(?:at |to |the |auf |a |à )?$",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    r"[\s,(]*(?:±|\+/-|\+-|give or take|"
    r"(?:plus|más|mas)\s?(?:or|/|oder|o|ou)?\s?(?:minus|menos|moins))\s*(\d+(?:[.,]\d+)?)",
    re.IGNORECASE,
)

_MODES = {
    "major": "major", "maj": "major", "dur": "major", "mayor": "major", "majeur": "major",
    "minor": "minor", "min": "minor", "moll": "minor", "menor": "minor", "mineur": "minor",
}  # fmt: skip
_MODE = "|".join(_MODES)
_SOLFEGE = {
    "do": "C", "ut": "C", "re": "D", "ré": "D", "mi": "E", "fa": "F", "sol": "G", "la": "A",
    "si": "B",
}  # fmt: skip
_GERMAN = {
    "cis": "C#", "des": "Db", "dis": "D#", "es": "Eb", "fis": "F#", "ges": "Gb", "gis": "G#",
    "as": "Ab", "ais": "A#", "b": "Bb", "h": "B",
}  # fmt: skip
_KEYS = (
    re.compile(
        rf"(?<![\w'])(?P<note>[A-Ga-g])(?P<mark>\s?#|b|[\s-]?(?:sharp|flat))?[\s-]?(?P<mode>{_MODE})\b"
    ),
    re.compile(
        rf"(?<![\w'])(?P<note>{'|'.join(_SOLFEGE)})(?P<mark>\s?#|b|\s(?:sostenido|bemol|dièse|bémol))?"
        rf"\s(?P<mode>{_MODE})\b",
        re.IGNORECASE,
    ),
    re.compile(rf"(?<![\w'])(?P<note>{'|'.join(_GERMAN)}|[a-gA-G])-?\s?(?P<mode>dur|moll)\b", re.I),
    re.compile(
        r"(?<=\b(?:in|to)\s)(?P<note>[A-G])(?P<mark>#|b|[\s-](?:sharp|flat))?(?P<mode>m)?"
        r"(?=\s*(?:$|[,.;?!)]|at\b|and\b|instead\b|please\b|not\b|rather\b|so\b|because\b))"
    ),
    re.compile(r"(?<=key of\s)(?P<note>[A-Ga-g])(?P<mark>#|b|\s(?:sharp|flat))?(?P<mode>m)?\b"),
)


@dataclass(frozen=True)
class Quantity:
    """A number with its unit, or a key, as the request says it."""

    unit: Unit
    value: float
    start: int
    """Index of its first character in the request."""
    end: int
    op: Op | None = None
    """How it compares, where the request says so."""
    within: float | None = None
    """The tolerance that the request gives, in the unit."""
    signed: bool = False
    """Whether a sign stood before it."""
    text: str = ""
    """For a key: its name, such as ``F minor``; for a meter: such as ``3/4``."""


def find_quantities(words: str) -> tuple[Quantity, ...]:
    """Every number that the request gives, in order; what it says to be rejected is left out."""
    keys = _find_keys(words)
    meters = [
        Quantity("meter", float(found[1]), found.start(), found.end(), text=found[0])
        for found in _METER.finditer(words)
    ]
    taken = [*keys, *meters]
    numbers = [_named(words, one) for one in _find_numbers(words) if not _overlaps(one, taken)]
    found = _join_minutes(
        _share_units(words, sorted([*numbers, *taken], key=lambda one: one.start))
    )
    compared = [_compared(words, one) for one in found if not _is_rejected(words, one)]
    spans = [(one.end, one.end + _reach(words, one)) for one in compared]
    return tuple(
        one for one in compared if not any(begin <= one.start < end for begin, end in spans)
    )


def _reach(words: str, one: Quantity) -> int:
    """Characters of the tolerance that stands behind a number, which is no number by itself."""
    within = _WITHIN.match(words[one.end : one.end + 24])
    return within.end() if within else 0


def _find_numbers(words: str) -> list[Quantity]:
    found: list[Quantity] = []
    for match in _NUMBER.finditer(words):
        if found and match.start() < found[-1].end:
            continue  # the "a" of "half a minute"
        unit = _UNIT.match(words, match.end())
        worded = match["word"] is not None
        if worded and unit is None and (of := _OF.match(words, match.end())):
            unit = _UNIT.match(words, of.end())
        name, scale = _unit_of(unit)
        if worded and name not in (_ARTICLED if match["word"].lower() in _ARTICLES else _WORDED):
            continue
        negative = match["sign"].strip().lower() in ("-", "minus", "menos", "moins", "negative")
        if match["minute"]:
            value = 60 * float(match["minute"]) + _float(match["second"])
            name, scale = "seconds", 1.0
        elif match["kilo"]:
            value, name, scale = 1000 * float(f"{match['kilo']}.{match['tenth']}"), "hz", 1.0
        elif match["tens"]:
            value = float((count_of(match["tens"]) or 0) + (count_of(match["ones"]) or 0))
        else:
            value = _spelt(match["word"]) if worded else _float(match["number"])
        end = unit.end() if unit is not None and not match["minute"] else match.end()
        value = round(value * scale * (-1 if negative else 1), 6)
        signed = bool(match["sign"].strip())
        found.append(Quantity(name, value, match.start(), end, signed=signed))
    return found


def _named(words: str, one: Quantity) -> Quantity:
    """``-16`` is in LUFS in "the loudness must be -16", and ``44.1`` a sample rate."""
    if one.unit != "bare":
        return one
    if one.value in _RATES_KHZ and not one.signed:
        return replace(one, unit="hz", value=1000 * one.value)
    return replace(one, unit=unit_named(words, one.start, one.end, one.value) or "bare")


def _spelt(word: str) -> float:
    part = _PARTS.get(word.lower())
    return float(count_of(word) or 0) if part is None else part


def _unit_of(match: re.Match[str] | None) -> tuple[Unit, float]:
    if match is None:
        return "bare", 1.0
    if match["percent"]:
        return "percent", 1.0
    index = next(i for i in range(len(_UNITS)) if match[f"u{i}"] is not None)
    return _UNITS[index][1], _UNITS[index][2]


def _find_keys(words: str) -> list[Quantity]:
    found: list[Quantity] = []
    for pattern in _KEYS:
        for match in pattern.finditer(words):
            name = _key_name(match)
            if match["note"] == "a" and not re.search(
                r"\b(?:in|to|into|of|is|it's|key|from|en|nach|auf|hat)\s$", words[: match.start()]
            ):
                continue
            one = Quantity("key", 0.0, match.start(), match.end(), text=name)
            if parse_key(name) is not None and not _overlaps(one, found):
                found.append(one)
    return found


def _key_name(match: re.Match[str]) -> str:
    groups = match.groupdict()
    note, mode = match["note"], (groups["mode"] or "").lower()
    mark = (groups.get("mark") or "").strip(" -").lower()
    sign = {"#": "#", "sharp": "#", "sostenido": "#", "dièse": "#"}.get(mark, "b" if mark else "")
    is_german = mode in ("dur", "moll")
    letter = _GERMAN.get(note.lower(), note.upper()) if is_german else _SOLFEGE.get(note.lower())
    return f"{letter or note.upper()}{sign} {_MODES.get(mode, 'minor' if mode == 'm' else 'major')}"


def _share_units(words: str, found: list[Quantity]) -> list[Quantity]:
    """In ``120-125 bpm`` and ``between 3 and 4 minutes`` the first number has the second's unit."""
    shared = list(found)
    for index in range(len(found) - 2, -1, -1):
        one, other = shared[index], shared[index + 1]
        ties = _RANGE.match(words, one.start)
        if one.unit != "bare" or other.unit in ("bare", "key", "meter"):
            continue
        if _EITHER.fullmatch(words[one.end : other.start]):
            scale = other.value / max(_float(words[other.start : other.end]), 1e-9)
            shared[index] = replace(one, unit=other.unit, value=round(one.value * scale, 6))
        if ties is None:
            continue
        if ties.end() >= other.start:
            scale = other.value / max(_float(words[other.start : other.end]), 1e-9)
            low = replace(one, unit=other.unit, value=round(one.value * scale, 6), op=">=")
            shared[index : index + 2] = [low, replace(other, op="<=")]
    return shared


def _join_minutes(found: list[Quantity]) -> list[Quantity]:
    """``3 min 20 s`` and ``3 minutes 20`` are one length of time."""
    joined: list[Quantity] = []
    for one in found:
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.unit == "seconds" == one.unit
            and last.value % 60 == 0
            and 0 < one.value < 60
            and one.op is None
            and one.start - last.end <= 5
        ):
            joined[-1] = replace(last, value=last.value + one.value, end=one.end)
        else:
            joined.append(one)
    return joined


def _compared(words: str, one: Quantity) -> Quantity:
    before, after = words[max(0, one.start - 40) : one.start], words[one.end : one.end + 24]
    op = one.op
    if op is None and (_LESS.search(before) or _AFTER_LESS.match(after)):
        op = "<="
    elif op is None and (_MORE.search(before) or _AFTER_MORE.match(after)):
        op = ">="
    within = _WITHIN.match(after)
    return replace(one, op=op, within=_float(within[1]) if within else None)


def _is_rejected(words: str, one: Quantity) -> bool:
    return _REJECTED.search(words[max(0, one.start - 24) : one.start]) is not None


def _overlaps(one: Quantity, others: list[Quantity]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in others)


def _float(text: str) -> float:
    digits = re.search(r"\d+(?:[.,]\d+)?", text)
    return float(digits[0].replace(",", ".")) if digits else 0.0
