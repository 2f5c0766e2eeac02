"""Short names by which everything in a project can be opened.

``p`` is the project and ``p:notes`` its entries of a kind, ``s:chorus`` a section, ``e:lead-vocal``
an element, ``t:main/12`` a turn. ``a:3f9a01b2c3d4`` is a file, by both ends of its id; other
entries have the beginning of theirs, such as ``f:1b2c3d4e5f`` for a finding. ``#2`` behind a name
is its second page.
"""

import re
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from memory.context import Place, TurnRecord, content_id
from memory.filing.records import Record
from memory.hierarchy.hierarchy import Branch

PROJECT = "p"

KINDS = (
    "places", "settings", "files", "notes", "findings", "conflicts", "turns", "terms", "steps",
    "reports", "past",
)  # fmt: skip
"""What ``p:KIND`` lists; ``steps`` are those of the processing history, ``past`` is what was given
up."""

_LETTERS = 10
"""Letters of an id in its handle."""

_EACH_END = 6
"""Letters of a file's id in its handle, from its beginning and from its end."""

ID = re.compile(r"([a-z]+)-([0-9a-f]{16})")
"""Ids that are made from content."""
_PAGED = re.compile(r"(.*?)(?:#(\d{1,9}))?", re.DOTALL)


class Handle(NamedTuple):
    """A handle in its parts."""

    head: str
    rest: str
    page: int


def read_handle(text: str) -> Handle:
    """Take a handle apart; what has no colon has no rest."""
    found = _PAGED.fullmatch(text.strip())
    whole, page = (found[1], found[2]) if found else (text, None)
    head, _, rest = whole.partition(":")
    return Handle(head, rest, max(1, int(page or 1)))


def handle_of(record: Record) -> str:
    """The handle of an entry."""
    if record.kind == "asset":
        return file_handle(record.id)
    if isinstance(record.word, TurnRecord):
        return f"t:{record.word.thread}/{record.word.turn}"
    return short(record.id)


def file_handle(id_: str) -> str:
    """The handle of a file."""
    return f"a:{id_[:_EACH_END]}{id_[-_EACH_END:]}"


def short(id_: str) -> str:
    """The handle of an entry's id; an id of another form is its own handle."""
    found = ID.fullmatch(id_)
    return f"{found[1]}:{found[2][:_LETTERS]}" if found else id_


def handles_of(root: Branch) -> Mapping[Place, str]:
    """The handles of a project's places; names that look alike get a few letters more."""
    slugs = {one.place: f"{one.place.level[0]}:{slug(one.place.name)}" for one in root.branches()}
    count = Counter(slugs.values())
    named = {
        place: text if count[text] == 1 else f"{text}~{_mark(place)}"
        for place, text in slugs.items()
    }
    return {**named, root.place: PROJECT}


def slug(name: str) -> str:
    """A name in small letters and digits, with dashes between."""
    return "-".join(re.findall(r"[^\W_]+", name.casefold())) or "unnamed"


def _mark(place: Place) -> str:
    return content_id("", place.name.casefold())[1:5]
