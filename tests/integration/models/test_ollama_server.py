from collections.abc import Iterator

import httpx
import ollama
import pytest

from models.base import ChatModel
from models.script import Abilities, Line, Script, When
from models.scripted import ScriptedChat
from tests.model_servers.ollama import OllamaTestServer, Served, keep_alive_seconds
from tests.model_servers.serving import Fault

LINE = Line(thinking="Hm.", answer="C major.", times=0)
HELD = Line(when=When(schema=True), thinking="Hm.", answer={"key": "C"}, times=0)
ASKED = [{"role": "user", "content": "Which key?"}]


def _brain(*lines: Line) -> ChatModel:
    return ScriptedChat("scripted:brain", Script(lines, Abilities(context_tokens=1_000_000)))


@pytest.fixture
def server() -> Iterator[OllamaTestServer]:
    models = {
        "deepseek-r1:14b": Served(_brain(HELD, LINE)),
        "smollm2:135m": Served(_brain(LINE), ("completion",), 2048),
    }
    with OllamaTestServer(**models) as opened:
        yield opened


@pytest.fixture
def client(server: OllamaTestServer) -> Iterator[ollama.Client]:
    with ollama.Client(server.url, trust_env=False) as opened:
        yield opened


def _status(server: OllamaTestServer, body: dict[str, object]) -> tuple[int, str]:
    answer = httpx.post(f"{server.url}/api/chat", json={"messages": ASKED} | body, trust_env=False)
    return answer.status_code, answer.json().get("error", "")


def test_ollamas_own_client_reads_what_it_says_of_its_models(client: ollama.Client) -> None:
    assert [one.model for one in client.list().models] == ["deepseek-r1:14b", "smollm2:135m"]
    shown = client.show("deepseek-r1:14b")
    assert shown.capabilities == ["completion", "thinking"]
    assert shown.modelinfo is not None
    assert shown.modelinfo["qwen2.context_length"] == 131_072


def test_a_stream_ends_with_its_reason_and_durations_in_nanoseconds(client: ollama.Client) -> None:
    chunks = list(client.chat("deepseek-r1:14b", ASKED, stream=True))

    assert "".join(one.message.content or "" for one in chunks) == "C major."
    assert chunks[0].message.thinking == "Hm."
    assert [one.done for one in chunks] == [False] * (len(chunks) - 1) + [True]
    last = chunks[-1]
    assert last.done_reason == "stop"
    assert last.total_duration is not None
    assert 0 < last.total_duration < 5e9
    assert (last.eval_count, last.load_duration is not None) == (3, True)


def test_an_answer_in_one_piece_has_all_the_words(client: ollama.Client) -> None:
    whole = client.chat("deepseek-r1:14b", ASKED)

    assert (whole.message.thinking, whole.message.content) == ("Hm.", "C major.")


def test_a_format_constrains_the_answer_after_free_thinking(client: ollama.Client) -> None:
    form = {"type": "object"}
    held = client.chat("deepseek-r1:14b", ASKED, format=form)
    unthinking = client.chat("deepseek-r1:14b", ASKED, format=form, think=False)

    assert (held.message.thinking, held.message.content) == ("Hm.", '{"key": "C"}')
    assert unthinking.message.thinking is None


def test_a_model_without_schema_support_ignores_the_format(
    server: OllamaTestServer, client: ollama.Client
) -> None:
    server.models["deepseek-r1:14b"].schema = False

    assert client.chat("deepseek-r1:14b", ASKED, format="json").message.content == "C major."


def test_errors_have_ollamas_words(server: OllamaTestServer) -> None:
    assert _status(server, {"model": "x"}) == (404, "model 'x' not found")
    assert _status(server, {"model": "smollm2:135m", "think": True}) == (
        400,
        '"smollm2:135m" does not support thinking',
    )
    assert _status(server, {"model": "deepseek-r1:14b", "tools": [{}]}) == (
        400,
        "registry.ollama.ai/library/deepseek-r1:14b does not support tools",
    )
    server.faults.append(Fault("busy"))
    assert _status(server, {"model": "smollm2:135m"})[0] == 503


def test_an_error_in_mid_stream_comes_with_status_200(
    server: OllamaTestServer, client: ollama.Client
) -> None:
    server.faults.append(Fault("error"))

    with pytest.raises(ollama.ResponseError, match="CUDA") as caught:
        list(client.chat("deepseek-r1:14b", ASKED, stream=True))
    assert caught.value.status_code == -1


def test_old_messages_are_dropped_in_silence_unless_shifting_is_off(
    server: OllamaTestServer,
) -> None:
    long = [{"role": "user", "content": "loud " * 300}, *ASKED]
    body = {"model": "smollm2:135m", "messages": long, "options": {"num_ctx": 200}, "stream": False}

    kept = httpx.post(f"{server.url}/api/chat", json=body, trust_env=False).json()
    refused = httpx.post(f"{server.url}/api/chat", json=body | {"shift": False}, trust_env=False)

    assert kept["prompt_eval_count"] < 200
    assert refused.status_code == 400
    assert "longer than the context length" in refused.json()["error"]


def test_models_load_stay_and_leave_as_keep_alive_says(client: ollama.Client) -> None:
    assert client.chat("deepseek-r1:14b", []).done_reason == "load"
    client.chat("smollm2:135m", ASKED, keep_alive="0s")
    assert [one.model for one in client.ps().models] == ["deepseek-r1:14b"]
    assert client.ps().models[0].context_length == 4096

    assert client.chat("deepseek-r1:14b", [], keep_alive=0).done_reason == "unload"
    assert client.ps().models == []


def test_durations_are_read_as_go_writes_them() -> None:
    told = [keep_alive_seconds(one) for one in ("1h30m", "500ms", 2, "-1s", -1, None)]

    assert told == [5400, 0.5, 2, float("inf"), float("inf"), 300]


def test_a_model_is_pulled_with_progress(server: OllamaTestServer, client: ollama.Client) -> None:
    server.registry["qwen3:8b"] = Served(_brain(LINE))

    steps = list(client.pull("qwen3:8b", stream=True))

    assert steps[-1].status == "success"
    assert max(one.completed or 0 for one in steps) == server.models["qwen3:8b"].size
    with pytest.raises(ollama.ResponseError, match="manifest"):
        client.pull("nothing")


def test_texts_are_embedded_the_same_each_time(client: ollama.Client) -> None:
    first, again, other = client.embed("smollm2:135m", ["loud", "loud", "soft"]).embeddings

    assert first == again
    assert first != other
    assert sum(part * part for part in first) == pytest.approx(1)
