"""What a model said of a sound, taken apart: description, and claims that instruments check.

A model that listens is near chance on tempo, key, chords and loudness. What it says of them becomes
a claim that a measurement overrules, and is no part of the description.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pydantic import JsonValue

from agents.answering.statements import FAMILIES
from agents.planning.quantities import Quantity, find_quantities
from agents.planning.text import read_text
from audio.agreement import chord_of
from audio.aspects import ASPECTS
from grym_synth.plain_text import inert

LONGEST = 600
"""Most characters of a description."""

_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_ENDED = re.compile(r"[.!?;:)\"”']$")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\ufffd]+")
_MEASURED_UNITS = frozenset({*FAMILIES, "db"})
"""Sentences with such a number are claims, whether they can be read as one or not."""
_MODE_ALONE = re.compile(
    r"\b(?:an?|the|in)\s+(?:major|minor)[\s-]+(?:key|mode|scale|tonality)\b|\bBPM\b|"
    r"\bbeats per minute\b|\bLUFS\b|\bdecibels?\b|\bkey of\b|"
    r"\b[A-G](?:#|b|♯|♭|[\s-](?:sharp|flat))?\s+"
    r"(?:ionian|dorian|phrygian|lydian|mixolydian|aeolian|locrian)\b|"
    r"\b(?:two|three|four|five|six|seven|nine|twelve)[\s-](?:two|four|eight)\b|"
    r"(?<![\w'’])[IiVv]+[°o]?7?(?:\s*[-–—→,]\s*[IiVv]+[°o]?7?){2,}(?![\w'’])",
    re.IGNORECASE,
)
"""Speaks of what is measured without a value that can be compared."""
_MEASURED = re.compile(
    r"\b(?:tempo|key|met(?:er|re)|time signature|loudness|chords?|modulat\w+)\b", re.IGNORECASE
)
"""What a sentence without its value still speaks of."""
_ARTICLE_KEY = re.compile(r"\ba\s+(?:major|minor)[\s-]+(?:key|mode|scale|tonality|chord)", re.I)
_LEADS_IN = re.compile(
    r"(?:[\s,]*\b(?:in|at|with|and|around|about|roughly|approximately|an?|the|of|tempo|key|speed|"
    r"pace|fast|slow|steady|moderate)\b)+\s*$",
    re.IGNORECASE,
)
"""What stands before a value and says nothing without it."""
_LEADS_OUT = re.compile(r"^\s*(?:time(?:\s+signature)?|met(?:er|re))\b", re.IGNORECASE)
"""What stands behind a value and says nothing without it."""
_TORN = re.compile(r"^(?:it|this|the\s+\w+)(?:\s+(?:is|was|has)|['’]s),?\s+(?:and|but)\s+", re.I)
"""A first half that lost what it said."""
_LONGEST_LOOP = 6
"""Words of a phrase that a model may say over and over."""
_LEAST_WORDS = 4
"""Less of a sentence says nothing."""
_SPEAKS_OF_CHORDS = re.compile(r"\bchords?\b|\bprogression\b", re.IGNORECASE)
_LABEL = re.compile(
    r"(?<![\w#])([A-G](?:#|♯|b|♭)?(?:m(?:in)?(?:or)?|maj|dim|aug)?7?)"
    r"(?:\s+(major|minor))?(?![\w#'’])"
)


class Claimed(NamedTuple):
    """A value that a model stated of what instruments measure."""

    aspect: str
    value: JsonValue
    sentence: str


class Hearsay(NamedTuple):
    """An answer in two parts."""

    description: str
    """One line; empty where the model only claimed."""
    claims: tuple[Claimed, ...]


def taken_apart(answer: str, cut_off: bool = False) -> Hearsay:
    """Take a model's answer apart.

    Args:
        answer: what it said.
        cut_off: it ran out of tokens, so its last sentence may have no end.
    """
    kept: list[str] = []
    claims: list[Claimed] = []
    sentences = [_unlooped(inert(_UNSEEN.sub(" ", one))) for one in _SENTENCE.split(answer)]
    sentences = [*dict.fromkeys(one for one in sentences if re.search(r"\w", one))]
    if cut_off and len(sentences) > 1 and not _ENDED.search(sentences[-1]):
        sentences.pop()
    for sentence in sentences:
        found = find_quantities(read_text(sentence).words)
        chords = tuple(_chords(sentence))
        claims += _claims(sentence, found, chords)
        rest = "" if chords else _without(sentence, found)
        if rest and not _MODE_ALONE.search(rest):
            kept.append(rest)
    return Hearsay(_shortened(kept), tuple(claims))


def agreed(claims: Iterable[Claimed]) -> tuple[Claimed, ...]:
    """One claim for each aspect: what was said most often, the first of equals."""
    by_aspect: dict[str, list[Claimed]] = {}
    for one in claims:
        by_aspect.setdefault(one.aspect, []).append(one)
    return tuple(_most_said(held) for held in by_aspect.values())


def chord_labels(value: JsonValue) -> frozenset[tuple[int, str]]:
    """The chords of a claim (text) or of a measurement (a list), whatever their spelling."""
    if isinstance(value, str):
        labels = value.split()
    else:
        held = value if isinstance(value, list) else []
        labels = [str(one[2]) for one in held if isinstance(one, list) and len(one) > 2]
    return frozenset(chord for one in labels if (chord := chord_of(one)) is not None)


def _unlooped(sentence: str) -> str:
    """A sentence in which no phrase stands more than twice in a row, nor two spaces."""
    said: list[str] = []
    for word in sentence.split():
        said.append(word)
        for size in range(1, _LONGEST_LOOP + 1):
            if said[-size:] == said[-2 * size : -size] == said[-3 * size : -2 * size]:
                del said[-size:]
                break
    return " ".join(said)


def _most_said(held: list[Claimed]) -> Claimed:
    counts = Counter(str(one.value) for one in held)
    return max(held, key=lambda one: counts[str(one.value)])


def _claims(sentence: str, found: Iterable[Quantity], chords: tuple[str, ...]) -> Iterator[Claimed]:
    for one in found:
        aspects = FAMILIES.get(one.unit, ())
        is_other = one.unit == "key" and (chords or _ARTICLE_KEY.search(sentence))
        if aspects and one.op is None and not is_other:
            yield Claimed(aspects[0], one.text or one.value, sentence)
    if chords:
        yield Claimed("chords", " ".join(chords), sentence)


def _without(sentence: str, found: Iterable[Quantity]) -> str:
    """The sentence without the phrases that state what is measured; empty if too little is left."""
    spans = [(one.start, one.end) for one in found if one.unit in _MEASURED_UNITS]
    if not spans:
        return sentence
    if len(read_text(sentence).words) != len(sentence) or _ARTICLE_KEY.search(sentence):
        return ""
    for start, end in reversed(spans):
        before, behind = _LEADS_IN.sub("", sentence[:start]), _LEADS_OUT.sub("", sentence[end:])
        sentence = f"{before}{behind}"
    rest = re.sub(r"\s+(?=[,.;!?])", "", " ".join(sentence.split()))
    rest = _TORN.sub("", rest)
    rest = rest[:1].upper() + rest[1:]
    says_more = len(rest.split()) >= _LEAST_WORDS and not _MEASURED.search(rest)
    return rest if says_more else ""


def _chords(sentence: str) -> Iterator[str]:
    """Labels of chords, where a sentence speaks of chords and names at least two."""
    if not _SPEAKS_OF_CHORDS.search(sentence):
        return
    found = [f"{one[1]}{'m' if one[2] == 'minor' else ''}" for one in _LABEL.finditer(sentence)]
    if len(found) > 1:
        yield from dict.fromkeys(found)


def _shortened(sentences: list[str]) -> str:
    """As many sentences as have room."""
    text = ""
    for one in sentences:
        longer = f"{text} {one}".strip()
        if len(longer) > LONGEST:
            break
        text = longer
    return text or " ".join(sentences)[:LONGEST].rsplit(" ", 1)[0]


def unit_of(aspect: str) -> str:
    """The unit of a claim."""
    return ASPECTS[aspect].unit if aspect != "chords" else ""
