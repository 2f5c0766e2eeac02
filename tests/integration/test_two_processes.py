"""Two processes on one home: one works, the other is told, or reads beside it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grym_synth.cli import main
from grym_synth.errors import HomeLocked
from grym_synth.studio import open_studio

OWNER = """
import sys, time
from memory.context import ProjectSetting
from grym_synth.settings import Settings
from grym_synth.studio import open_studio
with open_studio(settings=Settings(home=sys.argv[1], embedder="lexical")) as studio:
    studio.deps.repository.ensure_project("album")
    studio.deps.repository.set("album", ProjectSetting(field="goal", value="a warm tape sound"))
    print("open", flush=True)
    time.sleep(120)
"""


@pytest.fixture
def owner(home: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the home open and has made a project in it."""
    os.environ.update(GRYM_HOME=str(home), GRYM_MODELS="instruments", GRYM_EMBEDDER="lexical")
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(home)], stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        yield process
        process.kill()


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main([*words])
    return int(ended.value.code or 0)


def test_a_second_process_is_told_who_has_the_home_in_one_sentence(
    home: Path, owner: subprocess.Popen[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (["ask", "hello"], ["project", "set", "goal", "x"], ["project", "repair"]):
        assert run(*words) == 2
        told = capsys.readouterr()
        assert f"process {owner.pid} is using it" in told.err
        assert "Traceback" not in told.err and not told.out
    with pytest.raises(HomeLocked), open_studio(home):
        pass


def test_a_second_process_reads_what_the_owner_has_just_written(
    owner: subprocess.Popen[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("project", "list") == 0
    assert "album" in capsys.readouterr().out
    for words in (["project", "show", "album"], ["project", "search", "album", "tape"]):
        assert run(*words) == 0
        assert "warm tape sound" in capsys.readouterr().out
    assert run("project", "history", "album") == 0
    assert run("project", "show", "no such project") == 2


def test_the_home_of_a_killed_process_is_taken_over_with_all_that_it_wrote(
    owner: subprocess.Popen[str], capsys: pytest.CaptureFixture[str]
) -> None:
    os.kill(owner.pid, signal.SIGKILL)
    owner.wait()
    assert run("project", "set", "style", "dark", "--project", "album") == 0
    capsys.readouterr()
    assert run("project", "show", "album") == 0
    shown = capsys.readouterr().out
    assert "warm tape sound" in shown and "dark" in shown
