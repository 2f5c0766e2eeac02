"""Each runtime set up in the same way: scripted ones say given lines, real ones what they like."""

from contextlib import ExitStack
from dataclasses import dataclass
from typing import Literal

from pydantic import SecretStr

from grym_synth.settings import Settings
from models.base import ChatModel
from models.chat import open_chat_model
from models.script import Abilities, Line, Script
from models.scripted import ScriptedChat
from tests.model_servers.ollama import OllamaTestServer, Served
from tests.model_servers.openai import Offered, OpenAITestServer
from tests.model_servers.serving import ModelServer

Kind = Literal["scripted", "ollama", "openai", "llamacpp", "ollama-small"]
SCRIPTED: tuple[Kind, ...] = ("scripted", "ollama", "openai")
REAL: tuple[Kind, ...] = ("llamacpp", "ollama-small")

WINDOW = 2048
"""Tokens that every runtime may use."""


@dataclass
class Stage:
    """A model ready to be asked, and the server behind it if it has one."""

    model: ChatModel
    server: ModelServer | None = None

    def sent(self) -> int:
        """How many conversations reached the server."""
        asked = [path for path, _ in self.server.requests] if self.server else []
        return sum(path.endswith(("/api/chat", "/chat/completions")) for path in asked)


class Stages:
    """Opens models and, at the end, stops their servers."""

    def __init__(self) -> None:
        self._servers = ExitStack()

    def close(self) -> None:
        """Stop all servers."""
        self._servers.close()

    def scripted(self, kind: Kind, *lines: Line, thinks: bool = True) -> Stage:
        """A model of a scripted runtime that says these lines."""
        if kind == "scripted":
            return Stage(_scripted(lines, thinks, WINDOW))
        brain = _scripted(lines, thinks, 1_000_000)
        return self.ollama(brain, thinks) if kind == "ollama" else self.openai(brain)

    def ollama(self, brain: ChatModel, thinks: bool = False) -> Stage:
        """A model behind an Ollama server."""
        capabilities = ("completion", "thinking") if thinks else ("completion",)
        server = OllamaTestServer(one=Served(brain, capabilities))
        self._servers.enter_context(server)
        settings = Settings(context_tokens=WINDOW, ollama_url=server.url)
        return Stage(open_chat_model("ollama:one", settings), server)

    def openai(self, brain: ChatModel, inline_thinking: bool = False) -> Stage:
        """A model behind an OpenAI-compatible server that wants a key."""
        server = OpenAITestServer("secret", one=Offered(brain, WINDOW, inline_thinking))
        self._servers.enter_context(server)
        settings = Settings(context_tokens=WINDOW, openai_api_key=SecretStr("secret"))
        return Stage(open_chat_model(f"openai:{server.url}/v1#one", settings), server)


def _scripted(lines: tuple[Line, ...], thinks: bool, window: int) -> ScriptedChat:
    abilities = Abilities(context_tokens=window, thinks=thinks, images=False)
    return ScriptedChat("scripted:lines", Script(lines, abilities))
