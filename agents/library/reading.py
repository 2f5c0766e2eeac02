"""Read a request for sounds in plain words as a query: "dark 808 in F minor, around 140"."""

import re
from collections.abc import Iterator
from functools import cache

from agents.library.numbers import ranges_of
from agents.library.tonality import keys_of
from agents.planning.text import read_text
from audio.library.sound import SoundKind
from audio.media import AUDIO_FORMATS
from memory.glossary.glossary import Glossary
from memory.glossary.term_matching import Matcher
from memory.library.fields import OF_ASPECT
from memory.library.names import words_of
from memory.library.query import Condition, Format, IsA, Named, OfKind, Quality, Query, Range
from memory.library.wordbook import QualityWord, SoundWord, wordbook

_KINDS: dict[SoundKind, tuple[str, ...]] = {
    "one-shot": ("one shot", "oneshot", "one hit", "single hit", "hit", "single note", "stab"),
    "loop": ("loop", "looped"),
    "song": ("song", "full song", "full track", "whole track", "track"),
    "recording": ("recording", "field take"),
}
_CHANNELS = {"mono": (None, 1.0), "stereo": (2.0, 2.0)}
_FORMAT_WORDS = {**{one: one for one in AUDIO_FORMATS.values()}, "wave": "wav", "aif": "aiff"}
_FOLDER = re.compile(
    r"\b(?:in|from|under|inside|within|below)\s+(?:the\s+|my\s+)?(?:folder|directory|pack)\s+"
    r"(?P<after>[\w&+-]+)|\b(?:in|from|under|inside|within|below)\s+(?:the\s+|my\s+)?"
    r"(?P<before>[\w&+-]+)\s+(?:folder|directory|pack)\b|\b(?:called|named)\s+(?P<called>[\w&+-]+)",
    re.IGNORECASE,
)
_OR = re.compile(r"\s*(?:,\s*)?(?:or|/|and/or)\s+(?:an?\s+)?|\s*/\s*", re.IGNORECASE)
_WITHOUT = re.compile(r"\b(?:without|no|not|except|minus)\s+(?:any\s+|an?\s+)?$", re.IGNORECASE)
_RUN = re.compile(r"[\w'&+-]+")
_SET_ASIDE = ("quoted", "filename")
"""What stands in the text in place of quotations and file names."""
_VOCALS = "Whether somebody sings isn't measured: names and folders decided it."


def read_query(request: str, glossary: Glossary | None = None) -> Query:
    """What a request in plain words seeks.

    Args:
        request: the words; text in quotation marks must stand in the name.
        glossary: the words of the trade, with a project's own; by default the shared ones.
    """
    text = read_text(request)
    seen = _Words(text.words)
    conditions: list[Condition] = [
        Named(words=" ".join(words))
        for quoted in (*text.quoted, *text.files)
        if (words := words_of(quoted))
    ]
    conditions += seen.take(_folders(seen.left))
    conditions += seen.take(keys_of(seen.left))
    conditions += seen.take(ranges_of(seen.left, _sound_spans(seen.left)))
    conditions += seen.take(_sounds(seen.left))
    conditions += seen.take(_of_kind(seen.left))
    conditions += seen.take(_plain(seen.left))
    conditions += seen.take(_qualities(seen.left, glossary or Glossary.load()))
    conditions += _other_words(seen.left)
    return Query(conditions=tuple(dict.fromkeys(conditions)), remarks=_remarks(conditions))


def _other_words(text: str) -> Iterator[Named]:
    """What nothing explains: perhaps a word of names."""
    for found in _RUN.finditer(text):
        denied = _WITHOUT.search(text[: found.start()]) is not None
        for word in words_of(found[0]):
            if word not in (*wordbook().idle, *_SET_ASIDE) and len(word) > 1:
                yield Named(words=word, strict=False, negated=denied)


Taken = Iterator[tuple[int, int, Condition]]
"""Where something was said, and what it asks for."""


class _Words:
    """A request, of which what was understood is blanked out."""

    def __init__(self, text: str) -> None:
        self.left = text

    def take(self, found: Taken) -> list[Condition]:
        taken = list(found)
        for start, end, _ in taken:
            self.left = self.left[:start] + " " * (end - start) + self.left[end:]
        return [one for _, _, one in taken]


def _folders(text: str) -> Taken:
    for found in _FOLDER.finditer(text):
        name = found["after"] or found["before"] or found["called"]
        words = words_of(name)
        if words and name.lower() not in _SET_ASIDE:
            yield found.start(), found.end(), Named(words=" ".join(words))


@cache
def _sound_matcher() -> tuple[Matcher, dict[str, SoundWord]]:
    of: dict[str, SoundWord] = {}
    for one in wordbook().sound:
        for phrase in one.phrases:
            of.setdefault(phrase, one)
        of[one.name.replace("-", " ")] = one
    return Matcher(of), of


def _sound_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Where kinds of sound are named: the number of an 808 is no tempo."""
    return tuple((hit.start, hit.end) for hit in _sound_matcher()[0].find(text))


def _sounds(text: str) -> Taken:
    matcher, of = _sound_matcher()
    found: list[tuple[int, int, IsA]] = []
    for hit in matcher.find(text):
        word = of[hit.phrase]
        member = hit.phrase if hit.phrase in word.members else ""
        one = IsA(sound=word.name, member=member, negated=hit.negated)
        if found and _OR.fullmatch(text[found[-1][1] : hit.start]):
            start, _, before = found.pop()
            one = one.model_copy(update={"either": before, "negated": before.negated})
            found.append((start, hit.end, one))
        else:
            found.append((hit.start, hit.end, one))
    yield from found


@cache
def _kind_matcher() -> tuple[Matcher, dict[str, SoundKind]]:
    of = {phrase: kind for kind, phrases in _KINDS.items() for phrase in phrases}
    return Matcher(of), of


def _of_kind(text: str) -> Taken:
    matcher, of = _kind_matcher()
    found: list[tuple[int, int, OfKind]] = []
    for hit in matcher.find(text):
        one = OfKind(kinds=(of[hit.phrase],), negated=hit.negated)
        if found and _OR.fullmatch(text[found[-1][1] : hit.start]):
            start, _, before = found.pop()
            one = before.model_copy(update={"kinds": (*before.kinds, *one.kinds)})
            found.append((start, hit.end, one))
        else:
            found.append((hit.start, hit.end, one))
    yield from found


@cache
def _plain_matcher() -> Matcher:
    return Matcher([*_CHANNELS, *_FORMAT_WORDS])


def _plain(text: str) -> Taken:
    """Channels and file formats."""
    for hit in _plain_matcher().find(text):
        if hit.phrase in _CHANNELS:
            low, high = _CHANNELS[hit.phrase]
            one: Condition = Range(field="channels", low=low, high=high, negated=hit.negated)
        else:
            one = Format(formats=(_FORMAT_WORDS[hit.phrase],), negated=hit.negated)
        yield hit.start, hit.end, one


@cache
def _quality_matcher() -> tuple[Matcher, dict[str, QualityWord]]:
    of = {phrase: one for one in wordbook().quality for phrase in one.words}
    return Matcher(of), of


def _qualities(text: str, glossary: Glossary) -> Taken:
    """By the library's own words, then by the glossary's terms with a direction."""
    matcher, of = _quality_matcher()
    taken: list[tuple[int, int]] = []
    for hit in matcher.find(text):
        word = of[hit.phrase]
        taken.append((hit.start, hit.end))
        high = word.high is not hit.negated
        yield (
            hit.start,
            hit.end,
            Quality(field=word.field, high=high, word=text[hit.start : hit.end]),
        )
    for mention in glossary.explain(text):
        term = mention.term
        field = next((OF_ASPECT[one] for one in term.aspects if one in OF_ASPECT), None)
        overlaps = any(mention.start < end and start < mention.end for start, end in taken)
        if field is None or term.direction is None or overlaps:
            continue
        high = (term.direction in ("too much", "wanted high")) is not mention.negated
        word_said = text[mention.start : mention.end]
        yield mention.start, mention.end, Quality(field=field, high=high, word=word_said)


def _remarks(conditions: list[Condition]) -> tuple[str, ...]:
    vocals = any(isinstance(one, IsA) and one.sound == "vocals" for one in conditions)
    return (_VOCALS,) if vocals else ()
