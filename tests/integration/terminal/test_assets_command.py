"""The files of a home, and what of them can go."""

import json
from pathlib import Path

import pytest

from tests.integration.command import Grym, command


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRYM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GRYM_OUT", str(tmp_path / "out"))
    monkeypatch.setenv("GRYM_EMBEDDER", "lexical")
    monkeypatch.setenv("GRYM_MODELS", "instruments")
    return tmp_path / "home"


@pytest.fixture
def grym(home: Path, capsys: pytest.CaptureFixture[str]) -> Grym:
    return command(capsys)


def _stray(home: Path) -> list[Path]:
    """A file that nothing knows, half a file of a write that was cut off, and a lost workflow."""
    known_by_none = home / "assets" / "ab" / f"{'ab' * 32}.wav"
    known_by_none.parent.mkdir(parents=True, exist_ok=True)
    cut_off = home / "assets" / ".incoming-half"
    lost = home / "scratch" / "t-0123456789abcdef" / "stem.wav"
    lost.parent.mkdir(parents=True)
    for path in (known_by_none, cut_off, lost):
        path.write_bytes(b"0" * 2**20)
    return [known_by_none, cut_off, lost]


def test_what_nothing_knows_goes_and_what_a_project_knows_stays(
    grym: Grym, home: Path, tone: Path
) -> None:
    assert grym("ask", "show me its waveform", "--audio", tone).returncode == 0
    stray = _stray(home)
    would = json.loads(grym("assets", "gc", "--dry-run", "--json").stdout)
    assert (would["files"], would["scratch"], would["size_bytes"]) == (2, 1, 3 * 2**20)
    assert all(path.exists() for path in stray)
    assert "3.0 MiB" in grym("assets", "gc").stdout
    assert not any(path.exists() for path in stray)
    held = json.loads(grym("assets", "list", "--json").stdout)
    assert {one["name"] for one in held} == {"tone.wav", "tone-waveform.png"}
    assert all(one["projects"] == ["default"] for one in held)
    assert grym("ask", "show me its spectrogram").returncode == 0


def test_a_home_keeps_its_share_of_the_disk(
    grym: Grym, home: Path, tone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRYM_LIMITS__STORE_GIB", "0.0001")
    refused = grym("ask", "how loud is it?", "--audio", tone)
    assert refused.returncode == 2
    assert "GRYM_LIMITS__STORE_GIB" in refused.stderr
    assert not list((home / "assets").rglob("*.wav"))
