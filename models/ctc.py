"""Read words and their times from the character probabilities of a CTC model.

A CTC model names a character, or none, for each frame; equal neighbours are one character (Graves
et al., "Connectionist temporal classification", ICML 2006).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Odds = NDArray[np.float32]
"""Probability of each character in each frame: (frames, characters)."""


@dataclass(frozen=True)
class Alphabet:
    """What a model's outputs stand for."""

    letters: dict[int, str]
    """Characters by output; special tokens are not among them."""
    gap: int
    """The output that stands between words; -1 for none."""


class Word(NamedTuple):
    """One word that was heard."""

    text: str
    start: float
    """In seconds."""
    end: float
    """In seconds."""
    confidence: float
    """Mean probability of its characters, 0..1."""


class _Letter(NamedTuple):
    text: str
    """Empty between words."""
    first: int
    last: int
    sure: float


def read_words(odds: Odds, alphabet: Alphabet, frame_seconds: float, offset: float = 0.0) -> (
    Iterator[Word]
):  # fmt: skip
    """The words of the likeliest character in each frame.

    Args:
        odds: (frames, characters), each row of sum 1.
        alphabet: what the characters are.
        frame_seconds: from one frame to the next.
        offset: time of the first frame, in seconds.
    """
    for spaces, group in groupby(_letters(odds, alphabet), key=lambda one: not one.text):
        if spaces:
            continue
        held = list(group)
        yield Word(
            "".join(one.text for one in held),
            round(offset + held[0].first * frame_seconds, 3),
            round(offset + held[-1].last * frame_seconds, 3),
            round(sum(one.sure for one in held) / len(held), 3),
        )


def _letters(odds: Odds, alphabet: Alphabet) -> Iterator[_Letter]:
    """The characters in turn, each once, with first frame, end and probability."""
    best = odds.argmax(axis=1)
    first = 0
    for output, group in groupby(best.tolist()):
        last = first + len(list(group))
        text = "" if output == alphabet.gap else alphabet.letters.get(output)
        if text is not None:
            yield _Letter(text, first, last, float(odds[first:last, output].max()))
        first = last
