import base64
import io
import json
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import numpy as np
import openai
import pytest
import soundfile
from langchain_openai import ChatOpenAI
from pydantic import BaseModel, SecretStr

from grym_synth.settings import Settings
from models.audio_text.opening import open_audio_model
from models.base import Message, Options
from models.chat import open_chat_model
from tests.integration.command import command
from tests.integration.service.conftest import Running, Start


class Key(BaseModel):
    key: str


def client(url: str, model: str = "supervisor", key: str = "none") -> ChatOpenAI:
    return ChatOpenAI(
        model=model, base_url=f"{url}/v1", api_key=SecretStr(key), max_retries=0, stream_usage=True
    )


def test_langchains_client_asks_streams_and_gets_a_form_unmodified(service: Running) -> None:
    chat = client(service.url)
    answer = chat.invoke("Which key?")
    assert answer.text == "It is in C major."
    assert answer.usage_metadata is not None
    assert answer.usage_metadata["output_tokens"] > 0

    pieces = [*chat.stream("Tell it slowly")]
    assert "".join(str(one.text) for one in pieces) == "one two three four"
    assert len([one for one in pieces if one.text]) > 3
    assert any(one.usage_metadata for one in pieces)

    held = chat.with_structured_output(Key, method="json_schema").invoke("Which key?")
    assert held == Key(key="C major")


def test_our_own_runtimes_are_clients_too(service: Running) -> None:
    url = service.url
    settings = Settings()
    chat = open_chat_model(f"openai:{url}/v1#supervisor", settings)
    assert chat.facts().context_tokens == 16_384
    assert chat.answer([Message("user", "Which key?")]).thinking == "Hm."
    ear = open_audio_model(f"openai:{url}/v1#gama", settings)
    second = np.sin(np.arange(16_000) / 9).astype(np.float32)
    heard = ear.listen(second, 16_000, "What do you hear?")
    assert heard.text == "It is in C major."


def test_pictures_and_sounds_come_in_the_request_and_are_never_fetched(service: Running) -> None:
    url = service.url
    held = io.BytesIO()
    soundfile.write(held, 0.1 * np.sin(np.arange(8000) / 9), 16_000, format="WAV")
    sound = {"data": base64.b64encode(held.getvalue()).decode(), "format": "wav"}
    parts = [{"type": "input_audio", "input_audio": sound}, {"type": "text", "text": "What is it?"}]
    body = {"model": "gama", "messages": [{"role": "user", "content": parts}]}
    assert httpx.post(f"{url}/v1/chat/completions", json=body, trust_env=False).status_code == 200

    away = {"type": "image_url", "image_url": {"url": "http://127.0.0.1:9/a.png"}}
    body = {"model": "supervisor", "messages": [{"role": "user", "content": [away]}]}
    refused = httpx.post(f"{url}/v1/chat/completions", json=body, trust_env=False)
    assert refused.status_code == 400
    assert "data:" in refused.json()["error"]["message"]


@pytest.mark.parametrize(
    ("model", "words", "error"),
    [
        ("nobody", "Which key?", openai.NotFoundError),
        ("supervisor", "Please break", openai.InternalServerError),
        ("supervisor", "x" * 200_000, openai.BadRequestError),
    ],
)
def test_faults_are_told_in_the_protocols_words(
    service: Running, model: str, words: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        client(service.url, model).invoke(words)


def test_requests_queue_for_their_model_and_a_full_queue_refuses(service: Running) -> None:
    url = service.url

    def ask(_: int) -> int:
        body = {"model": "supervisor", "messages": [{"role": "user", "content": "Tell it slowly"}]}
        got = httpx.post(f"{url}/v1/chat/completions", json=body, trust_env=False, timeout=30)
        return got.status_code

    with ThreadPoolExecutor(5) as pool:
        statuses = sorted(pool.map(ask, range(5)))
    assert statuses == [200, 200, 200, 429, 429]


def test_a_client_that_leaves_sets_its_model_free(service: Running) -> None:
    url = service.url
    chat = client(url)
    stream = chat.stream("Go on for ever")
    next(iter(stream))
    stream.close()  # type: ignore[attr-defined]
    began = time.monotonic()
    assert chat.invoke("Which key?").text == "It is in C major."
    assert time.monotonic() - began < 5


def test_a_key_keeps_others_out(start: Start) -> None:
    url = start(GRYM_SERVICE_KEY="s3cret").url
    with pytest.raises(openai.AuthenticationError):
        client(url, key="guess").invoke("Which key?")
    assert client(url, key="s3cret").invoke("Which key?").text
    assert httpx.get(f"{url}/metrics", trust_env=False).status_code == 401
    assert httpx.get(f"{url}/healthz", trust_env=False).status_code == 200


@pytest.mark.parametrize(
    "foreign", [{"Host": "rebound.example"}, {"Origin": "https://evil.example"}]
)
def test_without_a_key_no_web_page_can_make_the_models_work(
    service: Running, foreign: dict[str, str]
) -> None:
    asked = json.dumps({"model": "supervisor", "messages": [{"role": "user", "content": "hi"}]})
    url = f"{service.url}/v1/chat/completions"
    headers = {"Content-Type": "text/plain", **foreign}
    refused = httpx.post(url, content=asked, headers=headers, trust_env=False)
    assert refused.status_code == 403
    assert "C major" not in refused.text


def test_sigterm_ends_what_is_being_answered_and_takes_nothing_new(start: Start) -> None:
    service = start()
    answers: list[str] = []

    def ask() -> None:
        answers.append(str(client(service.url).invoke("Tell it slowly").text))

    asking = threading.Thread(target=ask)
    asking.start()
    time.sleep(0.6)
    service.process.send_signal(signal.SIGTERM)
    asking.join(20)
    assert answers == ["one two three four"]
    assert service.process.wait(20) in (0, -signal.SIGTERM)


def test_what_was_asked_is_counted(start: Start) -> None:
    service = start()
    client(service.url).invoke("Which key?")
    told = service.get("/metrics").text
    assert 'grym_requests_total{model="supervisor",status="200"} 1.0' in told
    assert 'grym_tokens_total{kind="written",model="supervisor"}' in told


def test_other_machines_are_not_served_without_a_key(
    script: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = f"supervisor=scripted:{script}"
    ended = command(capsys)("serve", "supervisor", "--host", "0.0.0.0", "--model", model)
    assert ended.returncode == 2
    assert "GRYM_SERVICE_KEY" in ended.stderr


def test_options_reach_the_model(service: Running) -> None:
    chat = open_chat_model(f"openai:{service.url}/v1#supervisor", Settings())
    with pytest.raises(Exception, match="within 1 s"):
        chat.answer([Message("user", "Tell it slowly")], Options(seconds=0.5, first_seconds=0.5))
