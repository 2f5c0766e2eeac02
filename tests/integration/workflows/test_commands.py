import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.integration.command import Grym, command


@pytest.fixture
def grym(capsys: pytest.CaptureFixture[str], home: Path, tmp_path: Path) -> Grym:
    run = command(capsys)
    return lambda *words: run(*words, "--home", home, "--out", tmp_path / "out")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Recordings that nothing can be made of."""
    place = tmp_path / "recordings"
    place.mkdir()
    (place / "broken.wav").write_text("no sound")
    (place / "notes.txt").write_text("no recording")
    soundfile.write(place / "silence.wav", np.zeros(4 * 44100), 44100)
    return place


def test_a_table_tells_what_came_of_each_file_of_a_folder(grym: Grym, folder: Path) -> None:
    ended = grym("unpack", folder)
    assert ended.returncode == 1
    rows = [line for line in ended.stdout.splitlines() if line.startswith("| ")][1:]
    assert [row.split(" | ")[0] for row in rows] == ["| broken.wav", "| silence.wav"]
    assert "refused" in rows[0]
    assert "failed" in rows[1]
    assert "silen" in rows[1].split("failed")[1]


def test_scripts_get_a_list_for_a_folder(grym: Grym, folder: Path) -> None:
    told = json.loads(grym("unpack", folder, "--json").stdout)
    assert set(told[0]["error"]) == {"tried", "happened", "do"}
    assert told[1]["tasks"][0]["status"] == "failed"


@pytest.mark.parametrize(
    "words",
    [
        ("compose", ""),
        ("compose", "no-such-brief.toml"),
        ("build", "  "),
        ("unpack", "no-such-recording.wav"),
        ("master", "no-such-stem.wav"),
        ("master", "demo/mix.flac", "--target", "loud"),
    ],
)
def test_what_can_not_be_used_is_one_clear_sentence(grym: Grym, words: tuple[str, ...]) -> None:
    ended = grym(*words)
    assert ended.returncode == 2
    assert ended.stderr.strip().splitlines()[-1].count(". ") >= 1
    assert not ended.stdout


def test_a_folder_without_anything_to_do_is_told(grym: Grym, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    ended = grym("unpack", empty)
    assert ended.returncode == 2
    assert "holds no file" in ended.stderr
