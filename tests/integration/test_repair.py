"""What ``grym project repair`` does about damaged files, as its user sees it."""

import os
import shutil
from pathlib import Path

import pytest

from grym_synth.cli import main


@pytest.fixture
def filled(home: Path) -> Path:
    """A home with one project, whose index was filled."""
    os.environ.update(GRYM_HOME=str(home), GRYM_MODELS="instruments")
    for words in (
        ["project", "new", "album"],
        ["project", "set", "goal", "a warm tape sound", "--project", "album"],
        ["project", "repair"],
    ):
        assert run(*words) == 0
    return home


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main([*words])
    return int(ended.value.code or 0)


@pytest.mark.parametrize("damage", ["index deleted", "index garbage", "log garbage"])
def test_repair_mends_what_can_be_built_anew_and_says_so(
    filled: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if damage == "index deleted":
        shutil.rmtree(filled / "index")
    elif damage == "index garbage":
        for path in (filled / "index").rglob("*.sqlite3"):
            path.write_bytes(b"garbage" * 500)
    else:
        (filled / "memory.sqlite-wal").write_bytes(b"garbage" * 500)
    capsys.readouterr()
    assert run("project", "repair") == 0
    told = capsys.readouterr().out
    assert "2 entries checked, 0 faults" in told
    assert "built the vector index anew, 1 entries, 0 of them missing" in told
    assert run("project", "show", "album") == 0
    assert "tape" in capsys.readouterr().out


@pytest.mark.parametrize("damage", ["garbage", "cut in half"])
def test_a_damaged_memory_is_told_with_what_to_do(
    filled: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = filled / "memory.sqlite"
    content = path.read_bytes()
    path.write_bytes(b"garbage" * 500 if damage == "garbage" else content[: len(content) // 2])
    damaged = path.read_bytes()
    capsys.readouterr()
    assert run("project", "repair") == 2
    told = capsys.readouterr().err
    assert "memory.sqlite" in told and "backup" in told
    assert path.read_bytes() == damaged
