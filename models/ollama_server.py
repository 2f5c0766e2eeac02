"""What an Ollama server has and says about its models, asked of it and never assumed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import httpx
from pydantic import BaseModel, ConfigDict, JsonValue

from grym_synth.errors import ModelFault
from models.base import Options
from models.faults import Refused, server_fault
from models.watch import Watch
from models.wire import asked, is_http


@dataclass(frozen=True, slots=True)
class Shown:
    """What a server says about one model."""

    context_tokens: int | None
    """The longest window that it was made for."""
    capabilities: tuple[str, ...]
    """Such as ``completion``, ``tools``, ``thinking``, ``vision``."""
    remote: bool
    """It runs on another host, where no schema is kept to."""
    architecture: str = ""
    """Such as ``qwen25vl``."""
    patch_pixels: int | None = None
    """Side of the patches in which it reads pictures."""
    merged_patches: int | None = None
    """How many of them, each way, become one token."""


class _Told(BaseModel):
    model_config = ConfigDict(extra="ignore", protected_namespaces=())


class _Model(_Told):
    name: str
    size: int = 0
    digest: str = ""


class _Tags(_Told):
    models: tuple[_Model, ...]


class _Version(_Told):
    version: str


class _Show(_Told):
    model_info: dict[str, JsonValue] = {}
    capabilities: tuple[str, ...] = ()
    remote_host: str = ""


T = TypeVar("T", bound=_Told)
AnswerT = TypeVar("AnswerT")

QUICK_SECONDS = 2.0
"""Longest wait for a short answer: a server that isn't there refuses at once, and one whose machine
is loading a model of 9 GB is slow to list what it has."""


class OllamaServer:
    """An Ollama server at an address."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def models(self, watch: Watch) -> tuple[str, ...]:
        """Names of the models that it has.

        Raises:
            ModelFault: it does not answer as Ollama does.
        """
        listing = self._ask(_Tags, "/api/tags", None, watch, "Ollama")
        return tuple(one.name for one in listing.models)

    def sizes(self, watch: Watch) -> dict[str, int]:
        """Bytes on disk of the models that it has, by name.

        Raises:
            ModelFault: it does not answer as Ollama does.
        """
        listing = self._ask(_Tags, "/api/tags", None, watch, "Ollama")
        return {one.name: one.size for one in listing.models}

    def digests(self, watch: Watch) -> dict[str, str]:
        """SHA-256 of the models that it has, by name; empty where it tells none.

        Raises:
            ModelFault: it does not answer as Ollama does.
        """
        listing = self._ask(_Tags, "/api/tags", None, watch, "Ollama")
        return {one.name: one.digest for one in listing.models}

    def running(self, watch: Watch) -> tuple[str, ...]:
        """Names of the models that are loaded now.

        Raises:
            ModelFault: it does not answer as Ollama does.
        """
        return tuple(self.loaded_bytes(watch))

    def loaded_bytes(self, watch: Watch) -> dict[str, int]:
        """Bytes of memory that each loaded model takes, by name.

        Raises:
            ModelFault: it does not answer as Ollama does.
        """
        listing = self._ask(_Tags, "/api/ps", None, watch, "Ollama")
        return {one.name: one.size for one in listing.models}

    def unload(self, model: str, context_tokens: int, watch: Watch) -> None:
        """Unload a model.

        Args:
            model: its name.
            context_tokens: the window that it is loaded with: another would load it anew first.
            watch: limits the wait.

        Raises:
            ModelFault: it does not answer, or does not have the model.
        """
        body: dict[str, JsonValue] = {
            "model": model,
            "messages": [],
            "stream": False,
            "keep_alive": 0,
            "options": {"num_ctx": context_tokens},
        }
        self._ask(_Told, "/api/chat", body, watch, f"ollama:{model}")

    def version(self, watch: Watch) -> str:
        """Its version, such as ``0.33.0``.

        Raises:
            ModelFault: it does not answer as Ollama does.
        """
        return self._ask(_Version, "/api/version", None, watch, "Ollama").version

    def show(self, model: str, watch: Watch) -> Shown:
        """What it says about a model.

        Raises:
            ModelFault: it does not answer, or does not have the model.
        """
        told = self._ask(_Show, "/api/show", {"model": model}, watch, f"ollama:{model}")
        family = told.model_info.get("general.architecture")
        return Shown(
            _positive(told.model_info.get(f"{family}.context_length")),
            told.capabilities,
            bool(told.remote_host),
            str(family or ""),
            _positive(told.model_info.get(f"{family}.vision.patch_size")),
            _positive(told.model_info.get(f"{family}.vision.spatial_merge_size")),
        )

    def _ask(
        self, form: type[T], path: str, body: dict[str, JsonValue] | None, watch: Watch, name: str
    ) -> T:
        try:
            return form.model_validate_json(asked(self.url, path, body, watch))
        except (httpx.HTTPError, Refused, ValueError) as fault:
            watch.check()
            raise server_fault(fault, name, self.url) from fault


def _positive(told: JsonValue) -> int | None:
    return told if isinstance(told, int) and told > 0 else None


def ollama_models(url: str, seconds: float = QUICK_SECONDS) -> tuple[str, ...] | None:
    """Names of the models that an Ollama server has; None when none answers there.

    Args:
        url: address of the server, such as ``http://127.0.0.1:11434``; no proxy is asked.
        seconds: how long to wait for it.
    """
    return quick_answer(url, OllamaServer.models, seconds)


def quick_answer(
    url: str, ask: Callable[[OllamaServer, Watch], AnswerT], seconds: float = QUICK_SECONDS
) -> AnswerT | None:
    """What an Ollama server answers at once; None when none answers there.

    Args:
        url: address of the server; no proxy is asked.
        ask: what is asked of it, such as ``OllamaServer.running``.
        seconds: how long to wait for it.
    """
    if not is_http(url):
        return None
    limits = Options(seconds=seconds, first_seconds=seconds)
    try:
        with Watch("Ollama", limits) as watch:
            return ask(OllamaServer(url), watch)
    except ModelFault:
        return None
