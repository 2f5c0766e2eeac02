import json
from pathlib import Path

import pytest

from grym_synth.cli import main
from tests.integration.boss.scripts import DUTIES, says, tone, write_script


def grym(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(words)
    return int(str(ended.value.code or 0))


@pytest.fixture
def boss(tmp_path: Path) -> str:
    answer = {"sentences": [{"text": "It is in A minor.", "findings": ["f1"]}]}
    return write_script(
        tmp_path / "boss.jsonl",
        says("plan", {}, thinking="A secret thought."),
        says("distil", {}),
        {"when": {"match": DUTIES["answer"]}, "answer": answer},
    )


def test_progress_goes_to_stderr_one_line_each_and_the_answer_to_stdout(
    boss: str, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clip = tone(tmp_path / "clip.wav")
    words = ["ask", "What key is it in?", "--audio", str(clip), "--home", str(home), "--json"]

    assert grym(*words, "--profile", "instruments", "--model", f"supervisor={boss}") == 0

    said = capsys.readouterr()
    assert json.loads(said.out)["degraded"] == []
    lines = said.err.splitlines()
    told = ["planning", "is thinking", "gama: ", "integrating", "writing the answer"]
    places = [next(at for at, line in enumerate(lines) if part in line) for part in told]
    assert places == sorted(places)
    assert all(" s  " in line for line in lines)
    assert "secret" not in said.err
    assert "\x1b" not in said.err


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("supervisor=deepseek-r1:14b", "ollama:NAME"),
        ("boss=ollama:deepseek-r1:14b", "supervisor, gama, qwen_vl, coder"),
        ("supervisor", "it is not ROLE=MODEL"),
        ("gama=ollama:llama3", "gama:FOLDER"),
    ],
)
def test_a_model_that_is_none_is_refused_with_what_to_write(
    home: Path, given: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert grym("ask", "Hello", "--home", str(home), "--model", given) == 2
    assert told in capsys.readouterr().err
    assert not home.exists()


def test_a_wrong_model_in_the_environment_is_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GRYM_CODER_MODEL", "gpt")
    assert grym("ask", "Hello", "--home", str(home)) == 2
    assert "coder" in capsys.readouterr().err


def test_the_doctor_prints_a_table_and_whole_commands(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert grym("doctor", "--home", str(home), "--model", "supervisor=ollama:none-such:1b") == 0
    lines = capsys.readouterr().out.splitlines()
    assert "    ollama pull none-such:1b" in lines
    assert any(line.startswith("supervisor  instruments") for line in lines)


def test_the_doctor_prints_one_object_for_scripts(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert grym("doctor", "--home", str(home), "--profile", "instruments", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["used"] for one in found["roles"]] == ["instruments"] * 4
    assert {check["part"] for check in found["checks"]} >= {"ollama", "embedder", "sandbox", "home"}
    assert found["machine"]["memory_gib"] > 0
