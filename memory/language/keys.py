"""Keys that a text names: ``Bb major``, ``F sharp minor``; chords and scales are none."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from audio.aspects import parse_key

_KEY = re.compile(
    r"(?<![\w#♯♭-])(?P<note>[A-G])(?P<mark>#|♯|b|♭|[\s-](?:sharp|flat))?[\s-]?"
    r"(?P<mode>major|minor|maj|min)\b(?!\s+(?:chord|triad|third|sixth|seventh|scale|pentatonic))"
)
_CHORD = re.compile(r"(?<![\w#♯♭])[A-G][#♯b♭]?m(?![\w#♯♭])")
_ARTICLE = re.compile(r"\s+(?!(?:and|at|with|in|for|by|to|or|is|was|as|from)\b)[a-z]")
"""What follows "A major" where the first word is no note: "A major problem"."""


class Named(NamedTuple):
    """A key in a text."""

    text: str
    """As written."""
    key: tuple[int, str]
    """Pitch class 0..11 (0 = C), and ``major`` or ``minor``; F# and Gb are one."""


def keys_in(text: str) -> Iterator[Named]:
    """Every key that a text names, in order."""
    for found in _KEY.finditer(text):
        plain = found["note"] == "A" and not found["mark"]
        if plain and _begins(text, found.start()) and _ARTICLE.match(text, found.end()):
            continue
        mark = (found["mark"] or "").strip(" -").replace("sharp", "#").replace("flat", "b")
        key = parse_key(f"{found['note']}{mark} {found['mode']}")
        if key is not None:
            yield Named(found[0], key)


def minor_chords_in(text: str) -> Iterator[tuple[int, str]]:
    """The minor chords that a text names by their signs: one may be spoken of as "A minor"."""
    keys = (parse_key(found[0]) for found in _CHORD.finditer(text))
    return (key for key in keys if key is not None)


def _begins(text: str, at: int) -> bool:
    before = text[:at].rstrip(" \"“'(*-")
    return not before or before[-1] in ".!?:\n"
