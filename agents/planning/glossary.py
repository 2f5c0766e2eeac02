"""A producer's words as filters: what the planner reads out of the glossary.

The words and the filters themselves are data: ``memory/glossary/glossary.toml``.
"""

from functools import cache

from audio.aspects import is_number
from memory.context import Operation
from memory.glossary.glossary import Glossary, Remedy

_WHERE = {"low_shelf": "below", "high_shelf": "above", "peak_eq": "around"}

INTERVALS: dict[str, float] = {
    "third": 4, "fourth": 5, "fifth": 7, "sixth": 9, "octave": 12, "terz": 4, "quarte": 5,
    "quinte": 7, "quint": 7, "sexte": 9, "oktave": 12, "tercera": 4, "cuarta": 5, "quinta": 7,
    "octava": 12, "tierce": 4, "semitone": 1, "halbton": 1, "semitono": 1, "tone": 2, "ganzton": 2,
    "tono": 2,
}  # fmt: skip
"""Semitones of the intervals that are named without a number (major or perfect ones)."""


@cache
def cures() -> dict[str, tuple[Operation, str]]:
    """What is done about a complaint such as ``muddy``, and how the reason says it."""
    return _filters("quality")


@cache
def effects() -> dict[str, tuple[Operation, str]]:
    """What a wished change such as ``brighter`` means, and how the reason says it."""
    return _filters("effect")


@cache
def bands() -> dict[str, tuple[str, float]]:
    """The filter for more or less of a region, and its usual frequency in hertz."""
    found = {}
    for name, remedy in _remedies("band").items():
        frequency = remedy.parameters["frequency_hz"]
        assert is_number(frequency)
        found[name] = (remedy.operation, float(frequency))
    return found


def _filters(group: str) -> dict[str, tuple[Operation, str]]:
    return {
        name: (Operation(name=one.operation, parameters=one.parameters), _reason(one))
        for name, one in _remedies(group).items()
    }


def _remedies(group: str) -> dict[str, Remedy]:
    return {
        one.concept.partition(".")[2]: one
        for one in Glossary.load().remedies
        if one.concept.startswith(f"{group}.")
    }


def _reason(remedy: Remedy) -> str:
    """Such as ``harsh: -3 dB around 3.2 kHz``."""
    gain, frequency = remedy.parameters.get("gain_db"), remedy.parameters.get("frequency_hz")
    if not (is_number(gain) and is_number(frequency)):
        parameters = ", ".join(f"{name} {value}" for name, value in remedy.parameters.items())
        return f"{remedy.says}: {parameters}"
    place = f"{frequency / 1000:g} kHz" if frequency >= 1000 else f"{frequency:g} Hz"
    return f"{remedy.says}: {gain:+g} dB {_WHERE[remedy.operation]} {place}"
