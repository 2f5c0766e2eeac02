"""What the entries that a task most likely needs bring with them: words, files, turns, aspects."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from memory.context import Conflict, Finding
from memory.filing.records import Record
from memory.glossary.glossary import Glossary
from memory.packing.file_names import joined
from memory.packing.focus import Focus
from memory.packing.knowledge import about, name_of

FIRST = 15
"""So many entries of the greatest weight lend some to what belongs to them."""

SPEAKING, FED_BACK = 8, 25
"""So many of them give so many words to look for."""

BINDING = frozenset(
    ("constraint", "requirement", "performance", "api", "decision", "architecture", "design",
     "style")
)  # fmt: skip
"""Kinds of entries that bind a piece of work; it starts from facts of the aspects they name."""

BOUND = 30
"""So many entries of the greatest weight are looked through for such."""


Turn = tuple[str, int]
"""A thread and a turn's number in it."""


@dataclass(frozen=True)
class Company:
    """What the entries that a task most likely needs bring with them."""

    first: frozenset[str]
    """Their ids."""
    files: Mapping[str, float]
    """The files that they are about or name, each with 1 for those of the first and less after."""
    said: Sequence[tuple[str, float]]
    """What they say, each with 1 for the first and less after it."""
    words: Mapping[str, float]
    """Their most telling words beside the task's own, each with its share; they sum to 1.

    This is the feedback of Rocchio (Relevance feedback in information retrieval, 1971), with the
    first entries taken for relevant.
    """
    turns: Mapping[Turn, Mapping[str, float]]
    """The turns that told them, each with those it told: 1 for the first and less after it."""
    told: Mapping[Turn, int]
    """How many entries each turn told."""
    aspects: Mapping[str, float]
    """The aspects that those of them name which bind the work, each with 1 for the first."""

    @classmethod
    def of(cls, order: Sequence[Record], focus: Focus, glossary: Glossary) -> "Company":
        """The company of the first entries of a ranking of all."""
        ranked = order[:FIRST]
        turns: dict[Turn, dict[str, float]] = {}
        for number, record in enumerate(ranked):
            turns.setdefault(_turn(record), {})[record.id] = math.exp(-number / 8)
        return cls(
            first=frozenset(one.id for one in ranked),
            files=_files(ranked, order),
            said=[(joined(one.text), math.exp(-number / 8)) for number, one in enumerate(ranked)],
            words=_feedback(ranked[:SPEAKING], focus),
            turns=turns,
            told=Counter(map(_turn, order)),
            aspects=_named_aspects(order[:BOUND], focus, glossary),
        )

    def ties(self, records: Sequence[Record], focus: Focus) -> dict[str, Sequence[float]]:
        """What ties each of some entries to the task through them, 0..1, by ``WEIGHTS``."""
        fed_back, share_of = frozenset(self.words), self.words.__getitem__
        told = {turn: sum(first.values()) for turn, first in self.turns.items()}
        return {
            "speaks of what else the task needs": [
                sum(map(share_of, fed_back & focus.said[one.id])) for one in records
            ],
            "what the task needs names it": [self._says(one) for one in records],
            "a conflict about what the task needs": [
                isinstance(one.word, Conflict) and not self.first.isdisjoint(one.word.findings)
                for one in records
            ],
            "about a file that the task needs to know of": [
                max((self.files.get(asset, 0.0) for asset in about(one.word)), default=0.0)
                for one in records
            ],
            "told in one turn with what the task needs": [
                self._beside(one, told) for one in records
            ],
            "of an aspect that the task or its limits name": [
                self._bound(one, focus) for one in records
            ],
        }

    def _bound(self, record: Record, focus: Focus) -> float:
        """How much a fact that the task builds from is of an aspect which it must meet."""
        word = record.word
        if not (focus.builds and isinstance(word, Finding) and word.subject.id in focus.inputs):
            return 0.0
        return self.aspects.get(word.aspect, 0.0) if word.subject.start is None else 0.0

    def _beside(self, record: Record, told: Mapping[Turn, float]) -> float:
        """The share of the other entries of its turn that are among the first."""
        turn = _turn(record)
        if turn not in told:
            return 0.0
        others = told[turn] - self.turns[turn].get(record.id, 0.0)
        return others / max(1, self.told[turn] - 1)

    def _says(self, record: Record) -> float:
        """How near the first of them one is that speaks of the entry by its name."""
        if not (called := name_of(record.word)):
            return 0.0
        name = joined(called)
        if not name.strip():
            return 0.0
        return max((share for said, share in self.said if name in said), default=0.0)


def _turn(record: Record) -> Turn:
    return record.began.thread, record.began.turn


def _files(ranked: Sequence[Record], order: Sequence[Record]) -> dict[str, float]:
    names = [(one.id, joined(name_of(one.word))) for one in order if one.kind == "asset"]
    files: dict[str, float] = {}
    for number, record in enumerate(ranked):
        said = joined(record.text)
        named = (id_ for id_, name in names if name.strip() and name in said)
        for asset in (*about(record.word), *named):
            files.setdefault(asset, math.exp(-number / 8))
    return files


def _named_aspects(ranked: Sequence[Record], focus: Focus, glossary: Glossary) -> dict[str, float]:
    if not focus.builds:
        return {}
    named = dict.fromkeys(focus.aspects, 1.0)
    for number, record in enumerate(ranked):
        if record.kind in BINDING:
            for aspect in glossary.aspects_of(record.text):
                named.setdefault(aspect, math.exp(-number / FIRST))
    return named


def _feedback(ranked: Sequence[Record], focus: Focus) -> dict[str, float]:
    told: dict[str, float] = {}
    for number, record in enumerate(ranked):
        for word in focus.said[record.id] - focus.words.keys():
            told[word] = told.get(word, 0.0) + math.exp(-number / 4) * focus.rarity[word]
    most = sorted(told.items(), key=lambda one: (-one[1], one[0]))[:FED_BACK]
    whole = sum(share for _, share in most) or 1.0
    return {word: share / whole for word, share in most}
