import base64
import os
import threading
import time

import pytest
from pydantic import SecretStr

from grym_synth.errors import (
    BadAnswer,
    GrymError,
    MemoryUsedUp,
    ModelAway,
    ModelFault,
    ModelMissing,
    ModelUnavailable,
)
from grym_synth.settings import Settings
from models.base import Message, Options
from models.chat import open_chat_model
from models.ollama_server import ollama_models
from models.script import Line
from tests.integration.models.stages import Kind, Stages
from tests.model_servers.ollama import OllamaTestServer
from tests.model_servers.openai import OpenAITestServer
from tests.model_servers.serving import Fault, FaultKind

ASKED = [Message("user", "Name two keys of a piano.")]
LINE = Line(answer="C major and A minor.", times=0)

SERVED: tuple[Kind, ...] = ("ollama", "openai")

FAULTS: dict[FaultKind, type[ModelFault]] = {
    "busy": ModelAway,
    "crashed": ModelAway,
    "garbage": BadAnswer,
    "moved": ModelUnavailable,
    "truncated": BadAnswer,
    "cut": BadAnswer,
    "reset": BadAnswer,
    "error": MemoryUsedUp,
}


@pytest.fixture(params=SERVED)
def kind(request: pytest.FixtureRequest) -> Kind:
    chosen: Kind = request.param
    return chosen


@pytest.mark.parametrize(("fault", "told"), FAULTS.items())
def test_every_fault_of_the_wire_has_its_name_and_passes(
    kind: Kind, fault: FaultKind, told: type[GrymError], stages: Stages
) -> None:
    stage = stages.scripted(kind, LINE)
    assert stage.server is not None
    stage.server.faults.append(Fault(fault))

    with pytest.raises(told) as caught:
        stage.model.answer(ASKED)

    assert type(caught.value) is told
    assert stage.model.name in caught.value.tried
    assert caught.value.do
    assert stage.model.answer(ASKED).text == "C major and A minor."


def test_nobody_but_the_named_server_is_asked(kind: Kind, stages: Stages) -> None:
    stage = stages.scripted(kind, LINE)
    assert stage.server is not None
    stage.server.faults.append(Fault("moved"))

    with pytest.raises(ModelUnavailable, match="307"):
        stage.model.answer(ASKED)
    assert not any("elsewhere" in path for path, _ in stage.server.requests)


def test_an_error_in_mid_answer_is_told_in_the_servers_words(kind: Kind, stages: Stages) -> None:
    stage = stages.scripted(kind, LINE)
    assert stage.server is not None
    stage.server.faults.append(Fault("error"))
    pieces = stage.model.stream(ASKED)

    assert next(pieces).text
    with pytest.raises(MemoryUsedUp, match="out of memory"):
        list(pieces)


def test_a_server_that_never_answers_can_be_left(kind: Kind, stages: Stages) -> None:
    stage = stages.scripted(kind, LINE)
    assert stage.server is not None
    stage.model.facts()
    stage.server.faults.append(Fault("silent"))
    options = Options()
    threading.Timer(0.1, options.cancel.set).start()
    began = time.monotonic()

    with pytest.raises(GrymError, match="cancelled"):
        stage.model.answer(ASKED, options)
    assert time.monotonic() - began < 30


def test_a_server_notices_that_its_answer_is_no_longer_wanted(kind: Kind, stages: Stages) -> None:
    stage = stages.scripted(kind, Line(answer="la " * 10_000, piece_seconds=0.005))
    assert stage.server is not None
    pieces = stage.model.stream(ASKED, Options(max_tokens=1500))
    next(pieces)

    pieces.close()

    last = time.monotonic() + 30
    while not stage.server.left_early and time.monotonic() < last:
        time.sleep(0.01)
    assert stage.server.left_early == 1


def test_a_server_that_is_away_is_told_and_found_when_it_is_back(
    kind: Kind, stages: Stages
) -> None:
    stage = stages.scripted(kind, LINE)
    assert stage.server is not None
    stage.server.stop()

    with pytest.raises(ModelUnavailable, match="nothing answers"):
        stage.model.answer(ASKED)
    stage.server.start()
    assert stage.model.answer(ASKED).text == "C major and A minor."


def test_a_model_that_a_server_does_not_have_is_named() -> None:
    with OllamaTestServer() as ollama, OpenAITestServer() as openai:
        settings = Settings(ollama_url=ollama.url)
        for spec in ("ollama:deepseek-r1:14b", f"openai:{openai.url}/v1#deepseek-r1"):
            with pytest.raises(ModelMissing, match="deepseek-r1"):
                open_chat_model(spec, settings).answer(ASKED)
        assert not any("chat" in path for path, _ in ollama.requests + openai.requests)


def test_a_wrong_key_is_told_and_the_right_one_goes_to_its_server_alone(stages: Stages) -> None:
    with OpenAITestServer("right") as server:
        settings = Settings(openai_api_key=SecretStr("wrong"))
        with pytest.raises(ModelUnavailable, match="API key") as caught:
            open_chat_model(f"openai:{server.url}/v1#one", settings).answer(ASKED)

    assert "wrong" not in str(caught.value)


def test_ollama_is_always_told_the_window_the_length_and_how_long_to_stay(stages: Stages) -> None:
    stage = stages.scripted("ollama", LINE)
    assert isinstance(stage.server, OllamaTestServer)

    stage.model.answer(ASKED, Options(max_tokens=100, think=False, seed=7))

    path, body = stage.server.requests[-1]
    assert path == "/api/chat"
    assert body["keep_alive"] == 300
    assert body["think"] is False
    assert body["options"] == {"num_ctx": 2048, "num_predict": 100, "seed": 7, "temperature": 0.0}


def test_pictures_reach_a_model_that_sees(stages: Stages) -> None:
    picture = b"\x89PNG picture"
    stage = stages.scripted("ollama", LINE)
    assert isinstance(stage.server, OllamaTestServer)
    stage.server.models["one"].capabilities = ("completion", "vision")

    stage.model.answer([Message("user", "What is this?", (picture,))])

    messages = stage.server.requests[-1][1]["messages"]
    assert isinstance(messages, list)
    assert isinstance(messages[0], dict)
    assert messages[0]["images"] == [base64.b64encode(picture).decode()]


def test_half_a_character_in_a_name_of_a_file_does_no_harm(kind: Kind, stages: Stages) -> None:
    model = stages.scripted(kind, LINE).model

    assert model.answer([Message("user", "Measure mix\udcff.wav")]).text


def test_loading_is_counted_and_the_model_stays_as_long_as_wanted(stages: Stages) -> None:
    stage = stages.scripted("ollama", LINE)
    assert isinstance(stage.server, OllamaTestServer)
    stage.server.models["one"].load_seconds = 0.2

    first, second = stage.model.answer(ASKED).ending, stage.model.answer(ASKED).ending

    assert first.load_seconds >= 0.2
    assert second.load_seconds < 0.1


def test_the_models_of_an_ollama_server_are_listed(stages: Stages) -> None:
    stage = stages.scripted("ollama", LINE)
    assert stage.server is not None

    assert ollama_models(stage.server.url) == ("one",)
    stage.server.stop()
    assert ollama_models(stage.server.url) is None


def test_proxies_of_the_environment_are_not_asked(kind: Kind, stages: Stages) -> None:
    os.environ["HTTP_PROXY"] = os.environ["ALL_PROXY"] = "http://127.0.0.1:1"
    os.environ["NO_PROXY"] = ""

    assert stages.scripted(kind, LINE).model.answer(ASKED).text
