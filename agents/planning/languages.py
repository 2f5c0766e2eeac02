"""Which language a request is in, and its reading with that language's vocabulary."""

from dataclasses import dataclass

from agents.planning.lexicon import LANGUAGES, lexicon
from agents.planning.quantities import Quantity, find_quantities
from agents.planning.reading import Reader, Reading
from agents.planning.text import Text, read_text
from memory.context import ProjectContext

_COMMON = {
    "en": [
        "the",
        "a",
        "an",
        "is",
        "it",
        "my",
        "this",
        "of",
        "to",
        "and",
        "me",
        "what",
        "in",
        "for",
        "please",
        "i",
        "you",
        "do",
        "can",
        "on",
        "are",
        "how",
    ],
    "de": [
        "der",
        "die",
        "das",
        "den",
        "dem",
        "ein",
        "eine",
        "ist",
        "und",
        "ich",
        "mir",
        "mach",
        "wie",
        "was",
        "welche",
        "zu",
        "auf",
        "von",
        "mit",
        "bitte",
        "nicht",
        "hat",
        "im",
        "es",
        "zeig",
        "mal",
        "ihr",
        "euch",
        "wir",
        "was",
        "sind",
    ],
    "es": [
        "el",
        "la",
        "los",
        "las",
        "un",
        "una",
        "es",
        "y",
        "de",
        "en",
        "que",
        "me",
        "mi",
        "del",
        "al",
        "por",
        "favor",
        "como",
        "cual",
        "esta",
        "este",
        "para",
        "con",
        "lo",
        "se",
        "hay",
        "tiene",
        "se",
    ],
    "fr": [
        "le",
        "la",
        "les",
        "un",
        "une",
        "est",
        "et",
        "de",
        "du",
        "des",
        "en",
        "que",
        "me",
        "mon",
        "ma",
        "ce",
        "cette",
        "pour",
        "avec",
        "quel",
        "quelle",
        "il",
        "sur",
        "au",
        "vous",
        "je",
        "fais",
        "moi",
        "s'il",
    ],
}
"""The commonest little words; those of two languages count for both."""


@dataclass(frozen=True)
class Understood:
    """A request with everything that was read from its words."""

    text: Text
    language: str
    """One of ``LANGUAGES``."""
    quantities: tuple[Quantity, ...]
    reading: Reading


def language_of(text: Text) -> str:
    """The language with most words of its own in the request; English when in doubt."""
    words = [token.text for token in text.tokens if token.text.isalpha() or "'" in token.text]
    counts = {}
    for language in LANGUAGES:
        little = _COMMON[language]
        own = sum(word in little for word in words)
        counts[language] = own + 0.9 * sum(lexicon(language).is_own(word) for word in words)
    return max(LANGUAGES, key=lambda language: (counts[language], language == "en"))


def read_request(context: ProjectContext) -> Understood:
    """Read the request of a context; a request that waited for an attachment comes first."""
    request = "\n".join(part for part in (context.waiting, context.request) if part)
    text = read_text(request)
    language = language_of(text)
    kinds = [asset.kind for asset in context.assets if asset.id in context.attached]
    quantities = find_quantities(text.words)
    reader = Reader(
        lexicon(language),
        quantities,
        audio=kinds.count("audio"),
        image=kinds.count("image"),
        at_hand=any(asset.kind == "audio" for asset in context.assets),
    )
    return Understood(text, language, quantities, reader.read(text))
