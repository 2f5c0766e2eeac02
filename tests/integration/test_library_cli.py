"""``grym library``: from a folder of sounds to the one that is meant."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.integration.command import Grym, command
from tests.unit.audio.library import drumkit


@pytest.fixture
def grym(home: Path, capsys: pytest.CaptureFixture[str]) -> Grym:
    os.environ |= {"GRYM_HOME": str(home), "GRYM_EMBEDDER": "lexical"}
    return command(capsys)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "pack"
    drumkit.write(folder / "x" / "Deep_808.wav", drumkit.sub_808(drumkit.F1_HZ))
    drumkit.write(folder / "x" / "kick.wav", drumkit.kick())
    drumkit.write(folder / "loops" / "beat.wav", drumkit.drum_loop(140))
    (folder / "broken.wav").write_bytes(b"RIFFzzzzWAVE")
    return folder


@pytest.fixture
def pack(made: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    shutil.copytree(made, folder)
    return folder


def test_a_folder_is_indexed_searched_shown_and_forgotten(grym: Grym, pack: Path) -> None:
    indexed = grym("library", "index", pack, "--workers", "1", "--json")
    (folder,) = json.loads(indexed.stdout)["folders"]
    assert indexed.returncode == 0
    assert (folder["found"], folder["measured"]) == (4, 3)
    assert [Path(one["path"]).name for one in folder["problems"]] == ["broken.wav"]

    found = json.loads(grym("library", "search", "dark 808 in F minor", "--json").stdout)
    assert [Path(one["path"]).name for one in found["hits"]][:1] == ["Deep_808.wav"]
    assert found["hits"][0]["sound"]["note"] == "F1"

    by_numbers = grym("library", "search", "--tempo", "130..150", "--kind", "loop", "--in", pack)
    assert "beat.wav" in by_numbers.stdout and "kick.wav" not in by_numbers.stdout

    shown = json.loads(grym("library", "show", "beat.wav", "--json").stdout)
    assert shown["sound"]["kind"] == "loop"
    assert "140 BPM" in grym("library", "show", pack / "loops" / "beat.wav").stdout
    assert grym("library", "show", pack / "broken.wav").returncode == 2

    listed = json.loads(grym("library", "list", "--json").stdout)
    assert [(one["files"], one["problems"]) for one in listed["folders"]] == [(3, 1)]
    assert "broken.wav" in grym("library", "list", "--problems").stdout
    assert "Deep_808.wav" in grym("library", "list", pack / "x").stdout

    assert grym("library", "forget", pack / "x").stdout.startswith("forgotten: 2 files")
    assert grym("library", "search", "kick").stdout.startswith("0 of 1 sounds fit")
    assert (pack / "x" / "kick.wav").exists()

    like = grym("library", "search", "--like", pack / "x" / "kick.wav", "--json")
    assert [Path(one["path"]).name for one in json.loads(like.stdout)["hits"]] == ["beat.wav"]

    asked = grym("ask", "find me a loop around 140 in my library", "--profile", "instruments")
    assert asked.returncode == 0 and "beat.wav" in asked.stdout

    shutil.rmtree(pack)
    again = json.loads(grym("library", "index", "--json").stdout)
    assert again["folders"][0]["missing"]
    assert "no longer there" in grym("library", "search", "loop").stdout


def test_what_can_not_be_done_is_told_with_exit_code_2(grym: Grym, tmp_path: Path) -> None:
    for words in (
        ("index", tmp_path / "nowhere"), ("index",), ("search",), ("search", "kick"),
        ("show", "x.wav"), ("forget", "x.wav"), ("list", "x.wav"),
        ("search", "--tempo", "quick"), ("search", "--like", tmp_path),
    ):  # fmt: skip
        ended = grym("library", *words, "--json")
        assert ended.returncode == 2, words
        assert set(json.loads(ended.stdout)["error"]) == {"tried", "happened", "do"}
    assert "index a folder" in grym("library", "search", "kick").stderr.lower()


def test_ctrl_c_leaves_an_index_that_the_next_run_completes(grym: Grym, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    for number in range(60):
        drumkit.write(folder / f"{number}.wav", drumkit.sub_808(40 + number, 0.4))
    program = Path(sys.executable).parent / "grym"
    words = [str(program), "library", "index", str(folder), "--workers", "1"]
    run = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    listed: dict[str, list[object]] = {"files": []}
    for _ in range(300):
        time.sleep(0.1)
        ended = grym("library", "list", folder, "--json")
        listed = json.loads(ended.stdout) if ended.returncode == 0 else listed
        if listed["files"]:
            break
    run.send_signal(signal.SIGINT)
    told, _ = run.communicate(timeout=60)
    assert run.returncode == 130
    assert b"run it again to go on" in told
    (rest,) = json.loads(grym("library", "index", folder, "--workers", "1", "--json").stdout)[
        "folders"
    ]
    assert rest["unchanged"] >= len(listed["files"]) > 0
    assert rest["unchanged"] + rest["measured"] == 60 and rest["measured"] > 0
