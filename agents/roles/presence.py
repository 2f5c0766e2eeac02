"""Which models can be used now; each server is asked at most once in some seconds."""

import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from threading import RLock

from grym_synth.errors import ModelFault, ModelMissing, ModelTimeout, ModelUnavailable
from grym_synth.settings import Settings
from models.base import Options
from models.chat import open_chat_model
from models.folders import folder_of
from models.ollama_server import OllamaServer, ollama_models, quick_answer

FRESH_SECONDS = 10.0
"""How long an answer about a model holds; after that it is asked for again."""

_QUICKLY = Options(seconds=2.0, first_seconds=2.0)
"""Longest wait for a server's list of models."""

_NO_CHECKPOINT = "no checkpoint of this model is configured"
_NO_SERVICE = "no service is configured (GRYM_SERVICES_URL)"


class Presence:
    """Says why a model can't be used now, from lists of servers and from files."""

    def __init__(self, settings: Settings, fresh_seconds: float = FRESH_SECONDS) -> None:
        """Ask nothing yet.

        Args:
            settings: where Ollama is, and the key for OpenAI-compatible servers.
            fresh_seconds: how long an answer holds.
        """
        self._settings, self._fresh = settings, fresh_seconds
        self._known: dict[str, tuple[float, str]] = {}
        self._listed: tuple[float, tuple[str, ...] | None] = (float("-inf"), None)
        self._asking = RLock()

    def fault(self, spec: str) -> str:
        """Why a model can't be used now; empty when nothing speaks against it."""
        runtime, _, target = spec.partition(":")
        match runtime:
            case "ollama":
                return self._ollama_fault(target)
            case "openai":
                return self._remembered(spec, lambda: self._served_fault(spec))
            case "service":
                return _NO_SERVICE
            case "llamacpp":
                return _llamacpp_fault(Path(target).expanduser())
            case "scripted":
                return "" if Path(target).is_file() else f"there is no file {target}"
            case "gama" | "transformers" if target:
                return _checkpoint_fault(target)
            case _:
                return _NO_CHECKPOINT

    def ollama(self) -> tuple[str, ...] | None:
        """The names of Ollama's models; None when it does not answer."""
        with self._asking:
            asked, names = self._listed
            if time.monotonic() - asked > self._fresh:
                names = ollama_models(self._settings.ollama_url)
                self._listed = (time.monotonic(), names)
            return names

    def runs_elsewhere(self, name: str) -> bool:
        """Whether Ollama hands a model's work on to another host, as it does for its cloud."""
        said = self._remembered(f"elsewhere:{name}", lambda: self._elsewhere(name))
        return said == "elsewhere"

    def is_loaded(self, spec: str) -> bool:
        """Whether a model answers without being loaded first, as far as can be told."""
        runtime, _, name = spec.partition(":")
        if runtime != "ollama":
            return True
        running = quick_answer(self._settings.ollama_url, OllamaServer.running)
        return running is None or _tagged(name) in map(_tagged, running)

    def _ollama_fault(self, name: str) -> str:
        names = self.ollama()
        if names is None:
            return f"Ollama does not answer at {self._settings.ollama_url}"
        return "" if _tagged(name) in map(_tagged, names) else f"Ollama does not have {name}"

    def _served_fault(self, spec: str) -> str:
        address, _, name = spec.removeprefix("openai:").partition("#")
        away = self._remembered(f"away:{address}", lambda: self._away(spec, address))
        if away:
            return away
        try:
            open_chat_model(spec, self._settings).facts(_QUICKLY)
        except ModelMissing:
            return f"the server at {address} does not offer {name}"
        except ModelFault as fault:
            return f"the server at {address} can't be used: {fault.happened}"
        return ""

    def _away(self, spec: str, address: str) -> str:
        """Why a server can't be asked, found out once for all of its models."""
        try:
            open_chat_model(spec, self._settings).facts(_QUICKLY)
        except (ModelUnavailable, ModelTimeout) as fault:
            return f"the server at {address} can't be used: {fault.happened}"
        except ModelFault:
            return ""
        return ""

    def _elsewhere(self, name: str) -> str:
        shown = quick_answer(
            self._settings.ollama_url, lambda server, watch: server.show(name, watch)
        )
        return "elsewhere" if shown is not None and shown.remote else ""

    def _remembered(self, key: str, ask: Callable[[], str]) -> str:
        with self._asking:
            asked, said = self._known.get(key, (float("-inf"), ""))
            if time.monotonic() - asked > self._fresh:
                said = ask()
                self._known[key] = (time.monotonic(), said)
            return said


def _tagged(name: str) -> str:
    """A model's name as Ollama lists it: with its tag, in small letters."""
    last = name.rpartition("/")[2]
    return (name if ":" in last else f"{name}:latest").casefold()


def _llamacpp_fault(file: Path) -> str:
    if not file.is_file():
        return f"there is no file {file}"
    return "" if find_spec("xllamacpp") else "xllamacpp is not installed"


def _checkpoint_fault(target: str) -> str:
    try:
        found = (folder_of(target) / "config.json").is_file()
    except ModelMissing:
        found = False
    if not found:
        return f"there is no checkpoint in {Path(target).expanduser()}"
    missing = [name for name in ("torch", "transformers") if find_spec(name) is None]
    return f"{' and '.join(missing)} is not installed" if missing else ""
