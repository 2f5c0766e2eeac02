"""Ask for a project's entries by exact fields, by meaning and words, or both, page by page."""

from dataclasses import dataclass

from pydantic import JsonValue

from grym_synth.errors import BadInput
from memory.context import Evidence, Place
from memory.filing.keys import FINDINGS, archive_of, label_of_kind
from memory.filing.records import NEVER, Record, RecordKind, record_of
from memory.shelf.shelf import Shelf
from memory.storage.entries import Filter, Namespace


@dataclass(frozen=True)
class Query:
    """What entries must have; what is left out doesn't matter."""

    kinds: tuple[RecordKind, ...] = ()
    place: Place | None = None
    """Exactly this level and, but for letter case, this name."""
    asset: str = ""
    """Id of an asset that they are about."""
    aspect: str = ""
    evidence: tuple[Evidence, ...] = ()
    thread: str = ""
    turn: int | None = None
    since: str = ""
    """They began to hold at this time (ISO 8601, UTC; may be a day) or later."""
    until: str = ""
    """They began to hold before this time."""
    text: str = ""
    """They fit these words or their meaning; the best come first, else the newest."""
    ended: bool = False
    """Also those that were given up, and older versions; not together with ``text``."""


@dataclass(frozen=True)
class Page:
    """Which part of a long answer is wanted."""

    cursor: str = ""
    """``Listing.next`` of the page before; empty for the first."""
    size: int = 50
    """Most entries."""


@dataclass(frozen=True)
class Listing:
    """One page of entries."""

    records: tuple[Record, ...]
    next: str = ""
    """The cursor of the next page; empty when this is the last."""


def listing(shelf: Shelf, query: Query, page: Page) -> Listing:
    """One page of the entries that a query asks for.

    Raises:
        BadInput: the cursor is none, or the page has no size.
    """
    if page.size < 1 or not (page.cursor or "0").isdecimal():
        raise BadInput(
            f"listing entries of project {shelf.project}",
            f"page {page.cursor!r} of {page.size} entries can't be had",
            "Give the cursor of the page before and a size of at least 1",
        )
    return _sought(shelf, query, page) if query.text else _listed(shelf, query, page)


def _sought(shelf: Shelf, query: Query, page: Page) -> Listing:
    begin = int(page.cursor or 0)
    end = begin + page.size
    places = _prefixes(shelf, query)
    place = places[0] if len(places) == 1 else shelf.place()
    found = shelf.store.find(place, query.text, end + 1, _filter(query))
    records = tuple(record_of(one.entry, score=one.score) for one in found[begin:end])
    return Listing(records, str(end) if len(found) > end else "")


def _listed(shelf: Shelf, query: Query, page: Page) -> Listing:
    before = int(page.cursor) if page.cursor else None
    found = shelf.store.select(
        _prefixes(shelf, query), _filter(query), before=before, limit=page.size + 1
    )
    records = tuple(record_of(one.entry, number=one.number) for one in found[: page.size])
    return Listing(records, str(records[-1].number) if len(found) > page.size else "")


def _prefixes(shelf: Shelf, query: Query) -> list[Namespace]:
    """Where the wanted kinds lie; findings about an asset lie in a namespace of their own."""
    if not query.kinds and not query.asset:
        return [shelf.place()]
    kinds = query.kinds or ("finding", "asset", "element", "turn", "note")
    labels = dict.fromkeys(label_of_kind(kind) for kind in kinds)
    places = [
        shelf.place(label, query.asset) if label == FINDINGS and query.asset else shelf.place(label)
        for label in labels
    ]
    return [*places, *map(archive_of, places)] if query.ended else places


def _filter(query: Query) -> Filter:
    wanted: dict[str, JsonValue] = {
        "aspect": query.aspect,
        "thread": query.thread,
        "level": query.place.level if query.place else "",
    }
    where = {name: value for name, value in wanted.items() if value}
    if query.place:
        where["name"] = query.place.name.casefold()
    if query.kinds:
        where["kind"] = {"$in": [*query.kinds]}
    if query.evidence:
        where["evidence"] = {"$in": [*query.evidence]}
    if query.asset:
        where["assets"] = {"$has": query.asset}
    if query.turn is not None:
        where["turn"] = query.turn
    bounds: dict[str, JsonValue] = {"$gte": query.since, "$lt": query.until}
    if query.since or query.until:
        where["at"] = {name: bound for name, bound in bounds.items() if bound}
    if not query.ended:
        where["until"] = NEVER
    return where
