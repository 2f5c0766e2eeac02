"""What the boss of a step leaves in the state: what it thought, and where instruments stood in."""

from collections.abc import Sequence

from agents.boss.boss import Boss, joined
from graph.state import Update
from memory.context import Degraded


def spoken(boss: Boss | None, held: Sequence[Degraded]) -> Update:
    """The boss's part of a node's update; without one nothing changes.

    Args:
        boss: who was asked.
        held: what the turn ran on less before.
    """
    if boss is None:
        return {"degraded": tuple(held)}
    return {"degraded": joined((*held, *boss.degraded)), "thoughts": tuple(boss.thoughts)}
