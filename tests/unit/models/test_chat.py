from pathlib import Path

import pytest

from grym_synth.errors import BadInput, ModelMissing, ModelUnavailable, WeightsUnusable
from grym_synth.settings import Settings
from models.base import Message, Options
from models.chat import open_chat_model

ASKED = [Message("user", "Which tempo?")]


@pytest.mark.parametrize(
    "spec",
    [
        "",
        "deepseek-r1:14b",
        "ollama:",
        "openai:http://127.0.0.1:8000/v1",
        "openai:127.0.0.1#name",
        "openai:file:///etc/passwd#name",
        "llamacpp:",
        "gpt:4",
    ],
)
def test_a_string_of_no_form_is_refused_with_the_forms(spec: str) -> None:
    with pytest.raises(BadInput, match="Write ollama:NAME, openai:URL#NAME"):
        open_chat_model(spec, Settings())


def test_a_script_is_opened_by_its_file(tmp_path: Path) -> None:
    script = tmp_path / "boss.jsonl"
    script.write_text(
        '{"facts": {"context_tokens": 4096, "thinks": false}}\n\n'
        '{"when": {"match": "key"}, "answer": "C major."}\n'
        '{"answer": {"bpm": 120}, "times": 0}\n'
    )

    model = open_chat_model(f"scripted:{script}", Settings())

    assert model.facts().context_tokens == 4096
    assert not model.facts().thinks
    assert model.answer(ASKED).text == '{"bpm": 120}'
    assert model.answer([Message("user", "Which key?")]).text == "C major."
    assert model.answer([Message("user", "Which key?")]).text == '{"bpm": 120}'


@pytest.mark.parametrize(
    "line",
    [
        "{",
        '{"answers": "C"}',
        '{"answer": "C", "when": {"match": "("}}',
        '{"answer": "", "endless": true}',
    ],
)
def test_a_wrong_line_of_a_script_is_named(line: str, tmp_path: Path) -> None:
    script = tmp_path / "boss.jsonl"
    script.write_text(f'{{"answer": "C"}}\n{line}\n')

    with pytest.raises(BadInput, match="line 2"):
        open_chat_model(f"scripted:{script}", Settings())


def test_a_script_that_is_not_there_or_spent_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No such file"):
        open_chat_model(f"scripted:{tmp_path}/none.jsonl", Settings())
    script = tmp_path / "boss.jsonl"
    script.write_text('{"answer": "C"}')
    model = open_chat_model(f"scripted:{script}", Settings())
    model.answer(ASKED)

    with pytest.raises(ModelUnavailable, match="no line"):
        model.answer(ASKED)


def test_a_file_that_is_no_model_is_refused_before_it_is_loaded(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp")
    file = tmp_path / "song.gguf"
    with pytest.raises(ModelMissing, match="No such file"):
        open_chat_model(f"llamacpp:{file}", Settings()).answer(ASKED)
    file.write_bytes(b"RIFF....WAVE")
    with pytest.raises(WeightsUnusable, match="no GGUF"):
        open_chat_model(f"llamacpp:{file}", Settings()).answer(ASKED)
    file.write_bytes(b"GGUF" + bytes(64))
    with pytest.raises(WeightsUnusable):
        open_chat_model(f"llamacpp:{file}", Settings()).answer(ASKED, Options(max_tokens=8))
