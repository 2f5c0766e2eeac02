"""Models as things that are loaded and unloaded: Ollama's, and those of this process."""

from collections.abc import Callable
from functools import cached_property
from typing import Protocol, runtime_checkable

from models.base import ChatModel, Options
from models.needs import need_of
from models.ollama_server import OllamaServer, quick_answer
from models.residency.words import GIB, Footprint
from models.watch import Watch

_GIB_PER_SECOND = 1.0
"""How fast weights are read from a disk, before a load was timed."""

_UNKNOWN_GIB = 6.0
"""What a model takes whose size nobody tells: a 7-billion one in 4 bits."""

_UNLOADING = Options(seconds=30.0, first_seconds=30.0)


class OllamaWeights:
    """A model of an Ollama server on this machine."""

    def __init__(self, model: ChatModel, url: str) -> None:
        """Take the model; nothing is asked yet.

        Args:
            model: who is asked later, and says with which window.
            url: address of the server.
        """
        self._model, self._server = model, OllamaServer(url)

    def footprint(self) -> Footprint:
        """What it takes, by its published size or by that of its file; elsewhere, nothing here.

        Raises:
            ModelFault: the server does not tell of it.
        """
        facts = self._model.facts()
        if not facts.schema:  # the server hands it on to another host
            return Footprint(self._model.name, 0, 0.0)
        return _footprint(self._model.name, facts.context_tokens, self._listed, None)

    def load(self) -> None:
        """Leave it to the server, which loads it with its first question."""

    def unload(self) -> None:
        """Have the server unload it at once."""
        name, context = self._model.name, self._model.facts().context_tokens
        with Watch(name, _UNLOADING) as watch:
            self._server.unload(name.removeprefix("ollama:"), context, watch)

    @cached_property
    def _listed(self) -> dict[str, int]:
        return quick_answer(self._server.url, OllamaServer.sizes) or {}


@runtime_checkable
class InProcess(Protocol):
    """A model whose weights this process holds."""

    def load_once(self) -> float:
        """Load it unless it is loaded; seconds that this took."""
        ...

    def unload(self) -> None:
        """Free its memory."""
        ...


class ProcessWeights:
    """A model that this process holds."""

    def __init__(self, spec: str, model: InProcess, context_tokens: int) -> None:
        """Take the model; nothing is loaded yet.

        Args:
            spec: the string that opens it.
            model: the model.
            context_tokens: its window.
        """
        self._spec, self._context = spec, context_tokens
        self._load: Callable[[], float] = model.load_once
        self.unload: Callable[[], None] = model.unload
        self._timed: float | None = None

    def footprint(self) -> Footprint:
        """What it takes, by its files."""
        return _footprint(self._spec, self._context, {}, self._timed)

    def load(self) -> None:
        """Load it unless it is loaded."""
        self._timed = self._load() or self._timed


def _footprint(
    spec: str, context_tokens: int, listed: dict[str, int], timed: float | None
) -> Footprint:
    need = need_of(spec, context_tokens, listed)
    gib = need.memory_gib if need is not None else _UNKNOWN_GIB
    return Footprint(spec, int(gib * GIB), timed or gib / _GIB_PER_SECOND)
