"""Grow the tree of a project's places from what was stated and what is known.

Notes and findings about a section or element live there. A finding about a file lives at the
elements that hold the file; one about a stretch of it also counts for the section that the middle
of the stretch lies in. Counts come from SQLite's own tallies, so that the tree of a project with
100,000 entries is there in milliseconds.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property

from memory.context import Element, Finding, Level, Place, Section
from memory.filing.keys import ASSETS, FINDINGS, NOTES, SUMMARIES, name_of_label, project_place
from memory.filing.records import NEVER, words_of
from memory.filing.stating import Stated
from memory.hierarchy.hierarchy import Branch, Hierarchy, Scope, sum_below
from memory.hierarchy.spans import TIMING, Span, span_of, time_of
from memory.storage.entries import EntryStore, Filter, Namespace
from memory.storage.tallies import Tally

TIMELINE = 8
"""Files whose stretches of time count for sections: those that were looked into last."""

_DIGEST = re.compile("[0-9a-f]{64}")
_HOLDS: Filter = {"until": NEVER}


def hierarchy_of(store: EntryStore, project: str, stated: tuple[Stated, ...]) -> Hierarchy:
    """The tree of a project as it is now.

    Args:
        store: where the entries are.
        project: the project's name.
        stated: what the user states of it.
    """
    tallies = tuple(store.tally(project_place(project)))
    root = _Growing(store, project, stated, tallies).root()
    return Hierarchy(store, project, stated, root, tallies)


class _Growing:
    """A tree while it is made."""

    def __init__(
        self, store: EntryStore, project: str, stated: tuple[Stated, ...], tallies: Sequence[Tally]
    ) -> None:
        self.store, self.project, self.tallies = store, project, tallies
        self.sections = {one.name.casefold(): one for one in stated if isinstance(one, Section)}
        self.elements = {one.name.casefold(): one for one in stated if isinstance(one, Element)}
        self._files: dict[str, Tally] = {}
        self._told: dict[tuple[str, str], list[Tally]] = {}
        self._noted: dict[tuple[str, str], Tally] = {}
        for one in tallies:
            label, *subject = one.namespace.split(".")[2:]
            if label == NOTES:
                self._noted[one.level, one.name] = one
            elif label == FINDINGS and one.name:
                self._told.setdefault((one.level, one.name), []).append(one)
            elif label == FINDINGS and subject:
                self._files[name_of_label(subject[0])] = one

    def root(self) -> Branch:
        """The project with all below it."""
        inside: dict[str, list[Branch]] = {}
        for name in self._named("element", self.elements):
            inside.setdefault(self._section_of(name), []).append(self._element(name))
        branches = [
            self._section(name, tuple(inside.get(name, ())))
            for name in self._named("section", self.sections)
        ]
        known = [one for one in self.tallies if one.namespace.split(".")[2] != SUMMARIES]
        return Branch(
            Place(),
            None,
            self._own_scopes(),
            sum(one.held for one in known),
            max((one.newest for one in known), default=0),
            (*branches, *inside.get("", ())),
        )

    def _named(self, level: Level, stated: Mapping[str, Section | Element]) -> list[str]:
        """Names of the sections or elements that are stated, then of others with entries."""
        spoken = sorted(name for at, name in (*self._noted, *self._told) if at == level)
        return list(dict.fromkeys([*stated, *spoken]))

    def _section_of(self, element: str) -> str:
        word = self.elements.get(element)
        name = word.section.casefold() if word else ""
        return name if name in self.sections else ""

    def _section(self, name: str, children: tuple[Branch, ...]) -> Branch:
        scopes = self._scopes("section", name)
        span = self._spans.get(name)
        if span is not None and self._timeline:
            below = tuple(self._findings(file) for file in self._timeline)
            where: Filter = {"middle": {"$gte": span.start, "$lt": span.end}, **_HOLDS}
            count = self.store.count_fitting(below, where)
            newest = max(self._files[file].newest for file in self._timeline)
            scopes = (*scopes, *_scope("regions", below, where, count, newest))
        word = self.sections.get(name)
        place = Place(level="section", name=word.name if word else name)
        return _branch(place, word, scopes, children)

    def _element(self, name: str) -> Branch:
        word = self.elements.get(name)
        place = Place(level="element", name=word.name if word else name)
        held = [self._files[file] for file in word.assets if file in self._files] if word else []
        about = _found_scope(held, _HOLDS)
        return _branch(place, word, (*self._scopes("element", name), *about), ())

    def _scopes(self, level: Level, name: str) -> tuple[Scope, ...]:
        """The notes and findings about a section or element itself."""
        found = _found_scope(self._told.get((level, name), []), {"level": level, **_HOLDS})
        noted = self._noted.get((level, name))
        if noted is None:
            return found
        where: Filter = {"level": level, "name": name, **_HOLDS}
        notes = project_place(self.project, NOTES)
        return (*_scope("notes", (notes,), where, noted.held, noted.newest), *found)

    def _own_scopes(self) -> tuple[Scope, ...]:
        """The project's own notes, its files, and what is known of these."""
        where: Filter = {"level": "project", **_HOLDS}
        assets = project_place(self.project, ASSETS)
        noted, files = self._noted.get(("project", "")), sum_below(self.tallies, assets)
        about = sum(one.held for one in self._files.values())
        return (
            *(_scope("notes", (project_place(self.project, NOTES),), where, noted.held,
                     noted.newest) if noted else ()),
            *_scope("files", (assets,), _HOLDS, files, 0),
            *_scope("findings", (project_place(self.project, FINDINGS),), where, about, 0),
        )  # fmt: skip

    def _findings(self, subject: str) -> Namespace:
        return project_place(self.project, FINDINGS, subject)

    @cached_property
    def _timeline(self) -> list[str]:
        """Ids of the files that were looked into last."""
        files = [id_ for id_ in self._files if _DIGEST.fullmatch(id_)]
        return sorted(files, key=lambda id_: -self._files[id_].newest)[:TIMELINE]

    @cached_property
    def _spans(self) -> dict[str, Span]:
        """Where sections lie; bars are counted in the tempo of the file that was seen last."""
        in_bars = any(one.start is None and one.first_bar for one in self.sections.values())
        time = time_of(self._timing()) if in_bars else None
        spans = {name: span_of(one, time) for name, one in self.sections.items()}
        return {name: span for name, span in spans.items() if span is not None}

    def _timing(self) -> list[Finding]:
        for file in self._timeline:
            where: Filter = {"aspect": {"$in": [*TIMING]}, **_HOLDS}
            held = self.store.select([self._findings(file)], where, limit=20)
            found = words_of([one.entry for one in held], Finding)
            if time_of(found) is not None:
                return [*found]
        return []


def _branch(
    place: Place,
    word: Section | Element | None,
    scopes: tuple[Scope, ...],
    children: tuple[Branch, ...],
) -> Branch:
    count = sum(one.count for one in scopes) + sum(one.count for one in children)
    newest = max([*(one.newest for one in scopes), *(one.newest for one in children)], default=0)
    return Branch(place, word, scopes, count, newest, children)


def _found_scope(held: Sequence[Tally], where: Filter) -> tuple[Scope, ...]:
    below = tuple(tuple(one.namespace.split(".")) for one in held)
    newest = max((one.newest for one in held), default=0)
    return _scope("findings", below, where, sum(one.held for one in held), newest)


def _scope(
    label: str, below: tuple[Namespace, ...], where: Filter, count: int, newest: int
) -> tuple[Scope, ...]:
    return (Scope(label, below, where, count, newest),) if count else ()
