"""What the written forms of a number can mean: digits and their marks, clocks, fractions, units."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

_UNITS: tuple[tuple[str, str, Fraction], ...] = (
    (r"khz|kilohertz", "hz", Fraction(1000)),
    (r"hz|hertz", "hz", Fraction(1)),
    (r"ms|milliseconds?|millisekunden?|milisegundos?|millisecondes?", "s", Fraction(1, 1000)),
    (r"s|secs?|seconds?|sek|sekunden?|seg|segundos?|secondes?", "s", Fraction(1)),
    (r"mins?|minutes?|minuten?|minutos?", "s", Fraction(60)),
    (r"h|hours?|stunden?|horas?|heures?", "s", Fraction(3600)),
    (r"bpm|beats per minute", "bpm", Fraction(1)),
    (r"lufs|lkfs", "lufs", Fraction(1)),
    (r"lu", "lu", Fraction(1)),
    (r"db\s?tp", "dbtp", Fraction(1)),
    (r"db\s?fs", "dbfs", Fraction(1)),
    (r"db|decibels?|dezibel", "db", Fraction(1)),
    (r"bits?", "bit", Fraction(1)),
    (r"percent|per cent|prozent|por ciento|pour ?cent", "%", Fraction(1)),
    (r"k|thousand|tausend|mil|mille", "", Fraction(1000)),
    (r"million|millionen", "", Fraction(1_000_000)),
)
"""Words of a unit, its family, and how many of the family's base it is."""

UNIT = re.compile(
    r"[\s-]?(?:" + "|".join(f"(?P<u{i}>{unit[0]})(?![\\w])" for i, unit in enumerate(_UNITS))
    + r"|(?P<percent>\s?%))",
    re.IGNORECASE,
)  # fmt: skip
GAP = "'\u2019_\u00a0\u202f\u2009"
"""Marks that only group digits."""


@dataclass(frozen=True)
class Figure:
    """One thing that a written number can mean."""

    value: Fraction = Fraction(0)
    """As written, in ``scale`` of its unit."""
    places: int | None = 0
    """Digits after the point; None for an exact fraction."""
    unit: str = ""
    """Family of the unit; empty where none is told."""
    scale: Fraction = Fraction(1)
    """How many of the family's base unit it counts in."""
    name: str = ""
    """For what only equals itself, such as ``v2.wav`` or ``4/4``."""
    date: tuple[int | None, int, int] | None = None
    """Year (None where it is not told), month and day."""


def day_of(year: int | None, month: int, day: int) -> Figure:
    """A day; the year is None where it is not told."""
    return Figure(date=(year, month, day))


def seconds_of(value: int | Fraction, places: int = 0) -> Figure:
    """A length of time."""
    return Figure(Fraction(value), places, "s")


def clock_of(told: str) -> Figure:
    """``1:04`` as 64 s, ``1:02:03`` as 3723 s."""
    whole, _, part = told.replace(",", ".").partition(".")
    value = 0
    for piece in whole.split(":"):
        value = value * 60 + int(piece)
    return seconds_of(value + (Fraction(f"0.{part}") if part else 0), len(part))


def ratio_of(told: str) -> Iterator[tuple[Figure, ...]]:
    """``16:9`` is only itself; ``4:1`` is 4 too."""
    one, other = told.split(":")
    yield (Figure(name=told),)
    if other == "1":
        yield (plain(one),)


def fraction_of(told: str) -> Iterator[tuple[Figure, ...]]:
    """``3/4`` is a meter and a fraction, ``96/24`` two numbers, ``1 1/2`` one and a half."""
    told = told.replace("\u2044", "/")
    whole, _, part = told.rpartition(" ")
    one, other = map(int, part.split("/"))
    yield (Figure(name=part),) if not whole else (Figure(name=told),)
    if other and (one < other or whole):
        yield (Figure(int(whole or 0) + Fraction(one, other), None),)
    elif one >= 20:
        yield plain(str(one)), plain(str(other))


def name_of(told: str, commas: bool) -> Iterator[tuple[Figure, ...]]:
    """A token such as ``v2``, ``mix_3.wav`` or ``Qwen2.5``: itself, or the numbers in it."""
    yield (Figure(name=told.casefold()),)
    inside = re.findall(r"\d+(?:\.\d+)?", told)
    yield tuple(figure for one in inside for figure in values_of(one, commas)[0])


def plain(told: str) -> Figure:
    """Digits with at most one point."""
    return Figure(Fraction(told), len(told.partition(".")[2]))


def unit_of(found: re.Match[str] | None) -> tuple[str, Fraction]:
    """The family of a unit that ``UNIT`` found, and how many of its base it is."""
    if found is None:
        return "", Fraction(1)
    if found["percent"]:
        return "%", Fraction(1)
    index = next(i for i in range(len(_UNITS)) if found[f"u{i}"] is not None)
    return _UNITS[index][1], _UNITS[index][2]


def values_of(raw: str, commas: bool) -> list[tuple[Figure, ...]]:
    """What digits with points, commas and gaps can mean."""
    digits, mark, power = raw.lower().partition("e")
    if mark:
        base = values_of(digits, commas)[0][0]
        places = max(0, (base.places or 0) - int(power))
        return [(Figure(base.value * Fraction(10) ** int(power), places),)]
    digits = re.sub(f"(?<=\\d)[ {GAP}](?=\\d)", "", digits)
    found: list[tuple[Figure, ...]] = []
    for group, point, wanted in ((",", ".", True), (".", ",", commas)):
        grouped = re.fullmatch(rf"\d{{1,3}}(?:\{group}\d{{3}})+(?:\{point}(\d+))?", digits)
        several = grouped is not None and digits.count(group) > 1
        if grouped and (wanted or several or grouped[1]):
            found.append((plain(digits.replace(group, "").replace(point, ".")),))
    if re.fullmatch(r"\d*\.?\d+", digits):
        found.append((plain(digits if digits[0] != "." else "0" + digits),))
    elif re.fullmatch(r"\d+,\d+", digits) and (not found or commas):
        found.append((plain(digits.replace(",", ".")),))
    parts = [part for part in re.split(r"[.,]", digits) if part]
    if digits.count(",") and not re.fullmatch(r"\d+,\d{3}", digits):
        found.append(tuple(map(plain, parts)))
    return found or [(Figure(name=digits),), tuple(map(plain, parts))]
