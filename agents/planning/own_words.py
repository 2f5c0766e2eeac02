"""Words of the user's own that a request explains: “for us mulmig means muddy lows”."""

import re

from agents.planning.languages import Understood
from agents.planning.text import sentences
from grym_synth.errors import BadInput
from memory.glossary.own_terms import make_term
from memory.terms import Term

_MEANS = re.compile(
    r"^\W*(?:(?:in|for)\s+(?:this|the|our)\s+project\b|for us\b|here\b|by\b|our\b|my\b|the\b|"
    r"words?\b|terms?\b|(?:when|if)\s+(?:i|we)\s+say\b|[\s,:])*"
    r"(?:([\"'])(?P<quoted>[^\"'\n]{1,60})\1|(?P<bare>[^\W\d_][\w-]{2,39}))"
    r"\s*,?\s*(?:means?|stands for|heißt|bedeutet|significa|veut dire|(?:i|we)\s+mean)\s+"
    r"(?P<means>[^?\n]{3,400}?)[\s.!]*$",
    re.IGNORECASE,
)
_BAND = re.compile(
    r"(\d+(?:\.\d+)?\s*k?)\s*(?:hz)?\s*(?:-|–|to|and)\s*(\d+(?:\.\d+)?\s*k?)\s*hz", re.I
)
_POINTING = frozenset(
    {"that", "this", "which", "what", "who", "das", "dies", "was", "eso", "esto", "que", "cela"}
)
_TOO = {"too much": "too much", "too little": "too little", "not enough": "too little"}


def own_words_of(understood: Understood) -> tuple[tuple[Term, ...], str]:
    """The words that a request explains, each in a sentence of its own, and what else it says."""
    text, words, others, begin = understood.text, [], [], 0
    for part in () if text.files else sentences(text.tokens):
        said, begin = text.raw[begin : part[-1].end], part[-1].end  # with what is no token: quotes
        word = _explained(said)
        words += [word] if word else []
        others += [] if word else [said]
    return tuple(words), "\n".join(others)


def _explained(sentence: str) -> Term | None:
    """The word that a sentence explains; None where it says something else."""
    found = _MEANS.match(sentence)
    if found is None:
        return None
    name, means = found["quoted"] or found["bare"], found["means"]
    if name.casefold() in _POINTING:
        return None
    band = _BAND.search(means)
    direction = next((told for words, told in _TOO.items() if words in means.casefold()), "")
    try:
        return make_term(
            name,
            means,
            band=f"{band[1]}-{band[2]}".replace(" ", "") if band else "",
            direction=direction,
        )
    except BadInput:
        return None
