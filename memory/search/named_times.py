"""The times that a text names: ``in May 2023``, ``on 3 June``, ``last week``, ``turn 12``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from memory.language.number_words import ENGLISH_MONTHS, MONTHS, count_of
from memory.storage.filters import Condition

_CLEAR = "|".join(name for name in ENGLISH_MONTHS if name not in ("may", "march"))
"""The months whose names are no other words."""

_M = rf"(?P<month>{'|'.join(ENGLISH_MONTHS)})"
_Y = r"(?P<year>(?:19|20)\d\d)"
_D = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"

_CALENDAR = tuple(
    re.compile(rf"\b{pattern}\b")
    for pattern in (
        rf"{_Y}-(?P<month>\d\d)-(?P<day>\d\d)",
        rf"{_D} (?:of )?{_M}(?:,? *{_Y})?",
        rf"{_M} {_D}(?:,? *{_Y})?",
        rf"{_M},? *(?:of )?{_Y}",
        rf"{_Y}-(?P<month>\d\d)",
        rf"(?:in|this|of|since|during|by|until|early|late|mid)[ -]{_M}",
        rf"(?P<month>{_CLEAR})",
        rf"(?:in|of|since|during|for|year) {_Y}(?! ?k?hz)",
    )
)
"""Each is looked for in what those before it left."""

_LAST_MONTH = re.compile(rf"\blast {_M}\b")
_SPAN = re.compile(r"\b(?P<which>last|past|previous|this) (?P<unit>week|month|year)\b")
_AGO = re.compile(r"\b(?P<many>\d{1,3}|[a-z]+) (?P<unit>day|week|month|year)s? ago\b")
_DAY = re.compile(r"\b(?P<which>today|yesterday)\b")
_TURN = re.compile(r"\bturns? (?:number |no\. )?#?(?P<turn>\d{1,6})\b")
_AT = "coalesce(json_extract(e.value, '$.at'), json_extract(e.value, '$.when'), e.created_at)"


@dataclass(frozen=True)
class Calendar:
    """Days of a year, a month and a day; what is None may be any: July is that of every year."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def condition(self, at: str) -> Condition:
        """The SQL condition that an ISO 8601 time, itself an SQL expression, is one of them."""
        return Condition(f"{at} GLOB ?", (self.pattern("?", "*"),))

    def pattern(self, one: str, many: str) -> str:
        """How their ISO 8601 times begin, with signs for any one character and for any many."""
        parts = ((self.year, 4), (self.month, 2), (self.day, 2))
        told = (one * length if part is None else f"{part:0{length}}" for part, length in parts)
        return f"{'-'.join(told)}{many}"


@dataclass(frozen=True)
class Week:
    """Seven days that begin with one."""

    first: date

    def condition(self, at: str) -> Condition:
        """The SQL condition that an ISO 8601 time, itself an SQL expression, is one of them."""
        return Condition(f"{at} >= ? AND {at} < ?", self.span())

    def span(self) -> tuple[str, str]:
        """Its first day, and the first one after it."""
        return self.first.isoformat(), (self.first + timedelta(days=7)).isoformat()


@dataclass(frozen=True)
class NamedTimes:
    """The times that a text names; false when it names none."""

    days: tuple[Calendar | Week, ...]
    turns: tuple[int, ...]

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.days or self.turns)

    def condition(self) -> Condition:
        """The SQL condition that an entry of ``entries e`` is of one of these times.

        That is its value's ``at`` or ``when``, else when it was written; and its value's ``turn``.
        """
        parts = [days.condition(_AT) for days in self.days]
        parts += [Condition("json_extract(e.value, '$.turn') = ?", (turn,)) for turn in self.turns]
        sql = " OR ".join(f"({part.sql})" for part in parts)
        return Condition(f"({sql})", tuple(value for part in parts for value in part.values))


def named_times(text: str, today: date) -> NamedTimes:
    """Find the times that a text names.

    Args:
        text: English; dates may be written as 2023-05-08 too.
        today: what ``yesterday`` and the like are reckoned from.
    """
    left = text.lower()
    turns = tuple(int(found["turn"]) for found in _TURN.finditer(left))
    left = _TURN.sub(" ", left)
    days: list[Calendar | Week] = [*_relative(left, today)]
    left = _LAST_MONTH.sub(" ", left)
    for pattern in _CALENDAR:
        days += [_calendar(found) for found in pattern.finditer(left)]
        left = pattern.sub(" ", left)
    return NamedTimes(tuple(days), turns)


def _calendar(found: re.Match[str]) -> Calendar:
    said = found.groupdict()
    month = said.get("month")
    return Calendar(
        int(said["year"]) if said.get("year") else None,
        (MONTHS.get(month) or int(month)) if month else None,
        int(said["day"]) if said.get("day") else None,
    )


def _relative(text: str, today: date) -> Iterator[Calendar | Week]:
    for found in _LAST_MONTH.finditer(text):
        month = MONTHS[found["month"]]
        yield Calendar(today.year - (month >= today.month), month)
    for found in _DAY.finditer(text):
        yield _back("day", int(found["which"] == "yesterday"), today)
    for found in _SPAN.finditer(text):
        yield _back(found["unit"], int(found["which"] != "this"), today)
    for found in _AGO.finditer(text):
        if (many := count_of(found["many"])) is not None:
            yield _back(found["unit"], many, today)


def _back(unit: str, many: int, today: date) -> Calendar | Week:
    """The day, week (from its Monday), month or year so many before that of today."""
    if unit == "week":
        return Week(today - timedelta(days=today.weekday() + 7 * many))
    if unit == "day":
        day = today - timedelta(days=many)
        return Calendar(day.year, day.month, day.day)
    if unit == "year":
        return Calendar(today.year - many)
    months = today.year * 12 + today.month - 1 - many
    return Calendar(months // 12, months % 12 + 1)
