"""Fits what is known into a model's token budget, and says what was kept, what not, and why."""

import heapq
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from memory.context import (
    ContextPackage,
    ItemForm,
    LeftOut,
    PackageItem,
    Place,
    SliceReport,
)
from memory.packing.compression import flat, one_line, summary
from memory.packing.token_budget import TokenCounter

SUMMARY_TOKENS = 70
"""Most tokens of a summary; entries that are hardly longer are told in full or not at all."""

THRIFT = 0.5
"""How much the length of an entry counts against its worth: 0 takes the worthiest whatever they
cost, 1 gets the most worth for the budget as a whole, and leaves long ones out."""

SUMMARY_STATES = 0.5
"""How much of what an entry is worth its summary keeps, if it keeps all of its numbers."""

BRIEF_STATES = 0.97
"""The same of what the few words say that it can be told in."""

REFERENCE_TOKENS = 12
"""Most tokens of the line that stands for an entry which did not fit."""

REFERENCES_SHARE = 100
"""References get this part of a budget (a hundredth): they lead on, but state nothing."""

MOST_LEFT_OUT = 60
"""Entries whose leaving out is told one by one; the others are counted by reason."""

NO_ROOM = "no room in the budget"

OPENING, CLOSING = "<context>", "</context>"


_PROJECT = Place()

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Candidate:
    """An entry that may go into a package."""

    id: str
    kind: str
    text: str
    """In full, in the model's terms."""
    worth: float
    """How likely it is needed, 0..1."""
    reason: str
    """Why it may be wanted."""
    place: Place = _PROJECT
    group: str = ""
    """The heading that it stands below."""
    brief: str = ""
    """The same in as few words as say it; empty when there is no shorter way."""


@dataclass(frozen=True)
class _Form:
    """One way to tell an entry."""

    of: Candidate
    form: ItemForm
    text: str
    tokens: int
    """Of its line, without the heading."""
    added: int
    """How many tokens it adds to the form before it."""
    worth: float
    """What it is worth beside the form before it."""
    instead: "_Form | None" = None
    """A shorter form for where there is no room for it."""


class _Packing:
    """A package while it is being packed."""

    def __init__(self, room: int, counter: TokenCounter) -> None:
        self.room, self.counter = room, counter
        self.taken: dict[str, _Form] = {}
        self._groups: set[str] = set()
        self._headings: dict[str, int] = {}

    def fill(self, candidates: Iterable[Candidate], wanted: Collection[str]) -> None:
        """Put in what gains most for each token, until nothing more fits.

        The first entry below a heading pays for it; the others get cheaper once it stands.
        """
        forms = [form for one in candidates for form in _forms(one, wanted, self.counter)]
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

    def _take_or_shorter(self, one: _Form) -> bool:
        form: _Form | None = one
        while form is not None:
            if self.take(form):
                return True
            form = form.instead
        return False

    def take(self, one: _Form) -> bool:
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

    def _heading(self, one: _Form) -> int:
        group = one.of.group
        if group in self._groups:
            return 0
        if group not in self._headings:
            self._headings[group] = self.counter.count(_heading(group))
        return self._headings[group]

    def _gain(self, one: _Form) -> float:
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
    left_out: Iterable[LeftOut] = (),
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
        if one.id not in packing.taken:
            packing.take(_reference(one, counter))
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


def _forms(one: Candidate, wanted: Collection[str], counter: TokenCounter) -> Iterator[_Form]:
    """An entry's forms, the shortest first, none of them worth more a token than the one before.

    A form that a longer one beats is told instead of that one where there is little room.
    """
    told = list(_ways(one, wanted, counter))
    used, stated, done = 0, 0.0, 0
    while done < len(told):
        gains = [
            (states - stated) / max(1, tokens - used) ** THRIFT for _, tokens, states in told[done:]
        ]
        best = done + gains.index(max(gains))
        form: _Form | None = None
        for number in range(done, best + 1):
            text, tokens, states = told[number]
            kind: ItemForm = "full" if number == len(told) - 1 else "summary"
            worth = one.worth * (states - stated)
            form = _Form(one, kind, text, tokens, max(1, tokens - used), worth, form)
        if form is not None:
            yield form
        used, stated, done = tokens, states, best + 1


def _ways(
    one: Candidate, wanted: Collection[str], counter: TokenCounter
) -> Iterator[tuple[str, int, float]]:
    """The ways to tell an entry, the shortest first: text, tokens, and how much of it that states.

    A summary is there only for what is much longer.
    """
    whole = flat(one.text)
    briefest = one.brief if one.brief and len(one.brief) < len(whole) else whole
    short = summary(one.brief or one.text, wanted, SUMMARY_TOKENS, counter)
    if 2 * counter.count(short) <= counter.count(briefest):
        yield short, counter.count(_line(short)), SUMMARY_STATES * _kept(short, whole)
    if briefest != whole:
        yield briefest, counter.count(_line(briefest)), BRIEF_STATES
    yield whole, counter.count(_line(whole)), 1.0


def _kept(short: str, whole: str) -> float:
    """The share, 0..1, of a text's numbers that its summary keeps."""
    numbers = set(_NUMBER.findall(whole))
    return len(numbers & set(_NUMBER.findall(short))) / len(numbers) if numbers else 1.0


def _reference(one: Candidate, counter: TokenCounter) -> _Form:
    begins = one_line(one.text, REFERENCE_TOKENS, counter)
    text = begins if begins.startswith(one.id) else f"[{one.id[:12]}] {begins}"
    tokens = counter.count(_line(text))
    return _Form(one, "reference", text, tokens, tokens, 0.0)


def _packed(
    agent: str,
    task: str,
    candidates: Sequence[Candidate],
    budget: int,
    packing: _Packing,
    left_out: list[LeftOut],
    never_seen: dict[str, int],
) -> ContextPackage:
    kept = [one for one in candidates if one.id in packing.taken]
    text = _render(kept, packing)
    while kept and packing.counter.count(text) > budget:
        kept.pop()
        text = _render(kept, packing)
    held = {one.id for one in kept}
    out = [LeftOut(id=one.id, kind=one.kind, reason=NO_ROOM) for one in candidates]
    out = [one for one in out if one.id not in held] + left_out
    for one in out[MOST_LEFT_OUT:]:
        never_seen[one.reason] = never_seen.get(one.reason, 0) + 1
    return ContextPackage(
        agent=agent,
        task=task,
        budget=budget,
        tokens=packing.counter.count(text),
        items=tuple(_item(one, packing) for one in kept),
        left_out=tuple(out[:MOST_LEFT_OUT]),
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
        lines.setdefault(one.group, []).append(_line(packing.taken[one.id].text))
    body = "".join(_heading(group) + "".join(below) for group, below in lines.items())
    return f"{OPENING}\n{body}{CLOSING}\n"


def _heading(group: str) -> str:
    return f"[{_safe(group)}]\n" if group else ""


def _line(text: str) -> str:
    return f"{_safe(text)}\n"


def _safe(text: str) -> str:
    """Data can't end the package that it is in."""
    return flat(text).replace(CLOSING, "<\\/context>").replace(OPENING, "<\\context>")
