"""Longer texts in fewer words: whole sentences and lines of the text itself, never new ones."""

import re
from collections.abc import Collection
from functools import lru_cache
from itertools import pairwise

from memory.language.stems import stem
from memory.language.stopwords import STOPWORDS
from memory.packing.token_budget import TokenCounter

_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[^\s\d])|\s*\n\s*")
_WORD = re.compile(r"[^\W\d_]{2,}|\d+(?:[.,]\d+)?")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_DISPENSABLE = frozenset((
    "a", "the", "is", "are", "was", "were", "be", "been", "being", "it", "its", "that", "which",
    "there", "has", "have", "had", "of", "also", "very", "then", "so", "our", "their", "his", "her",
))  # fmt: skip
"""Never negations, amounts, directions or conjunctions: without those a text says something else.

Language models do as well with prompts that lack such words (LLMLingua: Jiang and others, 2023).
"""

_GAP = " … "

_NO_WORDS: frozenset[str] = frozenset()


def flat(text: str) -> str:
    """A text on one line, so that no line of it can look like a part of the package around it."""
    return " ".join(text.split())


def telling_words(text: str) -> frozenset[str]:
    """The words and numbers of a text that say something, without case and common endings.

    Names of code are taken apart: ``toTimecode`` and ``to_timecode`` have the same words.
    """
    return _NO_WORDS.union(*map(_telling_words_between_spaces, text.split()))


@lru_cache(maxsize=32768)
def _telling_words_between_spaces(part: str) -> frozenset[str]:
    """The same of what has no space in it, which comes again in many texts."""
    found = (word.casefold() for word in _WORD.findall(_CAMEL.sub(" ", part)))
    return frozenset(stem(word) for word in found if word not in STOPWORDS)


def summary(text: str, wanted: Collection[str], most: int, counter: TokenCounter) -> str:
    """The sentences of a text that bear on what is wanted, in their order.

    The first one leads, as titles do; then those that hold most of the wanted words, then those
    with numbers, then the earlier ones.

    Args:
        text: what is too long.
        wanted: words of the task, as ``telling_words`` gives them.
        most: most tokens of the summary; the first sentence is cut where it has more.
        counter: counts the tokens.

    Returns:
        The sentences with a mark where some are left out; the text itself when it is short enough.
    """
    whole = flat(text)
    if counter.count(whole) <= most:
        return whole
    parts = [flat(part) for part in _SENTENCE.split(text.strip()) if part.strip()]
    sought = frozenset(wanted)
    ranked = sorted(range(1, len(parts)), key=lambda at: _weight(parts[at], sought, at))
    kept = [0]
    for at in ranked:
        longer = sorted([*kept, at])
        if counter.count(_joined(parts, longer)) <= most:
            kept = longer
    return _shortened(_joined(parts, kept), most, counter)


def telegraphic(text: str) -> str:
    """A text on one line without the words that a reader can do without.

    A capital A stays, since it may be a note, a key or a part.
    """
    words = text.split()
    return " ".join(word for word in words if word == "A" or word.casefold() not in _DISPENSABLE)


def one_line(text: str, most: int, counter: TokenCounter) -> str:
    """How a text begins, on one line."""
    return _shortened(flat(text), most, counter)


def _weight(part: str, sought: frozenset[str], at: int) -> tuple[int, bool, int]:
    shared = len(telling_words(part) & sought)
    return -shared, not any(letter.isdigit() for letter in part), at


def _joined(parts: list[str], kept: list[int]) -> str:
    text = parts[kept[0]]
    for before, at in pairwise(kept):
        text += (" " if at == before + 1 else _GAP) + parts[at]
    return text if kept[-1] == len(parts) - 1 else text + _GAP.rstrip()


def _shortened(text: str, most: int, counter: TokenCounter) -> str:
    """The text cut at a word so that it has at most so many tokens."""
    if counter.count(text) <= most:
        return text
    words = text.split(" ")
    low, high = 1, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        if counter.count(" ".join(words[:middle])) < most:
            low = middle
        else:
            high = middle - 1
    return " ".join(words[:low]).rstrip(" ,;:…") + " …"
