"""What a specification in words wants measured: gains, latency and distortion."""

import re
from typing import NamedTuple

from agents.toolchain.quantities import NUMBER, PLAIN_NUMBER, number_of
from agents.toolchain.specification import Requirement

_RATE = 48_000
"""At which milliseconds are counted in samples, in hertz."""
_GAIN_TOLERANCE_DB = 0.5
_MOST = (
    r"\s?(?:of |is |von |ist )?(?:below|under|less than|at most|max(?:imum|imal|\.)?|up to|<=?|≤|"
    r"unter|höchstens|kleiner als)\s?"
)
_AT = r"\s?(?:at|bei|@)\s?"
_GAIN = re.compile(
    rf"(?P<db>[-−–]\s?{PLAIN_NUMBER}|(?<![\d.,])0)\s?dB{_AT}(?P<hz>{PLAIN_NUMBER})\s?(?P<k>k?)Hz",
    re.I,
)
_CORNER = re.compile(
    rf"[-−–]\s?3(?:[.,]0\d?)?\s?dB(?:[ -]?(?:point|punkt|corner|frequency|frequenz))?"
    rf"(?=(?:{_AT})?[\d.]|[^\w]|$)(?!\s?\d*\s?dB)",
    re.I,
)
_LATENCY = re.compile(
    rf"(?:latency|latenz){_MOST}(?P<n>{PLAIN_NUMBER})\s?(?P<unit>ms|samples?)|"
    rf"{_MOST}(?P<m>{PLAIN_NUMBER})\s?(?P<of>ms|samples?)\s(?:of )?(?:latency|latenz)|"
    r"(?:zero|no|without|ohne|keine?)[ -](?:added )?(?:latency|latenz)|latenzfrei\w*",
    re.I,
)
_DISTORTION = re.compile(
    rf"(?:thd|distortion|klirrfaktor){_MOST}(?P<n>{PLAIN_NUMBER})\s?%"
    rf"(?:{_AT}(?P<level>{NUMBER})\s?dB(?:FS)?)?",
    re.I,
)
_BLOCKS = re.compile(
    r"(?:in |with |mit )?(?:blocks?|buffers?|puffer)(?: ?size)?(?: of|:|=| von)? ?\d+"
    r"(?: samples?)?|\d+[ -]samples?[ -](?:blocks?|buffers?|puffer)",
    re.I,
)
"""Blocks of any size can be processed."""


class Demands(NamedTuple):
    """What is to be measured."""

    requirements: tuple[Requirement, ...]
    rest: str
    """The text without them."""


def demands_in(text: str, has_gain: bool) -> Demands:
    """Take out of a text what it wants measured.

    Where −3 dB are named at a frequency, that is its corner, and is left to be read as one.

    Args:
        text: words.
        has_gain: whether a gain is a parameter, so that decibels at a frequency are its value.
    """
    rest = _BLOCKS.sub(" ; ", text)
    if not has_gain:
        rest = _CORNER.sub(" ", rest)
    found: list[Requirement] = []
    readers = [(_LATENCY, _latency), (_DISTORTION, _distortion)]
    for pattern, read in readers if has_gain else [*readers, (_GAIN, _gain)]:
        found += [read(one) for one in pattern.finditer(rest)]
        rest = pattern.sub(" ; ", rest)
    return Demands(tuple(found), rest)


def _latency(one: re.Match[str]) -> Requirement:
    number, unit = one["n"] or one["m"], one["unit"] or one["of"] or ""
    if number is None:
        return Requirement(measure="latency_samples", target=0, tolerance=0.5)
    half = number_of(number) / 2 * (_RATE / 1000 if unit.casefold() == "ms" else 1)
    return Requirement(measure="latency_samples", target=half, tolerance=half)


def _distortion(one: re.Match[str]) -> Requirement:
    half = number_of(one["n"]) / 2
    level = number_of(one["level"] or "-20")
    return Requirement(measure="thd_percent", target=half, tolerance=half, level_dbfs=level)


def _gain(one: re.Match[str]) -> Requirement:
    hertz = number_of(one["hz"]) * (1000 if one["k"] else 1)
    return Requirement(
        measure="gain_db", target=number_of(one["db"]), tolerance=_GAIN_TOLERANCE_DB, at_hz=hertz
    )
