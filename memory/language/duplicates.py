"""Whether two texts say the same, so that the memory keeps one of them."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from memory.language.number_forms import Figure
from memory.language.numerals import mentions, normalised
from memory.language.stopwords import STOPWORDS

CLOSE = 0.85
"""Least share of the longer text's telling words that the shorter one has too.

All words of the shorter one must be in the longer: a replaced word ("verse" for "bridge", "raise"
for "lower") says another thing however long the texts are; an added one mostly repeats.
"""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|[#♯♭]")
_NEGATIONS = frozenset(
    {"no", "not", "never", "none", "without", "neither", "nor", "don't", "doesn't", "isn't",
     "won't", "can't", "cannot", "except", "but", "only", "kein", "keine", "keinen", "nicht",
     "nie", "ohne", "außer", "nur", "sin", "nunca", "ningún", "jamás", "sino", "solo", "sans",
     "pas", "jamais", "aucun", "sauf", "ne"}
)  # fmt: skip
"""Words that turn or bound what is said: both texts must have the same."""
_NAMES = re.compile(r"[\w-]*[^\W\d_][\w.-]*\d[\w.-]*|[\w-]+\.[^\W\d_]{2,4}\b")
"""Names such as ``mix_v2.wav``: both texts must have the same."""


def says_the_same(one: str, other: str) -> bool:
    """Whether two texts say the same thing: the same numbers, names, negations and telling words.

    Numbers are compared by what they mean, so ``1:04`` and ``64 s`` are the same.
    """
    if one.strip() == other.strip():
        return True
    left, right = _telling(one), _telling(other)
    few, many = sorted((left, right), key=lambda words: words.total())
    if not few or few - many or few.total() < CLOSE * many.total():
        return False
    return _numbers(one) == _numbers(other) and _bounds(one) == _bounds(other)


def figures_of(text: str) -> str:
    """A mark of the numbers, names and negations of a text: it differs where these differ."""
    counts = (_numbers(text), *_bounds(text))
    return repr([sorted(count.items()) for count in counts])


def twin(text: str, others: Iterable[str]) -> int | None:
    """The place, among other texts, of the first that says the same; None where none does."""
    return next((i for i, other in enumerate(others) if says_the_same(text, other)), None)


def says_more(one: str, other: str) -> bool:
    """Whether, of two texts that say the same, the first has more telling words."""
    return _telling(one).total() > _telling(other).total()


def shape(text: str) -> str:
    """The text without its numbers: what stays when the same advice is given for other values."""
    kept, place = [], 0
    plain = " ".join(normalised(text).casefold().split())
    for one in mentions(plain):
        kept.append(plain[place : one.start])
        place = one.end
    return " 0 ".join([*kept, plain[place:]])


@lru_cache(maxsize=4096)  # one text is held against many
def _telling(text: str) -> Counter[str]:
    words = (word.casefold() for word in _WORD.findall(shape(text)))
    return Counter(
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
        for word in words
        if word not in STOPWORDS
    )


def _bounds(text: str) -> tuple[Counter[str], Counter[str]]:
    words = Counter(word.casefold().replace("’", "'") for word in _WORD.findall(text))
    negations = Counter({word: count for word, count in words.items() if word in _NEGATIONS})
    return negations, Counter(name.casefold() for name in _NAMES.findall(text))


@lru_cache(maxsize=4096)
def _numbers(text: str) -> Counter[str]:
    return Counter(_meaning(one.readings[0]) for one in mentions(text))


def _meaning(reading: tuple[Figure, ...]) -> str:
    """What a number means, the same for each way to write it."""
    return " ".join(f"{one.name} {one.date} {one.value * one.scale} {one.unit}" for one in reading)
