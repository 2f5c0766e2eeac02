"""Musical lengths in words: bars, beats and note values such as a dotted eighth."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from audio.musical_time import SteadyTime

_VALUES = {
    "whole": Fraction(1), "half": Fraction(1, 2), "quarter": Fraction(1, 4),
    "eighth": Fraction(1, 8), "sixteenth": Fraction(1, 16), "thirty-second": Fraction(1, 32),
    "sixty-fourth": Fraction(1, 64), "4th": Fraction(1, 4), "8th": Fraction(1, 8),
    "16th": Fraction(1, 16), "32nd": Fraction(1, 32), "64th": Fraction(1, 64),
    "1/1": Fraction(1), "1/2": Fraction(1, 2), "1/4": Fraction(1, 4), "1/8": Fraction(1, 8),
    "1/16": Fraction(1, 16), "1/32": Fraction(1, 32), "1/64": Fraction(1, 64),
}  # fmt: skip
"""Parts of a whole note."""
_AMBIGUOUS = frozenset({"whole", "half", "quarter"})
"""Words that are note values only beside "note", "dotted" or "triplet"."""
_CHANGED = {"dotted": Fraction(3, 2), "triplet": Fraction(2, 3)}
_VALUE = re.compile(
    r"(?<![\w/.])(?:(?P<before>dotted|triplet)[\s-]+)?"
    rf"(?P<value>{'|'.join(sorted(_VALUES, key=len, reverse=True))})s?(?![\w/])"
    r"(?P<note>[\s-]*notes?\b)?(?:[\s-]+(?P<after>dotted|triplet)s?\b)?(?P<again>[\s-]*notes?\b)?",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\b(?:(?P<many>\d{1,4}|a|an|one|each|every|per|the|single|"
    r"eine?|un|una|une)\s+)(?P<what>bars?|measures?|beats?|takte?|schl(?:ag|äge)|comp[aá]s(?:es)?|"
    r"pulsos?|mesures?)\b"
    r"(?!\s*\d)",
    re.IGNORECASE,
)
USUAL = ("quarter", "dotted eighth", "eighth", "eighth triplet", "sixteenth")
"""Note values of the delay times that are told when none is named."""


@dataclass(frozen=True)
class Length:
    """A stretch of musical time, in words and in beats of the meter."""

    name: str
    many: Fraction
    unit: str
    """``bar``, ``beat`` or ``whole``: what ``many`` counts."""

    def seconds(self, time: SteadyTime) -> Fraction:
        """How long it lasts, without rounding."""
        if self.unit == "bar":
            return self.many * time.bar_seconds
        if self.unit == "beat":
            return self.many * time.beat_seconds
        return self.many * time.meter.unit * time.beat_seconds


def lengths_in(words: str) -> list[Length]:
    """The musical lengths that a text names, note values first."""
    return [*_note_values(words), *_counts(words)]


def note_value(name: str) -> Length:
    """One of ``USUAL``."""
    return next(_note_values(f"{name} note"))


def _note_values(words: str) -> Iterator[Length]:
    for found in _VALUE.finditer(words):
        change = (found["before"] or found["after"] or "").lower()
        name = found["value"].lower()
        if name in _AMBIGUOUS and not (change or found["note"]):
            continue
        kind = f"{change} " if change == "dotted" else ""
        told = f"{kind}{name}{' triplet' if change == 'triplet' else ''}"
        yield Length(f"a {told}" if name[0] != "e" or kind else f"an {told}",
                     _VALUES[name] * _CHANGED.get(change, Fraction(1)), "whole")  # fmt: skip


def _counts(words: str) -> Iterator[Length]:
    for found in _COUNTED.finditer(words):
        many = int(found["many"]) if found["many"].isdecimal() else 1
        unit = "beat" if found["what"].lower().startswith(("beat", "schl", "puls")) else "bar"
        if many:
            name = f"a {unit}" if many == 1 else f"{many} {unit}s"
            yield Length(name, Fraction(many), unit)
