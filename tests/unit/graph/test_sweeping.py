import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from langgraph_runtime_inmem.database import GLOBAL_RETRY_COUNTER, GLOBAL_STORE

from graph.sweeping import KEPT, sweep


def tried(run: UUID) -> None:
    """Count an attempt as the server does, on a loop of its own."""
    with ThreadPoolExecutor(1) as own:
        own.submit(asyncio.run, GLOBAL_RETRY_COUNTER.increment(run)).result()


def test_nothing_of_a_run_that_ended_a_while_ago_is_held_and_others_stay() -> None:
    now = datetime.now(UTC)
    ended, fresh, working = (uuid4() for _ in range(3))
    for run, status, age in (
        (ended, "success", KEPT + timedelta(seconds=1)),
        (fresh, "success", timedelta(0)),
        (working, "running", 2 * KEPT),
    ):
        told = {"run_id": run, "thread_id": uuid4(), "status": status, "updated_at": now - age}
        GLOBAL_STORE["runs"].append(told)
        tried(run)

    sweep(now)

    left = {fresh, working}
    assert {one["run_id"] for one in GLOBAL_STORE["runs"]} == left
    assert {*GLOBAL_RETRY_COUNTER._counters} == left
    assert {*GLOBAL_RETRY_COUNTER._locks} == left
    GLOBAL_STORE["runs"].clear()
