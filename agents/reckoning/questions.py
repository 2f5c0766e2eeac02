"""Which sentences of a request arithmetic answers, and what it answers."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from agents.planning.languages import Understood
from agents.planning.lexicon import lexicon
from agents.planning.segments import CHANGES
from agents.planning.subjects import files_of
from agents.planning.text import Token, sentences
from agents.reckoning.clock import clock_of
from agents.reckoning.pitches import pitch_answer
from agents.reckoning.times import time_answer
from memory.context import ProjectContext

_ASKS = re.compile(
    r"^\W*(?:(?:please|and|so|ok|okay|hey|thanks|then|now)\b[\s,!]*)*(?:what|what's|whats|which|how|"
    r"where|when|at (?:what|which)|tell me|give me|calculate|compute|convert|delay times?|"
    r"welche\w*|was|wie|wo|qué|que|cuál|cuánto|combien|quel\w*)\b|\?\W*$",
    re.IGNORECASE,
)
_TIED = re.compile(
    r"(?:and|und|y|et)\s+(?:what|which|how|where|when|was|wie|wo|qué|combien)\b", re.I
)
_POLITE = frozenset({"grammar", "talk"})
"""Groups of words that a sentence may hold beside an answered one."""


def reckoned(context: ProjectContext, understood: Understood) -> tuple[str, ...]:
    """The answers to a request that only asks what can be reckoned; empty for any other.

    Args:
        context: what the project wants, its sections, and what is known of its files.
        understood: what was read from the request.
    """
    if context.attached:
        return ()
    answers = []
    for part in _questions(understood):
        if told := _answer(context, understood, part):
            answers.append(told)
        elif not _is_polite(understood, part):
            return ()
    return tuple(answers)


def _questions(understood: Understood) -> Iterator[Sequence[Token]]:
    """The sentences of a request, cut where a question is tied to the one before."""
    words = understood.text.words
    for part in sentences(understood.text.tokens):
        begins = [part[0].start, *(one.start for one in part if _TIED.match(words[one.start :]))]
        for begin, end in pairwise([*begins, part[-1].end]):
            if held := [one for one in part if begin <= one.start < end]:
                yield held


def _answer(context: ProjectContext, understood: Understood, part: Sequence[Token]) -> str:
    begin, end = part[0].start, part[-1].end
    words = understood.text.words[begin:end]
    if not _ASKS.search(words) or _changes(understood, part):
        return ""
    numbers = [one for one in understood.quantities if begin <= one.start < end]
    if told := pitch_answer(words, numbers):
        return told
    audio = files_of(context, understood.text, "audio")
    clock = clock_of(context, numbers, audio[0] if audio else None)
    return time_answer(words, numbers, context.sections, clock)


def _changes(understood: Understood, part: Sequence[Token]) -> bool:
    """Whether a sentence wants something made: "add a delay of a dotted eighth"."""
    tags = lexicon(understood.language).tags(tuple(part))
    opens = [tag for tag in tags if tag.group == "verb" and tag.name in CHANGES]
    return any(tag.start <= 1 for tag in opens)


def _is_polite(understood: Understood, part: Sequence[Token]) -> bool:
    tags = lexicon(understood.language).tags(tuple(part))
    return {tag.group for tag in tags} <= _POLITE and len(part) <= 6
