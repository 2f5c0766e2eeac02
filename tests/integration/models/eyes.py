"""Each runtime that sees set up in the same way."""

from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from pydantic import SecretStr

from grym_synth.settings import Settings
from models.script import Abilities, Line, Script
from models.scripted import ScriptedChat
from models.vision.base import VisionModel
from models.vision.opening import open_vision_model
from models.vision.pictures import PictureLimits
from models.vision.served import ServedVision
from models.vision.served_eyes import scripted_eyes
from tests.integration.models.tiny_eyes import (
    WINDOW,
    write_qwen2_5_vl,
    write_qwen3_5,
    write_qwen3_vl,
)
from tests.model_servers.ollama import OllamaTestServer, Served
from tests.model_servers.openai import Offered, OpenAITestServer
from tests.model_servers.serving import ModelServer

EyeKind = Literal["scripted", "ollama", "openai", "qwen2.5-vl", "qwen3-vl", "qwen3.5"]
SERVED: tuple[EyeKind, ...] = ("scripted", "ollama", "openai")
LOCAL: tuple[EyeKind, ...] = ("qwen2.5-vl", "qwen3-vl", "qwen3.5")
WRITERS = {"qwen2.5-vl": write_qwen2_5_vl, "qwen3-vl": write_qwen3_vl, "qwen3.5": write_qwen3_5}
LINE = Line(answer="A kick drum that is followed by noise. " * 20, times=0)
LIMITS = PictureLimits(20_000_000, 25_000_000)


@dataclass
class Sight:
    """A model that sees, and the server behind it if it has one."""

    model: VisionModel
    server: ModelServer | None = None

    def sent(self) -> int:
        """How many conversations reached the server."""
        asked = [path for path, _ in self.server.requests] if self.server else []
        return sum(path.endswith(("/api/chat", "/chat/completions")) for path in asked)


class Eyesight:
    """Makes checkpoints once, and stops servers at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._servers = folder, ExitStack()
        self._written: dict[EyeKind, Path] = {}

    def close(self) -> None:
        """Stop all servers."""
        self._servers.close()

    def folder(self, kind: EyeKind) -> Path:
        """The checkpoint of a local kind."""
        if kind not in self._written:
            self._written[kind] = WRITERS[kind](self._folder / kind)
        return self._written[kind]

    def open(self, kind: EyeKind, *lines: Line) -> Sight:
        """A model that says something, whatever it sees."""
        said = lines or (LINE,)
        if kind == "scripted":
            abilities = Abilities(context_tokens=WINDOW)
            chat = ScriptedChat("scripted:lines", Script(said, abilities))
            return Sight(ServedVision(chat, partial(scripted_eyes, chat), LIMITS))
        if kind == "ollama":
            return self.ollama(Served(_brain(said), ("completion", "vision"), WINDOW))
        if kind == "openai":
            return self.openai(Offered(_brain(said), WINDOW))
        return Sight(open_vision_model(f"transformers:{self.folder(kind)}", Settings()))

    def ollama(self, served: Served) -> Sight:
        """A model behind an Ollama server."""
        server = OllamaTestServer(one=served)
        self._servers.enter_context(server)
        return Sight(open_vision_model("ollama:one", Settings(ollama_url=server.url)), server)

    def openai(self, offered: Offered) -> Sight:
        """A model behind an OpenAI-compatible server that wants a key."""
        server = OpenAITestServer("secret", one=offered)
        self._servers.enter_context(server)
        settings = Settings(openai_api_key=SecretStr("secret"))
        return Sight(open_vision_model(f"openai:{server.url}/v1#one", settings), server)


def _brain(lines: tuple[Line, ...]) -> ScriptedChat:
    return ScriptedChat("scripted:lines", Script(lines, Abilities(context_tokens=1_000_000)))
