"""How many tokens a text has for a model: by its own tokenizer, else by an estimate."""

import math
from typing import Protocol

from models.tokens import EstimatedTokens as EstimatedTokens

SHARE = 0.098
"""Largest share of what a project holds that one package may have: below a tenth, since the size
of a project is estimated."""

FLOOR = 600
"""Tokens that a package may always have: what is known of a small project fits in as it is."""


class TokenCounter(Protocol):
    """Counts the tokens of a text."""

    def count(self, text: str) -> int:
        """The number of tokens, without those that begin or end a sequence."""
        ...


class TokenizerTokens:
    """A model's own tokenizer, from its ``tokenizer.json``."""

    def __init__(self, tokenizer: bytes) -> None:
        """Read the content of a ``tokenizer.json``."""
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_buffer(tokenizer)
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def count(self, text: str) -> int:
        """The number of tokens."""
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)


def budget_for(most: int, everything: int) -> int:
    """The tokens that a package may have.

    Args:
        most: the agent's budget: what its model's window leaves for context.
        everything: tokens of all that the project holds.
    """
    return min(most, max(FLOOR, math.floor(SHARE * everything)))
