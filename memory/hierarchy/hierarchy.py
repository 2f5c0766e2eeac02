"""The tree of a project's places, the project, its sections, their elements, and what lives there.

``memory.hierarchy.places`` grows it.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from memory.context import Element, Place, Section
from memory.filing.keys import ASSETS, FINDINGS, INTERACTIONS, NOTES, project_place
from memory.filing.records import NEVER, Record, record_of
from memory.filing.stating import Stated
from memory.storage.entries import EntryStore, Filter, Namespace
from memory.storage.tallies import Tally

_LABELS = {"files": ASSETS, "steps": INTERACTIONS}
"""Labels of namespaces that hold kinds of another name."""


@dataclass(frozen=True)
class Scope:
    """Entries of one kind that lie together."""

    label: str
    """``notes``, ``findings``, ``regions`` (findings about stretches) or ``files``."""
    below: tuple[Namespace, ...]
    where: Filter
    count: int
    newest: int
    """Number of the newest of them, or of one that was newer."""


@dataclass(frozen=True)
class Branch:
    """A place with what lives there and the places below it."""

    place: Place
    word: Section | Element | None
    """As it was stated; None for the project, and where only entries speak of the place."""
    scopes: tuple[Scope, ...]
    """What lives there, without what lives below."""
    count: int
    """How many entries live at the place and below it; one that counts for two places is two."""
    newest: int
    """Number of the newest of them, or of one that was newer."""
    children: tuple["Branch", ...] = ()

    def branches(self) -> Iterable["Branch"]:
        """This place and all below it."""
        yield self
        for child in self.children:
            yield from child.branches()


@dataclass(frozen=True)
class Hierarchy:
    """The tree, and the reading of what its places hold."""

    store: EntryStore
    project: str
    stated: tuple[Stated, ...]
    """What the user states of the project, in the order in which it was first stated."""
    root: Branch
    tallies: tuple[Tally, ...] = field(repr=False)

    def branch(self, place: Place) -> Branch | None:
        """The branch of a place; None when nothing speaks of it."""
        wanted = (place.level, place.name.casefold())
        found = (
            one
            for one in self.root.branches()
            if (one.place.level, one.place.name.casefold()) == wanted
        )
        return next(found, None)

    def place(self, *below: str) -> Namespace:
        """The project's namespace, or one below it."""
        return project_place(self.project, *below)

    def held(self, label: str) -> int:
        """How many entries of a kind's namespace hold, in all of the project."""
        return sum_below(self.tallies, self.place(label))

    def of_kind(self, kind: str) -> tuple[Scope, ...]:
        """All of the project's entries of a kind, wherever they live.

        Args:
            kind: ``settings``, ``files``, ``notes``, ``findings``, ``conflicts`` (open ones come
                first), ``turns``, ``terms``, ``steps``, ``reports``, or ``past``: what was given
                up.
        """
        holds: Filter = {"until": NEVER}
        if kind == "past":
            return (self._counted(kind, (self.place(),), {"until": {"$lt": NEVER}}),)
        below = (self.place(_LABELS.get(kind, kind)),)
        if kind == "conflicts":
            disputed = self._counted(kind, below, {"status": "open", **holds})
            settled = self.held(kind) - disputed.count
            return disputed, Scope(kind, below, {"status": "settled", **holds}, settled, 0)
        if kind in ("turns", "steps", "reports"):  # searches don't look at all of them
            return (Scope(kind, below, {}, self.store.count(below[0]), 0),)
        return (Scope(kind, below, holds, self.held(_LABELS.get(kind, kind)), 0),)

    def about_file(self, id_: str) -> tuple[Scope, ...]:
        """Findings and notes about a file."""
        below = self.place(FINDINGS, id_)
        holds: Filter = {"until": NEVER}
        notes = self.place(NOTES)
        noted = len(self.store.about(notes, [id_]))
        return (
            Scope("findings", (below,), holds, sum_below(self.tallies, below), 0),
            Scope("notes", (notes,), {"assets": {"$has": id_}, **holds}, noted, 0),
        )

    def _counted(self, label: str, below: tuple[Namespace, ...], where: Filter) -> Scope:
        return Scope(label, below, where, self.store.count_fitting(below, where), 0)

    def records(self, scopes: Sequence[Scope], skip: int, most: int) -> list[Record]:
        """Entries of some scopes one after another, within each the newest first."""
        found: list[Record] = []
        for scope in scopes:
            if skip < scope.count and len(found) < most:
                held = self.store.select(
                    scope.below, scope.where, limit=most - len(found), skip=skip
                )
                found += [record_of(one.entry, number=one.number) for one in held]
            skip = max(0, skip - scope.count)
        return found


def sum_below(tallies: Sequence[Tally], place: Namespace) -> int:
    """How many entries hold in or below a namespace.

    Args:
        tallies: in the order of their namespaces.
        place: the namespace.
    """
    name = ".".join(place)
    own = _between(tallies, name, f"{name}\0")
    below = _between(tallies, f"{name}.", f"{name}/")
    return sum(one.held for one in (*own, *below))


def _between(tallies: Sequence[Tally], first: str, after: str) -> Sequence[Tally]:
    start = bisect_left(tallies, first, key=attrgetter("namespace"))
    return tallies[start : bisect_left(tallies, after, key=attrgetter("namespace"))]
