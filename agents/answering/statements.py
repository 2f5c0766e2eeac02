"""What an answer states: how files are, their names, and work that it calls done."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from agents.planning.criteria import targets
from agents.planning.quantities import Quantity, find_quantities
from agents.planning.text import read_text

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "lufs": ("loudness.integrated_lufs", "loudness.short_term_max_lufs",
             "loudness.momentary_max_lufs"),
    "dbtp": ("loudness.true_peak_dbtp",),
    "lu": ("loudness.range_lu",),
    "bpm": ("tempo.bpm", "tempo.alternatives_bpm"),
    "key": ("key",),
    "meter": ("meter",),
}  # fmt: skip
"""Aspects that a value can be about, by its unit, the likeliest first."""

_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=\S)|\n+")
_HEADING = re.compile(r"^\*\*(?P<name>[^*\n]+)\*\*:?\s*$")
_QUOTED = re.compile(r"[“\"][^”\"\n]*[”\"]")
_NOT_STATED = re.compile(
    r"\b(?:wanted|want|target|aim|goal|should|shall|must|could|would|can|may|might|if|at most|"
    r"at least|under|below|above|over|about to|asks? for|against|was|were|had|before|earlier|"
    r"recommend\w*|bring|change it by|turn it|streaming|platforms?|not\s+(?:in|at)|instead of|"
    r"rather than|or|between|octave|relative|parallel|next likely|alternatives?|"
    r"memory|turn \d+)\b|→|±|\?",
    re.IGNORECASE,
)
"""What makes a sentence speak of something else than how a file is now."""
_EACH = re.compile(r"\b(?:both|all|each|every|beide[ns]?|alle|jede\w*)\b", re.IGNORECASE)
_DONE = re.compile(
    r"(?:^|\b(?:I|we)(?:'ve|’ve| have)?\s+(?:\w+ly\s+)?|\b(?:is|are|has been|have been)\s+"
    r"(?:now\s+)?)\W*(?:done|finished|mastered|remastered|normali[sz]ed|rendered|exported|saved|"
    r"trimmed|resampled|converted|fixed|repaired|removed|created|built|delivered|uploaded|turned|"
    r"raised|lowered)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"\b(?:not|no|never|nothing|n't|without|couldn't|can't|failed)\b", re.I)
_FILE = re.compile(
    r"(?<![\w/.-])[\w-][\w.-]{0,80}\.(?:wav|flac|mp3|ogg|aiff?|png|jpe?g|webp|midi?|musicxml|py)\b",
    re.IGNORECASE,
)
_CHANNELS = re.compile(
    r"\b(?P<word>mono|stereo)(?=\s+(?:file|recording|signal|at\s+\d))", re.IGNORECASE
)
"""Not "the stereo image" or "in mono"."""


@dataclass(frozen=True)
class Statement:
    """A value that an answer states."""

    sentence: str
    aspects: tuple[str, ...]
    """The aspects that it can be about, the likeliest first."""
    value: JsonValue
    text: str
    """The value as the answer writes it."""
    files: tuple[str, ...]
    """Ids of the files that it is said of; empty where the answer names none."""
    of_each: bool
    """Whether it is said of each of them: “both are in C major”."""


@dataclass(frozen=True)
class Sentence:
    """A sentence of an answer."""

    text: str
    plain: str
    """The same without what it quotes."""
    files: tuple[str, ...]
    """Ids of the files that it names, else of those that the heading above it names."""

    @property
    def is_fact(self) -> bool:
        """Whether it states how files are, and not how they were, should be, or which of two."""
        return not _NOT_STATED.search(self.plain)


def sentences_of(answer: str, names: Mapping[str, str]) -> Iterator[Sentence]:
    """The sentences of an answer, headings aside.

    Args:
        answer: the answer's text, in Markdown or plain.
        names: file names by asset id.
    """
    heading: tuple[str, ...] = ()
    for sentence in _SENTENCE.split(answer):
        if found := _HEADING.match(sentence.strip()):
            heading = _files_in(found["name"], names)
            continue
        plain = _QUOTED.sub(" ", sentence)
        yield Sentence(sentence.strip(), plain, _files_in(plain, names) or heading)


def statements(answer: str, names: Mapping[str, str]) -> Iterator[Statement]:
    """The values that an answer states as facts about files.

    Args:
        answer: the answer's text, in Markdown or plain.
        names: file names by asset id.
    """
    for one in sentences_of(answer, names):
        if not one.is_fact:
            continue
        of_each = bool(_EACH.search(one.plain))
        for quantity in find_quantities(read_text(_FILE.sub(" ", one.plain)).words):
            aspects = _aspects(quantity, one.plain)
            if aspects and quantity.op is None:
                value: JsonValue = quantity.text or quantity.value
                text = _written(quantity, one.plain)
                yield Statement(one.text, aspects, value, text, one.files, of_each)
        for word in _CHANNELS.finditer(one.plain):
            count = 1 if word["word"].casefold() == "mono" else 2
            yield Statement(one.text, ("channels",), count, word["word"], one.files, of_each)


def unknown_files(answer: str, names: Collection[str]) -> tuple[str, ...]:
    """File names that an answer gives and nobody knows."""
    known = [name.casefold() for name in names]
    found = dict.fromkeys(one[0].strip() for one in _FILE.finditer(_QUOTED.sub(" ", answer)))
    return tuple(
        name
        for name in found
        if not any(name.casefold().endswith(one) or one.endswith(name.casefold()) for one in known)
    )


def done_claims(answer: str) -> tuple[str, ...]:
    """Sentences that call work done."""
    sentences = (_QUOTED.sub(" ", one).strip() for one in _SENTENCE.split(answer))
    return tuple(
        one
        for one in sentences
        if _DONE.search(one.lstrip("*-# ")) and not _NEGATED.search(one) and not _past(one)
    )


def mentions_of(thing: str, answer: str) -> tuple[str, ...]:
    """Sentences of an answer that speak of a thing as being there or having been done."""
    word = re.compile(rf"(?<!\w){re.escape(thing)}(?!\w)", re.IGNORECASE)
    has = re.compile(
        r"\b(?:added|add|adds|recorded|put|used|applied|includes?|included|contains?|has|have|"
        r"with|layered|sang|sung|inserted)\b",
        re.IGNORECASE,
    )
    sentences = (_QUOTED.sub(" ", one).strip() for one in _SENTENCE.split(answer))
    return tuple(
        one
        for one in sentences
        if word.search(one) and has.search(one) and not _NEGATED.search(one)
    )


def _past(sentence: str) -> bool:
    return bool(re.search(r"\bturn \d+\b|\bearlier\b|\bmemory\b", sentence, re.IGNORECASE))


def _files_in(text: str, names: Mapping[str, str]) -> tuple[str, ...]:
    lowered = text.casefold()
    return tuple(id_ for id_, name in names.items() if name and name.casefold() in lowered)


def _aspects(one: Quantity, sentence: str) -> tuple[str, ...]:
    if one.unit == "hz":
        rates = re.search(r"sample\s?-?rate|abtastrate|\bkhz\b.*\bbit", sentence, re.IGNORECASE)
        return ("sample_rate.hz",) if rates and targets(one.text or f"{one.value} Hz") else ()
    if one.unit == "lu" and not re.search(r"range|LRA|dynami", sentence, re.IGNORECASE):
        return ()
    return FAMILIES.get(one.unit, ())


def _written(one: Quantity, sentence: str) -> str:
    units = {"lufs": " LUFS", "dbtp": " dBTP", "lu": " LU", "bpm": " BPM", "hz": " Hz"}
    return one.text or f"{one.value:g}{units.get(one.unit, '')}"
