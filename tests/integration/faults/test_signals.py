"""SIGINT and SIGTERM in the middle of every node: told, resumable, and nothing half-written."""

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydantic import JsonValue

from grym_synth.result import TurnResult
from grym_synth.settings import Settings
from grym_synth.studio import open_studio
from tests.integration.boss.scripts import says, tone, write_script
from tests.integration.faults.kept import check_copies, check_kept
from tests.integration.faults.killing import Attempt, still_running
from tests.integration.faults.loaded import Loaded

SLOW = 60.0
"""Seconds till a model's first word: far longer than any of these tests may take."""
SOON = 30.0
REQUEST = (
    "Note that take 1 is the keeper. Describe how this sounds, describe the picture, show me its "
    "waveform and master it to -16 LUFS"
)
NODES = ("intake", "supervisor", "gama", "qwen_vl", "coder", "integrate", "respond")
BOTH = (signal.SIGINT, signal.SIGTERM)
QUICK = [
    ("intake", signal.SIGTERM),
    ("gama", signal.SIGINT),
    ("coder", signal.SIGTERM),
    ("respond", signal.SIGINT),
]
REST = [(node, way) for node in NODES for way in BOTH if (node, way) not in QUICK]
SLOW_DUTIES = {"supervisor": "plan", "integrate": "distil", "respond": "answer"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("signals")
    tone(folder / "take.wav", seconds=4.0)
    Image.fromarray(np.full((40, 60, 3), 90, np.uint8)).save(folder / "desk.png")
    (folder / "tmp").mkdir()
    return folder


@pytest.fixture(scope="module")
def loaded(place: Path) -> Iterator[Loaded]:
    settings = {
        "GRYM_EMBEDDER": "lexical",
        "GRYM_MODELS": "instruments",
        "TMPDIR": str(place / "tmp"),
    }
    with Loaded(settings) as launcher:
        yield launcher


def scripts(place: Path, slow: str) -> list[str]:
    """Models that answer at once, but for the one that a node asks."""
    quick: list[dict[str, JsonValue]] = [
        says("plan", {}, times=0),
        says("distil", {}, times=0),
        says("summarise", {"sentences": []}, "keep the team's notes", times=0),
        says("answer", {"sentences": []}, times=0),
    ]
    waits = [says(SLOW_DUTIES[slow], {}, first_seconds=SLOW)] if slow in SLOW_DUTIES else []
    boss = write_script(place / "boss.jsonl", *waits, *quick)
    words = ["--model", f"supervisor={boss}"]
    for role in ("gama", "qwen_vl"):
        line: dict[str, JsonValue] = {"answer": "It is dry.", "times": 0}
        waits = [{**line, "times": 1, "first_seconds": SLOW}] if slow == role else []
        words += ["--model", f"{role}={write_script(place / f'{role}.jsonl', *waits, line)}"]
    return words


def wait_until_in(node: str, said: Path, home: Path, process: int) -> None:
    """Wait for a node's line on standard error; the first node is known by what it writes to."""
    until = time.monotonic() + SLOW
    while time.monotonic() < until and Path(f"/proc/{process}").exists():
        if node == "intake" and (home / "checkpoints.sqlite-wal").exists():
            return
        told = Path(f"{said}.err")
        if told.exists() and f"\n{node}: " in f"\n{told.read_text()}":
            time.sleep(0.4)
            return
        time.sleep(0.01)


def run(loaded: Loaded, home: Path, said: Path, words: list[str]) -> tuple[int, TurnResult | None]:
    folders = ["--home", str(home), "--out", str(home.parent / "out")]
    code = loaded.start(["ask", "--json", *folders, *words], said).wait()
    told = json.loads(said.read_bytes())
    return code, None if "error" in told else TurnResult.model_validate(told)


def check(place: Path, loaded: Loaded, folder: Path, node: str, way: signal.Signals) -> None:
    home, said = folder / "home", folder / "said.json"
    given = ["--audio", str(place / "take.wav"), "--image", str(place / "desk.png")]
    words = ["ask", REQUEST, *given, "--json", "--home", str(home), "--out", str(folder / "out")]
    command = loaded.start([*words, *scripts(place, node)], said)
    wait_until_in(node, said, home, command.process)
    began = time.monotonic()
    os.kill(command.process, way)
    code = command.wait()
    assert time.monotonic() - began < SOON
    assert (code, Path(f"{said}.err").read_text().splitlines()[-1]) == (130, "cancelled")
    assert said.read_bytes() == b""
    assert [*(folder / "out").glob("*")] == [], "what was not told was not handed over"

    models = scripts(place, "")
    code, shown = run(loaded, home, said, ["--resume", *models])
    if shown is None:  # it was cut off before the request was taken in
        assert (node, code) == ("intake", 2)
        code, shown = run(loaded, home, said, [REQUEST, *given, *models])
    assert code == 0 and shown is not None
    assert shown.turn == 1
    assert still_running(home, 0.0) == []
    attempts = [Attempt(1, "main", REQUEST, shown)]
    settings = Settings(home=home, out=folder / "out", embedder="lexical")
    with open_studio(settings=settings) as studio:
        check_kept(studio, attempts, folder / "out", place / "tmp")
    check_copies(attempts)


@pytest.mark.parametrize(("node", "way"), QUICK, ids=lambda one: str(getattr(one, "name", one)))
def test_a_signal_in_the_middle_of_a_node_leaves_a_turn_that_can_be_resumed(
    place: Path, loaded: Loaded, tmp_path: Path, node: str, way: signal.Signals
) -> None:
    check(place, loaded, tmp_path, node, way)


@pytest.mark.long
@pytest.mark.parametrize(("node", "way"), REST, ids=lambda one: str(getattr(one, "name", one)))
def test_either_signal_in_any_node_does_so(
    place: Path, loaded: Loaded, tmp_path: Path, node: str, way: signal.Signals
) -> None:
    check(place, loaded, tmp_path, node, way)
