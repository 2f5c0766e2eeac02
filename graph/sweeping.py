"""What ended runs leave in the server's memory, removed after a while.

The server of LangGraph keeps for each run its record, which it searches from end to end, a lock and
a count of its attempts, and all that it streamed, of which every event holds the thread's state,
for as long as the process lives (langgraph-runtime-inmem 0.36: "cleaned up during run deletion").
Threads are not touched: their states are in the checkpoints.
"""

import asyncio
import ctypes
from datetime import UTC, datetime, timedelta
from itertools import count

from langgraph_runtime_inmem.database import GLOBAL_RETRY_COUNTER, GLOBAL_STORE
from langgraph_runtime_inmem.inmem_stream import get_stream_manager

KEPT = timedelta(seconds=60)
"""How long a page that comes back can still hear a run that has ended."""

_EVERY_SECONDS = 10.0
_TRIM_ROUNDS = 6
_ALIVE = ("pending", "running")


async def sweep_for_ever() -> None:
    """Sweep now and then until the task is cancelled."""
    for done in count(1):
        await asyncio.sleep(_EVERY_SECONDS)
        sweep(datetime.now(UTC))
        if done % _TRIM_ROUNDS == 0:
            await asyncio.to_thread(_trim)


def sweep(now: datetime) -> None:
    """Remove the runs that ended a while ago, and what they streamed."""
    runs = GLOBAL_STORE["runs"]
    gone = [one for one in runs if one["status"] not in _ALIVE and now - one["updated_at"] > KEPT]
    streams = get_stream_manager()
    kinds = (streams.queues, streams.message_stores, streams.control_keys, streams.control_queues)
    attempts = GLOBAL_RETRY_COUNTER
    for run in gone:
        attempts._counters.pop(run["run_id"], None)
        attempts._locks.pop(run["run_id"], None)
        for held in kinds:
            of_thread = held.get(run["thread_id"], {})
            of_thread.pop(run["run_id"], None)
            if not of_thread:
                held.pop(run["thread_id"], None)
    ended = {one["run_id"] for one in gone}
    runs[:] = [one for one in runs if one["run_id"] not in ended]


def _trim() -> None:
    """Give freed memory back to the system, where the C library can: each of its threads' arenas
    keeps what it freed, with busy turns 70 MiB in a minute.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
