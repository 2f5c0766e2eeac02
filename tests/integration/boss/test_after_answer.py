"""What comes after the answer neither holds it back nor takes it away."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from pydantic import JsonValue

from memory.context import Event
from tests.integration.boss.scripts import says, studio_with, tone, write_script
from tests.integration.cutting import Cut, cut_at

GRYM = Path(sys.executable).with_name("grym")
REQUEST = "measure everything"
SLOW = 60.0
"""Seconds till the first word of a summary: far longer than any of these tests may take."""


def boss(folder: Path, first_seconds: float = SLOW) -> str:
    answer: JsonValue = {"sentences": [{"text": "All of it was measured.", "findings": ["f1"]}]}
    return write_script(
        folder / "boss.jsonl",
        says("plan", {}, times=0),
        says("distil", {}, times=0),
        says("summarise", {"sentences": []}, "keep the team's notes", first_seconds=first_seconds),
        says("answer", answer, times=0),
    )


@pytest.mark.parametrize(
    ("way", "code"), [(signal.SIGINT, 0), (signal.SIGKILL, -signal.SIGKILL)], ids=["Ctrl-C", "kill"]
)
def test_the_answer_is_printed_before_the_summaries_and_outlives_them(
    home: Path, tmp_path: Path, way: signal.Signals, code: int
) -> None:
    script, clip = boss(tmp_path), tone(tmp_path / "clip.wav")
    words: list[str | Path] = [
        "ask",
        REQUEST,
        "--audio",
        clip,
        "--home",
        home,
        "--profile",
        "instruments",
    ]
    words += ["--model", f"supervisor={script}", "--json"]
    settings = {"GRYM_EMBEDDER": "lexical", "GRYM_OUT": str(tmp_path)}
    began = time.monotonic()
    with subprocess.Popen(
        [GRYM, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        text=True, env={**os.environ, **settings},
    ) as running:  # fmt: skip
        assert running.stdout is not None
        told = running.stdout.readline()
        time.sleep(0.5)  # until the process waits for its model
        running.send_signal(way)
        assert running.stdout.read() == ""
    assert time.monotonic() - began < SLOW / 2
    assert running.returncode == code
    assert "All of it was measured." in told
    with studio_with(home, "instruments") as (studio, _):
        after = studio.ask("What do you know about it?")
    assert after.turn == 2
    assert "cut off" not in after.answer


def test_a_turn_that_was_cut_after_its_answer_is_not_told_again(home: Path, tmp_path: Path) -> None:
    script = boss(tmp_path, first_seconds=0.0)
    with studio_with(home, script) as (studio, clip), pytest.raises(Cut):
        studio.ask(REQUEST, [clip], on_event=cut_at("summarise", "start"))
    with studio_with(home, script) as (studio, _):
        nodes: list[str] = []
        after = studio.ask("Hello", on_event=lambda event: nodes.append(event.node))
        turns = studio.deps.repository.history("default")

    assert [turn.turn for turn in turns] == [1, 2]
    assert "cut off" not in after.answer
    assert not after.findings
    assert "summarise" not in nodes


def test_a_program_has_the_result_once_and_a_stop_after_it_is_no_fault(
    home: Path, tmp_path: Path
) -> None:
    cancel, told = threading.Event(), list[str]()
    with studio_with(home, boss(tmp_path)) as (studio, clip):

        def stop(answer: str) -> None:
            told.append(answer)
            cancel.set()

        result = studio.ask(
            REQUEST, [clip], on_answer=lambda result: stop(result.answer), cancel=cancel
        )
        assert told == [result.answer]
        assert studio.ask("Hello", on_answer=lambda result: told.append(result.answer)).turn == 2
    assert len(told) == 2


def test_summaries_that_break_leave_the_answer(
    home: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def spoil(event: Event) -> None:
        if (event.node, event.kind) == ("summarise", "node_start"):
            with sqlite3.connect(home / "memory.sqlite") as memory:
                memory.execute("ALTER TABLE entries RENAME TO away")

    with studio_with(home, boss(tmp_path, first_seconds=1.0)) as (studio, clip):
        result = studio.ask(REQUEST, [clip], on_event=spoil)
    assert "All of it was measured." in result.answer
    assert "summarise broke after turn 1" in caplog.text
