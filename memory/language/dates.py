"""Days that people name in words: ``1 December``, ``next Friday``, ``in two weeks``."""

import re
from calendar import monthrange
from datetime import date, timedelta

from memory.language.number_words import MONTHS, count_of, fold

_WEEKDAYS = (
    ("mon", "montag", "lunes", "lundi"), ("tue", "dienstag", "martes", "mardi"),
    ("wed", "mittwoch", "miércoles", "mercredi"), ("thu", "donnerstag", "jueves", "jeudi"),
    ("fri", "freitag", "viernes", "vendredi"), ("sat", "samstag", "sábado", "samedi"),
    ("sun", "sonntag", "domingo", "dimanche"),
)  # fmt: skip

_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_DOTTED = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\b")
_DAY_MONTH = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th|\.|er)?\s+(?:of\s+|de\s+)?([^\W\d]{3,})\.?(?:,?\s+(?:de\s+)?(\d{4}))?\b"
)
_MONTH_DAY = re.compile(r"\b([^\W\d]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?\b(?:,?\s+(\d{4})\b)?")
_END_OF = re.compile(r"\bend of (?:the )?([^\W\d]{3,})(?:\s+(\d{4}))?\b")
_WITHIN = re.compile(r"\bin\s+(\w+)\s+(day|week|month)s?\b")
_WEEKDAY = re.compile(r"\b(next\s+)?([^\W\d]{3,})\b")


def read_day(text: str, today: date) -> date | None:
    """The day that a text names, or None; a day without its year is the next one from today on."""
    said = text.casefold()
    return _numbers(said) or _named(said, today) or _ahead(said, today) or _weekday(said, today)


def _numbers(said: str) -> date | None:
    if found := _ISO.search(said):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _DOTTED.search(said):
        return _day(int(found[3]), int(found[2]), int(found[1]))
    return None


def _named(said: str, today: date) -> date | None:
    for found in _DAY_MONTH.finditer(said):
        if month := _month(found[2]):
            return _next(today, found[3], month, int(found[1]))
    for found in _MONTH_DAY.finditer(said):
        if month := _month(found[1]):
            return _next(today, found[3], month, int(found[2]))
    return None


def _ahead(said: str, today: date) -> date | None:
    if "tomorrow" in said:
        return today + timedelta(days=1)
    if re.search(r"\btoday\b", said):
        return today
    if found := _WITHIN.search(said):
        return _later(today, found[1], found[2])
    found = _END_OF.search(said)
    if not found:
        return None
    if found[1] == "month":
        return _end_of(today.year, today.month)
    if not (month := _month(found[1])):
        return None
    year = int(found[2]) if found[2] else today.year + (month < today.month)
    return _end_of(year, month)


def _later(today: date, many: str, unit: str) -> date | None:
    number = count_of(many)
    if number is None or number > 1000:
        return None
    if unit == "month":
        months = today.month - 1 + number
        year, month = today.year + months // 12, months % 12 + 1
        return date(year, month, min(today.day, monthrange(year, month)[1]))
    return today + timedelta(days=number * (7 if unit == "week" else 1))


def _weekday(said: str, today: date) -> date | None:
    """The next day of that name; ``next Friday`` is the one in the week after this one."""
    for found in _WEEKDAY.finditer(said):
        for number, names in enumerate(_WEEKDAYS):
            if found[2] not in names and not _is_english_day(found[2], names[0]):
                continue
            if found[1]:
                return today + timedelta(days=7 - today.weekday() + number)
            return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    return None


def _is_english_day(word: str, start: str) -> bool:
    return word == start or (word.startswith(start) and word.endswith("day"))


def _month(word: str) -> int:
    """1 to 12, from a name or how it is shortened; 0 when it is no month."""
    return MONTHS.get(fold(word), 0)


def _next(today: date, year: str | None, month: int, day: int) -> date | None:
    if year:
        return _day(int(year), month, day)
    here = _day(today.year, month, day)
    return here if here is None or here >= today else _day(today.year + 1, month, day)


def _end_of(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
