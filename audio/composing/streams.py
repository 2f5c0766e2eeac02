"""Chance that can be had again: one stream of numbers for each part of a piece.

A stream depends on nothing but the names that it is drawn for, so that a part which is composed
anew changes no other one.
"""

import hashlib
from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Stream:
    """Numbers by chance; the same for the same names, on every machine."""

    def __init__(self, *names: str | int) -> None:
        """Open the stream of these names, such as the seed, a section and a role."""
        text = "\x1f".join(map(str, names))
        self._random = Random(int.from_bytes(hashlib.sha256(text.encode()).digest()))

    def unit(self) -> float:
        """A number from 0 to below 1."""
        return self._random.random()

    def chance(self, share: float) -> bool:
        """Whether something that happens in this share of cases (0..1) happens now."""
        return self.unit() < share

    def between(self, low: float, high: float) -> float:
        """A number from a range."""
        return low + (high - low) * self.unit()

    def whole(self, low: int, high: int) -> int:
        """A whole number from a range, its ends included."""
        return low + int((high - low + 1) * self.unit())

    def one(self, choices: Sequence[T]) -> T:
        """One of several things, all as likely."""
        return choices[int(len(choices) * self.unit())]

    def pick(self, weights: Mapping[T, float]) -> T:
        """One of several things, each as likely as its weight says."""
        left = sum(weights.values()) * self.unit()
        for choice, weight in weights.items():
            left -= weight
            if left < 0:
                return choice
        return next(reversed(list(weights)))
