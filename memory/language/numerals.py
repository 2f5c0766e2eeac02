"""Every number that a text says, with all that its writing can mean.

``1:04`` is 64 seconds, ``44,1 kHz`` is 44100 Hz, ``1,234`` is a thousand (or, in a text that writes
decimal commas, a bit more than one), ``vierzehn`` is 14, ``82 %`` is 0.82.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from memory.language.number_forms import (
    GAP,
    UNIT,
    Figure,
    clock_of,
    day_of,
    fraction_of,
    name_of,
    ratio_of,
    seconds_of,
    unit_of,
    values_of,
)
from memory.language.number_words import MONTHS, begins, fold, is_part, phrase_value

_MINUS = str.maketrans({"\u2212": "-", "\u2012": "-", "\ufe63": "-", "\uff0d": "-", "\u2010": "-"})
_RAISED = str.maketrans({one: f"^{i}" for i, one in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")})
_VULGAR = re.compile("([\u00bc-\u00be\u2150-\u215e])")

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_FOUND = re.compile(
    rf"""
    (?P<iso>(?<!\d)\d{{4}}-\d\d-\d\d(?!\d))(?:T(?P<hour>\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?
    |(?P<colour>\#[0-9a-f]{{6}}(?![0-9a-z]))
    |(?P<dmy>(?<![\w.])(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th)?\s+(?:of\s+|de\s+)?(?P<month>{_MONTH})\b\.?(?:\s+(?:de\s+)?(?P<year>\d{{4}}))?)
    |(?P<mdy>\b(?P<month2>{_MONTH})\b\.?\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:%]|[.,]\d)(?:,?\s+(?P<year2>\d{{4}}))?)
    |(?P<dots>(?<![\w.])\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}}(?![\w]))
    |(?P<clock>(?<![\w:.])\d{{1,3}}:[0-5]\d(?::[0-5]\d)?(?:[.,]\d+)?(?![\w:]))
    |(?P<ratio>(?<![\w:.])\d+(?:\.\d+)?:\d+(?![\w:]))
    |(?P<fraction>(?<![\w.,/])(?:\d+\s)?\d+[/\u2044]\d+(?![\w/]))
    |(?P<minutes>(?<![\w.])\d+m\d\d?s(?!\w))
    |(?P<name>(?<![^\W_])[^\W\d_](?:[\w\#]|[.\-+](?=\w))*?\d(?:[\w\#]|[.\-+](?=\w))*)
    |(?P<sign>(?<![\w)\].%\u00b0/])[-\u2013](?=\d|\.\d)|\b(?:minus|negative|menos|moins)\s+(?=[\d.]))?
     (?P<number>(?:\d[\d.,{GAP}]*|\.\d+)(?:(?<=\d)e[+-]?\d+)?|\d{{1,3}}(?:\ \d{{3}})+)
    |(?P<word>(?<!\w)[^\W\d_]+(?:-[^\W\d_]+)*(?!\w))
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SPACED = re.compile(r"\d{1,3}(?: \d{3})+(?!\d)")
_DECIMAL_COMMA = re.compile(r"(?<![\d.,])(?:0,\d+|\d+,(?:\d{1,2}|\d{4,}))(?![\d,])")
_SUFFIX = re.compile(r"(?:st|nd|rd|th|er|re|eme|ème|º|ª|x)(?!\w)", re.IGNORECASE)
_INTERVALS = ("major ", "minor ", "perfect ", "augmented ", "diminished ", " a ", "flat ")
_RANGE = re.compile(
    r"\s?(?:-|\u2013|\u2014|\.\.\.?|\u2026|to|and|or|bis|und|oder|a|y|o|à|et|ou|,)\s?",
    re.IGNORECASE,
)
_ANDS = frozenset({"", "and", "und", "y", "et"})
"""What may stand between minutes and seconds of one length of time."""
_NOTE_VALUES = re.compile(r"\s*(?:note|chord|string)", re.IGNORECASE)


@dataclass(frozen=True)
class Mention:
    """A number in a text."""

    text: str
    """As written."""
    start: int
    end: int
    readings: tuple[tuple[Figure, ...], ...]
    """What it can mean; each reading says one or more figures."""


def normalised(text: str) -> str:
    """The text with one sign for minus and plain digits, so that each number is written one way."""
    text = _VULGAR.sub(r" \1", text).translate(_RAISED).translate(_MINUS)
    text = unicodedata.normalize("NFKC", text.replace("\u00a0", "\u202f"))
    digits = (str(unicodedata.decimal(one, one)) if not one.isascii() else one for one in text)
    return "".join(digits).translate(_MINUS)


def mentions(text: str) -> tuple[Mention, ...]:
    """Every number that a text says, in order."""
    text = normalised(text)
    commas = _DECIMAL_COMMA.search(text) is not None
    found = list(_joined(text, list(_mentions(text, commas))))
    return tuple(
        _ranged(text, one, other) for one, other in zip(found, (*found[1:], None), strict=False)
    )


def _mentions(text: str, commas: bool) -> Iterator[Mention]:
    place = 0
    while (match := _FOUND.search(text, place)) is not None:
        mention = _mention(text, match, commas)
        place = max(match.end(), place + 1)
        if mention is not None:
            place = max(mention.end, match.start() + 1)
            yield mention


def _mention(text: str, match: re.Match[str], commas: bool) -> Mention | None:
    start, end = match.span()
    if match["iso"]:
        year, month, day = map(int, match["iso"].split("-"))
        clock = (clock_of(match["hour"]),) if match["hour"] else ()
        return _made(text, start, end, (day_of(year, month, day), *clock))
    if match["dmy"] or match["mdy"]:
        tail = "" if match["dmy"] else "2"
        told = match[f"year{tail}"]
        month = MONTHS[fold(match[f"month{tail}"])]
        return _made(
            text,
            start,
            end,
            (day_of(int(told) if told else None, month, int(match[f"day{tail}"])),),
        )
    if match["dots"]:
        one, other, year = map(int, re.split(r"[./]", match["dots"]))
        return _made(text, start, end, (day_of(year, other, one),), (day_of(year, one, other),))
    if match["colour"]:
        return _made(text, start, end, (Figure(name=match["colour"].casefold()),))
    if match["clock"]:
        return _made(text, start, end, (clock_of(match["clock"]),))
    if match["minutes"]:
        minutes, seconds = re.findall(r"\d+", match["minutes"])
        return _made(text, start, end, (seconds_of(60 * int(minutes) + int(seconds)),))
    if match["ratio"]:
        return _made(text, start, end, *ratio_of(match["ratio"]))
    if match["fraction"]:
        return _made(text, start, end, *fraction_of(match["fraction"]))
    if match["name"]:
        return _made(text, start, end, *name_of(match["name"], commas))
    return _number(text, match, commas) if match["number"] else _words(text, match)


def _made(text: str, start: int, end: int, *readings: tuple[Figure, ...]) -> Mention:
    return Mention(text[start:end], start, end, readings)


def _number(text: str, match: re.Match[str], commas: bool) -> Mention:
    raw = match["number"].rstrip(f".,{GAP}")
    start, begin = match.start(), match.start("number")
    spaced = _SPACED.match(text, begin)
    if spaced is not None and spaced.end() > begin + len(raw):
        raw = spaced[0]
    end = begin + len(raw)
    negative = bool(match["sign"])
    suffix = _SUFFIX.match(text, end)
    unit = UNIT.match(text, end)
    if suffix is None and unit is None and text[end : end + 1].isalpha():
        token = re.compile(r"[\w#.\-+]*\w").match(text, begin)
        assert token is not None
        return _made(text, start, token.end(), *name_of(token[0], commas))
    family, scale = unit_of(unit)
    end = unit.end() if unit is not None else end
    readings = [
        tuple(
            replace(one, value=-one.value if negative else one.value, unit=family, scale=scale)
            for one in reading
        )
        for reading in values_of(raw, commas)
    ]
    return _made(text, start, end, *readings)


def _words(text: str, match: re.Match[str]) -> Mention | None:
    """A number in words, from its first word on: ``minus one hundred and twenty LUFS``."""
    words = [(match["word"], match.start(), match.end())]
    if not begins(words[0][0].split("-")[0]):
        return None
    following = re.compile(r"\s+([^\W\d_]+(?:-[^\W\d_]+)*)(?!\w)")
    while (more := following.match(text, words[-1][2])) and _is_number(more[1]):
        words.append((more[1], more.start(1), more.end(1)))
    while words and phrase_value(text[words[0][1] : words[-1][2]]) is None:
        words.pop()
    if not words:
        return None
    start, end = words[0][1], words[-1][2]
    if _is_no_quantity(text, start, end):
        return None
    value = phrase_value(text[start:end])
    assert value is not None
    unit = UNIT.match(text, end)
    family, scale = unit_of(unit)
    minus = re.search(r"\b(?:minus|negative|menos|moins)\s+$", text[:start], re.IGNORECASE)
    figure = Figure(Fraction(-value if minus else value), 0, family, scale)
    end = unit.end() if unit is not None else end
    return _made(text, minus.start() if minus else start, end, (figure,))


def _is_number(words: str) -> bool:
    return all(is_part(word) for word in words.split("-"))


def _is_no_quantity(text: str, start: int, end: int) -> bool:
    """Whether it names an interval or a note value: ``a major third``, ``sixteenth notes``."""
    word = text[start:end].casefold()
    if not word.endswith(("rd", "th")):
        return False
    before = f" {text[:start].casefold()}"
    return before.endswith(_INTERVALS) or _NOTE_VALUES.match(text, end) is not None


def _ranged(text: str, one: Mention, other: Mention | None) -> Mention:
    """In ``20-60 Hz`` the first number can have the second one's unit."""
    if other is None or not _RANGE.fullmatch(text[one.end : other.start]):
        return one
    last = other.readings[0][0] if other.readings[0] else Figure()
    if not last.unit:
        return one
    shared = tuple(
        tuple(replace(figure, unit=last.unit, scale=last.scale) for figure in reading)
        for reading in one.readings
        if not any(figure.unit or figure.name or figure.date for figure in reading)
    )
    return replace(one, readings=(*one.readings, *shared))


def _joined(text: str, found: list[Mention]) -> Iterator[Mention]:
    """``3 min 20 s`` and ``3 minutes and 20 seconds`` are one length of time."""
    index = 0
    while index < len(found):
        one = found[index]
        other = found[index + 1] if index + 1 < len(found) else None
        joined = _together(text, one, other) if other is not None else None
        yield joined if joined is not None else one
        index += 1 if joined is None else 2


def _together(text: str, one: Mention, other: Mention) -> Mention | None:
    left, right = one.readings[0][0], other.readings[0][0]
    gap = text[one.end : other.start]
    if left.unit != "s" or right.unit != "s" or left.scale <= right.scale:
        return None
    if gap.strip() not in _ANDS or (not gap.strip() and len(gap) > 1):
        return None
    if left.scale <= 1 or left.places:
        return None
    whole = left.value * left.scale + right.value * right.scale
    both = replace(right, value=whole / right.scale)
    return _made(text, one.start, other.end, (both,), (left, right))
