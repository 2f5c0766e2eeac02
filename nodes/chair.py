"""What the boss of a step leaves in the state: what it thought, and where instruments stood in."""

from collections.abc import Sequence

from agents.boss.boss import Boss
from graph.state import Update
from memory.context import Degraded, Interaction


def spoken(boss: Boss | None, held: Sequence[Degraded]) -> Update:
    """The boss's part of a node's update; without one nothing changes.

    Args:
        boss: who was asked.
        held: what the turn ran on less before.
    """
    if boss is None:
        return {"degraded": tuple(held)}
    return {"degraded": (*held, *boss.degraded), "thoughts": tuple(boss.thoughts)}


def signed(step: Interaction, boss: Boss | None, changes: str = "") -> Interaction:
    """A step of the history, by the model if one took part in it."""
    return step if boss is None else boss.sign(step, changes)
