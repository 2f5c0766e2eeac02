from collections.abc import Iterator
from pathlib import Path
from typing import cast

import numpy as np
import pytest
import soundfile
from langchain_core.messages import AnyMessage, HumanMessage
from langgraph.errors import NodeError

from agents.contexts.coder import CoderSlice
from agents.contexts.gama import GamaSlice
from agents.contexts.qwen_vl import QwenVlSlice
from graph.app import builder, graph
from graph.state import (
    Context,
    IntakeSlice,
    IntegrateSlice,
    RespondSlice,
    State,
    SummariseSlice,
    SupervisorSlice,
    Update,
    keep_window,
)
from graph.workflows.state import Handed
from grym_synth.errors import BadInput, ThreadBusy
from grym_synth.settings import Settings
from grym_synth.studio import Studio, open_studio
from memory.context import AGENTS, ContextPackage, Event, Report, Task
from nodes.attachments import reference_block
from nodes.faults import report_fault

SLICES: dict[str, type] = {
    "intake": IntakeSlice,
    "supervisor": SupervisorSlice,
    "gama": GamaSlice,
    "qwen_vl": QwenVlSlice,
    "coder": CoderSlice,
    "integrate": IntegrateSlice,
    "respond": RespondSlice,
}
WORKFLOWS: dict[str, type] = dict.fromkeys(("compose", "master", "unpack", "build"), Handed)
AFTERWARDS: dict[str, type] = {"summarise": SummariseSlice}
"""Only with a model in the supervisor's chair."""


@pytest.fixture
def studio(home: Path) -> Iterator[Studio]:
    with open_studio(settings=Settings(home=home, embedder="lexical")) as opened:
        yield opened


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    seconds = np.arange(3 * 44100) / 44100
    path = tmp_path / "tone.wav"
    soundfile.write(path, 0.2 * np.sin(2 * np.pi * 440 * seconds), 44100)
    return path


def said(text: str) -> State:
    return {"messages": [HumanMessage(text)]}


def test_every_node_declares_its_slice() -> None:
    declared = {
        name: node.input_schema for name, node in builder.nodes.items() if not node.is_error_handler
    }
    assert declared == SLICES | WORKFLOWS | AFTERWARDS


def test_every_node_gets_its_slice_and_nothing_else(studio: Studio, tone: Path) -> None:
    (ref,) = studio.attach([(tone, "audio")])
    content: list[str | dict[str, object]] = [
        {"type": "text", "text": "Measure it, show its spectrogram and master it to -20 LUFS"},
        reference_block(ref),
    ]
    given: State = {"messages": [HumanMessage(content)]}
    seen: set[str] = set()
    for event in studio.graph.compiled.stream(
        given, studio.config("default", "main"), context=Context(), stream_mode="tasks"
    ):
        task = cast(dict[str, object], event)
        if "input" not in task:
            continue
        name, received = str(task["name"]), cast(dict[str, object], task["input"])
        declared = SLICES[name].__annotations__.keys()
        assert received.keys() == declared if name in AGENTS else received.keys() <= declared
        assert received
        seen.add(name)
    assert seen == SLICES.keys()


def test_the_bare_graph_answers_with_memory_in_the_process() -> None:
    first = graph.invoke(said("Set the goal to a warm lo-fi sound"))
    assert "warm lo-fi sound" in first["messages"][-1].text
    again = graph.invoke(said("What is the goal of this project?"))
    assert "warm lo-fi sound" in again["messages"][-1].text


def test_a_program_invokes_the_studios_graph(studio: Studio) -> None:
    state = studio.graph.invoke(said("Hello, what can you do?"), studio.config("default", "main"))
    assert state["messages"][-1].text
    assert not state["tasks"]


def test_a_request_without_its_file_waits_and_resumes_with_it(studio: Studio, tone: Path) -> None:
    waiting = studio.ask("Trim the silence and convert it to 48 kHz")
    assert waiting.exit_code == 3
    assert waiting.asks
    assert {task.status for task in waiting.tasks} == {"waiting"}
    resumed = studio.ask("", studio.attach([(tone, "audio")]), resume=True)
    assert [task.agent for task in resumed.tasks] == ["coder"]
    assert resumed.turn == 2
    assert resumed.exit_code == 0


def test_nothing_to_resume_is_told(studio: Studio) -> None:
    with pytest.raises(BadInput, match="nothing there is unfinished"):
        studio.ask("", resume=True)


def test_two_turns_on_one_thread_do_not_run_at_once(studio: Studio) -> None:
    def interrupt(event: Event) -> None:
        with pytest.raises(ThreadBusy):
            studio.ask("And this?")

    studio.ask("Hello", on_event=interrupt)


def test_a_specialist_that_breaks_costs_its_task_and_not_the_turn(
    studio: Studio, tone: Path
) -> None:
    (ref,) = studio.attach([(tone, "audio")])
    studio.deps.assets.path(ref).write_bytes(b"no longer a sound")
    result = studio.ask("Measure the loudness and show me the waveform", (ref,))
    assert {task.status for task in result.tasks} == {"failed"}
    assert result.exit_code == 1
    assert studio.ask("Hello").exit_code == 0


def test_an_unexpected_fault_becomes_a_failed_report() -> None:
    task = Task(id="t", agent="gama", objective="Measure the loudness")
    package = ContextPackage(agent="gama", budget=200, tokens=0)
    slice_ = GamaSlice(task=task, assets=(), guidelines=(), earlier=(), package=package)
    command = report_fault(slice_, NodeError("gama", RuntimeError("boom")))
    assert command.goto == "integrate"
    (report,) = cast(tuple[Report, ...], cast(Update, command.update)["reports"])
    assert report.failure is not None
    assert "boom" in report.failure.why


class Cut(Exception):
    """Stands for the end of the process."""


def test_a_turn_that_can_never_end_does_not_block_its_thread(
    studio: Studio, tone: Path, home: Path
) -> None:
    config = studio.config("default", "main")
    refused = Context(project="no/name")
    for _ in range(2):
        with pytest.raises(BadInput):
            studio.graph.invoke(said("Hello"), config, context=refused)
    assert studio.ask("Hello").answer


def test_the_settings_budget_of_tasks_holds(home: Path, tone: Path) -> None:
    settings = Settings(home=home, embedder="lexical", max_tasks=1, out=home / "out")
    with open_studio(settings=settings) as studio:
        refs = studio.attach([(tone, "audio")])
        result = studio.ask("Measure it, show its spectrogram and master it to -20 LUFS", refs)
    assert len(result.tasks) == 1


@pytest.mark.parametrize("node", ["supervisor", "coder", "integrate", "respond"])
def test_a_turn_that_was_cut_off_ends_before_the_next_one(
    home: Path, tone: Path, node: str
) -> None:
    settings = Settings(home=home, embedder="lexical", out=home / "out")

    def cut(event: Event) -> None:
        if (event.node, event.kind) == (node, "node_end"):
            raise Cut

    with open_studio(settings=settings) as studio:
        refs = studio.attach([(tone, "audio")])
        with pytest.raises(Cut):
            studio.ask("Master it to -16 LUFS", refs, on_event=cut)
    with open_studio(settings=settings) as studio:
        nodes: list[str] = []
        studio.ask("Hello", on_event=lambda event: nodes.append(event.node))
        history = studio.deps.repository.history("default")
    assert [turn.turn for turn in history] == [1, 2]
    assert [task.status for task in history[0].tasks] == ["done"]
    assert "-16" in history[0].answer


def test_checkpoints_hold_no_content_of_attachments(studio: Studio, home: Path) -> None:
    content = b"\x89secret-lyrics-of-the-song " * 400
    ref = studio.deps.assets.add_bytes(content.replace(b"\x89", b""), "text", "lyrics.txt")
    studio.ask("Keep this", (ref,))
    files = [path.read_bytes() for path in home.glob("checkpoints.sqlite*")]
    assert files
    assert not any(b"secret-lyrics-of-the-song" in stored for stored in files)


def test_a_thread_keeps_a_window_of_messages() -> None:
    held: list[AnyMessage] = []
    for number in range(50):
        held = keep_window(held, [HumanMessage(str(number), id=str(number))])
    assert [message.text for message in held] == [str(number) for number in range(30, 50)]
