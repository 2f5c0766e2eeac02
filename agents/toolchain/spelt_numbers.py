"""Numbers in words, English and German, as digits where they have a unit or are a ratio."""

import re

from agents.toolchain.quantities import UNIT

_VALUES = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90, "hundred": 100, "thousand": 1000, "half a": 0.5, "eine": 1, "eins": 1,
    "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9,
    "zehn": 10, "elf": 11, "zwölf": 12, "fünfzehn": 15, "sechzehn": 16, "achtzehn": 18,
    "zwanzig": 20, "vierundzwanzig": 24, "dreißig": 30, "vierzig": 40, "fünfzig": 50,
    "sechzig": 60, "achtzig": 80, "hundert": 100, "zweihundert": 200, "dreihundert": 300,
    "fünfhundert": 500, "tausend": 1000, "zweitausend": 2000, "halbe": 0.5, "halben": 0.5,
}  # fmt: skip
_WORD = "|".join(sorted(_VALUES, key=len, reverse=True))
_NUMBER = rf"(?:(?:{_WORD})[ -])?(?:{_WORD})"
_SPAN = rf"(?:(?:up )?(?:to|bis|and|und)\s{_NUMBER}[\s-])?"
_WITH_UNIT = re.compile(rf"(?<![\w-])(?P<n>{_NUMBER})(?=[\s-]{_SPAN}(?:{UNIT})(?!\w))", re.I)
_MINUS = re.compile(rf"(?<!\w)minus\s(?=\d+(?:[.,]\d+)?\s?(?:{UNIT})(?!\w))", re.I)
_RATIO = re.compile(
    rf"(?<![\w.,:])(?P<n>\d+(?:[.,]\d+)?|{_WORD})[ -](?:to|zu)[ -](?:1|one|eins)"
    rf"(?![\w:]|[.,]\d|\s?(?:{UNIT})(?!\w))",
    re.I,
)


def in_digits(text: str) -> str:
    """A text whose numbers in words before a unit are digits: “two hundred hertz”."""
    return _MINUS.sub("-", _WITH_UNIT.sub(lambda one: _value(one["n"]), text))


def ratios_in_digits(text: str) -> str:
    """A text whose ratios in words are digits: “three to one” is 3:1."""
    return _RATIO.sub(lambda one: f"{_value(one['n'])}:1", text)


def _value(said: str) -> str:
    if said[0].isdigit():
        return said
    if (value := _VALUES.get(said.casefold())) is not None:
        return f"{value:g}"
    first, last = (_VALUES[word] for word in re.split("[ -]", said.casefold()))
    return f"{first * last if last in (100, 1000) else first + last:g}"
