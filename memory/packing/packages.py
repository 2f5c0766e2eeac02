"""Fits what is known into a model's token budget, and says what was kept, what not, and why."""

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from memory.context import ContextPackage, LeftOut, PackageItem, SliceReport
from memory.packing.forms import (
    CLOSING,
    OPENING,
    THRIFT,
    Candidate,
    Form,
    forms_of,
    heading_line,
    line_of,
    reference_of,
    reference_opening,
)
from memory.packing.token_budget import TokenCounter

REFERENCES_SHARE = 100
"""References get this part of a budget (a hundredth): they lead on, but state nothing."""

MOST_LEFT_OUT = 60
"""Entries whose leaving out is told one by one; the others are counted by reason."""

NO_ROOM = "no room in the budget"


class Dropped(NamedTuple):
    """An entry that was weighed and is not in a package."""

    id: str
    kind: str
    reason: str


class _Packing:
    """A package while it is being packed."""

    def __init__(self, room: int, counter: TokenCounter) -> None:
        self.room, self.counter = room, counter
        self.taken: dict[str, Form] = {}
        self._groups: set[str] = set()
        self._headings: dict[str, int] = {}

    def fill(self, candidates: Iterable[Candidate], wanted: Collection[str]) -> None:
        """Put in what gains most for each token, until nothing more fits.

        The first entry below a heading pays for it; the others get cheaper once it stands.
        """
        forms = [form for one in candidates for form in forms_of(one, wanted, self.counter)]
        below: dict[str, list[int]] = {}
        for at, form in enumerate(forms):
            below.setdefault(form.of.group, []).append(at)
        waiting = [(-self._gain(form), at) for at, form in enumerate(forms)]
        heapq.heapify(waiting)
        while waiting:
            form = forms[heapq.heappop(waiting)[1]]
            is_first = form.of.group not in self._groups
            if self._take_or_shorter(form) and is_first:
                for at in below[form.of.group]:
                    heapq.heappush(waiting, (-self._gain(forms[at]), at))

    def _take_or_shorter(self, one: Form) -> bool:
        form: Form | None = one
        while form is not None:
            if self.take(form):
                return True
            form = form.instead
        return False

    def take(self, one: Form) -> bool:
        """Put an entry in, or its longer form in the place of the shorter, if there is room."""
        before = self.taken.get(one.of.id)
        cost = one.tokens + self._heading(one)
        if before is not None:
            cost -= before.tokens
        if cost > self.room or (before is not None and before.tokens >= one.tokens):
            return False
        self.room -= cost
        self.taken[one.of.id] = one
        self._groups.add(one.of.group)
        return True

    def _heading(self, one: Form) -> int:
        group = one.of.group
        if group in self._groups:
            return 0
        if group not in self._headings:
            self._headings[group] = self.counter.count(heading_line(group))
        return self._headings[group]

    def _gain(self, one: Form) -> float:
        """What a form is worth for each token that it costs."""
        return float(one.worth / (one.added + self._heading(one)) ** THRIFT)


def fit(
    agent: str,
    task: str,
    candidates: Sequence[Candidate],
    budget: int,
    counter: TokenCounter,
    *,
    wanted: Collection[str] = (),
    left_out: Iterable[Dropped] = (),
    never_seen: Mapping[str, int] | None = None,
) -> ContextPackage:
    """Pack entries into a token budget: in full, else summarised, else as a reference.

    What is worth most for each of its tokens goes in first (the greedy rule for knapsacks: Dantzig,
    Discrete-variable extremum problems, 1957).

    Args:
        agent: whose package it is.
        task: the task's id.
        candidates: the entries, the most important first.
        budget: most tokens of the package's text.
        counter: counts them.
        wanted: words of the task; summaries keep the sentences that hold them.
        left_out: entries that were weighed and are out for another reason than room.
        never_seen: how many entries were passed over without being weighed, by reason.
    """
    frame = counter.count(f"{OPENING}\n{CLOSING}\n")
    packing = _Packing(budget - frame - budget // REFERENCES_SHARE, counter)
    packing.fill(candidates, wanted)
    packing.room += budget // REFERENCES_SHARE
    for one in candidates:
        if one.id not in packing.taken and reference_opening(one, counter) <= packing.room:
            packing.take(reference_of(one, counter))
    return _packed(agent, task, candidates, budget, packing, [*left_out], dict(never_seen or {}))


def slice_report(package: ContextPackage) -> SliceReport:
    """How much context a package holds and leaves out, as a turn's result tells it."""
    dropped = len(package.left_out) + sum(package.never_seen.values())
    return SliceReport(
        agent=package.agent, tokens=package.tokens, kept=len(package.items), dropped=dropped
    )


def seen(package: ContextPackage) -> tuple[str, ...]:
    """Ids of the entries that a package states or refers to."""
    return tuple(item.id for item in package.items)


def _packed(
    agent: str,
    task: str,
    candidates: Sequence[Candidate],
    budget: int,
    packing: _Packing,
    left_out: list[Dropped],
    never_seen: dict[str, int],
) -> ContextPackage:
    kept = [one for one in candidates if one.id in packing.taken]
    text = _render(kept, packing)
    while kept and packing.counter.count(text) > budget:
        kept.pop()
        text = _render(kept, packing)
    held = {one.id for one in kept}
    out = [Dropped(one.id, one.kind, NO_ROOM) for one in candidates if one.id not in held]
    out += left_out
    for one in out[MOST_LEFT_OUT:]:
        never_seen[one.reason] = never_seen.get(one.reason, 0) + 1
    return ContextPackage(
        agent=agent,
        task=task,
        budget=budget,
        tokens=packing.counter.count(text),
        items=tuple(_item(one, packing) for one in kept),
        left_out=tuple(LeftOut(**one._asdict()) for one in out[:MOST_LEFT_OUT]),
        never_seen=never_seen,
        text=text,
    )


def _item(one: Candidate, packing: _Packing) -> PackageItem:
    taken = packing.taken[one.id]
    return PackageItem(
        id=one.id,
        kind=one.kind,
        place=one.place,
        form=taken.form,
        text=taken.text,
        tokens=taken.tokens,
        reason=one.reason,
    )


def _render(kept: Sequence[Candidate], packing: _Packing) -> str:
    """The entries below their headings; a heading stands where its first entry does."""
    lines: dict[str, list[str]] = {}
    for one in kept:
        lines.setdefault(one.group, []).append(line_of(packing.taken[one.id].text))
    body = "".join(heading_line(group) + "".join(below) for group, below in lines.items())
    return f"{OPENING}\n{body}{CLOSING}\n"
