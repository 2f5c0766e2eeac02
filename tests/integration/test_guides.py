"""The guides' commands print what the guides show."""

import doctest
from pathlib import Path

import pytest

from tests.integration.command import command
from tests.integration.guides import commands, record, run

GUIDES = Path(__file__).parents[2] / "docs" / "guides"
_SAME = doctest.OutputChecker().check_output
_LOOSE = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.mark.parametrize("name", ["producer", "developer", "operator"])
def test_what_a_guide_shows_is_what_its_commands_print(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GRYM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GRYM_EMBEDDER", "lexical")
    monkeypatch.setenv("GRYM_MODELS", "instruments")
    monkeypatch.setenv("COLUMNS", "100")
    record(tmp_path)
    shown = list(commands(GUIDES / f"{name}.md"))
    for one in shown:
        ended = run(command(capsys), one.words)
        told = ended.stdout.strip("\n") or ended.stderr.strip("\n")
        assert _SAME(f"{one.prints}\n", f"{told}\n", _LOOSE), f"$ {one.words}\n{told}"
    assert len(shown) >= 2
