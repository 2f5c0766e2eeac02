"""Phrases in a text: inflected, hyphenated, negated, or with one typing error."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[.,;:!?\n]")
_LONG_ENOUGH = 6
"""Letters of a word in which one typing error is forgiven."""
_NEGATIONS = frozenset({
    "not", "no", "never", "without", "less", "fewer", "neither", "nor", "hardly", "cannot", "non",
    "reduce", "reduces", "reduced", "remove", "removes", "removed", "avoid", "avoids",
})  # fmt: skip
"""Words that deny what follows, or want less of it; so does all that ends in ``n't``."""
_BETWEEN = frozenset({
    "so", "too", "very", "that", "as", "really", "be", "being", "been", "sound", "sounds",
    "sounding", "is", "it", "a", "an", "any", "the", "longer", "much", "at", "all", "quite", "this",
    "feel", "feels", "get", "gets", "become", "overly", "of",
})  # fmt: skip
"""Words that may stand between a negation and what it denies."""
_REACH = 4
"""Most words between them."""
_ENDINGS = (
    ("iness", "y"), ("iest", "y"), ("ier", "y"), ("ies", "y"), ("ily", "y"),
    ("ness", ""), ("est", ""), ("er", ""), ("ing", ""), ("ed", ""), ("es", ""), ("ly", ""),
    ("s", ""),
)  # fmt: skip
"""English endings and what stands in their place in the plain form."""
_LEAST_STEM = 3


class Hit(NamedTuple):
    """A phrase in a text."""

    phrase: str
    start: int
    """Index of its first character in the text."""
    end: int
    negated: bool

    def covers(self, text: str) -> bool:
        """Whether it is all that a text says."""
        return not text[: self.start].strip(" -'\"") and not text[self.end :].strip(" -'\"")


class _Token(NamedTuple):
    text: str
    start: int
    end: int


class Matcher:
    """Finds the longest of many phrases at each place of a text."""

    def __init__(self, phrases: Iterable[str], ordinary: Collection[str] = ()) -> None:
        """Index phrases that ``fold`` made uniform.

        Args:
            phrases: what to find.
            ordinary: words that are never a typing error for another.
        """
        self._ordinary = frozenset(ordinary)
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        for phrase in phrases:
            words = tuple(phrase.split())
            self._by_first.setdefault(words[0], []).append(words)
        for held in self._by_first.values():
            held.sort(key=len, reverse=True)
        self._words = {word for held in self._by_first.values() for one in held for word in one}
        self._long: dict[int, list[str]] = {}
        for word in sorted(self._words):
            if len(word) >= _LONG_ENOUGH and word.isalpha():
                self._long.setdefault(len(word), []).append(word)
        self._forms = lru_cache(maxsize=4096)(self._known_forms)
        """Of this one alone: a project's own terms come and go with each request."""

    def find(self, text: str) -> Iterator[Hit]:
        """The phrases of a text in its order; none begins inside another."""
        tokens = _tokens(text)
        forms = [self._forms(token.text) for token in tokens]
        index = 0
        while index < len(tokens):
            words = self._longest(forms, index)
            if words is None:
                index += 1
                continue
            end = index + len(words)
            negated = _is_negated(tokens, index)
            yield Hit(" ".join(words), tokens[index].start, tokens[end - 1].end, negated)
            index = end

    def _longest(self, forms: Sequence[tuple[str, ...]], index: int) -> tuple[str, ...] | None:
        found = [
            words
            for first in forms[index]
            for words in self._by_first.get(first, ())
            if len(words) <= len(forms) - index
            and all(word in forms[index + i] for i, word in enumerate(words))
        ]
        return max(found, key=len, default=None)

    def _known_forms(self, word: str) -> tuple[str, ...]:
        """The known words that this one may be."""
        plain = tuple(form for form in plain_forms(word) if form in self._words)
        if plain or len(word) < _LONG_ENOUGH or not word.isalpha() or word in self._ordinary:
            return plain
        meant = (
            known
            for length in (len(word), len(word) - 1, len(word) + 1)
            for known in self._long.get(length, ())
            if known[0] == word[0] and is_slip(word, known)
        )
        return tuple(meant)[:1]


def fold(phrase: str) -> str:
    """Lower case, without accents, hyphens as spaces."""
    return " ".join(token.text for token in _tokens(phrase))


def plain_forms(word: str) -> tuple[str, ...]:
    """The word itself, then what it may be an inflection of: ``muddier`` of ``muddy``."""
    forms = [word]
    for ending, plain in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < _LEAST_STEM:
            continue
        forms.append(stem + plain)
        if not plain and ending not in ("s", "ly", "ness"):
            forms.append(stem + "e")
            if len(stem) > _LEAST_STEM and stem[-1] == stem[-2]:
                forms.append(stem[:-1])
    return tuple(dict.fromkeys(forms))


def is_slip(word: str, known: str) -> bool:
    """Whether two words differ by one letter: another, a missing, an extra one, or a swap."""
    if len(word) == len(known):
        wrong = [index for index in range(len(word)) if word[index] != known[index]]
        swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1
        first, last = (wrong[0], wrong[-1]) if wrong else (0, 0)
        return len(wrong) == 1 or (
            swapped and word[first] == known[last] and word[last] == known[first]
        )
    longer, shorter = (word, known) if len(word) > len(known) else (known, word)
    if len(longer) - len(shorter) != 1:
        return False
    return any(longer[:index] + longer[index + 1 :] == shorter for index in range(len(longer)))


@lru_cache(maxsize=1024)
def _tokens(text: str) -> tuple[_Token, ...]:
    return tuple(_Token(_flat(one[0]), one.start(), one.end()) for one in _WORD.finditer(text))


@lru_cache(maxsize=16384)
def _flat(word: str) -> str:
    flat = unicodedata.normalize("NFKD", word.lower())
    plain = "".join(sign for sign in flat if not unicodedata.combining(sign))
    return plain.replace("’", "'").removesuffix("'s")


def _is_negated(tokens: Sequence[_Token], index: int) -> bool:
    """Whether a word before a place denies what stands there."""
    for token in reversed(tokens[max(0, index - _REACH - 1) : index]):
        if token.text in _NEGATIONS or token.text.endswith("n't"):
            return True
        if token.text not in _BETWEEN:
            return False
    return False
