"""Summaries without a model: the most telling entries of a place, in their own words.

What the user wants stands first, word for word; then what is in dispute; then what covers most:
each further entry about something that is told already counts less (the greedy rule for coverage:
Lin and Bilmes, A class of submodular functions for document summarization, ACL 2011).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from memory.hierarchy.summary_parts import (
    DISPUTES,
    SAID,
    STATED,
    Material,
    Part,
    parts_of,
    source_of,
)
from memory.language.invention import invented_numbers

WORDS = 120
"""Most words of a summary."""

_STATED_SHARE = 0.5
"""Most of it that goes to what the user stated."""

_FEWEST = 3
"""Words that an entry takes at least."""

_SIGNS = ",;:()…"

_LEAST = 1.2
"""Weight from which on an entry is told; the third that says much the same has less."""

_AGAIN, _MORE = 0.4, 0.95
"""What is left of an entry's weight for each one before it about the same, and for each one before
it below the same heading."""


@dataclass(frozen=True)
class Draft:
    """A summary as it was written."""

    text: str
    entries: tuple[str, ...]
    """Ids of the records that it tells of."""


class Extractive:
    """Chooses what to tell and adds no word of its own but the names of files and aspects."""

    source = "summary/extractive@1"

    def summarise(self, material: Material, words: int = WORDS) -> Draft:
        """Tell the most important of a place in at most so many words."""
        chosen = _Chosen()
        records = {one.id: one for one in material.records}
        parts = list(parts_of(material))
        stated = [part for part in parts if part.heading == STATED]
        others = [part for part in parts if part.heading != STATED]
        for part in reversed(stated):
            if chosen.has_room(part, int(_STATED_SHARE * words)):
                chosen.take(part)
        while others and chosen.room(words) >= _FEWEST:
            best = max(others, key=chosen.worth)
            if chosen.worth(best)[0] < _LEAST:
                break
            others.remove(best)
            sources = tuple(source_of(records[best.id], material.files))
            if chosen.has_room(best, words) and not _invents(best.text, sources):
                chosen.take(best)
        return Draft(chosen.text(), tuple(part.id for part in chosen.parts))


@lru_cache(maxsize=4096)
def _invents(text: str, sources: tuple[str, ...]) -> bool:
    """Whether a text says a number that its sources don't; the same words hold the same numbers."""
    known = {word for source in sources for word in _words(source)}
    return not known.issuperset(_words(text)) and bool(invented_numbers(text, sources))


def _words(text: str) -> set[str]:
    """The words of a text, without signs round them; those of an aspect's name one by one."""
    words = {word.strip(_SIGNS) for word in text.split()}
    return words.union(*(re.split(r"[._]", word) for word in words if word[:1].isalpha()))


def sources_of(material: Material, draft: Draft) -> tuple[str, ...]:
    """What a draft may repeat numbers from: the entries that it tells of, and files' names."""
    told = [one for one in material.records if one.id in draft.entries]
    return tuple(text for record in told for text in source_of(record, material.files))


class _Chosen:
    """Parts that were chosen, while there is room."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self._told: dict[str, int] = {}
        self._headings: set[str] = set()

    def worth(self, part: Part) -> tuple[float, str]:
        """What a part adds to those that were chosen; of equals the first id."""
        again = _AGAIN ** self._told.get(part.covers, 0)
        more = _MORE ** self._told.get(part.heading, 0)
        return part.weight * again * more / part.words**0.25, part.id

    def has_room(self, part: Part, most: int) -> bool:
        """Whether a part still fits into so many words."""
        heading = 0 if part.heading in self._headings else len(part.heading.split())
        return part.words + heading <= self.room(most)

    def take(self, part: Part) -> None:
        """Choose a part."""
        self.parts.append(part)
        self._headings.add(part.heading)
        for about in {part.covers, part.heading}:
            self._told[about] = self._told.get(about, 0) + 1

    def room(self, most: int) -> int:
        """How many words are left of so many."""
        headings = sum(len(one.split()) for one in self._headings)
        return most - headings - sum(part.words for part in self.parts)

    def text(self) -> str:
        """The parts below their headings, one sentence for each heading."""
        groups: dict[str, list[str]] = {}
        for part in sorted(self.parts, key=lambda one: _ORDER.get(one.heading, len(_ORDER))):
            groups.setdefault(part.heading, []).append(part.text)
        lines = [
            "; ".join(texts) if not heading else f"{heading}: {'; '.join(texts)}"
            for heading, texts in groups.items()
        ]
        return "\n".join(
            line if line.endswith((".", "!", "?", "…")) else f"{line}." for line in lines
        )


_ORDER = {STATED: 0, DISPUTES: 1, SAID: 2}
