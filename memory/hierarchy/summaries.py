"""The running summary of each place: refreshed when enough changed below it, never on reading.

A summary is written anew when at least five entries came or went since the last one, or a fifth of
what it covered, when the user stated something else of the place, or when an entry that it tells of
no longer holds. Writing it again from the same entries writes nothing.
"""

import math
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Protocol

from audio.assets import AssetRef
from memory.context import Conflict, Finding, Moment, Place, Summary, content_id
from memory.filing.keys import ASSETS, CONFLICTS, FINDINGS, NOTES, SETTINGS, SUMMARIES
from memory.filing.records import NEVER, Record, record_of, words_of
from memory.glossary.glossary import Glossary
from memory.hierarchy.extractive import Draft, Extractive, sources_of
from memory.hierarchy.hierarchy import Branch, Hierarchy, Scope
from memory.hierarchy.summary_parts import Material
from memory.language.invention import invented_numbers
from memory.shelf.shelf import Shelf
from memory.storage.entries import Filter

ENOUGH = 5
"""Entries that came or went, from which on a summary is written anew."""

SHARE = 0.2
"""The same as a share of what it covered."""

NEWEST = 48
"""Entries of each kind, the newest first, that a summary weighs beside those that it told of: one
file's full profile has about 40."""

REGIONS = 16
"""The same for findings about stretches of time."""

LATELY = 20
"""Newest turns that tell what is asked about."""

_HOLDS: Filter = {"until": NEVER}


class Summariser(Protocol):
    """Somebody who tells in few words what is known at a place."""

    @property
    def source(self) -> str:
        """``agent/instrument-or-model@version``."""
        ...

    def summarise(self, material: Material) -> Draft:
        """Tell the most important of a place, in words and numbers of its entries alone."""
        ...


def refresh(
    shelf: Shelf,
    tree: Hierarchy,
    began: Moment,
    summariser: Summariser | None = None,
    most: int | None = None,
) -> tuple[Summary, ...]:
    """Write the summaries that are due, and return them.

    Args:
        shelf: the project's entries.
        tree: its places as they are now.
        began: the moment of the writing.
        summariser: who writes them; by default the instruments do.
        most: at most so many, the project's first; by default all.
    """
    held = {key_of(one.place): one for one in shelf.summaries()}
    due = list(
        islice((one for one in tree.root.branches() if _is_due(shelf, tree, one, held)), most)
    )
    if not due:
        return ()
    asked = asked_lately(shelf)
    written = []
    for branch in due:
        older = held.get(key_of(branch.place))
        summary = write(shelf, tree, branch, older, asked, began, summariser)
        shelf.put_summary(summary, began)
        written.append(summary)
    return tuple(written)


def asked_lately(shelf: Shelf) -> Mapping[str, float]:
    """How much each aspect was asked about in the newest turns; the most asked one has 1."""
    glossary = Glossary.load(shelf.terms())
    count: dict[str, int] = {}
    for turn in shelf.turns(newest=LATELY):
        wanted = {one.aspect for task in turn.tasks for one in task.criteria}
        for aspect in wanted.union(glossary.aspects_of(turn.request)):
            count[aspect] = count.get(aspect, 0) + 1
    most = max(count.values(), default=1)
    return {aspect: number / most for aspect, number in count.items()}


def _is_due(
    shelf: Shelf, tree: Hierarchy, branch: Branch, held: Mapping[tuple[str, str], Summary]
) -> bool:
    summary = held.get(key_of(branch.place))
    if summary is None or summary.newest > branch.newest:  # its numbers are of another store
        return branch.count > 0
    if summary.stated != _mark(tree, branch):
        return True
    if (branch.count, branch.newest) == (summary.covers, summary.newest):
        return False
    enough = max(1, min(ENOUGH, math.ceil(SHARE * summary.covers)))
    if branch.count - summary.covers >= enough:
        return True
    new = _new(shelf, tree, branch, summary.newest)
    gone = max(0, summary.covers + new - branch.count)
    return new + gone >= enough or not _all_hold(shelf, summary.entries)


def _new(shelf: Shelf, tree: Hierarchy, branch: Branch, newest: int) -> int:
    """How many entries came to a place after one of a number; ``ENOUGH`` stands for more."""
    scopes = _everything(tree) if branch is tree.root else _below(branch)
    new: set[int] = set()
    for scope in scopes:
        if scope.newest > newest and len(new) < ENOUGH:
            found = shelf.store.select(scope.below, scope.where, limit=ENOUGH)
            new.update(one.number for one in found if one.number > newest)
    return min(len(new), ENOUGH)


def _everything(tree: Hierarchy) -> Iterable[Scope]:
    for one in tree.tallies:
        namespace = tuple(one.namespace.split("."))
        if namespace[2] != SUMMARIES:
            yield Scope(namespace[2], (namespace,), _HOLDS, one.held, one.newest)


def _below(branch: Branch) -> Iterable[Scope]:
    return (scope for one in branch.branches() for scope in one.scopes)


def _all_hold(shelf: Shelf, ids: Iterable[str]) -> bool:
    """Whether all entries that a summary tells of still hold."""
    wanted = set(ids)
    held = shelf.store.entries(shelf.place(), searchable=True, keys=wanted) if wanted else []
    return wanted <= {entry.key for entry in held}


def write(
    shelf: Shelf,
    tree: Hierarchy,
    branch: Branch,
    older: Summary | None,
    asked: Mapping[str, float],
    began: Moment,
    summariser: Summariser | None,
) -> Summary:
    """A place's summary as it is now, by the summariser, else by the instruments.

    Args:
        shelf: the project's entries.
        tree: its places.
        branch: the place.
        older: what was known there before; what that told of is weighed again.
        asked: how much each aspect was asked about lately, 0..1.
        began: the moment of the writing.
        summariser: who writes it; None for the instruments.
    """
    material = _material(shelf, tree, branch, older, asked)
    draft, source = _drafted(material, summariser)
    return Summary(
        place=branch.place,
        text=draft.text,
        entries=draft.entries,
        covers=branch.count,
        newest=branch.newest,
        stated=_mark(tree, branch),
        source=source,
        turn=began.turn,
        at=began.at,
    )


def _drafted(material: Material, summariser: Summariser | None) -> tuple[Draft, str]:
    """A draft whose numbers its entries hold: the summariser's, else the instruments'."""
    if summariser is not None:
        draft = summariser.summarise(material)
        if draft.text.strip() and not invented_numbers(draft.text, sources_of(material, draft)):
            return draft, summariser.source
    own = Extractive()
    return own.summarise(material), own.source


def _material(
    shelf: Shelf,
    tree: Hierarchy,
    branch: Branch,
    older: Summary | None,
    asked: Mapping[str, float],
) -> Material:
    """What a summary weighs: the newest of each kind, and what the older summary told of."""
    if branch is tree.root:
        found = list(_of_project(shelf, tree))
    else:
        found = [record for scope in _below(branch) for record in _newest(shelf, scope)]
        found += _stated(shelf, branch.place)
    kept = set(older.entries if older else ()) - {record.id for record in found}
    carried = shelf.store.entries(shelf.place(), searchable=True, keys=kept) if kept else []
    records = {one.id: one for one in (*found, *map(record_of, carried))}
    if branch is not tree.root:
        records |= {one.id: one for one in _disputes(shelf) if _touches(one, records)}
    newest = sorted(records.values(), key=lambda one: (one.began.at, one.id), reverse=True)
    return Material(branch.place, newest, _files(shelf, newest), asked)


def _of_project(shelf: Shelf, tree: Hierarchy) -> Iterable[Record]:
    below = shelf.place(FINDINGS)
    newest = sorted(tree.tallies, key=lambda one: -one.newest)
    about = [tuple(one.namespace.split(".")) for one in newest]
    findings = [one for one in about if one[: len(below)] == below][:4]
    for label, places in (("notes", [shelf.place(NOTES)]), ("findings", findings)):
        yield from _newest(shelf, Scope(label, tuple(places), _HOLDS, NEWEST, 0))
    yield from _disputes(shelf)
    wanted: Filter = {"kind": {"$in": ["goal", "style", "constraint", "deadline"]}, **_HOLDS}
    yield from (record_of(one.entry) for one in shelf.store.select([shelf.place(SETTINGS)], wanted))


def _newest(shelf: Shelf, scope: Scope) -> Iterable[Record]:
    """The newest entries of a scope; what is known of whole files comes before its stretches."""
    regions: Filter = {**scope.where, "middle": {"$ne": None}}
    parts = [(scope.where, REGIONS if scope.label == "regions" else NEWEST)]
    if scope.label == "findings":
        parts = [({**scope.where, "middle": None}, NEWEST), (regions, REGIONS)]
    for where, most in parts if scope.below else ():
        held = shelf.store.select(scope.below, where, limit=most)
        yield from (record_of(one.entry) for one in held)


def _stated(shelf: Shelf, place: Place) -> list[Record]:
    where: Filter = {"kind": place.level, "name": place.name.casefold(), **_HOLDS}
    return [record_of(one.entry) for one in shelf.store.select([shelf.place(SETTINGS)], where)]


def _disputes(shelf: Shelf) -> list[Record]:
    """The newest conflicts that are open."""
    where: Filter = {"status": "open", **_HOLDS}
    held = shelf.store.select([shelf.place(CONFLICTS)], where, limit=NEWEST)
    return [record_of(one.entry) for one in held]


def _touches(record: Record, others: Mapping[str, Record]) -> bool:
    return isinstance(record.word, Conflict) and bool(others.keys() & set(record.word.findings))


def _files(shelf: Shelf, records: Iterable[Record]) -> dict[str, AssetRef]:
    subjects = (one.word.subject for one in records if isinstance(one.word, Finding))
    ids = dict.fromkeys(one.id for one in subjects if one.kind == "asset")
    held = shelf.store.read(shelf.place(ASSETS), list(ids))
    return {asset.id: asset for asset in words_of(held.values(), AssetRef)}


def _mark(tree: Hierarchy, branch: Branch) -> str:
    """The mark of what the user states of a place; for the project, of all that is stated."""
    words = tree.stated if branch is tree.root else [branch.word] if branch.word else []
    return content_id("m", *(word.model_dump(mode="json") for word in words))


def key_of(place: Place) -> tuple[str, str]:
    """What two summaries of one place have in common."""
    return place.level, place.name.casefold()
