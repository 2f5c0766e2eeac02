"""Checkpoints that are not there, or that another version wrote."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TypedDict

import pytest
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage
from langchain_core.runnables import RunnableConfig
from langgraph.graph import START, StateGraph

from graph.state import State
from grym_synth.cli import main
from grym_synth.errors import BadInput, UnknownName
from grym_synth.settings import Settings
from grym_synth.studio import Studio, open_studio
from memory.checkpoints import open_saver, unpacked

GONE = "1f0aaaaa-0000-6000-8000-000000000000"


@pytest.fixture
def studio(home: Path) -> Iterator[Studio]:
    settings = Settings(home=home, out=home / "out", embedder="lexical", models="instruments")
    with open_studio(settings=settings) as opened:
        yield opened


def said(text: str) -> State:
    return {"messages": [HumanMessage(text)]}


def at(checkpoint: str) -> RunnableConfig:
    return {"configurable": {"thread_id": "default/main", "checkpoint_id": checkpoint}}


def test_an_unknown_checkpoint_is_refused_and_the_thread_stays_as_it_is(studio: Studio) -> None:
    studio.ask("Set the goal to a warm sound")
    before = studio.graph.values(studio.config("default", "main"))
    with pytest.raises(UnknownName, match="keeps none of that id"):
        studio.graph.invoke(said("What is the goal?"), at(GONE))
    with pytest.raises(UnknownName, match="keeps none of that id"):
        studio.graph.compiled.invoke(said("What is the goal?"), at(GONE))
    with pytest.raises(UnknownName, match="keeps none of that id"):
        studio.graph.compiled.update_state(at(GONE), {"tasks": ()})
    assert studio.graph.values(studio.config("default", "main")) == before
    assert "warm" in studio.ask("What is the goal?").answer


def test_a_turn_goes_on_from_the_newest_checkpoint_and_from_no_older_one(studio: Studio) -> None:
    config = studio.config("default", "main")
    studio.ask("Set the goal to a warm sound")
    studio.ask("Set the goal to a cold sound")
    newest, *older = [
        str(one.config["configurable"]["checkpoint_id"])
        for one in studio.graph.compiled.get_state_history(config)
    ]
    assert older
    for one in older:
        with pytest.raises(BadInput, match="not the thread's newest"):
            studio.graph.invoke(said("What is the goal?"), at(one))
    answer = studio.graph.invoke(said("What is the goal?"), at(newest))["messages"][-1].text
    assert "cold" in answer
    assert len(studio.deps.repository.history("default")) == 3


def older(home: Path, change: Callable[[bytes], bytes]) -> None:
    """Write every stored state again as another version would have written it."""
    with closing(sqlite3.connect(home / "checkpoints.sqlite")) as connection:
        for table, column in (("checkpoints", "checkpoint"), ("writes", "value")):
            found = connection.execute(f"SELECT rowid, type, {column} FROM {table}").fetchall()
            for row, kind, content in found:
                told = change(unpacked(str(kind), bytes(content)))
                connection.execute(
                    f"UPDATE {table} SET type = 'msgpack', {column} = ? WHERE rowid = ?",
                    (told, row),
                )
        connection.commit()


def renamed(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """Names of one length: the form of what is stored stays whole."""
    assert len(old) == len(new)
    return lambda content: content.replace(old, new)


def in_studio(home: Path, request: str) -> str:
    settings = Settings(home=home, out=home / "out", embedder="lexical", models="instruments")
    with open_studio(settings=settings) as opened:
        return opened.ask(request).answer


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (renamed(b"ProjectContext", b"ProjectKontext"), "ProjectKontext is unknown here"),
        (renamed(b"request", b"wanting"), "the request of a ProjectContext does not fit"),
        (lambda content: content[: len(content) // 2], "it is damaged"),
    ],
    ids=["a class that is gone", "a field that is missing", "half of it"],
)
def test_a_thread_that_can_not_be_read_is_refused_and_its_project_is_not(
    home: Path, change: Callable[[bytes], bytes], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    in_studio(home, "Set the goal to a warm sound")
    older(home, change)
    with pytest.raises(SystemExit) as ended:
        main(["ask", "What is the goal?", "--home", str(home), "--profile", "instruments"])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert told in said and "--thread" in said
    words = ["ask", "What is the goal?", "--home", str(home), "--profile", "instruments"]
    with pytest.raises(SystemExit) as ended:
        main([*words, "--thread", "other"])
    assert ended.value.code == 0
    assert "warm" in capsys.readouterr().out


def test_a_field_that_is_gone_is_left_out(home: Path) -> None:
    in_studio(home, "Set the goal to a warm sound")
    older(home, renamed(b"writes_code", b"paints_code"))
    assert "warm" in in_studio(home, "What is the goal?")


def test_a_thread_with_other_channels_and_nodes_goes_on_with_what_is_known(home: Path) -> None:
    class Past(TypedDict):
        """The state of another version."""

        messages: list[AnyMessage]
        mood: str

    def listener(state: Past) -> Past:
        return {"messages": [*state["messages"], AIMessage("Listening.")], "mood": "calm"}

    with open_saver(home / "checkpoints.sqlite") as saver:
        past = StateGraph(Past)
        past.add_node("listener", listener)
        past.add_node("poet", listener)
        past.add_edge(START, "listener")
        past.add_edge("listener", "poet")
        compiled = past.compile(checkpointer=saver, interrupt_before=["poet"])
        asked: Past = {"messages": [HumanMessage("How does it sound?")], "mood": ""}
        compiled.invoke(asked, {"configurable": {"thread_id": "default/main"}})
    assert "warm" in in_studio(home, "Set the goal to a warm sound")
    assert "warm" in in_studio(home, "What is the goal?")
