"""All sounds of the library at once, as columns that conditions are judged over."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from memory.library.catalogue import Held
from memory.library.fields import FIELDS
from memory.library.wordbook import SoundWord, wordbook

Scores = NDArray[np.float64]


class Columns:
    """The sounds of a library, side by side."""

    def __init__(self, held: list[Held]) -> None:
        self.held = held
        self._numbers: dict[str, Scores] = {}

    def __len__(self) -> int:
        """How many files there are."""
        return len(self.held)

    def number(self, field: str) -> Scores:
        """A measured field: float64, (files,); NaN where it can't be told."""
        if field not in self._numbers:
            read = FIELDS[field].of
            values = [read(one.sound) for one in self.held]
            self._numbers[field] = np.array(
                [np.nan if value is None else value for value in values], np.float64
            )
        return self._numbers[field]

    def holds(self, phrase: str) -> NDArray[np.bool_]:
        """In whose names a phrase stands, as whole words."""
        wanted = f" {phrase} "
        return np.array([wanted in one.said.words for one in self.held], bool)

    def named(self, word: SoundWord, member: str = "") -> NDArray[np.bool_]:
        """Whose names say that they are a kind of sound, or one member of it.

        A phrase inside a longer one that means something else ("bass" in "bass drum") says nothing.
        """
        found = np.zeros(len(self.held), bool)
        phrases = word.meant_by(member) if member else word.phrases
        for phrase in phrases:
            here = self.holds(phrase)
            for longer in _longer(phrase, phrases):
                here &= ~self.holds(longer)
            found |= here
        return found


def _longer(phrase: str, meant: Collection[str]) -> set[str]:
    """Phrases that hold this one and mean another kind of sound."""
    return {
        other
        for one in wordbook().sound
        for other in one.phrases
        if other not in meant and f" {phrase} " in f" {other} "
    }
