import json
from pathlib import Path

import pytest
from pydantic import JsonValue

from grym_synth.cli import main
from tests.integration.boss.scripts import DUTIES, says, tone, write_script


def grym(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(words)
    return int(str(ended.value.code or 0))


@pytest.fixture
def boss(tmp_path: Path) -> str:
    answer: JsonValue = {"sentences": [{"text": "It is in A minor.", "findings": ["f1"]}]}
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
    told = [
        "supervisor: planning",
        "is thinking",
        "gama: ",
        "integrate: merging",
        "writing the answer",
    ]
    places = [next(at for at, line in enumerate(lines) if part in line) for part in told]
    assert places == sorted(places)
    nodes = ("supervisor", "gama", "integrate", "respond")
    assert all(line.partition(": ")[0] in nodes for line in lines)
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


@pytest.mark.parametrize("name", ["GRYM_CODER_MODEL", "GRYM_SERVICES_URL", "GRYM_MODELS"])
def test_a_wrong_word_in_the_environment_is_refused(
    home: Path, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, "gpt")
    assert grym("ask", "Hello", "--home", str(home)) == 2
    assert "gpt" in capsys.readouterr().err or name == "GRYM_MODELS"


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
