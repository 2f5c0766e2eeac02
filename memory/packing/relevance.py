"""How much an entry bears on a task, and why: what ties it there, and what kind of entry it is."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from memory.context import Element, Finding
from memory.filing.records import Record
from memory.glossary.glossary import Glossary
from memory.packing.company import Company
from memory.packing.focus import Focus, asset_of
from memory.packing.knowledge import about, aspect_of

WEIGHTS: Mapping[str, float] = {
    "shares the task's words": 1.8,
    "its title is in the task's words": 1.1,
    "fits the task's meaning": 1.5,
    "at the task's place": 1.2,
    "about a file of the task": 0.0,
    "about what a picture shows": 1.4,
    "about a file that the task names": 1.3,
    "about the few files of a kind that the task names": 0.9,
    "about a file that the task's words describe": 0.7,
    "of an aspect in question, of another version": 0.7,
    "of a version that the task compares with": 1.1,
    "about a stretch of time": 1.1,
    "speaks of what else the task needs": 1.8,
    "what the task needs names it": 0.1,
    "about a file that the task needs to know of": 1.2,
    "a conflict about what the task needs": 0.6,
    "told in one turn with what the task needs": 2.3,
    "known of a file that the task builds from": 1.4,
    "known of a file that the task measures anew": 0.4,
    "of an aspect that the task or its limits name": 0.5,
    "among the first of its kind": 1.8,
}
"""How much each tie to a task counts when it is as strong as can be.

These and ``KINDS`` are rounded coefficients of a ridge logistic regression on pairs of a needed and
another entry of a task, each task counting the same (docs/decisions/0011-context-packages.md).
Kinds of their own for each agent did not help projects that were held out. A tie that weighs
nothing may still be the reason that is told.
"""

KINDS: Mapping[str, float] = {
    "constraint": 1.4,
    "performance": 1.2,
    **dict.fromkeys(("api", "section", "parameters"), 0.7),
    "requirement": 0.5,
    "decision": 0.4,
    **dict.fromkeys(("architecture", "design"), 0.3),
    "recommendation": -0.5,
    **dict.fromkeys(("finding", "note", "deadline"), -0.8),
    "element": -0.9,
    "goal": -1.0,
    "asset": -1.1,
}
"""How much the kind of an entry counts: what binds all work more than what is built and where, and
that more than single facts."""

RELATIVE = (
    "shares the task's words",
    "fits the task's meaning",
    "about a file that the task's words describe",
    "speaks of what else the task needs",
)
"""Ties that count by their share of the strongest one: a terse task meets fewer words."""

DIGITS = 9
"""Decimals of a weight that count: what only rounding tells apart keeps one order."""

_LEAST = 1e-9

SLOPE, HALF = 0.9, 7.3
"""A logistic regression of need on the weight: how steep, and at which weight it is one half."""


def ties(
    records: Sequence[Record], focus: Focus, nearness: Mapping[str, float]
) -> dict[str, Sequence[float]]:
    """What ties each of some entries to a task by itself, 0..1, by the names of ``WEIGHTS``.

    Args:
        records: the entries.
        focus: what the task is about.
        nearness: how well a search for the task's words ranked them, by id.
    """
    words = [one.word for one in records]
    files = [about(word) for word in words]
    of_aspect = [aspect_of(word) in focus.aspects for word in words]
    own, versions = _touching(focus.inputs, files), _touching(focus.versions, files)
    facts = [held and isinstance(word, Finding) for held, word in zip(own, words, strict=True)]
    built, none = facts if focus.builds else [], [0.0] * len(words)
    return {
        "shares the task's words": [focus.overlap(focus.said[one.id]) for one in records],
        "its title is in the task's words": [focus.titled.get(one.id, 0.0) for one in records],
        "fits the task's meaning": [nearness.get(one.id, 0.0) for one in records],
        "at the task's place": [one.place.name.casefold() in focus.places for one in records],
        "about a file of the task": [held > fact for held, fact in zip(own, facts, strict=True)],
        "known of a file that the task builds from": built or none,
        "known of a file that the task measures anew": none if focus.builds else facts,
        "about what a picture shows": _touching(focus.shown, files),
        "about a file that the task names": _touching(focus.named, files),
        "about the few files of a kind that the task names": _touching(focus.meant, files),
        "about a file that the task's words describe": [
            focus.called.get(asset_of(one), 0.0) for one in records
        ],
        "of an aspect in question, of another version": [
            held and asked for held, asked in zip(versions, of_aspect, strict=True)
        ],
        "of a version that the task compares with": versions if focus.compares else none,
        "about a stretch of time": [
            isinstance(word, Finding) and word.subject.start is not None for word in words
        ],
    }


def _touching(wanted: frozenset[str], files: Sequence[tuple[str, ...]]) -> list[bool]:
    """Which entries are about any of some files."""
    return [not wanted.isdisjoint(each) for each in files]


def _kind(record: Record) -> str:
    word = record.word
    return word.kind if isinstance(word, Element) and word.kind == "parameters" else record.kind


def worth_of(weight: float) -> float:
    """How likely an entry of this weight is needed, 0..1."""
    return 1.0 / (1.0 + math.exp(SLOPE * (HALF - weight)))


def ranking(
    records: Iterable[Record],
    focus: Focus,
    nearness: Mapping[str, float],
    glossary: Glossary,
) -> list[tuple[Record, float, str]]:
    """Entries with their worth and the reason, the most important first; of equals the newer.

    Args:
        records: the entries.
        focus: what the task is about.
        nearness: how well a search for the task's words ranked them, by id.
        glossary: what the words of limits and rules mean.
    """
    seen = list(records)
    kinds = [_kind(record) for record in seen]
    weighing = _Weighing([KINDS.get(kind, 0.0) for kind in kinds])
    weighing.add(ties(seen, focus, nearness))
    company = Company.of([seen[at] for at in weighing.falling()], focus, glossary)
    weighing.add(company.ties(seen, focus))
    weighing.add({"among the first of its kind": _first_of_kinds(kinds, weighing.falling())})
    reasons = weighing.reasons()
    return [(seen[at], worth_of(weighing.weights[at]), reasons[at]) for at in weighing.falling()]


class _Weighing:
    """The weights of some entries, tie by tie."""

    def __init__(self, kinds: Sequence[float]) -> None:
        self.weights: NDArray[np.float64] = np.array(kinds, np.float64)
        """By entry."""
        self._names: list[str] = []
        self._shares: list[NDArray[np.float64]] = []
        """What each tie gives to each entry; below 0 where it doesn't tie it."""

    def add(self, tied: Mapping[str, Sequence[float]]) -> None:
        """Add ties, with the strength, 0..1, for each entry; each relative one is 1 at its most."""
        for name, strengths in tied.items():
            strong = np.array(strengths, np.float64)
            if name in RELATIVE:
                strong /= max(strong.max(initial=0.0), _LEAST)
            self.weights += WEIGHTS[name] * strong
            self._names.append(name)
            self._shares.append(np.where(strong > 0, WEIGHTS[name] * strong, -1.0))

    def falling(self) -> list[int]:
        """The entries by falling weight; of equals the later first."""
        rounded = np.round(self.weights, DIGITS)
        order: list[int] = np.lexsort((np.arange(len(rounded)), rounded))[::-1].tolist()
        return order

    def reasons(self) -> list[str]:
        """For each entry the tie that weighs most."""
        most: list[int] = np.argmax(np.round(self._shares, DIGITS), axis=0).tolist()
        return [self._names[at] for at in most]


def _first_of_kinds(kinds: Sequence[str], order: Iterable[int]) -> list[float]:
    """For each entry, how near it is to the first one of its kind."""
    passed: Counter[str] = Counter()
    near = [0.0] * len(kinds)
    for at in order:
        near[at] = math.exp(-passed[kinds[at]] / 4)
        passed[kinds[at]] += 1
    return near
