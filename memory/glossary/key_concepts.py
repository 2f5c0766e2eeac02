"""The glossary in the memory, so that words find its terms by meaning too.

The shared terms lie once in each home, in a namespace of their own, and are written again when an
edition with other terms comes; a project's own terms lie in the project.
"""

from memory.filing.keys import TERMS, project_place
from memory.filing.wording import word_term
from memory.glossary.glossary import Glossary, version
from memory.storage.entries import Address, Entry, EntryStore, Namespace
from memory.terms import Term

PLACE: Namespace = ("glossary",)
_EDITION = "edition"
"""Key of the entry that says which edition the terms are of; it has no text."""


def fill(store: EntryStore) -> None:
    """Write the shared terms unless this edition is there."""
    held = store.read(PLACE, [_EDITION]).get(_EDITION)
    if held is not None and held.value["version"] == version():
        return
    terms = Glossary.load().terms
    puts = [
        Entry(PLACE, term.name, {"kind": "term", "word": term.model_dump(mode="json")}, text)
        for term in terms
        if (text := word_term(term))
    ]
    gone = {entry.key for entry in store.entries(PLACE)} - {term.name for term in terms}
    deletes = [Address(PLACE, key) for key in gone - {_EDITION}]
    store.write([*puts, Entry(PLACE, _EDITION, {"version": version()})], deletes)


def nearest_terms(store: EntryStore, project: str, text: str, limit: int = 5) -> tuple[Term, ...]:
    """The terms whose words and meaning fit a text best, a project's own among them.

    Args:
        store: the memory; the shared terms are written into it first when they are missing.
        project: the project's name.
        text: such as ``as if heard from the next room``.
        limit: most terms.
    """
    fill(store)
    places = (project_place(project, TERMS), PLACE)
    found = [hit for place in places for hit in store.find(place, text, limit)]
    found.sort(key=lambda hit: hit.score, reverse=True)
    return tuple(Term.model_validate(hit.entry.value["word"]) for hit in found[:limit])
