import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from evals.sets.baselines import BASELINES
from models.script import Abilities, Line, Script
from models.scripted import ScriptedChat
from tests.integration.command import Ended, Grym, command
from tests.model_servers import langsmith
from tests.model_servers.ollama import OllamaTestServer, Served
from tests.model_servers.serving import Exchange, Json, ModelServer

NAME = "scripted-boss:1b"
OFFLINE = """
import sys

def refuse(event, given):
    if event == "socket.connect" and isinstance(given[1], tuple):
        assert str(given[1][0]).startswith("127."), f"a connection to {given[1]}"
    if event == "socket.getaddrinfo":
        assert str(given[0]) in ("localhost", "127.0.0.1", "0.0.0.0"), f"looked up {given[0]}"

sys.addaudithook(refuse)
from grym_synth.cli import main
main(sys.argv[1:])
"""


@pytest.fixture
def grym(capsys: pytest.CaptureFixture[str]) -> Grym:
    return command(capsys)


def offline(*words: str, **variables: str) -> Ended:
    """``grym`` in a process that can reach nothing but this machine."""
    ended = subprocess.run(
        [sys.executable, "-c", OFFLINE, *words], env={**os.environ, **variables},
        capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    return Ended(ended.returncode, ended.stdout, ended.stderr)


class _Ear(ModelServer):
    """Somebody who notes each call, and has nothing to say."""

    def answer(self, exchange: Exchange, body: Json) -> None:
        exchange.send_json({}, 404)

    def error(self, said: str) -> Json:
        return {"detail": said}


@pytest.fixture
def ear() -> Iterator[_Ear]:
    with _Ear() as opened:
        yield opened


def test_sets_run_without_network_and_send_nothing_even_where_a_key_is_set(ear: _Ear) -> None:
    ended = offline(
        "eval", "conflicts", "grounding", "injections", "--most", "4", "--json",
        LANGSMITH_API_KEY="key", LANGSMITH_TRACING="true", LANGSMITH_ENDPOINT=ear.url,
    )  # fmt: skip

    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert [one["name"] for one in told["sets"]] == ["conflicts", "grounding", "injections"]
    assert all(one["items"] == 4 for one in told["sets"])
    assert ear.requests == []


def test_uploading_speaks_to_langsmith_and_needs_its_key(ear: _Ear, grym: Grym) -> None:
    refused = grym("eval", "conflicts", "--most", "2", "--upload")
    asked = offline(
        "eval", "conflicts", "--most", "2", "--upload",
        LANGSMITH_API_KEY="key", LANGSMITH_ENDPOINT=ear.url,
    )  # fmt: skip

    assert refused.returncode == 2
    assert "LANGSMITH_API_KEY is not set" in refused.stderr
    assert asked.returncode == 2
    assert "sending results to LangSmith" in asked.stderr
    assert any(path.startswith("/datasets") for path, _ in ear.requests)


def test_what_is_uploaded_are_items_outputs_and_scores_and_nothing_of_the_checkout() -> None:
    with langsmith.listening() as service:
        set_ = {"LANGSMITH_API_KEY": "key", "LANGSMITH_ENDPOINT": service.url}
        ended = [offline("eval", "conflicts", "--most", "3", "--upload", **set_) for _ in range(2)]

    assert [one.returncode for one in ended] == [0, 0], ended[0].stderr
    assert (service.keys, service.refused) == ({"key"}, [])
    (dataset,) = service.datasets.values()
    assert str(dataset["name"]).startswith("grym conflicts ")
    assert len(service.examples) == 3
    assert len(service.experiments) == 2
    assert {str(one["reference_dataset_id"]) for one in service.experiments.values()} == {
        dataset["id"]
    }
    done = [one for one in service.runs.values() if one.get("reference_example_id")]
    assert {str(one["reference_example_id"]) for one in done} == {*service.examples}
    assert all(one["outputs"] and one["inputs"] for one in done)
    scored = [one for one in service.feedback.values() if one["key"] == "right"]
    assert [one["score"] for one in scored] == [1.0] * 6
    sent = json.dumps([service.datasets, service.experiments, service.runs])
    for words in (("log", "-1", "--format=%ae"), ("log", "-1", "--format=%an"),
                  ("rev-parse", "HEAD")):  # fmt: skip
        told = subprocess.run(["git", *words], capture_output=True, text=True, check=False)
        assert not told.stdout.strip() or told.stdout.strip() not in sent


def test_a_table_tells_scores_noise_and_baselines_of_the_sets(grym: Grym) -> None:
    ended = grym("eval", "conflicts", "distilling")

    rows = [line for line in ended.stdout.splitlines() if line.startswith("| ")]
    assert ended.returncode == 0, ended.stderr
    assert [row.split(" | ")[0] for row in rows] == ["| set", "| conflicts", "| distilling"]
    assert all("±" in row.split(" | ")[1] and "±" in row.split(" | ")[4] for row in rows[1:])


def test_a_score_below_its_baseline_fails_the_command(grym: Grym, tmp_path: Path) -> None:
    path = BASELINES / "conflicts.json"
    held = path.read_text(encoding="utf-8")
    better = json.loads(held)
    better["figures"]["settled"]["score"] = 1.5
    try:
        path.write_text(json.dumps(better), encoding="utf-8")
        ended = grym("eval", "conflicts")
    finally:
        path.write_text(held, encoding="utf-8")

    assert ended.returncode == 1
    assert "conflicts settled: 1.000, was 1.500" in ended.stderr


def test_one_s_own_data_set_is_scored_and_not_held_against_the_baseline(
    grym: Grym, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.jsonl"
    mine.write_text(
        '{"request": "what is the tempo?", "audio": 1, "agents": ["gama"]}\n'
        '{"request": "what is the tempo?", "audio": 1, "agents": ["coder"], "asks": true}\n',
        encoding="utf-8",
    )
    ended = grym("eval", "routing", "--dataset", mine, "--json", "--misses")
    (told,) = json.loads(ended.stdout)["sets"]

    assert ended.returncode == 0
    assert told["dataset"] == "mine.jsonl"
    assert told["figures"]["both"] == pytest.approx({"score": 0.5, "noise": 0.5, "n": 2})
    assert told["baseline"] is None
    assert "what is the tempo?" in told["misses"][0]["why"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("eval", "tempo"), "there is none of this name"),
        (("eval", "routing", "planning", "--dataset", "x.jsonl"), "Name exactly one set"),
        (("eval", "routing", "--dataset", "/nowhere/x.jsonl"), "reading the data set"),
        (("eval", "music", "--dataset", "/nowhere"), "reading recordings"),
        (("eval", "routing", "--model", "boss=ollama:x"), "ROLE=MODEL"),
        (("eval", "--live"), "no model was found"),
    ],
)
def test_what_can_t_be_scored_is_said_in_one_sentence(
    grym: Grym, words: tuple[str, ...], says: str
) -> None:
    ended = grym(*words)

    assert ended.returncode == 2
    assert says in ended.stderr


def _brain() -> ScriptedChat:
    """A boss that agrees with every draft and gives the first fact as its answer."""
    said = {
        "look_up": {"tasks": [], "why": "the draft is right"},
        "keep": {"keep": 1, "why": "the first is surer"},
        "recommendations": {},
        "sentences": {"sentences": [{"text": "It was measured.", "findings": ["f1"]}]},
    }
    lines = [
        Line.model_validate({"when": {"match": f'"{key}"'}, "answer": told, "times": 0})
        for key, told in said.items()
    ]
    return ScriptedChat("scripted:brain", Script(lines, Abilities(context_tokens=100_000)))


@pytest.fixture
def ollama() -> Iterator[OllamaTestServer]:
    with OllamaTestServer(
        **{NAME: Served(_brain(), context_tokens=100_000, size=1_000_000)}
    ) as server:
        os.environ["GRYM_OLLAMA_URL"] = server.url
        yield server


def test_a_report_of_one_s_own_models_names_them_and_their_cost(
    grym: Grym, ollama: OllamaTestServer
) -> None:
    ended = grym("eval", "--live", "--most", "3", "--model", f"supervisor=ollama:{NAME}")

    assert ended.returncode == 0, ended.stderr
    assert f"supervisor: ollama:{NAME}, digest c333b7232bdb, Ollama 0.33.0" in ended.stdout
    row = next(one for one in ended.stdout.splitlines() if one.startswith("| grounding"))
    _, _, model, figure, score, n, answers, stood_in, failed, _, tokens_in, tokens_out, _ = (
        one.strip() for one in row.split("|")
    )
    assert (model, figure, n, failed) == (f"ollama:{NAME}", "judged", "3", "0")
    assert "±" in score
    assert (int(answers), int(stood_in)) == (3, 0)
    assert int(tokens_in) > 0 and int(tokens_out) > 0
    assert "vision: no model (qwen_vl: Ollama does not have qwen2.5vl:7b)" in ended.stdout


def test_a_model_that_vanishes_is_told_of(grym: Grym, tmp_path: Path) -> None:
    script = tmp_path / "gone.jsonl"
    script.write_text('{"answer": "", "fault": "crashed", "times": 0}\n', encoding="utf-8")
    ended = grym(
        "eval", "grounding", "--live", "--most", "3", "--profile", "instruments",
        "--model", f"supervisor=scripted:{script}",
    )  # fmt: skip

    row = next(one for one in ended.stdout.splitlines() if one.startswith("| grounding"))
    assert [one.strip() for one in row.split("|")][6:8] == ["0", "3"]
    assert "it proves plumbing, not skill" in ended.stdout


def test_help_does_not_load_what_only_sets_need() -> None:
    told = subprocess.run(
        [sys.executable, "-c",
         "import sys, grym_synth.cli; print({'langsmith', 'graph', 'evals'} & set(sys.modules))"],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert told.stdout.strip() == "set()"
