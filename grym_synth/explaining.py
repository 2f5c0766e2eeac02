"""Looks words up in the glossary, and says what they mean."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from itertools import groupby
from typing import NamedTuple

from grym_synth.errors import UnknownName
from memory.glossary.glossary import Glossary
from memory.repository import Repository
from memory.terms import Term


class Sought(NamedTuple):
    """What a search of the glossary gave."""

    terms: tuple[Term, ...]
    exact: bool
    """Whether they are what was named; else they are only near in meaning."""


def look_up(text: str | None) -> Sought:
    """The shared terms that a text names: all without one.

    Raises:
        UnknownName: it names none.
    """
    known = Glossary.load()
    found = _named(known, text) if text else known.terms
    if not found:
        raise _unknown(known, text or "")
    return Sought(found, exact=True)


def look_up_in(memory: Repository, project: str, text: str | None) -> Sought:
    """The same with a project's own words; where the text names none, those near in meaning.

    Raises:
        UnknownName: there is no such project, or nothing is near.
    """
    memory.require_project(project)
    known = memory.glossary(project)
    if text is None:
        return Sought(known.terms, exact=True)
    if found := _named(known, text):
        return Sought(found, exact=True)
    if near := memory.nearest_terms(project, text):
        return Sought(near, exact=False)
    raise _unknown(known, text)


def describe(term: Term) -> str:
    """A term with all that is known of it, as Markdown."""
    band = f"{term.band.low_hz:g}–{term.band.high_hz:g} Hz" if term.band else ""
    parts = {
        "also": ", ".join(term.synonyms),
        "where": band,
        "measured by": ", ".join(term.aspects),
        "it says": term.direction or "",
        "opposite": term.opposite,
        "to the ear": term.heard,
        "in a picture": term.seen,
        "in code": term.code,
    }
    lines = [f"- {what}: {told}" for what, told in parts.items() if told]
    return "\n".join([f"**{term.name}** ({term.domain}): {term.means}", *lines])


def by_domain(terms: Iterable[Term]) -> Iterator[str]:
    """One line for each domain, with the names of its terms."""
    ordered = sorted(terms, key=lambda one: one.domain)
    for domain, held in groupby(ordered, key=lambda one: one.domain):
        yield f"**{domain}**: {', '.join(one.name for one in held)}"


def _named(known: Glossary, text: str) -> tuple[Term, ...]:
    """The term of a name, those that an aspect has, or those in a sentence."""
    if (exact := known.term(text)) is not None:
        return (exact,)
    words = [known.term(name) for name in known.terms_for(text.strip())]
    mentioned = {hit.term.name: hit.term for hit in known.explain(text)}
    return tuple(one for one in words if one is not None) or tuple(mentioned.values())


def _unknown(known: Glossary, text: str) -> UnknownName:
    names = [phrase for one in known.terms for phrase in one.phrases]
    near = get_close_matches(text.casefold(), names, n=3, cutoff=0.6)
    do = f"Did you mean {', '.join(near)}?" if near else "See `grym glossary`"
    return UnknownName(f"explaining {text!r}", "it is not in the glossary", do)
