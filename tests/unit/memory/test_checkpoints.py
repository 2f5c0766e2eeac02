"""Checkpoints: what they read back, and that they stay small."""

import asyncio
import pickle
import sqlite3
from pathlib import Path
from typing import Annotated, TypedDict

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from pydantic import BaseModel, JsonValue

from audio.assets import AssetRef
from grym_synth.errors import MemoryFault
from memory import context as words
from memory.checkpoints import KEEP, open_saver, serializer, stored_types
from memory.checkpoints_async import open_async_saver

TASK = words.Task(
    id="t-1",
    agent="coder",
    objective="master it",
    criteria=(words.Criterion(aspect="key", op="==", value="F minor", met=True),),
    operations=(words.Operation(name="gain", parameters={"db": -1.5, "list": [1, None]}),),
)
FINDING = words.Finding.make(
    words.Subject(kind="asset", id="ab", start=1.0, end=2.5),
    "beats",
    [0.5, 1.0, None],
    unit="s",
    evidence="measured",
    source="gama/beats@1",
    method="by hand",
    confidence=0.5,
)
ASSET = AssetRef(id="ab", kind="audio", name="mix.wav", suffix="wav", size_bytes=5, seconds=1.5)
TURN = words.TurnRecord(
    thread="main", turn=1, when="2026-01-01T00:00:00+00:00", request="r", answer="a", tasks=(TASK,)
)
THOUGHT = words.Thought(duty="plan", model="scripted:a", thinking="first", tokens_in=9, seconds=0.5)
ITEM = words.PackageItem(id="n-1", kind="note", form="full", text="t", tokens=3, reason="an input")
EXAMPLES: tuple[BaseModel, ...] = (
    TASK, FINDING, ASSET, TURN,
    words.Subject(kind="section", id="chorus"),
    words.Criterion(aspect="channels", op="<=", value=2),
    words.Operation(name="mono"),
    words.Order(workflow="compose", parameters={"brief": "a waltz"}),
    words.Ask(question="Which?", missing="audio"),
    words.Claim(aspect="tempo.bpm", value=90),
    words.Plan(tasks=(TASK,), settings=(words.ProjectSetting(field="goal", value="loud"),)),
    words.ProjectSetting(field="goal", value="loud"),
    words.Section(name="chorus", start=30.0, end=50.0),
    words.Element(name="lead vocal", section="chorus", assets=("ab",)),
    words.Recommendation(text="cut", findings=("f-1",), aspect="hum.hz"),
    words.Conflict(aspect="key", findings=("a", "b"), kept=None, rule="r", why="w", status="open"),
    words.Artifact(id="ab", name="mix.png", kind="image", made_by="qwen_vl/mel@1"),
    words.Failure(kind="skipped", why="no sandbox"),
    words.SliceReport(agent="gama", tokens=1, kept=2, dropped=3),
    words.Report(task="t-1", agent="gama", findings=(FINDING,)),
    words.CodeTrial(number=1, author="scripted:a", outcome="passed", files=("ab",)),
    words.Degraded(role="r", wanted="w", used="u", why="y"),
    words.Flag(kind="constraint", text="t"),
    words.Forget(kind="asset", id="a", name="n"),
    words.LookBack(thread="t", turn=1),
    words.Place(level="section", name="chorus"),
    words.Moment(thread="main", turn=2, at="2026-01-01T00:00:00+00:00", why="asked"),
    words.Deadline(what="mix", date="2026-03-01", text="mix by March 1"),
    words.Note(id="n-1", kind="api", text="t", place=words.Place(level="element", name="bass")),
    words.Summary(place=words.Place(), text="t", entries=("n-1",), covers=4, source="s"),
    THOUGHT,
    words.Interaction(id="i-1", thread="main", turn=1, round=0, who="w", what="w", outcome="done",
                      at="2026-01-01T00:00:00+00:00", saw=("n-1",), thoughts=(THOUGHT,)),
    ITEM,
    words.LeftOut(id="n-2", kind="note", reason="another section"),
    words.ContextPackage(agent="gama", budget=900, tokens=3, items=(ITEM,),
                         never_seen={"another file": 7}),
    words.Event(kind="loading", node="supervisor", model="m", seconds=1.5),
    words.ProjectContext(project="p", thread="t", turn=1, request="r", assets=(ASSET,),
                         findings=(FINDING,), history=(TURN,)),
)  # fmt: skip


class Stranger(BaseModel):
    """A class that no checkpoint may hold."""

    value: int


class Count(TypedDict):
    """State of a graph that counts its runs and carries a payload."""

    total: Annotated[int, lambda old, new: old + new]
    payload: str


def counting(saver: BaseCheckpointSaver[str]) -> CompiledStateGraph[Count, None, Count, Count]:
    """A graph of three steps."""

    def step(state: Count) -> dict[str, JsonValue]:
        return {"total": 1, "payload": "x" * 5000}

    builder = StateGraph(Count)
    for name in ("one", "two", "three"):
        builder.add_node(name, step)
    builder.add_edge(START, "one")
    builder.add_edge("one", "two")
    builder.add_edge("two", "three")
    builder.add_edge("three", END)
    return builder.compile(checkpointer=saver)


def on(thread: str) -> RunnableConfig:
    """The configuration of a thread."""
    return {"configurable": {"thread_id": thread}}


def rows(path: Path, table: str) -> int:
    """How many rows a table of the checkpoint file has."""
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    finally:
        connection.close()


@pytest.mark.parametrize("word", EXAMPLES, ids=lambda word: type(word).__name__)
def test_each_word_reads_back_as_itself(word: BaseModel) -> None:
    held = serializer().loads_typed(serializer().dumps_typed({"words": (word,) * 20}))
    assert isinstance(held, dict)
    back = held["words"][-1]
    assert type(back) is type(word)
    assert back == word


def test_every_stored_type_has_an_example() -> None:
    assert {type(word) for word in EXAMPLES} == set(stored_types())


def test_another_class_is_not_built_from_a_checkpoint() -> None:
    back = serializer().loads_typed(serializer().dumps_typed(Stranger(value=3)))
    assert back == {"value": 3}


def test_pickle_is_not_read() -> None:
    with pytest.raises(NotImplementedError, match="pickle"):
        serializer().loads_typed(("pickle", pickle.dumps(3)))


def test_many_turns_on_a_thread_keep_the_file_small_and_the_state_whole(tmp_path: Path) -> None:
    path = tmp_path / "checkpoints.sqlite"
    with open_saver(path) as saver:
        graph = counting(saver)
        for _ in range(30):
            graph.invoke({"total": 0, "payload": ""}, on("long"), durability="sync")
            saver.prune("long")
        graph.invoke({"total": 0, "payload": ""}, on("other"), durability="sync")
        assert graph.get_state(on("long")).values["total"] == 90
    assert rows(path, "checkpoints") == KEEP + 5
    assert path.stat().st_size < 400_000


def test_pruning_keeps_what_an_unfinished_turn_needs(tmp_path: Path) -> None:
    with open_saver(tmp_path / "checkpoints.sqlite") as saver:
        graph = counting(saver)
        for _ in range(5):
            graph.invoke({"total": 0, "payload": ""}, on("cut"), durability="sync")
        graph.invoke(
            {"total": 0, "payload": ""}, on("cut"), durability="sync", interrupt_after=["one"]
        )
        saver.prune("cut", keep=1)
        assert graph.get_state(on("cut")).next == ("two",)
        assert graph.invoke(None, on("cut"))["total"] == 18


def test_checkpoints_of_nested_graphs_go_with_their_callers(tmp_path: Path) -> None:
    path = tmp_path / "checkpoints.sqlite"
    with open_saver(path) as saver:
        outer = StateGraph(Count)
        outer.add_node("inner", counting(saver))
        outer.add_edge(START, "inner")
        graph = outer.compile(checkpointer=saver)
        for _ in range(8):
            graph.invoke({"total": 0, "payload": ""}, on("deep"), durability="sync")
        saver.prune("deep", keep=2)
        graph.invoke({"total": 0, "payload": ""}, on("deep"), durability="sync")
    assert rows(path, "checkpoints") < 25


def test_deleting_a_thread_leaves_no_row(tmp_path: Path) -> None:
    path = tmp_path / "checkpoints.sqlite"
    with open_saver(path) as saver:
        counting(saver).invoke({"total": 0, "payload": ""}, on("gone"), durability="sync")
        counting(saver).invoke({"total": 0, "payload": ""}, on("here"), durability="sync")
        assert saver.threads() == ["gone", "here"]
        saver.prune(["gone"], strategy="delete")
        assert saver.threads() == ["here"]
        saver.prune("here", strategy="delete")
    assert (rows(path, "checkpoints"), rows(path, "writes")) == (0, 0)


def test_a_deleted_text_is_in_no_checkpoint_and_in_no_file(tmp_path: Path) -> None:
    told = "Zanzibarquux" + "".join(chr(97 + n % 26) for n in range(200))
    with open_saver(tmp_path / "checkpoints.sqlite") as saver:
        counting(saver).invoke({"total": 0, "payload": told}, on("gone"), durability="sync")
        counting(saver).invoke({"total": 0, "payload": "x"}, on("here"), durability="sync")
        assert [saver.holds(name, {"quux", "Zanzibar"}) for name in ("gone", "here")] == [
            True,
            False,
        ]
        saver.prune("gone", strategy="delete")
        saver.scrub()
        left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        assert not saver.holds("gone", {"Zanzibar"})
    assert b"Zanzibar" not in left


def test_a_program_on_an_event_loop_reads_what_another_wrote_and_prunes_too(
    tmp_path: Path,
) -> None:
    path = tmp_path / "checkpoints.sqlite"

    async def scenario() -> int:
        async with open_async_saver(path) as saver:
            graph = counting(saver)
            for _ in range(8):
                await graph.ainvoke({"total": 0, "payload": ""}, on("main"), durability="sync")
            await saver.aprune("main")
            return int((await graph.aget_state(on("main"))).values["total"])

    with open_saver(path) as saver:
        counting(saver).invoke({"total": 0, "payload": ""}, on("main"), durability="sync")
    assert asyncio.run(scenario()) == 27
    assert rows(path, "checkpoints") == KEEP


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "checkpoints.sqlite"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(MemoryFault, match="checkpoints"), open_saver(path):
        pass
