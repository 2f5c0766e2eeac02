import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.integration.command import Grym, command

GRYM = Path(sys.executable).with_name("grym")


@pytest.fixture
def grym(home: Path, capsys: pytest.CaptureFixture[str]) -> Grym:
    run = command(capsys)
    os.environ["GRYM_HOME"] = str(home)
    return run


def start(*words: str | Path) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen([GRYM, *words], stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def tree(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_planning_writes_nothing(grym: Grym, home: Path, tone: Path) -> None:
    planned = grym("plan", "Master it to -14 LUFS", "--audio", tone, "--json")
    assert planned.returncode == 0, planned.stderr
    shown = json.loads(planned.stdout)
    assert list(shown) == ["project", "thread", "tasks", "asks"]
    assert [(task["agent"], task["status"]) for task in shown["tasks"]] == [("coder", "planned")]
    assert not home.exists()
    assert grym("project", "new", "default").returncode == 0
    before = tree(home)
    assert grym("plan", "Master it to -14 LUFS").returncode == 0
    assert tree(home) == before


@pytest.mark.parametrize(
    "words",
    [
        ["ask", "measure this", "--audio", "no-such-file.wav"],
        ["ask", ""],
        ["ask", "measure this", "--no-such-option"],
        ["plan", "measure this", "--audio", "no-such-file.wav"],
        ["measure", "no-such-file.wav"],
        ["ask", "hello", "--project", "../escape"],
        ["ask", "--resume"],
    ],
    ids=lambda words: " ".join(words),
)
def test_bad_input_is_one_error_object_and_exit_code_2(grym: Grym, words: list[str]) -> None:
    refused = grym(*words, "--json")
    assert refused.returncode == 2
    error = json.loads(refused.stdout)["error"]
    assert error.keys() == {"tried", "happened", "do"}
    assert all(error.values())
    told = grym(*words)
    assert told.returncode == 2
    assert told.stdout == ""
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("written", ["install", '"install"'])
def test_a_setting_that_is_no_list_is_refused_with_how_lists_are_written(
    grym: Grym, written: str
) -> None:
    os.environ["GRYM_NEEDS_APPROVAL"] = written
    refused = grym("ask", "hello")
    assert refused.returncode == 2
    assert "needs_approval" in refused.stderr
    assert """'["one", "two"]'""" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_a_file_that_is_no_sound_is_named_and_nothing_is_stored(
    grym: Grym, home: Path, tone: Path
) -> None:
    broken = tone.with_name("broken.wav")
    broken.write_bytes(b"RIFF\x00\x00\x00\x00WAVEjunk")
    refused = grym("ask", "measure both", "--audio", tone, "--audio", broken)
    assert refused.returncode == 2
    assert "broken.wav" in refused.stderr
    assert not list((home / "assets").rglob("*.wav"))


def test_projects_are_made_set_shown_exported_and_forgotten(grym: Grym, tmp_path: Path) -> None:
    assert grym("project", "new", "album").returncode == 0
    assert grym("project", "set", "goal", "a warm sound", "--project", "album").returncode == 0
    assert grym("project", "set", "mood", "x", "--project", "album").returncode == 2
    assert "warm" in grym("project", "show", "album").stdout
    assert "album" in grym("project", "list").stdout
    exported = grym("project", "export", "album", "--to", tmp_path / "album.grym")
    assert exported.returncode == 0, exported.stderr
    assert any((tmp_path / "album.grym").iterdir())
    assert grym("project", "repair").returncode == 0
    assert grym("project", "forget", "album").returncode == 0
    assert grym("project", "show", "album").returncode == 2


def test_a_second_process_is_told_who_owns_the_home(grym: Grym) -> None:
    with start("chat") as owner:
        assert owner.stdout is not None and owner.stdin is not None
        assert "project default" in owner.stdout.readline()
        second = grym("ask", "hello", "--json")
        owner.stdin.close()
        owner.wait(timeout=60)
    assert second.returncode == 2
    assert str(owner.pid) in json.loads(second.stdout)["error"]["happened"]


def test_cancelling_ends_with_130_and_the_turn_can_be_resumed(grym: Grym, tmp_path: Path) -> None:
    long = tmp_path / "long.wav"
    noise = np.random.default_rng(1).standard_normal((44100 * 180, 2)).astype(np.float32)
    soundfile.write(long, 0.1 * noise, 44100)
    words = ("ask", "Measure its loudness and master it to -14 LUFS", "--audio", long)
    with start(*words) as running:
        assert running.stderr is not None
        for line in running.stderr:
            if line.startswith("coder: "):
                break
        time.sleep(1.0)
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=60)
    assert running.returncode == 130
    resumed = grym("ask", "--resume", "--json")
    assert resumed.returncode in (0, 1), resumed.stdout + resumed.stderr
    shown = json.loads(resumed.stdout)
    assert shown["turn"] == 1
    assert {task["agent"] for task in shown["tasks"]} == {"gama", "coder"}


def test_measure_prints_every_aspect_as_strict_json(grym: Grym, home: Path, tone: Path) -> None:
    measured = grym("measure", tone, "--json")
    assert measured.returncode == 0, measured.stderr
    shown = json.loads(measured.stdout, parse_constant=pytest.fail)
    assert list(shown) == ["findings", "recommendations", "seconds"]
    aspects = {finding["aspect"] for finding in shown["findings"]}
    assert {"tempo.bpm", "key", "loudness.integrated_lufs", "spectrum.band_db.low_mid"} <= aspects
    assert not home.exists()


def test_copies_of_results_overwrite_nothing(grym: Grym, home: Path, tone: Path) -> None:
    words = ("ask", "Show me the waveform", "--audio", tone, "--json")
    paths = [json.loads(grym(*words).stdout)["artifacts"][0]["path"] for _ in range(2)]
    assert paths[0] != paths[1]
    assert all(Path(path).is_file() for path in paths)


def test_results_that_cannot_be_put_anywhere_are_refused_before_the_work(
    grym: Grym, home: Path, tone: Path
) -> None:
    refused = grym("ask", "Show me the waveform", "--audio", tone, "--out", tone)
    assert refused.returncode == 2
    assert "no folder" in refused.stderr
    assert "gama" not in refused.stderr and "qwen_vl" not in refused.stderr


def test_a_refused_project_name_leaves_nothing_in_the_home(
    grym: Grym, home: Path, tone: Path
) -> None:
    assert grym("ask", "Measure it", "--audio", tone, "--project", "a/b").returncode == 2
    assert not home.exists()


def test_a_clock_that_was_set_back_is_told_and_never_answers_with_the_past(
    home: Path, tmp_path: Path
) -> None:
    shifted = (
        "import sys, time\n"
        "real, nanoseconds = time.time, time.time_ns\n"
        "ahead = float(sys.argv.pop(1))\n"
        "time.time = lambda: real() + ahead\n"
        "time.time_ns = lambda: nanoseconds() + int(ahead * 1e9)\n"
        "from grym_synth.cli import main\n"
        "main()\n"
    )
    environment = {**os.environ, "GRYM_HOME": str(home)}

    def ask(ahead: float) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", shifted, str(ahead), "ask", "hello", "--json"]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert ask(3600).returncode == 0
    late = ask(0)
    assert late.returncode == 2
    assert "clock" in json.loads(late.stdout)["error"]["happened"]


def test_damaged_checkpoints_are_told_and_set_aside_by_repair(grym: Grym, home: Path) -> None:
    assert grym("ask", "Set the goal to a warm sound").returncode == 0
    checkpoints = home / "checkpoints.sqlite"
    content = bytearray(checkpoints.read_bytes())
    content[4096:] = b"\xee" * (len(content) - 4096)
    checkpoints.write_bytes(content)
    refused = grym("ask", "hello", "--json")
    assert refused.returncode == 2
    assert "repair" in json.loads(refused.stdout)["error"]["do"]
    assert "damaged" in grym("project", "repair").stdout
    answered = grym("ask", "What is the goal?")
    assert answered.returncode == 0
    assert "warm" in answered.stdout


def test_an_export_names_what_is_missing(grym: Grym, home: Path, tone: Path) -> None:
    assert grym("ask", "Measure the loudness", "--audio", tone).returncode == 0
    shutil.rmtree(home / "assets")
    exported = grym("project", "export", "default", "--to", home.parent / "copy.grym")
    assert exported.returncode == 1
    assert "tone.wav" in exported.stderr
