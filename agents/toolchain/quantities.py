"""Numbers with units as people write them, in English and German."""

import re
from dataclasses import dataclass

PLAIN_NUMBER = r"(?:\d+(?:[.,]\d+)*|\.\d+)(?:\s?k(?![a-zäöü]))?"
NUMBER = rf"[-+−–±]?{PLAIN_NUMBER}"
_UNITS = {
    "Hz": r"hz|hertz",
    "kHz": r"khz|kilohertz",
    "ms": r"ms|msecs?|milliseconds?|millisekunden?",
    "us": r"us|µs|μs|microseconds?|mikrosekunden?",
    "s": r"s|secs?|seconds?|sek|sekunden?",
    "dBFS": r"dbfs",
    "dBTP": r"dbtp",
    "dB": r"db|decibels?|dezibel",
    "LUFS": r"lufs",
    "%": r"%|percent|prozent",
    ":1": r":\s?1",
    "samples": r"samples?",
    "octaves": r"octaves?|oct|oktaven?",
    "cents": r"cents?",
    "degrees": r"°|deg(?:rees?)?|grad",
}
UNIT = "|".join(f"(?:{words})" for words in sorted(_UNITS.values(), key=len, reverse=True))
_SPELT = [(name, re.compile(rf"(?:{words})\Z", re.I)) for name, words in _UNITS.items()]
_STEPS = {"Hz": 1.0, "kHz": 1000.0, "us": 0.001, "ms": 1.0, "s": 1000.0}
_TO = r"(?:–|—|-|−|…|\.\.\.?|(?:up )?to|bis(?: zu)?|until|through)"
QUANTITY = re.compile(
    rf"(?<![\w.,])(?P<low>{NUMBER})\s?(?P<low_unit>{UNIT})?(?![\w])"
    rf"(?:\s*{_TO}\s*(?P<high>{NUMBER})\s?(?P<high_unit>{UNIT})?(?!\w))?"
    rf"|(?<![\w.,])(?P<ratio>{NUMBER})\s?:\s?1(?!\d)(?:\s*{_TO}\s*(?P<most>{NUMBER})\s?:\s?1(?!\d))?",
    re.I,
)


@dataclass(frozen=True)
class Quantity:
    """One number, or the two ends of a range."""

    low: float
    high: float | None
    unit: str
    start: int
    """Where it stands in its text."""
    end: int


def number_of(text: str) -> float:
    """A number as it is written: ``1,5``, ``20.000``, ``−3``, ``2k``.

    Raises:
        ValueError: it is none.
    """
    plain = text.strip().lstrip("±").replace("−", "-").replace("–", "-").replace(" ", "")
    times = 1.0
    if plain[-1:] in ("k", "K"):
        plain, times = plain[:-1], 1000.0
    if re.fullmatch(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain):
        plain = plain.replace(",", "")
    elif re.fullmatch(r"[-+]?\d{1,3}(?:\.\d{3})+,\d+", plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"[-+]?\d{1,3}(?:\.000)+", plain):
        plain = plain.replace(".", "")
    return float(plain.replace(",", ".")) * times


def unit_of(text: str | None) -> str | None:
    """The unit that a word means; the empty unit for none, None for one that is not known."""
    word = (text or "").strip()
    if word in ("", "-", "–", "—", "ratio", "linear", "none"):
        return ""
    return next((name for name, spelt in _SPELT if spelt.match(word)), None)


def in_unit(value: float, unit: str, wanted: str) -> float:
    """A number in another unit of the same kind (20 ms in s); as it is where there is none."""
    if unit in _STEPS and wanted in _STEPS and ("Hz" in unit) == ("Hz" in wanted):
        return value * _STEPS[unit] / _STEPS[wanted]
    return value


def with_unit(value: float, unit: str) -> str:
    """A number as it is told: ``20 Hz``, ``4:1``, ``0.7``."""
    return f"{value:g}{unit}" if unit in ("%", ":1") else f"{value:g} {unit}".rstrip()


def quantities_in(text: str) -> list[Quantity]:
    """Every number and range of a text, in order."""
    found = []
    for one in QUANTITY.finditer(text):
        try:
            if one["ratio"]:
                most = number_of(one["most"]) if one["most"] else None
                found.append(Quantity(number_of(one["ratio"]), most, ":1", *one.span()))
                continue
            high = number_of(one["high"].lstrip("-–−")) if one["high"] else None
            if one["high"] and one["high"][0] in "-−":
                high = number_of(one["high"])
            found.append(_quantity(one, number_of(one["low"]), high))
        except ValueError:
            continue
    return found


def _quantity(one: re.Match[str], low: float, high: float | None) -> Quantity:
    """A number or range in one unit: that of its end, to which its start is converted."""
    if high is None and one["low"].startswith("±"):
        low, high = -low, low
    first, second = _unit(one, "low"), _unit(one, "high")
    if high is None:
        return Quantity(low, None, first, *one.span())
    if {first, second} <= set(_STEPS):
        return Quantity(low, in_unit(high, second, first), first, *one.span())
    return Quantity(low, high, second or first, *one.span())


def _unit(one: re.Match[str], end: str) -> str:
    """The unit of an end of a range; thousands (“2k”) are of hertz where none is named."""
    thousands = (one[end] or "")[-1:].casefold() == "k"
    return unit_of(one[f"{end}_unit"]) or ("Hz" if thousands else "")
