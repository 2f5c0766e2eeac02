"""How much an entry bears on a task, and why: what ties it there, and what kind of entry it is."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from memory.context import Conflict, Element, Finding, Note
from memory.focus import Focus, asset_of, identifiers, joined
from memory.knowledge import about, aspect_of, name_of
from memory.records import Record

WEIGHTS: Mapping[str, float] = {
    "shares the task's words": 6.0,
    "its title is in the task's words": 2.0,
    "fits the task's meaning": 1.0,
    "a note that fits the task's meaning": 1.0,
    "speaks of what else the task needs": 5.0,
    "at the task's place": 1.5,
    "about a file of the task": 1.0,
    "about what a picture shows": 1.0,
    "about a file that the task names": 1.0,
    "about a file that the task's words describe": 2.5,
    "about a file that the task needs to know of": 0.5,
    "of an aspect in question, of another version": 1.0,
    "about a stretch of time": 1.0,
    "a conflict about what the task needs": 6.0,
    "a side of a conflict that the task meets": 0.5,
}
"""How much each tie to a task counts when it is as strong as can be.

These and ``KINDS`` are the rounded coefficients of a ridge discriminant between the needed entries
of ``evals/datasets/sharing`` and the others. Kinds share a weight because each of its own fitted
two projects better and the third one worse.
"""

KINDS: Mapping[str, float] = {
    "parameters": 2.5,
    **dict.fromkeys(("constraint", "style"), 2.0),
    **dict.fromkeys(("api", "architecture", "performance", "design", "notation", "section"), 1.0),
    **dict.fromkeys(("requirement", "decision", "recommendation"), 0.5),
    **dict.fromkeys(("finding", "asset", "note"), -0.5),
}
"""How much the kind of an entry counts: what binds all work more than what is built and where, and
that more than single facts."""

SLOPE, HALF = 0.85, 7.0
"""A logistic regression of need on the weight: how steep, and at which weight it is one half."""

FIRST = 15
"""So many entries of the greatest weight lend some to what belongs to them."""

SPEAKING, FED_BACK = 8, 25
"""So many of them give so many words to look for."""


def ties(record: Record, focus: Focus, nearness: float) -> dict[str, float]:
    """What ties an entry to a task by itself, each 0..1, with names of ``WEIGHTS``.

    Args:
        record: the entry.
        focus: what the task is about.
        nearness: how well a search for the task's words ranked it.
    """
    word = record.word
    files, place = set(about(word)), record.place.name.casefold()
    aspect, asset = aspect_of(word), asset_of(record)
    region = isinstance(word, Finding) and word.subject.start is not None
    return {
        "shares the task's words": focus.overlap(focus.said[record.id]),
        "its title is in the task's words": focus.titled.get(record.id, 0.0),
        "fits the task's meaning": nearness,
        "a note that fits the task's meaning": nearness if isinstance(word, Note) else 0.0,
        "at the task's place": float(bool(place) and place in focus.places),
        "about a file of the task": float(bool(files & focus.inputs)),
        "about what a picture shows": float(bool(files & focus.shown)),
        "about a file that the task names": float(bool(files & focus.named)),
        "about a file that the task's words describe": focus.called.get(asset, 0.0),
        "of an aspect in question, of another version": float(
            aspect in focus.aspects and bool(files & focus.versions)
        ),
        "of a version that the task compares with": float(
            focus.compares and bool(files & focus.versions)
        ),
        "about a file of a kind that the task names": float(bool(files & focus.meant)),
        "at a part that the task's files hold": float(bool(place) and place in focus.linked),
        "of an aspect in question": float(bool(aspect) and aspect in focus.aspects),
        "holds a name of the task's": float(bool(focus.identifiers & identifiers(record.text))),
        "about a stretch of time": float(region),
    }


@dataclass(frozen=True)
class Company:
    """What the entries that a task most likely needs bring with them."""

    first: frozenset[str]
    """Their ids."""
    sides: frozenset[str]
    """Ids of the findings that their conflicts are about."""
    files: Mapping[str, float]
    """The files that they are about, each with 1 for that of the first entry and less after it."""
    names: Mapping[str, float]
    """The names of code, parameters and files that they hold: 1 for the first entry's, then less."""
    said: Sequence[tuple[str, float]]
    """What they say, each with 1 for the first and less after it."""
    words: Mapping[str, float]
    """Their most telling words beside the task's own, each with its share; they sum to 1.

    This is the feedback of Rocchio (Relevance feedback in information retrieval, 1971), with the
    first entries taken for relevant.
    """

    @classmethod
    def of(cls, ranked: Sequence[Record], focus: Focus) -> "Company":
        """The company of the first entries of a ranking."""
        files: dict[str, float] = {}
        for number, record in enumerate(ranked):
            for asset in about(record.word):
                files.setdefault(asset, math.exp(-number / 8))
        conflicts = (one.word for one in ranked if isinstance(one.word, Conflict))
        return cls(
            first=frozenset(one.id for one in ranked),
            sides=frozenset(side for one in conflicts for side in one.findings),
            files=files,
            names=_named(ranked),
            said=[(joined(one.text), math.exp(-number / 8)) for number, one in enumerate(ranked)],
            words=_feedback(ranked[:SPEAKING], focus),
        )

    def ties(self, record: Record, words: Iterable[str]) -> dict[str, float]:
        """What ties an entry to the task through them, each 0..1, with names of ``WEIGHTS``."""
        word = record.word
        disputed = isinstance(word, Conflict) and bool(self.first.intersection(word.findings))
        lent = max((self.files.get(asset, 0.0) for asset in about(word)), default=0.0)
        return {
            "speaks of what else the task needs": sum(self.words.get(one, 0.0) for one in words),
            "holds a name that the task needs to know of": max(
                (self.names.get(one, 0.0) for one in identifiers(record.text)), default=0.0
            ),
            "what the task needs names it": self._says(record),
            "a conflict about what the task needs": float(disputed),
            "a side of a conflict that the task meets": float(record.id in self.sides),
            "about a file that the task needs to know of": lent,
        }


    def _says(self, record: Record) -> float:
        name = joined(name_of(record.word))
        return max((share for said, share in self.said if name in said), default=0.0) if name.strip() else 0.0


def _named(ranked: Sequence[Record]) -> dict[str, float]:
    named: dict[str, float] = {}
    for number, record in enumerate(ranked):
        for one in identifiers(record.text):
            named.setdefault(one, math.exp(-number / 8))
    return named


def _feedback(ranked: Sequence[Record], focus: Focus) -> dict[str, float]:
    told: dict[str, float] = {}
    for number, record in enumerate(ranked):
        for word in focus.said[record.id] - focus.words.keys():
            told[word] = told.get(word, 0.0) + math.exp(-number / 4) * focus.rarity[word]
    most = sorted(told.items(), key=lambda one: (-one[1], one[0]))[:FED_BACK]
    whole = sum(share for _, share in most) or 1.0
    return {word: share / whole for word, share in most}


def weight_of(record: Record, held: Mapping[str, float]) -> float:
    """The weight of an entry: of all that ties it to the task, and of its kind."""
    tied = sum(WEIGHTS.get(name, 0.0) * strength for name, strength in held.items())
    word = record.word
    whole = isinstance(word, Element) and word.kind == "parameters"
    return tied + KINDS.get("parameters" if whole else record.kind, 0.0)


def reason_of(held: Mapping[str, float]) -> str:
    """The tie that weighs most, in words; empty when there is none."""
    strong = {name: WEIGHTS.get(name,0.0) * strength for name, strength in held.items() if strength}
    return max(strong, key=strong.__getitem__, default="")


def worth_of(weight: float) -> float:
    """How likely an entry of this weight is needed, 0..1."""
    return 1.0 / (1.0 + math.exp(SLOPE * (HALF - weight)))


def ranking(
    records: Iterable[Record],
    focus: Focus,
    nearness: Mapping[str, float],
) -> list[tuple[Record, float, str]]:
    """Entries with their worth and the reason, the most important first; of equals the newer.

    Args:
        records: the entries.
        focus: what the task is about.
        nearness: how well a search for the task's words ranked them, by id.
    """
    seen = list(records)
    held = [ties(record, focus, nearness.get(record.id, 0.0)) for record in seen]
    weights = [weight_of(record, tied) for record, tied in zip(seen, held, strict=True)]
    order = sorted(range(len(seen)), key=lambda at: (weights[at], at), reverse=True)
    company = Company.of([seen[at] for at in order[:FIRST]], focus)
    for at, record in enumerate(seen):
        held[at] |= company.ties(record, focus.said[record.id])
        weights[at] = weight_of(record, held[at])
    order.sort(key=lambda at: (weights[at], at), reverse=True)
    return [(seen[at], worth_of(weights[at]), reason_of(held[at])) for at in order]
