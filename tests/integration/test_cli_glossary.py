import json
import os
from pathlib import Path

import pytest

from grym_synth.cli import main


def run(home: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    os.environ["GRYM_HOME"] = str(home)
    with pytest.raises(SystemExit) as ended:
        main(words)
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err


def test_a_word_is_explained_with_its_band(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told, _ = run(home, capsys, "glossary", "muddier")
    assert code == 0
    assert "**muddy**" in told
    assert "200–500 Hz" in told
    assert not home.exists()


def test_an_aspect_gives_its_words(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, told, _ = run(home, capsys, "glossary", "stereo.correlation", "--json")
    assert "phasey" in {one["name"] for one in json.loads(told)}


def test_an_unknown_word_is_refused_with_what_is_near(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told, fault = run(home, capsys, "glossary", "compresionn")
    assert (code, told) == (2, "")
    assert "not in the glossary" in fault
    assert "compression" in fault


def test_a_projects_own_word_is_kept_shown_and_taken_back(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = ("project", "term", "dusty", "--project", "lofi")
    code, told, _ = run(home, capsys, *own[:3], "vinyl noise, high cut", *own[3:])
    assert code == 0
    _, told, _ = run(home, capsys, "glossary", "dusty", "--project", "lofi")
    assert "vinyl noise, high cut" in told
    _, told, _ = run(
        home, capsys, "glossary", "as if heard from the next room", "--project", "lofi"
    )
    assert "nearest words" in told
    assert run(home, capsys, *own, "--forget")[0] == 0
    code, _, fault = run(home, capsys, *own, "--forget")
    assert code == 2
    assert "no such word" in fault
