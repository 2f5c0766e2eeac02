"""The checked rule of distilled text: it says no number and no key that its sources don't contain.

A number may be written another way (``64 s`` as ``1:04``, ``44100 Hz`` as ``44.1 kHz``, ``0.82`` as
``82 %``, ``14`` as ``fourteen``, ``-4.1 dBTP`` as ``4.1 dB under full scale``) and rounded to fewer
digits where the rounding is right. What was reckoned from the sources (a difference, a mean) is not
in them.
"""

import re
from collections.abc import Iterable
from fractions import Fraction
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from memory.language.keys import keys_in, minor_chords_in
from memory.language.number_forms import Figure
from memory.language.numerals import Mention, mentions, normalised

_LEVELS = frozenset({"db", "dbtp", "dbfs", "lufs", "lu"})
"""Units that a text may call plain dB."""
_ROUND_TENS_FROM = 1000
"""Numbers below this are not rounded to tens: 118 BPM is not 120."""
_HEADROOM = re.compile(
    r"\s*(?:(?:under|below|short of|away from|to) (?:digital )?full scale|of (?:head)?room)\b",
    re.IGNORECASE,
)
_BY = re.compile(r"\bby (?:about |around |roughly |some |nearly |almost )?$", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])(?<!\b[A-Za-z]\.)\s+(?=[^\W\d_a-z]|[\"“(*-])|\n+")


class Kept(NamedTuple):
    """A text without the sentences that said what their sources don't."""

    text: str
    dropped: tuple[str, ...]
    """Each dropped sentence, with the numbers that nothing supports."""


class Ledger:
    """The numbers and keys that some sources contain."""

    def __init__(self, sources: Iterable[str]) -> None:
        self._sources = tuple(sources)

    @cached_property
    def _figures(self) -> tuple[Figure, ...]:
        return tuple(_figures(chain.from_iterable(mentions(one) for one in self._sources)))

    @cached_property
    def _keys(self) -> frozenset[tuple[int, str]]:
        named = (one.key for source in self._sources for one in keys_in(source))
        chords = (one for source in self._sources for one in minor_chords_in(source))
        return frozenset((*named, *chords))

    @cached_property
    def _sentences(self) -> frozenset[str]:
        """What the sources say word by word, so that most texts need no look at their numbers."""
        parts = (one[begin:end].strip() for one in self._sources for begin, end in _spans(one))
        return frozenset((*parts, *(one.strip() for one in self._sources)))

    def invented(self, text: str) -> tuple[str, ...]:
        """The numbers and keys of a text that none of the sources has, as the text writes them."""
        if text.strip() in self._sentences:
            return ()
        plain = normalised(text)
        numbers = (
            one.text
            for one in mentions(text)
            if not _is_supported(one, self._figures) and not _is_meant(plain, one, self._figures)
        )
        keys = (one.text for one in keys_in(text) if one.key not in self._keys)
        return (*numbers, *keys)

    def keep_supported(self, text: str) -> Kept:
        """Drop each sentence that says a number which the sources don't contain."""
        kept, dropped = [], []
        for begin, end in _spans(text):
            sentence = text[begin:end]
            if invented := self.invented(sentence.strip()):
                dropped.append(f"{sentence.strip()} [not in its sources: {', '.join(invented)}]")
            else:
                kept.append(sentence)
        return Kept("".join(kept).strip(), tuple(dropped))


def invented_numbers(text: str, sources: Iterable[str]) -> tuple[str, ...]:
    """The numbers of a text that none of its sources contains, as the text writes them.

    Args:
        text: the distilled text.
        sources: what it was distilled from.
    """
    return Ledger(sources).invented(text)


def keep_supported(text: str, sources: Iterable[str]) -> Kept:
    """One text without the sentences that say a number which its sources don't contain."""
    return Ledger(sources).keep_supported(text)


def _spans(text: str) -> Iterable[tuple[int, int]]:
    """Start and end of each sentence, with the white space behind it."""
    begin = 0
    for found in _SENTENCE.finditer(text):
        yield begin, found.end()
        begin = found.end()
    if begin < len(text):
        yield begin, len(text)


def _figures(found: Iterable[Mention]) -> Iterable[Figure]:
    for mention in found:
        for reading in mention.readings:
            for figure in reading:
                yield figure
                yield from _parts(figure)


def _parts(figure: Figure) -> Iterable[Figure]:
    """What a source says beside: the year of a date, the numbers of a meter or a name."""
    if figure.date is not None:
        yield from (Figure(Fraction(one)) for one in figure.date if one is not None)
    elif figure.name and not figure.name.startswith("#"):
        yield from (Figure(Fraction(one)) for one in re.findall(r"\d+", figure.name))


def _is_meant(text: str, said: Mention, known: tuple[Figure, ...]) -> bool:
    """Whether a plain number means a negative one: "4.1 dB under full scale", "leans by 2.3 dB".

    Levels against full scale are meant by the first, differences and ratios by the second.
    """
    units: tuple[str, ...] = ()
    if _HEADROOM.match(text, said.end):
        units = ("dbtp", "dbfs")
    elif _BY.search(text, 0, said.start):
        units = ("db", "")
    figures = [one for reading in said.readings for one in reading if one.unit == "db"]
    return any(
        source.unit in units and _is_rounding(-source.value, one)
        for one in figures
        for source in known
    )


def _is_supported(mention: Mention, known: tuple[Figure, ...]) -> bool:
    return any(
        all(any(_supports(source, figure) for source in known) for figure in reading)
        for reading in mention.readings
        if reading
    )


def _supports(source: Figure, said: Figure) -> bool:
    if said.name or source.name:
        return said.name == source.name
    if said.date is not None or source.date is not None:
        return _same_day(source, said)
    return any(_is_rounding(value, said) for value in _in_scale_of(said, source)) or (
        said.places is None and _is_rounding(said.value, source) and bool(source.places)
    )


def _same_day(source: Figure, said: Figure) -> bool:
    if said.date is None or source.date is None:
        return False
    return all(
        one is None or one == other for one, other in zip(said.date, source.date, strict=True)
    )


def _in_scale_of(said: Figure, source: Figure) -> Iterable[Fraction]:
    """The source's value as the text would have to write it; none where the units don't fit."""
    if source.unit == said.unit or (
        "db" in (source.unit, said.unit) and {source.unit, said.unit} <= _LEVELS
    ):
        yield source.value * source.scale / said.scale
    elif said.unit == "%" and not source.unit:
        yield from (source.value * 100, source.value)
    elif source.unit == "%" and not said.unit:
        yield from (source.value / 100, source.value)
    elif not (source.unit and said.unit):
        yield source.value
        yield source.value * source.scale / said.scale


def _is_rounding(value: Fraction, said: Figure) -> bool:
    """Whether the text's number is the value, or the value rightly rounded to fewer digits."""
    if value == said.value:
        return True
    if said.places is None or said.value == 0:
        return False
    away = abs(value - said.value)
    if away <= Fraction(1, 2 * 10**said.places):
        return True
    if said.places or abs(value) < _ROUND_TENS_FROM:
        return False
    digits = str(abs(int(said.value)))
    zeros = len(digits) - len(digits.rstrip("0"))
    return any(
        away <= Fraction(10**count, 2) for count in range(1, min(zeros, len(digits) - 2) + 1)
    )
