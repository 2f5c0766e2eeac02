"""Chords in a brief's words, and the section that they are for."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from audio.composing.numerals import is_numeral
from audio.songs.harmony import is_chord
from audio.songs.sections import ROLES, role_of

_SPLIT = r"[\s,|–—→>-]+"
_WORD = re.compile(r"[^\s,;|–—→>:.()]+(?:\.(?=\w))?")
_NAMES = "|".join(
    sorted((re.escape(word) for words in ROLES.values() for word in words), key=len, reverse=True)
)
_SECTION = re.compile(
    rf"\b({_NAMES}|climax|theme|[A-D](?=\s*(?:section|part|teil))|(?<=(?:in|im) )[A-D](?=\s*:))\b",
    re.I,
)
_LETTER_BARS = re.compile(r"[A-D](?:\s+|\s*[:(]\s*)\d")
"""A section that is named by a letter, with its bars: no chord."""
_CHORD_WORDS = re.compile(r"chord|progression|akkord|changes|harmon", re.I)


class Chords(NamedTuple):
    """The chords of a brief."""

    general: tuple[str, ...]
    """For sections without their own; one text a bar."""
    by_section: dict[str, tuple[str, ...]]
    """By kind of section."""


class _Run(NamedTuple):
    start: int
    end: int
    text: str


def read_chords(text: str) -> tuple[Chords, str]:
    """Find runs of chords; each belongs to the section that its clause names, else to all.

    Returns:
        The chords, and the text without them.
    """
    general: tuple[str, ...] = ()
    by_section: dict[str, tuple[str, ...]] = {}
    rest = text
    for run in _runs(text):
        kind = _section_of(text, run)
        bars = _bars(run.text)
        if kind:
            by_section.setdefault(kind, bars)
        else:
            general = general or bars
        rest = rest[: run.start] + " " * (run.end - run.start) + rest[run.end :]
    return Chords(general, by_section), rest


def _runs(text: str) -> Iterable[_Run]:
    """Spans of words that are chords, with only separators between them."""
    start = end = -1
    words: list[str] = []
    for found in (*_WORD.finditer(text), None):
        pieces = re.split("[-–→]", found[0]) if found else []
        fits = bool(pieces) and all(one and _chordal(one) for one in pieces)
        if found and _LETTER_BARS.match(text, found.start()):
            fits = False
        joined = found and start >= 0 and re.fullmatch(_SPLIT, text[end : found.start()])
        if found and fits and joined:
            end = found.end()
            words += pieces
            continue
        if start >= 0 and _enough(words, text[max(0, start - 30) : start], text[start:end]):
            yield _Run(start, end, text[start:end])
        start, end, words = (
            (found.start(), found.end(), list(pieces)) if found and fits else (-1, -1, [])
        )


def _chordal(word: str) -> bool:
    return (is_chord(word) and word[0].isupper()) or is_numeral(word)


def _enough(words: list[str], before: str, run: str) -> bool:
    """Whether words that could be chords are: letters of a form and articles are not."""
    told = _CHORD_WORDS.search(before) is not None
    if all(re.fullmatch("[A-D]", word) for word in words) and "|" not in run:
        return told and len(words) > 1
    return len(words) > 2 or (len(words) == 2 and (told or any(len(one) > 1 for one in words)))


def _section_of(text: str, run: _Run) -> str:
    """The section that is named nearest before a run in its clause, else just after it."""
    clause = re.split(r"[.;\n]", text[: run.start])[-1]
    before = list(_SECTION.finditer(clause))
    between = clause[before[-1].end() :] if before else ""
    if before and not re.search(r"\d+\s*(?:bars?|takte?)?\s*,", between):
        return _kind(before[-1][0])
    after = re.split(r"[.;\n,]", text[run.end :])[0]
    found = re.match(rf"\s*(?:in|for|im|in der|für)\b.*?({_SECTION.pattern})", after, re.I)
    return _kind(found[1]) if found else ""


def _kind(word: str) -> str:
    return role_of(word) or (word if len(word) == 1 else word.lower())


def _bars(run: str) -> tuple[str, ...]:
    if "|" in run:
        bars = [" ".join(re.split(_SPLIT, bar.strip())) for bar in run.split("|")]
        return tuple(bar.strip() for bar in bars if bar.strip())
    return tuple(one for one in re.split(_SPLIT, run) if one)
