"""One form for the forms of an English word: ``line`` and ``lines``, ``notch`` and ``notched``."""

import re
from functools import lru_cache

_LEAST = 3
"""Letters that are left of a word at least."""

_VOWEL = re.compile(r"[aeiouy]")
_NO_PLURAL = ("ss", "us", "is")
_KEPT_DOUBLE = "aeioulsz"


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """The stem of a word in small letters; what is no word of letters is left alone.

    Plurals, ``-ing``, ``-ed``, ``-ly`` and ``-ness`` go, then a last ``e``, so that ``rate`` and
    ``rating`` meet; that some words meet by chance costs less than that forms of one don't.
    """
    if len(word) <= _LEAST or not word.isalpha():
        return word
    return _settled(_without_ending(_singular(word)))


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > _LEAST + 1:
        return f"{word[:-3]}y"
    if word.endswith("s") and not word.endswith(_NO_PLURAL):
        return word[:-1]
    return word


def _without_ending(word: str) -> str:
    for ending in ("ing", "ed", "ly", "ness"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= _LEAST and _VOWEL.search(rest):
            return rest
    return word


def _settled(word: str) -> str:
    """Without a last ``e`` or doubled letter, and with ``i`` for a last ``y``."""
    if len(word) > _LEAST and word.endswith("e"):
        word = word[:-1]
    if len(word) > _LEAST and word[-1] == word[-2] and word[-1] not in _KEPT_DOUBLE:
        word = word[:-1]
    return f"{word[:-1]}i" if word.endswith("y") else word
