"""Checkpoints in PostgreSQL: pruned, deleted and searched as those in SQLite are."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from langgraph.graph import START, StateGraph

from grym_synth.errors import MemoryFault
from memory.checkpoints import KEEP, TurnSaver, open_saver
from memory.checkpoints_async import open_async_saver
from tests.unit.memory.test_checkpoints import Count, counting, on

NOWHERE = Path("/nowhere")
"""No file is used."""


@pytest.fixture
def saver(database: str) -> Iterator[TurnSaver]:
    with open_saver(NOWHERE, database) as opened:
        yield opened


def rows(url: str, table: str) -> int:
    """How many rows a table of the checkpoints has."""
    with psycopg.connect(url) as connection:
        return int(connection.execute(f"SELECT count(*) FROM grym.{table}").fetchall()[0][0])


def test_many_turns_on_a_thread_keep_the_tables_small_and_the_state_whole(
    saver: TurnSaver, database: str
) -> None:
    graph = counting(saver)
    for _ in range(12):
        graph.invoke({"total": 0, "payload": ""}, on("long"), durability="sync")
        saver.prune("long")
    graph.invoke({"total": 0, "payload": ""}, on("other"), durability="sync")
    assert graph.get_state(on("long")).values["total"] == 36
    assert rows(database, "checkpoints") == KEEP + 5
    assert rows(database, "checkpoint_blobs") < 4 * (KEEP + 5)


def test_pruning_keeps_what_an_unfinished_turn_needs(saver: TurnSaver) -> None:
    graph = counting(saver)
    for _ in range(5):
        graph.invoke({"total": 0, "payload": ""}, on("cut"), durability="sync")
    graph.invoke({"total": 0, "payload": ""}, on("cut"), durability="sync", interrupt_after=["one"])
    saver.prune("cut", keep=1)
    assert graph.get_state(on("cut")).next == ("two",)
    assert graph.invoke(None, on("cut"))["total"] == 18


def test_checkpoints_of_nested_graphs_go_with_their_callers(
    saver: TurnSaver, database: str
) -> None:
    outer = StateGraph(Count)
    outer.add_node("inner", counting(saver))
    outer.add_edge(START, "inner")
    graph = outer.compile(checkpointer=saver)
    for _ in range(8):
        graph.invoke({"total": 0, "payload": ""}, on("deep"), durability="sync")
    saver.prune("deep", keep=2)
    graph.invoke({"total": 0, "payload": ""}, on("deep"), durability="sync")
    assert rows(database, "checkpoints") < 25


def test_deleting_a_thread_leaves_no_row_and_no_text(saver: TurnSaver, database: str) -> None:
    told = "Zanzibarquux" + "".join(chr(97 + n % 26) for n in range(3000))
    counting(saver).invoke({"total": 0, "payload": told}, on("gone"), durability="sync")
    counting(saver).invoke({"total": 0, "payload": "x"}, on("here"), durability="sync")
    assert saver.threads() == ["gone", "here"]
    held = [saver.holds(name, {"quux", "Zanzibar"}) for name in ("gone", "here")]
    assert held == [True, False]
    before = saver.mark("here")
    saver.prune("gone", strategy="delete")
    saver.scrub()
    assert saver.threads() == ["here"] and saver.mark("here") == before
    assert not saver.holds("gone", {"Zanzibar"})
    saver.prune(["here"], strategy="delete")
    tables = ("checkpoints", "checkpoint_blobs", "checkpoint_writes")
    assert [rows(database, table) for table in tables] == [0, 0, 0]


def test_a_program_on_an_event_loop_reads_what_another_wrote_and_prunes_too(
    saver: TurnSaver, database: str
) -> None:
    counting(saver).invoke({"total": 0, "payload": ""}, on("main"), durability="sync")

    async def scenario() -> int:
        async with open_async_saver(NOWHERE, database) as served:
            graph = counting(served)
            for _ in range(8):
                await graph.ainvoke({"total": 0, "payload": ""}, on("main"), durability="sync")
            await served.aprune("main")
            assert await served.threads() == ["main"]
            return int((await graph.aget_state(on("main"))).values["total"])

    assert asyncio.run(scenario()) == 27
    assert rows(database, "checkpoints") == KEEP


def test_the_saver_goes_on_when_the_server_has_cut_its_connections(
    saver: TurnSaver, database: str
) -> None:
    graph = counting(saver)
    graph.invoke({"total": 0, "payload": ""}, on("main"), durability="sync")
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name LIKE 'grym-synth%'"
        )
    with suppress(MemoryFault):  # it may meet the lost connection
        graph.get_state(on("main"))
    graph.invoke({"total": 0, "payload": ""}, on("main"), durability="sync")
    assert graph.get_state(on("main")).values["total"] == 6


def test_a_server_that_is_not_there_is_told() -> None:
    url = "postgresql://grym@127.0.0.1:9/grym"
    with pytest.raises(MemoryFault, match="opening the checkpoints"), open_saver(NOWHERE, url):
        pass
