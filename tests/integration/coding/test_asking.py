import json
import socket
from pathlib import Path

import pytest
from pydantic import JsonValue

from grym_synth.result import TaskResult
from tests.integration.boss.scripts import write_script
from tests.integration.coding.programs import (
    REQUEST,
    RING,
    handed_over,
    instead,
    with_line,
)
from tests.integration.command import Ended, Grym

HOSTILE = """import os
import socket
import subprocess
import sys
from pathlib import Path

import soundfile

FOUND = []


def attempt(what):
    try:
        FOUND.append(repr(what()))
    except BaseException as fault:
        FOUND.append(type(fault).__name__)


def ring(samples, rate, hz):
    return samples


def main():
    attempt(lambda: Path({secret!r}).read_text())
    attempt(lambda: Path({secret!r}).write_text("taken"))
    attempt(lambda: Path("/etc/passwd").read_text())
    attempt(lambda: dict(os.environ))
    attempt(lambda: socket.create_connection(("127.0.0.1", {port}), 2))
    attempt(lambda: subprocess.run(["/bin/sh", "-c", "touch {secret}.new"], check=True))
    attempt(lambda: os.symlink({secret!r}, "clip.txt"))
    samples, rate = soundfile.read(sys.argv[1], always_2d=True)
    soundfile.write("clip-ring.wav", samples * 0.5, rate)
    Path("found.txt").write_text("\\n".join(FOUND))


if __name__ == "__main__":
    main()
"""
NO_TEST = "def test_nothing():\n    assert True\n"


@pytest.fixture
def ask(grym: Grym, clip: Path, tmp_path: Path) -> "Ask":
    return Ask(grym, clip, tmp_path)


class Ask:
    def __init__(self, grym: Grym, clip: Path, folder: Path) -> None:
        self.grym, self.clip, self.folder = grym, clip, folder

    def __call__(self, *lines: dict[str, JsonValue], request: str = REQUEST) -> Ended:
        spec = write_script(self.folder / "coder.jsonl", *lines)
        words = ("--audio", self.clip, "--model", f"coder={spec}", "--yes", "--json")
        return self.grym("ask", request, *words)


def coded(ended: Ended) -> TaskResult:
    """The coder's task as the JSON tells it."""
    tasks = map(TaskResult.model_validate, json.loads(ended.stdout)["tasks"])
    (task,) = [one for one in tasks if one.agent == "coder"]
    return task


def made(ended: Ended) -> dict[str, Path]:
    """The files of a turn by name."""
    return {
        Path(one["path"]).name: Path(one["path"]) for one in json.loads(ended.stdout)["artifacts"]
    }


def test_code_that_is_right_is_done_with_what_was_measured(ask: Ask) -> None:
    ended = ask({"answer": handed_over()})

    task = coded(ended)
    assert (ended.returncode, task.status) == (0, "done")
    assert {one.aspect: one.met for one in task.criteria} == {
        "clipping.samples": True,
        "duration.seconds": True,
    }
    assert set(made(ended)) == {"ring.py", "test_ring.py", "clip-ring.wav"}
    assert made(ended)["ring.py"].read_text() == RING
    assert "in 1 round" in json.loads(ended.stdout)["answer"]


def test_a_fault_goes_back_with_its_line_and_the_next_version_is_taken(ask: Ask) -> None:
    broken = with_line("samples = samples[:, 7]")
    ended = ask(
        {"answer": handed_over(broken)},
        {"answer": handed_over(), "when": {"match": r"IndexError.*\(at ring\.py line 18 in main"}},
    )

    assert (ended.returncode, coded(ended).status) == (0, "done")
    assert "in 2 rounds" in json.loads(ended.stdout)["answer"]
    history = ask.grym("project", "history").stdout
    assert "version 1 of the code, approve by the user: failed" in history
    assert "version 2 of the code, approve by the user: passed" in history


def test_hostile_code_finds_nothing_and_reaches_nothing(ask: Ask, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a key of the user")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0)
        code = HOSTILE.replace("{secret!r}", repr(str(secret))).replace("{secret}", str(secret))
        code = code.replace("{port}", str(listener.getsockname()[1]))
        ended = ask({"answer": handed_over(code, NO_TEST), "times": 0})
        with pytest.raises(BlockingIOError):
            listener.accept()

    found = made(ended)["found.txt"].read_text().splitlines()
    assert found[:3] == ["FileNotFoundError"] * 3
    assert "GRYM" not in found[3]
    assert all(one.endswith("Error") for one in found[4:]), found
    assert secret.read_text() == "a key of the user"
    assert not secret.with_name("secret.new").exists()


def test_code_that_is_never_right_is_not_met_after_four_versions(ask: Ask) -> None:
    ended = ask({"answer": handed_over(with_line("samples = samples * 0")), "times": 0})

    task = coded(ended)
    assert (ended.returncode, task.status) == (1, "not_met")
    answer = json.loads(ended.stdout)["answer"]
    assert "4 versions of ring.py were written" in answer
    assert "clip-ring.wav is silent" in answer


def test_an_answer_that_is_no_json_is_asked_for_again_a_bounded_number_of_times(ask: Ask) -> None:
    ended = ask({"answer": "```python\nprint('here you are')\n```", "times": 0})

    assert (ended.returncode, coded(ended).status) == (1, "not_met")
    assert "has not the wanted form" in json.loads(ended.stdout)["answer"]
    assert made(ended) == {}


def test_broken_json_is_mended_when_it_comes_back_with_its_fault(ask: Ask) -> None:
    ended = ask(
        {"answer": '{"files": [{"name": "ring.py", "text": "import'},
        {"answer": handed_over(), "when": {"match": "JSON object"}},
    )

    assert (ended.returncode, coded(ended).status) == (0, "done")


@pytest.mark.parametrize(
    ("program", "says"),
    [
        (instead('print("Done: the ring modulator works perfectly.")'), "left no file"),
        (instead('Path("done.txt").write_text("It works.")'), "sound file is wanted"),
        (instead("soundfile.write('done.wav', samples, rate)"), "very samples of its source"),
    ],
)
def test_a_claim_without_the_work_is_not_met(ask: Ask, program: str, says: str) -> None:
    ended = ask({"answer": handed_over(program), "times": 0})

    assert (ended.returncode, coded(ended).status) == (1, "not_met")
    assert says in json.loads(ended.stdout)["answer"]
