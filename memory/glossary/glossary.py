"""The producers' glossary: what words such as "muddy" or "headroom" mean, both ways.

One data file, ``glossary.toml``, holds the terms; a project adds its own. The planner, the context
adapters and the answers all read this one.
"""

import tomllib
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import NamedTuple

from pydantic import JsonValue

from memory.context import Word
from memory.glossary.term_matching import Matcher, fold
from memory.terms import Direction, Term


class Mention(NamedTuple):
    """A term in a text."""

    term: Term
    start: int
    """Index of its first character."""
    end: int
    negated: bool
    """Whether the text says that it is not so, or wants less of it: "not muddy", "less harsh"."""


class Remedy(Word):
    """What is done about a concept of the planner when no number was said."""

    concept: str
    """Such as ``quality.muddy``."""
    says: str
    """How the reason names it."""
    operation: str
    parameters: dict[str, JsonValue]


class Glossary:
    """Terms, found by the words of a text or by what was measured."""

    def __init__(
        self, terms: Iterable[Term], remedies: Iterable[Remedy] = (), ordinary: Iterable[str] = ()
    ) -> None:
        """Take terms; later ones take the phrases of earlier ones, so a project's own come last.

        Args:
            terms: the words of the trade.
            remedies: what is done about them.
            ordinary: words that are near a term's, but no typing errors for them.
        """
        self.terms = tuple({fold(term.name): term for term in terms}.values())
        self.remedies = tuple(remedies)
        self.ordinary = frozenset(ordinary)
        self._of = {fold(phrase): term for term in self.terms for phrase in term.phrases}
        self._matcher = Matcher(self._of, self.ordinary)
        self._bounded: dict[str, list[Term]] = {}
        for term in self.terms:
            for aspect in {**term.above, **term.below}:
                self._bounded.setdefault(aspect, []).append(term)

    @classmethod
    def load(cls, own: Iterable[Term] = ()) -> "Glossary":
        """The glossary, with a project's own terms."""
        shared = _shared()
        added = tuple(own)
        return cls((*shared.terms, *added), shared.remedies, shared.ordinary) if added else shared

    def explain(self, text: str) -> tuple[Mention, ...]:
        """The terms in a text, in its order; a longer phrase hides the shorter ones inside it.

        Inflections count ("muddier", "muddiness"), and so does a long word with one typing error.
        """
        return tuple(
            Mention(self._of[hit.phrase], hit.start, hit.end, hit.negated)
            for hit in self._matcher.find(text)
        )

    def term(self, name: str) -> Term | None:
        """The term that a word or phrase stands for, however inflected; None when it is none."""
        if exact := self._of.get(fold(name)):
            return exact
        hits = [hit for hit in self._matcher.find(name) if hit.covers(name)]
        return self._of[hits[0].phrase] if hits else None

    def aspects_of(self, text: str) -> tuple[str, ...]:
        """The aspects that the terms in a text bear on, in order, each once."""
        mentions = self.explain(text)
        return tuple(dict.fromkeys(one for hit in mentions for one in hit.term.aspects))

    def terms_for(self, aspect: str, direction: Direction | None = None) -> tuple[str, ...]:
        """The words for an aspect or a family of aspects: those most about it first.

        Args:
            aspect: such as ``spectrum.band_db.low_mid`` or ``spectrum``.
            direction: only words for this: ``too much`` of it gives "muddy", "boxy" …
        """
        fits = [
            term
            for term in self.terms
            if term.bears_on(aspect) and direction in (None, term.direction)
        ]
        place = {term.name: _place(term, aspect) for term in fits}
        return tuple(sorted(place, key=place.__getitem__))

    def terms_at(self, aspect: str, value: float) -> tuple[str, ...]:
        """The words that fit a measured value, such as "squashed" for a crest factor of 6 dB."""
        return tuple(
            term.name
            for term in self._bounded.get(aspect, ())
            if value > term.above.get(aspect, float("-inf"))
            and value < term.below.get(aspect, float("inf"))
        )


def version() -> str:
    """Tells one edition of the shared glossary from another."""
    return sha256(_source().encode()).hexdigest()[:16]


def _place(term: Term, aspect: str) -> tuple[int, int]:
    """How far down in a term's list an aspect stands; of equals, the narrower term first."""
    index = next(i for i, one in enumerate(term.aspects) if one.startswith(aspect))
    return index, len(term.aspects)


def _source() -> str:
    return (resources.files("memory.glossary") / "glossary.toml").read_text(encoding="utf-8")


@cache
def _shared() -> Glossary:
    read = tomllib.loads(_source())
    terms = (Term.model_validate(one) for one in read["term"])
    remedies = (Remedy.model_validate(one) for one in read["remedy"])
    return Glossary(terms, remedies, read["ordinary"])
