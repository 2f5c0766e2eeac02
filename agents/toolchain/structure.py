"""How a processor is to be made: what a text says beside its numbers' ranges."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pydantic import JsonValue

from agents.toolchain.naming import is_denied
from agents.toolchain.quantities import NUMBER, number_of
from grym_synth.errors import BadInput

_COUNTS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "single": 1,
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ein": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "acht": 8,
    "erster": 1, "zweiter": 2, "dritter": 3, "vierter": 4, "fünfter": 5, "sechster": 6,
    "siebter": 7, "achter": 8,
}  # fmt: skip
_COUNT = rf"(?P<n>\d+|{'|'.join(sorted(_COUNTS, key=len, reverse=True))})"
_RATE = rf"{NUMBER}(?:\s?k?hz)?"
_LIST = rf"{_RATE}(?:(?:\s?[/,]\s?|\s(?:and|und|or|oder)\s){_RATE})*"
_USUAL = r"(?:44[.,]1|48|88[.,]2|96|176[.,]4|192)(?:\s?khz)?(?!\s?(?:hz|m?s|%|db)(?!\w))"
_RATES = re.compile(
    rf"(?:(?:sample|sampling|abtast)[ -]?rate[ns]?|fs)\W*(?:of |is |von )?{_LIST}|"
    rf"{_LIST}[ -]?(?:sample|sampling|abtast)[ -]?rate[ns]?|"
    rf"{_USUAL}(?:(?:\s?/\s?|,\s?|\s(?:and|und)\s){_USUAL})+",
    re.I,
)


@dataclass
class Structure:
    """What was understood, and the text without it."""

    rest: str
    options: dict[str, JsonValue] = field(default_factory=dict)
    channels: int | None = None
    sample_rates: tuple[int, ...] = ()


def structure_of(text: str) -> Structure:
    """Take out of a text what says how its processor is made.

    Raises:
        BadInput: it says two things that can't both be.
    """
    found = Structure(text)
    _take_rates(found)
    for read in (_orders, _designs, _channels, _counts, _switches, _lookahead):
        for name, value in list(read(found)):
            _settle(found, name, value)
    channels = found.options.pop("channels", None)
    found.channels = channels if isinstance(channels, int) else None
    return found


def _settle(found: Structure, name: str, value: JsonValue) -> None:
    held = found.options.setdefault(name, value)
    if held != value:
        told = name.replace("_", " ")
        raise BadInput(
            "reading the specification",
            f"it contradicts itself: {told} {held} and {told} {value}",
            f"Name one {told}",
        )


def _taken(found: Structure, pattern: str) -> Iterator[re.Match[str]]:
    """Every match of a pattern, each then taken out of the rest."""
    spelt = re.compile(rf"(?<![\w])(?:{pattern})(?![\w])", re.I)
    matches = list(spelt.finditer(found.rest))
    found.rest = spelt.sub(" ; ", found.rest)
    yield from matches


def count_of(text: str) -> int | None:
    """A whole number as it is written, in digits or as a word; None where it is none."""
    return int(text) if text.isdigit() else _COUNTS.get(text.casefold())


def _count(text: str) -> int:
    return int(text) if text.isdigit() else _COUNTS[text.casefold()]


def _orders(found: Structure) -> Iterator[tuple[str, JsonValue]]:
    for one in _taken(found, r"LR[ -]?(?P<n>\d+)"):
        number = int(one["n"])
        yield "design", "linkwitz_riley"
        yield "order", number // 6 if number in (12, 24, 36, 48) else number
    slope = rf"(?P<db>{NUMBER})\s?dB\s?(?:/|per |pro |je )\s?(?:oct(?:ave)?|okt(?:ave)?)\.?"
    for one in _taken(found, slope):
        order = abs(number_of(one["db"])) / 6
        if order != round(order):
            raise BadInput(
                "reading the specification",
                f"a slope of {one['db']} dB per octave is no multiple of the 6 dB of one pole",
                "Name 6, 12, 18, 24, 36 or 48 dB per octave",
            )
        yield "order", round(order)
    words = (
        rf"{_COUNT}[ -]?(?:poles?|polig\w*)|{_COUNT.replace('<n>', '<m>')}(?:st|nd|rd|th|\.)?[ -]?"
        rf"(?:order|ordnung)|(?:order|ordnung)\s?(?:=|:|of|is)?\s?{_COUNT.replace('<n>', '<o>')}"
    )
    for one in _taken(found, words):
        yield "order", _count(one["n"] or one["m"] or one["o"])


def _designs(found: Structure) -> Iterator[tuple[str, JsonValue]]:
    for _ in _taken(found, r"linkwitz[ -–]?riley"):
        yield "design", "linkwitz_riley"
    for _ in _taken(found, r"butterworth(?:[ -](?=tief|hoch|band))?"):
        yield "design", "butterworth"
    for one in _taken(found, r"chebyshev|tschebys\w+|elliptic(?:al)?|cauer|bessel"):
        raise BadInput(
            "reading the specification",
            f"{one[0]} filters are not in the documented family",
            "Ask for a Butterworth, Linkwitz-Riley or resonant filter",
        )


def _channels(found: Structure) -> Iterator[tuple[str, JsonValue]]:
    for _ in _taken(found, r"stereo"):
        yield "channels", 2
    for _ in _taken(found, r"mono|monophon\w*"):
        yield "channels", 1
    words = rf"{_COUNT}[ -]?(?:channels?|kanäle|kanal\w*)|channels?\s?[=:]\s?(?P<c>\d+)"
    for one in _taken(found, words):
        yield "channels", _count(one["n"] or one["c"])


def _counts(found: Structure) -> Iterator[tuple[str, JsonValue]]:
    over = r"(?:oversampl\w+|überabtastung)"
    words = (
        rf"{_COUNT}[ -]?(?:x|×|times|fach\w*)?[ -]*{over}|"
        rf"{over}\s?(?:of|=|:|by|um)?\s?(?P<o>\d+)\s?(?:x|×|fach)?"
    )
    for one in _taken(found, words):
        yield "oversampling", _count(one["n"] or one["o"])
    for _ in _taken(found, rf"(?:no|without|ohne) {over}"):
        yield "oversampling", 1
    ways = r"(?:ways?|bands?|wege?|bändern?|band)(?:[ -])?(?=\W|$|cross|frequ|kompr|weiche)"
    for one in _taken(found, rf"{_COUNT}[ -]?{ways}"):
        yield "bands", _count(one["n"])
    for one in _taken(found, rf"{_COUNT}[ -]?(?:voices?|stimmen|stimmig\w*)"):
        yield "voices", _count(one["n"])
    for one in _taken(found, rf"{_COUNT}[ -]?(?:stages?|stufen|stufig\w*)"):
        yield "stages", _count(one["n"])


def _switches(found: Structure) -> Iterator[tuple[str, JsonValue]]:
    if re.search(r"\d\s?dbtp", found.rest, re.I):
        yield "true_peak", True
    switches: tuple[tuple[str, str, JsonValue], ...] = (
        (
            r"(?:true|inter-?sample)[ -]?peaks?(?:[ -]?(?:detect\w+|mode|erkennung))?"
            r"(?![ -]?(?:meter|mess|reading))",
            "true_peak",
            True,
        ),
        (
            r"(?:with |mit |an? )?(?:external |externe[mnrs]? )?(?:side[ -]?chain\w*|"
            r"key[ -]?(?:input|eingang|signal)|schlüsselsignal)(?:[ -]?(?:input|eingang|signal))?",
            "sidechain",
            True,
        ),
        (r"duck(?:er|ing)", "sidechain", True),
        (
            r"rms(?:[ -]?detect\w+)?(?![ -](?:meter|window|reading|fenster|anzeige|mess))",
            "detection",
            "rms",
        ),
        (r"peak[ -]?detect\w+|spitzenwert\w*", "detection", "peak"),
        (r"ping[ -]?pong", "ping_pong", True),
        (r"auto-?pan\w*", "panning", True),
        (r"triang(?:le|ular)|dreieck\w*", "wave", "triangle"),
        (r"square(?:[ -]?wave)?|rechteck\w*", "wave", "square"),
        (r"(?:sine|sinus)\w*(?:[ -]?wave)?", "wave", "sine"),
        (r"tanh|tangent hyperbolic|hyperbolic tangent", "curve", "tanh"),
        (r"arc-?tan(?:gent)?|atan", "curve", "arctan"),
        (r"cubic|kubisch\w*|soft[ -]?clip\w*", "curve", "cubic"),
        (r"hard[ -]?clip\w*", "curve", "hard"),
    )
    for pattern, name, value in switches:
        for one in _taken(found, pattern):
            if not is_denied(one.string[: one.start()]):
                yield name, value
    apart = r"(?:stereo[ -]?)?(?:phase|spread|phasenversatz)\s?(?:of|=|:|von)?\s?"
    for one in _taken(found, rf"{apart}(?P<d>{NUMBER})\s?(?:°|deg\w*|grad)"):
        yield "spread", number_of(one["d"]) / 360


def _lookahead(found: Structure) -> Iterator[tuple[str, JsonValue]]:
    number = rf"(?P<d>{NUMBER})\s?ms"
    words = r"look[ -]?ahead|vorausschau|voraus"
    before = number.replace("<d>", "<e>")
    for one in _taken(found, rf"(?:{words})\s?(?:of|=|:|von)?\s?{number}|{before} (?:{words})"):
        yield "lookahead_ms", number_of(one["d"] or one["e"])


def _take_rates(found: Structure) -> None:
    def take(one: re.Match[str]) -> str:
        numbers = re.findall(r"\d+(?:[.,]\d+)?\s?k?", one[0])
        hertz = [number_of(part) for part in numbers]
        rates = sorted({round(value * 1000 if value < 1000 else value) for value in hertz})
        found.sample_rates = tuple(sorted({*found.sample_rates, *rates}))
        return " ; "

    found.rest = _RATES.sub(take, found.rest)
