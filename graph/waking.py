"""The server looks for a new run at once, not at its next round.

The server of LangGraph sleeps for half a second before it looks for new runs again, and then starts
only those that were there before it slept (langgraph-runtime-inmem 0.36, ``Runs.next``): each turn
waits 0.5 to 1 s, and the turns of many chats begin together, in one another's way.
"""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

from langgraph_runtime_inmem.database import GLOBAL_STORE
from langgraph_runtime_inmem.ops import Runs

_ROUND_SECONDS = 0.5
"""How often it looks in any case: runs may wait for a moment, or for another run's end."""

_GLANCE_SECONDS = 0.02

_look = Runs.next


def wake_for_runs() -> None:
    """Have this process's server end its sleep when a run is put; to be called once."""
    Runs.next = staticmethod(_next)


async def _next(wait: bool, limit: int = 1) -> AsyncIterator[tuple[dict[str, object], int]]:
    """The runs to start now, each with the number of its attempt."""
    if wait:
        await _asleep()
    async for found in _look(wait=False, limit=limit):
        yield found


async def _asleep() -> None:
    """Until a run is put, or until the round is over."""
    last = _last()
    for _ in range(round(_ROUND_SECONDS / _GLANCE_SECONDS)):
        await asyncio.sleep(_GLANCE_SECONDS)
        if _last() != last:
            return


def _last() -> UUID | None:
    """The run that was put last."""
    runs = GLOBAL_STORE["runs"]
    return runs[-1]["run_id"] if runs else None
