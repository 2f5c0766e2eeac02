"""Each listening runtime set up in the same way."""

from contextlib import ExitStack
from pathlib import Path
from typing import Literal

from pydantic import SecretStr

from grym_synth.settings import Settings
from models.audio_base import AudioModel
from models.audio_text.opening import open_audio_model
from models.audio_text.scripted import ScriptedEar
from models.script import Line, Script
from models.scripted import ScriptedChat
from tests.integration.models.tiny_ears import (
    write_audio_flamingo,
    write_gama,
    write_music_flamingo,
    write_qwen2_audio,
)
from tests.model_servers.openai import Offered, OpenAITestServer

EarKind = Literal["scripted", "openai", "gama", "qwen2-audio", "audio-flamingo", "music-flamingo"]
SERVED: tuple[EarKind, ...] = ("scripted", "openai")
LOCAL: tuple[EarKind, ...] = ("gama", "qwen2-audio", "audio-flamingo", "music-flamingo")
WRITERS = {
    "gama": write_gama,
    "qwen2-audio": write_qwen2_audio,
    "audio-flamingo": write_audio_flamingo,
    "music-flamingo": write_music_flamingo,
}
LINE = Line(answer="A picked guitar over soft drums, close and warm. " * 20, times=0)


class Ears:
    """Makes checkpoints once, and stops servers at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._servers = folder, ExitStack()
        self._written: dict[EarKind, Path] = {}

    def close(self) -> None:
        """Stop all servers."""
        self._servers.close()

    def folder(self, kind: EarKind) -> Path:
        """The checkpoint of a local kind."""
        if kind not in self._written:
            home = self._folder / kind
            home.mkdir()
            self._written[kind] = WRITERS[kind](home / "model")
        return self._written[kind]

    def open(self, kind: EarKind, *lines: Line) -> AudioModel:
        """A model that says something, whatever it hears."""
        said = ScriptedChat("scripted:lines", Script(lines or (LINE,)))
        if kind == "scripted":
            return ScriptedEar(said)
        if kind == "openai":
            return self.served(said)[0]
        runtime = "gama" if kind == "gama" else "transformers"
        return open_audio_model(f"{runtime}:{self.folder(kind)}", Settings())

    def served(self, said: ScriptedChat) -> tuple[AudioModel, OpenAITestServer]:
        """A model behind a server that wants a key."""
        server = OpenAITestServer("secret", one=Offered(said))
        self._servers.enter_context(server)
        settings = Settings(openai_api_key=SecretStr("secret"))
        return open_audio_model(f"openai:{server.url}/v1#one", settings), server
