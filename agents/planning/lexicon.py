"""Which words of a request belong to the field: concepts per language, by phrase or prefix.

English terms of the trade come from the glossary; the vocabularies hold the other languages, and
how people ask.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from threading import Lock

from agents.planning.text import Token, fold, read_text
from memory.glossary.glossary import Glossary

LANGUAGES = ("en", "de", "es", "fr")
"""Languages that have a vocabulary; English field words are understood in all of them."""

_FIELD = frozenset(
    {"aspect", "picture", "operation", "effect", "quality", "media", "format", "band"}
)
"""Groups whose words are field terms: only these are looked up with typing errors."""
_UNTAGGED = frozenset({"ordinary", "little"})
"""Groups that only say that a word is no typing error, or of which language it is."""
_SHARED = frozenset({*_FIELD, "role", "verb", "setting"})
"""Groups whose English words count in every language."""
_GAP = "~"
"""Stands in a phrase for one to four other words, as in ``take ~ out``."""
_CONTRACTED = ("'re", "'ll", "'ve", "'d")
"""Endings of English verbs; without their mark the words would be others: "we're", "were"."""
_WIDEST = 4
_LONGEST = 7
"""Words of the longest phrase."""


@dataclass(frozen=True)
class Tag:
    """A concept at a place in the request."""

    group: str
    """Such as ``aspect`` or ``verb``."""
    name: str
    """Such as ``tempo`` or ``measure``."""
    start: int
    """Index of its first token."""
    end: int
    """Index after its last token."""


class Lexicon:
    """The words of one language (and the field's English words), indexed by their first word."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._phrases: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
        self._prefixes: dict[str, list[tuple[str, tuple[str, ...], str, str]]] = {}
        self._known: set[str] = set()
        self._by_length: dict[int, set[str]] = {}
        self._little: set[str] = set()
        self._own: set[str] = set()
        self._own_prefixes: tuple[str, ...] = ()
        for source, group, name, phrase in _entries(language):
            words = tuple(fold(word) for word in phrase.split())
            self._add(group, name, words)
            if source == language and group != "little":
                self._own.update(word for word in words if not word.endswith("*"))
                begun = tuple(word[:-1] for word in words if word.endswith("*"))
                self._own_prefixes += begun

    def tags(self, tokens: tuple[Token, ...]) -> tuple[Tag, ...]:
        """Every concept in the request; a longer phrase hides the shorter ones inside it."""
        words = [self._repaired(token.text) for token in tokens]
        found = [tuple(self._at(words, index)) for index in range(len(words))]
        return tuple(
            tag
            for index, tags in enumerate(found)
            for tag in tags
            if not _is_hidden(tag, found[max(0, index - _LONGEST) : index + 1])
        )

    def knows(self, word: str) -> bool:
        """Whether the word is in the vocabulary in this spelling."""
        return word in self._known or any(
            word.startswith(entry[0]) for entry in self._prefixes.get(word[0], ())
        )

    def is_own(self, word: str) -> bool:
        """Whether the word is of this language itself, not one of the field's English words."""
        return word in self._own or word.startswith(self._own_prefixes)

    def is_little(self, word: str) -> bool:
        """Whether it is one of the language's commonest little words."""
        return word in self._little

    def _add(self, group: str, name: str, words: tuple[str, ...]) -> None:
        first = words[0]
        plain = tuple(word.rstrip("*") for word in words if word != _GAP)
        self._known.update(plain)
        if group == "little":
            self._little.update(plain)
        if group in _UNTAGGED:
            return
        if first.endswith("*"):
            entry = (plain[0], words[1:], group, name)
            self._prefixes.setdefault(first[0], []).append(entry)
        else:
            self._phrases.setdefault(first, []).append((words[1:], group, name))
        if group in _FIELD or group == "verb":
            for word in plain:
                self._by_length.setdefault(len(word), set()).add(word)

    def _at(self, words: list[str], index: int) -> Iterator[Tag]:
        word = words[index]
        is_field_word = any(
            not rest and group in _FIELD for rest, group, _ in self._phrases.get(word, ())
        )
        for form in _forms(word, self.language):
            for rest, group, name in self._phrases.get(form, ()):
                if is_field_word and form != word and not rest and group in ("verb", "operation"):
                    continue  # "pops" and "clicks" are faults; "pop" and "click" are work
                if (end := _end_of(words, index + 1, rest)) is not None:
                    yield Tag(group, name, index, end)
        for prefix, rest, group, name in self._prefixes.get(word[0], ()):
            if word.startswith(prefix) and (end := _end_of(words, index + 1, rest)) is not None:
                yield Tag(group, name, index, end)

    def _repaired(self, word: str) -> str:
        """The field word that was meant, where a long word has one typing error."""
        if len(word) < 5 or not word.isalpha():
            return word
        if any(form in self._known for form in _forms(word, self.language)) or self.knows(word):
            return word
        for length in (len(word), len(word) - 1, len(word) + 1):
            for known in self._near(length, word[0]):
                if _is_slip(word, known):
                    return known
        return word

    @lru_cache(maxsize=512)  # noqa: B019 - the few vocabularies live as long as the process
    def _near(self, length: int, first: str) -> tuple[str, ...]:
        return tuple(sorted(word for word in self._by_length.get(length, ()) if word[0] == first))


_READ: dict[str, Lexicon] = {}
_READING = Lock()


def lexicon(language: str) -> Lexicon:
    """The vocabulary of a language, read once, however many threads ask for it at a time."""
    found = _READ.get(language)
    if found is None:
        with _READING:
            found = _READ.get(language) or _READ.setdefault(language, Lexicon(language))
    return found


def _entries(language: str) -> Iterator[tuple[str, str, str, str]]:
    """Source, group, concept and phrase of each word: the language's, then the field's English."""
    for source in dict.fromkeys((language, "en")):
        place = resources.files("agents.planning") / "vocabulary" / f"{source}.toml"
        for group, concepts in tomllib.loads(place.read_text(encoding="utf-8")).items():
            if source == language or group in _SHARED:
                for name, phrases in concepts.items():
                    for phrase in phrases:
                        yield source, group, name, phrase
    for term in Glossary.load().terms:
        for concept in term.plans:
            group, _, name = concept.partition(".")
            for phrase in term.phrases:
                yield "en", group, name, _as_tokens(phrase)


def _as_tokens(phrase: str) -> str:
    """A phrase in the words that a request is cut into: hyphens part them."""
    return " ".join(token.text for token in read_text(phrase).tokens)


def _forms(word: str, language: str) -> tuple[str, ...]:
    """The word, and what it is without a plural or possessive ending."""
    forms = [word]
    if word.endswith("'s"):
        forms.append(word[:-2])
    elif "'" in word and not (language == "en" and word.endswith(_CONTRACTED)):
        forms.append(word.split("'", 1)[1] if language == "fr" else word.replace("'", ""))
    elif len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        forms.append(word[:-1])
    return tuple(forms)


def _end_of(words: list[str], index: int, rest: tuple[str, ...]) -> int | None:
    """Index after the phrase; a phrase with a gap ends, as a tag, where the gap begins."""
    if _GAP not in rest:
        return index + len(rest) if _fits(words, index, rest) else None
    place = rest.index(_GAP)
    head, tail = rest[:place], rest[place + 1 :]
    if not _fits(words, index, head):
        return None
    begin = index + len(head)
    gaps = range(begin + 1, min(begin + _WIDEST, len(words)) + 1)
    return begin if any(_fits(words, after, tail) for after in gaps) else None


def _fits(words: list[str], index: int, rest: tuple[str, ...]) -> bool:
    if index + len(rest) > len(words):
        return False
    return all(
        word == wanted or (wanted.endswith("*") and word.startswith(wanted[:-1]))
        for word, wanted in zip(words[index : index + len(rest)], rest, strict=True)
    )


def _is_hidden(tag: Tag, before: list[tuple[Tag, ...]]) -> bool:
    """Whether a longer phrase of the same group, or of a field group, covers this tag.

    Args:
        tag: the tag.
        before: the tags of the words up to its own, as far back as a phrase can reach.
    """
    return any(
        tag.end <= other.end
        and other.end - other.start > tag.end - tag.start
        and (other.group in _SHARED or other.group == tag.group)
        for others in before
        for other in others
    )


def _is_slip(word: str, known: str) -> bool:
    """Whether one swap, one missing or one extra letter, or (from 7 letters) one other letter."""
    if len(word) == len(known):
        wrong = [index for index in range(len(word)) if word[index] != known[index]]
        if len(wrong) == 1:
            return len(word) >= 7
        return (
            len(wrong) == 2
            and wrong[1] == wrong[0] + 1
            and word[wrong[0]] == known[wrong[1]]
            and word[wrong[1]] == known[wrong[0]]
        )
    longer, shorter = (word, known) if len(word) > len(known) else (known, word)
    if len(longer) - len(shorter) != 1 or len(longer) < 6:
        return False
    return any(longer[:index] + longer[index + 1 :] == shorter for index in range(len(longer)))
