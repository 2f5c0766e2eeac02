"""Models for the conformance suite."""

from collections.abc import Iterator

import pytest

from grym_synth.settings import Settings
from models.base import ChatModel
from models.chat import open_chat_model
from tests.integration.models.stages import WINDOW, Stages
from tests.model_servers.small import small_model


@pytest.fixture
def stages() -> Iterator[Stages]:
    opened = Stages()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def small() -> ChatModel:
    file = small_model()
    if file is None:
        pytest.skip("the small language model is not installed: run `make setup`")
    return open_chat_model(f"llamacpp:{file}", Settings(context_tokens=WINDOW))
