"""Open what a handle names: a page of a place or kind, a file, a turn, or one entry in full."""

import math
from collections.abc import Sequence
from difflib import get_close_matches

from agents.contexts.telling import tell_file
from agents.opening.entry_texts import (
    counted,
    in_parts,
    line_of,
    names_in,
    stated_text,
    told_in_full,
)
from agents.opening.handles import (
    KINDS,
    PROJECT,
    Handle,
    file_handle,
    handle_of,
    handles_of,
    read_handle,
    slug,
)
from audio.assets import AssetRef
from grym_synth.errors import UnknownName
from memory.context import Element, PackageItem, Place
from memory.filing.keys import ASSETS, VERSIONS
from memory.filing.records import Record, record_of
from memory.hierarchy.hierarchy import Branch, Scope
from memory.packing.compression import one_line
from memory.packing.token_budget import EstimatedTokens, TokenCounter
from memory.repository import Repository

PAGE, LINE = 20, 45
"""Most entries on one page, and the tokens that each should have; small budgets have fewer."""

OPENED_TOKENS = 1200
"""Most tokens of what one handle opens, unless more is asked for."""

_MOST_ALIKE = 5
"""Most entries that one handle shows where their ids begin alike."""

_MOST_ASKED = 10_000
"""Most files whose ids begin alike that are looked through."""

_ESTIMATE = EstimatedTokens()


class Opener:
    """Opens handles of one project as it is now."""

    def __init__(
        self,
        repository: Repository,
        project: str,
        budget: int = OPENED_TOKENS,
        counter: TokenCounter = _ESTIMATE,
    ) -> None:
        """Read the project's tree.

        Args:
            repository: the project memory.
            project: the project's name.
            budget: most tokens of what one handle opens.
            counter: counts them.
        """
        self.tree = repository.hierarchy(project)
        self.handles = handles_of(self.tree.root)
        self._repository, self._project = repository, project
        self._budget, self._counter = budget, counter
        self._page = max(1, min(PAGE, budget // LINE - 1))

    def open(self, handle: str) -> tuple[PackageItem, ...]:
        """What a handle names; several entries where their ids begin alike.

        Raises:
            UnknownName: nothing has this handle, or it has no such page; near ones are told.
        """
        asked = read_handle(handle)
        if asked.head == PROJECT and asked.rest in KINDS:
            return (self._kind(asked),)
        if branch := self._branch(asked):
            return (self._place(branch, asked.page),)
        records = self._records(asked, handle)
        if not records:
            raise self._unknown(handle)
        return tuple(self._record(record, asked.page) for record in records)

    def line(self, branch: Branch) -> str:
        """A place on one line: its handle, its name, how much is known there, what lies below."""
        below = [counted(one.count, one.label) for one in branch.scopes]
        below += [self.handles[one.place] for one in branch.children]
        held = ", ".join(below) or "nothing known yet"
        return f"{self.handles[branch.place]} {branch.place.name} ({held})"

    # Pages

    def _kind(self, asked: Handle) -> PackageItem:
        handle = f"{PROJECT}:{asked.rest}"
        if asked.rest == "places":
            places = [one for one in self.tree.root.branches() if one is not self.tree.root]
            return self._listed(handle, "place", Place(), [], places, (), asked.page)
        scopes = self.tree.of_kind(asked.rest)
        return self._listed(handle, asked.rest, Place(), [], (), scopes, asked.page)

    def _branch(self, asked: Handle) -> Branch | None:
        name = f"{asked.head}:{asked.rest}" if asked.rest else asked.head
        tidy = f"{asked.head}:{slug(asked.rest)}" if asked.rest else asked.head
        for wanted in (name, tidy):
            for place, handle in self.handles.items():
                if handle == wanted:
                    return self.tree.branch(place)
        return None

    def _place(self, branch: Branch, page: int) -> PackageItem:
        place = branch.place
        summary = self._repository.summary(self._project, place)
        intro = [] if place.name else [self.index()]
        if isinstance(branch.word, Element) and branch.word.assets:
            intro.append(f"files: {', '.join(map(file_handle, branch.word.assets))}")
        intro += [summary.text] if summary else [stated_text(branch)]
        children = branch.children
        handle = self.handles[place]
        return self._listed(handle, place.level, place, intro, children, branch.scopes, page)

    def index(self) -> str:
        """What can be opened of the whole project, with how much of it there is."""
        parts = []
        for kind in KINDS:
            if kind == "past":
                parts.append(f"{PROJECT}:{kind}")
                continue
            places = kind == "places"
            held = sum(one.count for one in self.tree.of_kind(kind)) if not places else 0
            count = len(self.handles) - 1 if places else held
            pages = f", #1-#{math.ceil(count / self._page)}" if count > self._page else ""
            parts += [f"{PROJECT}:{kind} ({count}{pages})"] if count else []
        return f"open: {'; '.join(parts)}"

    def _listed(
        self,
        handle: str,
        kind: str,
        place: Place,
        intro: list[str],
        children: Sequence[Branch],
        scopes: Sequence[Scope],
        page: int,
    ) -> PackageItem:
        """One page: the places below first, then the entries."""
        count = len(children) + sum(one.count for one in scopes)
        pages = max(1, math.ceil(count / self._page))
        if page > pages:
            raise UnknownName(
                f"opening {handle}#{page}",
                f"it has {pages} page{'' if pages == 1 else 's'}",
                f"Open {handle}#{pages} or one before it",
            )
        begin = (page - 1) * self._page
        lines = [self.line(one) for one in children[begin : begin + self._page]]
        records = self.tree.records(scopes, max(0, begin - len(children)), self._page - len(lines))
        names = names_in(records, self.tree)
        lines += [line_of(record, names) for record in records]
        head = [f"{handle}, page {page} of {pages}, {count} entries"]
        head += intro if page == 1 else []
        foot = [f"more: {handle}#{page + 1}"] if page < pages else []
        text = self._fitted(head, lines, foot)
        return self._item(f"{handle}#{page}" if page > 1 else handle, kind, place, text)

    def _fitted(self, head: list[str], lines: list[str], foot: list[str]) -> str:
        """A page within the budget: lines are cut, and the intro before them."""
        room = self._budget - self._counter.count("\n".join(foot)) - len(lines) - 2
        least = min(20 * len(lines), room)
        top = one_line(head[0], room, self._counter)
        for part in head[1:]:
            left = room - least - self._counter.count(top) - 1
            if left > 0:
                top += "\n" + one_line(part, left, self._counter)
        left, cut = room - self._counter.count(top), dict[int, str]()
        for at in sorted(range(len(lines)), key=lambda at: self._counter.count(lines[at])):
            each = max(1, left // (len(lines) - len(cut)))  # what short lines leave, long ones get
            cut[at] = one_line(lines[at], each, self._counter)
            left -= self._counter.count(cut[at])
        return "\n".join([top, *(cut[at] for at in range(len(lines))), *foot])

    # Entries

    def _records(self, asked: Handle, handle: str) -> list[Record]:
        if asked.head == "t" and "/" in asked.rest:
            thread, _, turn = asked.rest.rpartition("/")
            found = self._repository.open(self._project, f"{thread}#{turn}")
            return [found] if found else []
        if whole := self._repository.open(self._project, handle.strip()):
            return [whole]
        if not asked.rest:
            return []
        if asked.head == "a":
            return self._files(asked.rest)
        start = f"{asked.head}-{asked.rest}"
        held = self.tree.store.starting(self.tree.place(), start, 2 * _MOST_ALIKE)
        current = [one for one in held if one.namespace[2] != VERSIONS]
        return [record_of(one) for one in current][:_MOST_ALIKE]

    def _files(self, letters: str) -> list[Record]:
        """The files of a handle, or those whose ids begin so."""
        place = self.tree.place(ASSETS)
        held = self.tree.store.starting(place, letters[: len(letters) // 2], _MOST_ASKED)
        exact = [one for one in held if file_handle(one.key) == f"a:{letters}"]
        begun = [one for one in held if one.key.startswith(letters)]
        return [record_of(one) for one in exact or begun][:_MOST_ALIKE]

    def _record(self, record: Record, page: int) -> PackageItem:
        handle = handle_of(record)
        if isinstance(record.word, AssetRef):
            return self._file(record.word, record, page)
        room = self._budget - self._counter.count(f"\nmore: {handle}#999")
        parts = in_parts("\n".join(told_in_full(record, self.tree)), room, self._counter)
        if page > len(parts):
            raise UnknownName(
                f"opening {handle}#{page}", f"it has {len(parts)} pages", f"Open {handle}"
            )
        foot = f"\nmore: {handle}#{page + 1}" if page < len(parts) else ""
        id_ = f"{handle}#{page}" if page > 1 else handle
        return self._item(id_, record.kind, record.place, parts[page - 1] + foot)

    def _file(self, asset: AssetRef, record: Record, page: int) -> PackageItem:
        holders = [
            self.handles[one.place]
            for one in self.tree.root.branches()
            if isinstance(one.word, Element) and asset.id in one.word.assets
        ]
        intro = [f"{asset.name}: {tell_file(asset)}"]
        intro += [f"holds {', '.join(holders)}"] if holders else []
        scopes = self.tree.about_file(asset.id)
        handle = handle_of(record)
        return self._listed(handle, "asset", Place(), intro, (), scopes, page)

    def _item(self, id_: str, kind: str, place: Place, text: str) -> PackageItem:
        tokens = self._counter.count(text)
        return PackageItem(
            id=id_, kind=kind, place=place, form="full", text=text, tokens=tokens, reason="opened"
        )

    def _unknown(self, handle: str) -> UnknownName:
        known = [*self.handles.values(), *(f"{PROJECT}:{kind}" for kind in KINDS)]
        near = get_close_matches(handle.strip().casefold(), known, n=4, cutoff=0.5)
        do = f"Did you mean {', '.join(near)}?" if near else f"Open {PROJECT} for what there is"
        return UnknownName(f"opening {handle!r}", f"project {self._project} has none such", do)
