"""Which language a request is in, and its reading with that language's vocabulary."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from agents.planning.lexicon import LANGUAGES, lexicon
from agents.planning.quantities import Quantity, find_quantities
from agents.planning.reader import Reader
from agents.planning.reading import Reading, Situation
from agents.planning.text import Text, read_text
from memory.context import ProjectContext
from memory.glossary.glossary import Glossary
from memory.terms import Term

_UNITS = frozenset({"hz", "khz", "db", "dbfs", "dbtp", "lufs", "lu", "bpm", "ms"})
"""Units are of no language, though a vocabulary may have them in a phrase."""


@dataclass(frozen=True)
class Understood:
    """A request with everything that was read from its words."""

    text: Text
    language: str
    """One of ``LANGUAGES``."""
    quantities: tuple[Quantity, ...]
    reading: Reading


def language_of(text: Text) -> str:
    """The language with most words of its own in the request; English when in doubt.

    A word that several languages have counts for each of them, but less.
    """
    spelt = [token.text for token in text.tokens if token.text.isalpha() or "'" in token.text]
    words = [word for word in spelt if word not in _UNITS]
    counts = dict.fromkeys(LANGUAGES, 0.0)
    for word in words:
        claims = {language: _claim(language, word) for language in LANGUAGES}
        shared = sum(claim > 0 for claim in claims.values())
        for language, claim in claims.items():
            counts[language] += claim / max(1, shared)
    return max(LANGUAGES, key=lambda language: (counts[language], language == "en"))


def _claim(language: str, word: str) -> float:
    vocabulary = lexicon(language)
    return vocabulary.is_little(word) + 0.9 * vocabulary.is_own(word)


def spelt_out(request: str, terms: Iterable[Term]) -> str:
    """A request with the project's own words replaced by what they mean, for the planner to read.

    What is denied stays as it is: nothing is to be done about it.
    """
    for hit in reversed(Glossary(terms).explain(request)):
        if not hit.negated:
            request = f"{request[: hit.start]}{hit.term.means}{request[hit.end :]}"
    return request


def read_request(context: ProjectContext) -> Understood:
    """Read the request of a context; a request that waited for an attachment comes first."""
    request = "\n".join(part for part in (context.waiting, context.request) if part)
    kinds = [asset.kind for asset in context.assets if asset.id in context.attached]
    at_hand = any(asset.kind == "audio" for asset in context.assets)
    files = (kinds.count("audio"), kinds.count("image"))
    understood = _read(spelt_out(request, context.terms), context.language, *files, at_hand)
    return replace(understood, reading=understood.reading.copied())


@lru_cache(maxsize=8)
def _read(request: str, language: str, audio: int, image: int, at_hand: bool) -> Understood:
    """The same, kept for those who read a turn's request after the plan; nobody may change it."""
    text = read_text(request)
    language = language or language_of(text)
    quantities = find_quantities(text.words)
    situation = Situation(quantities, audio, image, at_hand)
    return Understood(text, language, quantities, Reader(lexicon(language), situation).read(text))
