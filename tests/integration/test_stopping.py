import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import cast

import pytest
from langchain_core.messages import HumanMessage
from langgraph.checkpoint.memory import InMemorySaver
from pydantic import JsonValue

from graph.app import builder
from graph.state import Context, State
from grym_synth.errors import Cancelled
from memory.context import Event
from models.script import Abilities, Line, Script, When
from models.scripted import ScriptedChat
from nodes.attachments import reference_block
from tests.integration.boss.scripts import DUTIES, says, studio_with, tone, write_script
from tests.integration.test_listening_turn import studio_hearing
from tests.model_servers.ollama import OllamaTestServer, Served

GRYM = Path(sys.executable).with_name("grym")
QUESTION = "What key is it in?"
SLOW = 40.0
"""Seconds till the first word: far longer than any of these tests may take."""
SOON = 15.0


def slow_then_quick(path: Path, duty: str) -> str:
    quick = [says(one, {}, times=0) for one in ("plan", "distil")]
    slow = says(duty, {}, first_seconds=SLOW)
    return write_script(path, slow, *quick, says("answer", {"sentences": []}, times=0))


@pytest.fixture
def ollama() -> Iterator[OllamaTestServer]:
    waits = Line(when=When(match=DUTIES["plan"]), answer={}, first_seconds=SLOW)
    lines = (waits, Line(answer={}, times=0))
    brain = ScriptedChat("scripted:brain", Script(lines, Abilities(context_tokens=1_000_000)))
    with OllamaTestServer() as server:
        server.models = {"deepseek-r1:14b": Served(brain)}
        yield server


@pytest.mark.parametrize(
    ("way", "ignored"),
    [(signal.SIGINT, False), (signal.SIGINT, True), (signal.SIGTERM, False)],
    ids=["Ctrl-C", "a shell's & had it ignored", "terminated"],
)
def test_ctrl_c_ends_the_wait_for_a_models_first_word(
    home: Path, tmp_path: Path, ollama: OllamaTestServer, way: signal.Signals, ignored: bool
) -> None:
    clip = tone(tmp_path / "clip.wav")
    words = ["ask", QUESTION, "--audio", str(clip), "--home", str(home)]
    words += ["--profile", "instruments", "--model", "supervisor=ollama:deepseek-r1:14b"]
    settings = {"GRYM_OLLAMA_URL": ollama.url, "GRYM_EMBEDDER": "lexical"}
    before = signal.getsignal(signal.SIGINT)
    if ignored:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        running = subprocess.Popen(
            [GRYM, *words], stderr=subprocess.PIPE, text=True, env={**os.environ, **settings}
        )
    finally:
        signal.signal(signal.SIGINT, before)
    with running:
        _wait_for(lambda: "/api/chat" in [path for path, _ in ollama.requests])
        running.send_signal(way)
        began = time.monotonic()
        assert running.stderr is not None
        told = running.stderr.read()
    assert (running.returncode, told.splitlines()[-1]) == (130, "cancelled")
    assert time.monotonic() - began < SOON
    with studio_with(home, "instruments") as (studio, _):
        assert studio.deps.repository.history("default") == ()
        result = studio.ask("", resume=True)
    assert (result.turn, [task.status for task in result.tasks]) == (1, ["done"])


def _wait_for(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + SLOW
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.parametrize("duty", ["plan", "answer"])
def test_a_program_stops_a_turn_by_an_event_and_resumes_it(
    home: Path, tmp_path: Path, duty: str
) -> None:
    script = slow_then_quick(tmp_path / "boss.jsonl", duty)
    cancel, begun = threading.Event(), threading.Event()

    def watch(event: Event) -> None:
        if event.kind == ("planning" if duty == "plan" else "answering"):
            threading.Timer(0.2, cancel.set).start()
            begun.set()

    with studio_with(home, script) as (studio, clip):
        began = time.monotonic()
        with pytest.raises(Cancelled):
            studio.ask(QUESTION, (clip,), on_event=watch, cancel=cancel)
        assert begun.is_set() and time.monotonic() - began < SOON
        result = studio.ask("", resume=True)
        turns = studio.deps.repository.history("default")

    assert (result.turn, [task.status for task in result.tasks]) == (1, ["done"])
    assert [one.turn for one in turns] == [1]
    assert "Key: A minor" in result.answer


def test_a_stopped_specialist_has_not_failed_when_the_turn_goes_on(
    home: Path, tmp_path: Path
) -> None:
    says_it: JsonValue = "The kick is dry."
    slow = write_script(tmp_path / "slow.jsonl", {"answer": says_it, "first_seconds": SLOW})
    quick = write_script(tmp_path / "quick.jsonl", {"answer": says_it, "times": 0})
    cancel = threading.Event()

    def watch(event: Event) -> None:
        if event.kind == "task_start":
            threading.Timer(2.0, cancel.set).start()

    with studio_hearing(home, slow) as (studio, song), pytest.raises(Cancelled):
        studio.ask("Describe how this sounds", (song,), on_event=watch, cancel=cancel)
    with studio_hearing(home, quick) as (studio, _):
        result = studio.ask("", resume=True)

    assert [task.status for task in result.tasks] == ["done"]
    assert "The kick is dry" in result.answer


def test_an_interrupt_that_is_swallowed_still_ends_the_turn(home: Path) -> None:
    def swallow(event: Event) -> None:
        if event.kind == "planning":
            with suppress(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)

    with studio_with(home, "instruments") as (studio, clip):
        with pytest.raises(Cancelled):
            studio.ask(QUESTION, (clip,), on_event=swallow)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
        assert studio.ask("", resume=True).turn == 1


def test_a_cancelled_coroutine_ends_the_wait_for_a_models_first_word(
    home: Path, tmp_path: Path
) -> None:
    script = slow_then_quick(tmp_path / "boss.jsonl", "plan")
    with studio_with(home, script) as (studio, clip):
        compiled = builder.compile(checkpointer=InMemorySaver(), store=studio.deps.store)
        content: list[str | dict[str, object]] = [{"type": "text", "text": QUESTION}]
        given: State = {"messages": [HumanMessage([*content, reference_block(clip)])]}
        config = studio.config("default", "main")

        async def run(given: State, seconds: float) -> State:
            running = compiled.ainvoke(given, config, context=Context())
            return cast(State, await asyncio.wait_for(running, seconds))

        began = time.monotonic()
        with pytest.raises(TimeoutError):
            asyncio.run(run(given, 1.5))
        assert time.monotonic() - began < SOON
        state = asyncio.run(run({"messages": [HumanMessage("Please go on")]}, SLOW))

    assert [task.status for task in state["tasks"]] == ["done"]
