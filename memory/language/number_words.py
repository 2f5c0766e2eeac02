"""Numbers written as words in English, German, Spanish and French, and names of months."""

import re
import unicodedata
from collections.abc import Mapping


def fold(word: str) -> str:
    """Lower case without accents: ``Fünf`` and ``funf`` are one word."""
    flat = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in flat if not unicodedata.combining(sign))


UNITS: Mapping[str, int] = {
    "zero": 0, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "dozen": 12,
    "twice": 2, "thrice": 3,
    "null": 0, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8,
    "neun": 9, "zehn": 10, "elf": 11, "zwölf": 12, "dreizehn": 13, "vierzehn": 14,
    "fünfzehn": 15, "sechzehn": 16, "siebzehn": 17, "achtzehn": 18, "neunzehn": 19,
    "dutzend": 12, "zweimal": 2, "dreimal": 3,
    "cero": 0, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8,
    "nueve": 9, "diez": 10, "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15,
    "dieciséis": 16, "diecisiete": 17, "dieciocho": 18, "diecinueve": 19,
    "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "neuf": 9, "dix": 10,
    "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16,
}  # fmt: skip
"""Small numbers as they are spelt."""
TENS: Mapping[str, int] = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
    "zwanzig": 20, "dreißig": 30, "vierzig": 40, "fünfzig": 50, "sechzig": 60, "siebzig": 70,
    "achtzig": 80, "neunzig": 90,
    "veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70,
    "ochenta": 80, "noventa": 90,
    "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60,
}  # fmt: skip
_UNITS = {fold(word): value for word, value in UNITS.items()}
_TENS = {fold(word): value for word, value in TENS.items()}
_SCALES = {
    "hundred": 100, "thousand": 1000, "million": 1_000_000, "hundert": 100, "tausend": 1000,
    "cien": 100, "ciento": 100, "mil": 1000, "cent": 100, "mille": 1000,
}  # fmt: skip
ONE = frozenset(
    {"one", "a", "an", "ein", "eins", "eine", "einen", "einem", "einer", "un", "una", "uno", "une"}
)
"""Words that count only beside another number word: "one hundred", but not "this one"."""
_AND = {"and", "und", "y", "et"}
_ORDINALS = {
    "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "zweite": 2, "zweiten": 2, "zweiter": 2,
    "dritte": 3, "dritten": 3, "dritter": 3, "vierte": 4, "vierten": 4, "segundo": 2,
    "tercero": 3, "tercera": 3, "cuarto": 4, "deuxieme": 2, "troisieme": 3, "quatrieme": 4,
}  # fmt: skip
"""Ordinals; "first" tells an order, not a quantity, and is none."""

_MONTHS = (
    "january januar jänner enero janvier jan ene janv", "february februar febrero février feb fév "
    "févr", "march märz maerz marzo mars mar mrz", "april abril avril apr abr avr",
    "may mai mayo", "june juni junio juin jun", "july juli julio juillet jul juil",
    "august agosto août aug ago", "september septiembre septembre sep sept",
    "october oktober octubre octobre oct okt", "november noviembre novembre nov",
    "december dezember diciembre décembre dec dez dic déc",
)  # fmt: skip
"""Each month in English, German, Spanish and French, and how it is shortened."""
MONTHS: Mapping[str, int] = {
    fold(name): number for number, names in enumerate(_MONTHS, 1) for name in names.split()
}
"""Number of each month by its folded name."""
ENGLISH_MONTHS = tuple(names.split()[0] for names in _MONTHS)

_SPLIT = re.compile(r"[\s-]+")
_GERMAN = re.compile(
    r"(?:(?P<hundreds>\w*?)hundert(?:und)?)?(?:(?P<ones>\w+?)und)?(?P<rest>\w*)", re.IGNORECASE
)
_GERMAN_ONES = {"ein": 1, "eins": 1, "": 0}


def is_number_word(word: str) -> bool:
    """Whether a word says a number by itself."""
    return word_value(word) is not None


def word_value(word: str) -> int | None:
    """The value of one word such as ``fourteen``, ``third`` or ``hundertzwanzig``."""
    folded = fold(word)
    for table in (_UNITS, _TENS, _ORDINALS):
        if folded in table:
            return table[folded]
    return _german(folded)


def phrase_value(phrase: str) -> int | None:
    """The value of words such as ``one hundred and twenty-five``; None where they say none."""
    words = [fold(word) for word in _SPLIT.split(phrase.strip()) if word]
    total, current, told = 0, 0, False
    for word in words:
        if word in _AND:
            continue
        if word in _SCALES:
            factor = _SCALES[word]
            current = max(current, 1) * factor
            if factor >= 1000:
                total, current = total + current, 0
            told = True
        elif word in ONE:
            current += 1
        else:
            value = word_value(word)
            if value is None:
                return None
            if word == "vingt" and current % 10 == 4:  # quatre-vingts
                value = 76 + current - current % 10
            current, told = current + value, True
    return total + current if told else None


def count_of(word: str) -> int | None:
    """How many a word before a noun says: ``two`` weeks, ``a`` week, ``12`` weeks."""
    if word.isdecimal():
        return int(word)
    return 1 if fold(word) in ONE else word_value(word)


def is_part(word: str) -> bool:
    """Whether a word can stand inside a number that is written in words."""
    folded = fold(word)
    return folded in _SCALES or folded in ONE or folded in _AND or is_number_word(word)


def begins(word: str) -> bool:
    """Whether a number in words can begin with this word."""
    return fold(word) not in _AND and is_part(word)


def _german(word: str) -> int | None:
    """``hundertzwanzig``, ``fünfundsechzig``, ``zweihundertvierzehn`` …"""
    found = _GERMAN.fullmatch(word)
    if found is None or not (found["hundreds"] is not None or found["ones"]):
        return None
    parts = [_small(found[name]) for name in ("hundreds", "ones", "rest")]
    if any(part is None for part in parts):
        return None
    hundreds, ones, rest = (part or 0 for part in parts)
    if found["ones"] and rest not in _TENS.values():
        return None
    return (max(hundreds, 1) * 100 if found["hundreds"] is not None else 0) + ones + rest


def _small(word: str | None) -> int | None:
    if not word:
        return 0
    return _GERMAN_ONES.get(word, _UNITS.get(word, _TENS.get(word)))
