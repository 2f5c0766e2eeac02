"""The form of a song in a brief's words: sections, their bars, and how many there are in all."""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

from agents.composing.order import SectionOrder
from audio.songs.sections import ROLES, role_of

_ENGLISH = {"thema": "theme", "höhepunkt": "climax"}
_NAMES = "|".join(
    sorted(
        (re.escape(word).replace(r"\ ", r"[-\s]?") for words in ROLES.values() for word in words),
        key=len,
        reverse=True,
    )
)
_NAME = rf"(?:{_NAMES}|climax|theme|head|{'|'.join(_ENGLISH)})(?:e?s|n)?"
_BARS = r"(?:-?\s*(?:bars?|measures?|takt(?:en?|ige[rsn]?)?))"
_NUMBER = r"(\d{1,3})"
_TIMES = r"(?:\s*(?:x|×|\*)\s*(\d)\b|\s*\(?(twice|zweimal)\)?)?"
_NAME_FIRST = re.compile(
    rf"\b({_NAME})(?:\s*[1-9](?!\d)(?=\s*[:=(]?\s*\d))?"
    rf"\s*(?:of|with|has|is|lasts|over|for|mit|von|aus|über)?\s*[:=(–-]?\s*{_NUMBER}"
    rf"(?!\s*(?:x\b|×|/|%)){_BARS}?\)?{_TIMES}",
    re.IGNORECASE,
)
_NUMBER_FIRST = re.compile(
    rf"\b{_NUMBER}{_BARS}?\s*(?:of|for|long|the|für|die|den|das|\s)*\s*({_NAME})\b{_TIMES}", re.I
)
_LETTERS = re.compile(r"\b([A-D]{3,10}|[A-D](?:[\s-][A-D]'?){2,9}|[A-D]{2}(?=[\s-]+form))\b")
_LETTER_BARS = re.compile(
    rf"\b([A-D])'?(?:[\s-](?:section|part|teil))?\s*[:=(]?\s*{_NUMBER}{_BARS}?"
    r"(?=\s*(?:[,.;)\n→>|–]|-(?!\s*(?:bar|takt|measure))|and\b|then\b|und\b|$))"
)
_TOTAL = re.compile(
    rf"\b{_NUMBER}{_BARS}(\s+(?:each|je|jeweils))?|\b(?:bars|takte)\s*[:=]\s*(\d+)", re.I
)
_PLURALS = re.compile(
    r"\b([2-9]|two|three|four|zwei|drei)\s+(verses|choruses|strophen|refrains)\b", re.I
)
_COUNTS = {"two": 2, "three": 3, "four": 4, "zwei": 2, "drei": 3}
_BLUES = re.compile(r"\b12[\s-]bar(?=\s+blues)|\bzwölftaktige[rn]?(?=\s+blues)", re.I)
_PLAIN = re.compile(rf"\b({_NAME})\b(?:\s*[1-9]\b)?(?!\s*(?:chords?|akkorde|progression))", re.I)
_OWN = re.compile(rf"([^\W\d_]{{3,20}})\s*[:=(]?\s*{_NUMBER}{_BARS}\)?", re.I)
"""A name of the user's own for a section, with its bars."""
_BETWEEN = re.compile(r"[\s,;>→–—/+&|-]*(?:(?:and|then|und|dann|a|an|the)\b[\s,]*)*")


class Form(NamedTuple):
    """The form that a brief tells."""

    sections: tuple[SectionOrder, ...]
    bars: int | None
    """How many there are in all, where that is told."""


class _Found(NamedTuple):
    place: int
    end: int
    name: str
    bars: int | None
    times: int = 1


def read_form(text: str, chords: Mapping[str, tuple[str, ...]]) -> tuple[Form, str]:
    """Find the sections of a song and the bars that it has in all.

    Args:
        text: the brief, or what is left of it.
        chords: the chords that it has for some kinds of section.

    Returns:
        The form, and the text without it.
    """
    if (counted := _PLURALS.search(text)) and (blues := _BLUES.search(text)):
        times = int(_COUNTS.get(counted[1].lower(), 0) or counted[1])
        rest = text.replace(counted[0], " ").replace(blues[0], " ")
        return Form((SectionOrder(kind="verse", bars=12),) * times, None), rest
    found = _with_letters(text, _numbered(text))
    found = sorted([*found, *_own(text, found)])
    rest = _blanked(text, found)
    found = sorted([*found, *_unnumbered(rest, found)])
    rest = _blanked(rest, found)
    total = _TOTAL.search(rest)
    bars = int(total[1] or total[3]) if total else None
    letters = None if found else _LETTERS.search(rest)
    if total:
        rest = rest[: total.start()] + " , " + rest[total.end() :]
    if letters and total and total[2] and bars is not None:
        bars *= len(re.findall("[A-D]", letters[1]))
    if letters:
        return Form(_of_letters(letters[1], bars, chords), bars), rest.replace(letters[0], " , ", 1)
    sections = [_section(one, chords) for one in found for _ in range(one.times)]
    if total and total[2] and sections:
        sections = [one.model_copy(update={"bars": one.bars or bars}) for one in sections]
        bars = None
    if len(sections) == 1 and bars is not None and sections[0].bars is None:
        return Form((), bars), rest
    return Form(tuple(sections), bars), rest


def _numbered(text: str) -> list[_Found]:
    """Sections with their bars; the number stands before all names, or after them."""
    after = [
        _Found(one.start(), one.end(), one[1], int(one[2]), _count(one[3], one[4]))
        for one in _NAME_FIRST.finditer(text)
    ]
    before = [
        _Found(one.start(), one.end(), one[2], int(one[1]), _count(one[3], one[4]))
        for one in _NUMBER_FIRST.finditer(text)
    ]
    first_is_number = bool(before) and (not after or before[0].place < after[0].place)
    chosen, other = (before, after) if first_is_number else (after, before)
    apart = [
        one for one in other if not any(a.place < one.end and one.place < a.end for a in chosen)
    ]
    return sorted([*chosen, *apart])


def _with_letters(text: str, found: list[_Found]) -> list[_Found]:
    """The same with sections that are named by a letter: two at least, or one beside others."""
    letters = [
        _Found(one.start(), one.end(), one[1], int(one[2]))
        for one in _LETTER_BARS.finditer(text)
        if not any(other.place < one.end() and one.start() < other.end for other in found)
    ]
    return sorted([*found, *letters]) if len(letters) + bool(found) > 1 else found


def _own(text: str, found: list[_Found]) -> list[_Found]:
    """Sections with names of the user's own: in a list, between two that are known."""
    made: list[_Found] = []
    for before, after in pairwise(found):
        gap = text[before.end : after.place]
        if _BETWEEN.fullmatch(_OWN.sub("", gap)):
            made += [
                _Found(before.end + one.start(), before.end + one.end(), one[1], int(one[2]))
                for one in _OWN.finditer(gap)
            ]
    return made


def _unnumbered(text: str, found: list[_Found]) -> list[_Found]:
    """Names of sections without bars: in a list of them, or beside those that have some."""
    plain = [_Found(one.start(), one.end(), one[1], None) for one in _PLAIN.finditer(text)]
    return [
        one
        for place, one in enumerate(plain)
        if any(
            _listed(text, *sorted((one, other)))
            for other in (*plain[max(0, place - 1) : place], *plain[place + 1 : place + 2], *found)
        )
    ]


def _listed(text: str, first: _Found, second: _Found) -> bool:
    """Whether nothing but separators stands between two names."""
    return _BETWEEN.fullmatch(text[first.end : second.place]) is not None


def _of_letters(
    letters: str, bars: int | None, chords: Mapping[str, tuple[str, ...]]
) -> tuple[SectionOrder, ...]:
    kinds = re.findall("[A-D]", letters)
    share = bars // len(kinds) if bars and bars % len(kinds) == 0 else None
    return tuple(SectionOrder(kind=kind, bars=share, chords=chords.get(kind, ())) for kind in kinds)


def _section(found: _Found, chords: Mapping[str, tuple[str, ...]]) -> SectionOrder:
    kind = found.name if len(found.name) == 1 else role_of(found.name) or found.name.lower()
    kind = _ENGLISH.get(kind, kind)
    bars = found.bars if found.bars is None or 1 <= found.bars <= 256 else None
    return SectionOrder(kind=kind, bars=bars, chords=chords.get(kind, ()))


def _count(times: str | None, word: str | None) -> int:
    return int(times) if times else 2 if word else 1


def _blanked(text: str, found: list[_Found]) -> str:
    for one in found:
        text = text[: one.place] + " " * (one.end - one.place) + text[one.end :]
    return text
