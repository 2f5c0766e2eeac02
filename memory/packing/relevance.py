"""How much an entry bears on a task, and why: what ties it there, and what kind of entry it is."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

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

SLOPE, HALF = 0.9, 7.3
"""A logistic regression of need on the weight: how steep, and at which weight it is one half."""


def ties(record: Record, focus: Focus, nearness: float) -> dict[str, float]:
    """What ties an entry to a task by itself, each above 0 to 1, with names of ``WEIGHTS``.

    Args:
        record: the entry.
        focus: what the task is about.
        nearness: how well a search for the task's words ranked it.
    """
    word = record.word
    files, place = set(about(word)), record.place.name.casefold()
    aspect, asset = aspect_of(word), asset_of(record)
    region = isinstance(word, Finding) and word.subject.start is not None
    own = bool(files & focus.inputs)
    fact = own and isinstance(word, Finding)
    tied = {
        "shares the task's words": focus.overlap(focus.said[record.id]),
        "its title is in the task's words": focus.titled.get(record.id, 0.0),
        "fits the task's meaning": nearness,
        "at the task's place": float(bool(place) and place in focus.places),
        "about a file of the task": float(own and not fact),
        "known of a file that the task builds from": float(fact and focus.builds),
        "known of a file that the task measures anew": float(fact and not focus.builds),
        "about what a picture shows": float(bool(files & focus.shown)),
        "about a file that the task names": float(bool(files & focus.named)),
        "about the few files of a kind that the task names": float(bool(files & focus.meant)),
        "about a file that the task's words describe": focus.called.get(asset, 0.0),
        "of an aspect in question, of another version": float(
            aspect in focus.aspects and bool(files & focus.versions)
        ),
        "of a version that the task compares with": float(
            focus.compares and bool(files & focus.versions)
        ),
        "about a stretch of time": float(region),
    }
    return {name: strength for name, strength in tied.items() if strength}


def _kind(record: Record) -> str:
    word = record.word
    return word.kind if isinstance(word, Element) and word.kind == "parameters" else record.kind


def reason_of(held: Mapping[str, float]) -> str:
    """The tie that weighs most, in words; empty when there is none."""
    strong = {name: WEIGHTS[name] * strength for name, strength in held.items()}
    return max(strong, key=strong.__getitem__, default="")


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
    own = [ties(record, focus, nearness.get(record.id, 0.0)) for record in seen]
    weights = _with([KINDS.get(kind, 0.0) for kind in kinds], own)
    company = Company.of([seen[at] for at in _falling(weights)], focus, glossary)
    brought = [company.ties(record, focus) for record in seen]
    weights = _with(weights, brought)
    first = _first_of_kinds(kinds, _falling(weights))
    weights = _with(weights, first)
    return [
        (seen[at], worth_of(weights[at]), reason_of(own[at] | brought[at] | first[at]))
        for at in _falling(weights)
    ]


def _with(weights: Sequence[float], added: Sequence[dict[str, float]]) -> list[float]:
    """The weights of entries with more ties, after each relative one is 1 at its strongest."""
    for name in RELATIVE:
        most = max((tied.get(name, 0.0) for tied in added), default=0.0)
        for tied in added:
            if name in tied:
                tied[name] /= most
    return [
        weight + sum(WEIGHTS[name] * strength for name, strength in tied.items())
        for weight, tied in zip(weights, added, strict=True)
    ]


def _falling(weights: Sequence[float]) -> list[int]:
    return sorted(range(len(weights)), key=lambda at: (weights[at], at), reverse=True)


def _first_of_kinds(kinds: Sequence[str], order: Iterable[int]) -> list[dict[str, float]]:
    """For each entry, how near it is to the first one of its kind."""
    passed: Counter[str] = Counter()
    near: list[dict[str, float]] = [{} for _ in kinds]
    for at in order:
        near[at] = {"among the first of its kind": math.exp(-passed[kinds[at]] / 4)}
        passed[kinds[at]] += 1
    return near
