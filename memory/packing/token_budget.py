"""How many tokens a package may have, and who counts them: an agent's own model, else an estimate.

Models count with their own tokenizer where it is at hand (``count`` of ``models.base.ChatModel``
and ``models.audio_base.AudioModel``).
"""

import math
from typing import Protocol

from models.tokens import EstimatedTokens as EstimatedTokens

SHARE = 0.0985
"""Largest share of what a project holds that one package may have: below a tenth, since the size
of a project is estimated."""

FLOOR = 600
"""Tokens that a package may always have: what is known of a small project fits in as it is."""


class TokenCounter(Protocol):
    """Counts the tokens of a text."""

    def count(self, text: str) -> int:
        """The number of tokens, without those that begin or end a sequence."""
        ...


def budget_for(most: int, everything: int) -> int:
    """The tokens that a package may have.

    Args:
        most: the agent's budget: what its model's window leaves for context.
        everything: tokens of all that the project holds.
    """
    return min(most, max(FLOOR, math.floor(SHARE * everything)))
