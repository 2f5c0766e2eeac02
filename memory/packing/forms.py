"""The ways to tell an entry, the shortest first: a reference, a summary, in few words, in full."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from memory.context import ItemForm, Place
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
class Form:
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
    instead: "Form | None" = None
    """A shorter form for where there is no room for it."""


def forms_of(one: Candidate, wanted: Collection[str], counter: TokenCounter) -> Iterator[Form]:
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
        form: Form | None = None
        for number in range(done, best + 1):
            text, tokens, states = told[number]
            kind: ItemForm = "full" if number == len(told) - 1 else "summary"
            worth = one.worth * (states - stated)
            form = Form(one, kind, text, tokens, max(1, tokens - used), worth, form)
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
    # No token is shorter than a byte, so what is short has not to be counted for that.
    long = (
        counter.count(briefest) if len(briefest.encode("utf-8", "replace")) > SUMMARY_TOKENS else 0
    )
    if long > SUMMARY_TOKENS:
        short = summary(one.brief or one.text, wanted, SUMMARY_TOKENS, counter)
        if 2 * counter.count(short) <= long:
            yield short, counter.count(line_of(short)), SUMMARY_STATES * _kept(short, whole)
    if briefest != whole:
        yield briefest, counter.count(line_of(briefest)), BRIEF_STATES
    yield whole, counter.count(line_of(whole)), 1.0


def _kept(short: str, whole: str) -> float:
    """The share, 0..1, of a text's numbers that its summary keeps."""
    numbers = set(_NUMBER.findall(whole))
    return len(numbers & set(_NUMBER.findall(short))) / len(numbers) if numbers else 1.0


def reference_opening(one: Candidate, counter: TokenCounter) -> int:
    """What the beginning of an entry's reference costs: a first look at whether there is room."""
    return 0 if flat(one.text).startswith(one.id) else counter.count(_opening(one))


def reference_of(one: Candidate, counter: TokenCounter) -> Form:
    """The line that stands for an entry which did not fit: its id and how it begins."""
    begins = one_line(one.text, REFERENCE_TOKENS, counter)
    text = begins if begins.startswith(one.id) else f"{_opening(one)} {begins}"
    tokens = counter.count(line_of(text))
    return Form(one, "reference", text, tokens, tokens, 0.0)


def _opening(one: Candidate) -> str:
    return f"[{one.id[:12]}]"


def heading_line(group: str) -> str:
    """The line of a heading; empty when entries stand below none."""
    return f"[{_safe(group)}]\n" if group else ""


def line_of(text: str) -> str:
    """The line that a text takes in a package."""
    return f"{_safe(text)}\n"


def _safe(text: str) -> str:
    """Data can't end the package that it is in."""
    return flat(text).replace(CLOSING, "<\\/context>").replace(OPENING, "<\\context>")
