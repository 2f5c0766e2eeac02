"""Which models are managed: those that take memory of this machine and can be unloaded."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from grym_synth.settings import Settings
from models.audio_base import AudioModel, Transcribes
from models.base import ChatModel
from models.residency.leased import (
    LeasedChat,
    LeasedEar,
    LeasedEyes,
    LeasedFile,
    LeasedTranscriber,
)
from models.residency.manager import Loadable, Residency
from models.residency.memory import MachineMemory
from models.residency.weights import InProcess, OllamaWeights, ProcessWeights
from models.vision.base import VisionModel

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Management:
    """Puts the models of one process under one residency."""

    def __init__(self, settings: Settings, keep: frozenset[str] = frozenset()) -> None:
        """Nothing is asked or loaded yet.

        Args:
            settings: where Ollama is, and how much memory models may take.
            keep: strings of models that stay loaded, once they are, whatever comes.
        """
        self._settings = settings
        self._weights: dict[str, Loadable] = {}
        self.residency = Residency(
            MachineMemory(settings.memory_gib, settings.ollama_url), keep=keep
        )

    def chat(self, model: ChatModel) -> ChatModel:
        """A chat model, managed where it can be."""
        in_file = self._known(model.name, self._in_process(model))
        if in_file is not None:
            return LeasedFile(model, in_file, self.residency)
        weights = self._known(model.name, self._ollama(model))
        return LeasedChat(model, weights, self.residency) if weights is not None else model

    def eyes(self, model: VisionModel) -> VisionModel:
        """A model that sees, managed where it can be."""
        weights = self._known(model.name, self._ollama(model) or self._in_process(model))
        return LeasedEyes(model, weights, self.residency) if weights is not None else model

    def ear(self, model: AudioModel) -> AudioModel:
        """A model that listens, managed where it can be."""
        weights = self._known(model.name, self._in_process(model))
        return LeasedEar(model, weights, self.residency) if weights is not None else model

    def transcriber(self, model: Transcribes) -> Transcribes:
        """A model that reads words from voices, managed where it can be."""
        weights = self._known(model.name, self._in_process(model))
        return model if weights is None else LeasedTranscriber(model, weights, self.residency)

    def order(self, stages: Sequence[frozenset[str]]) -> tuple[str, ...]:
        """The order of uses that costs the fewest loads; what is in it stays loaded till then.

        Args:
            stages: the strings of models that are used together, one stage after another; those
                that are not managed are passed over.
        """
        managed = [stage & self._weights.keys() for stage in stages]
        if not any(managed):
            return ()
        footprints = {
            name: self._weights[name].footprint() for name in frozenset[str]().union(*managed)
        }
        return self.residency.plan(managed, footprints)

    def _ollama(self, model: ChatModel) -> Loadable | None:
        url, here = self._settings.ollama_url, urlsplit(self._settings.ollama_url).hostname
        if not model.name.startswith("ollama:") or here not in LOOPBACK:
            return None
        return OllamaWeights(model, url)

    def _in_process(
        self, model: ChatModel | VisionModel | AudioModel | Transcribes
    ) -> Loadable | None:
        if not isinstance(model, InProcess):
            return None
        return ProcessWeights(model.name, model, self._settings.context_tokens)

    def _known(self, name: str, weights: Loadable | None) -> Loadable | None:
        """The weights of a name: once, although two roles may have the same model."""
        if weights is None:
            return None
        return self._weights.setdefault(name, weights)
