"""Which language a request is in, and its reading with that language's vocabulary."""

from dataclasses import dataclass

from agents.planning.lexicon import LANGUAGES, lexicon
from agents.planning.quantities import Quantity, find_quantities
from agents.planning.reader import Reader
from agents.planning.reading import Reading, Situation
from agents.planning.text import Text, read_text
from memory.context import ProjectContext


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
        vocabulary = lexicon(language)
        little = sum(vocabulary.is_little(word) for word in words)
        counts[language] = little + 0.9 * sum(vocabulary.is_own(word) for word in words)
    return max(LANGUAGES, key=lambda language: (counts[language], language == "en"))


def read_request(context: ProjectContext) -> Understood:
    """Read the request of a context; a request that waited for an attachment comes first."""
    request = "\n".join(part for part in (context.waiting, context.request) if part)
    text = read_text(request)
    language = language_of(text)
    kinds = [asset.kind for asset in context.assets if asset.id in context.attached]
    quantities = find_quantities(text.words)
    situation = Situation(
        quantities,
        audio=kinds.count("audio"),
        image=kinds.count("image"),
        at_hand=any(asset.kind == "audio" for asset in context.assets),
    )
    reading = Reader(lexicon(language), situation).read(text)
    return Understood(text, language, quantities, reading)
