"""A listening model in a folder of this machine, loaded at its first question."""

from abc import abstractmethod
from collections.abc import Generator
from typing import NamedTuple

from torch import Tensor
from transformers import PreTrainedTokenizerBase

from models.audio_text.runtime import AudioRuntime
from models.audio_text.sounds import Channels
from models.base import Options, Piece
from models.local.generation import Generates, Line, generate, worked
from models.local.resident import ON_PROCESSOR, Resident
from models.watch import Watch


class Asked(NamedTuple):
    """A question about a sound as a loaded model takes it."""

    model: Generates
    tokenizer: PreTrainedTokenizerBase
    inputs: dict[str, Tensor]


class LocalEar(Resident, AudioRuntime):
    """Loads once, answers one question at a time, and stays loaded.

    Loading and generating happen in a thread of their own: a call ends as soon as it is cancelled
    or late, and what it began to load is there for the next one.
    """

    def __init__(self, name: str, target: str) -> None:
        """Name a checkpoint; nothing is read yet.

        Args:
            name: the string that opens it.
            target: its folder, or its name in Hugging Face's cache.
        """
        Resident.__init__(self, target)
        AudioRuntime.__init__(self, name)

    @abstractmethod
    def _ask(self, sound: Channels, rate_hz: int, question: str) -> Asked:
        """Make the inputs of the loaded model."""

    def _lessen(self, seconds: float) -> str:
        return ON_PROCESSOR if self.leave_gpu() else super()._lessen(seconds)

    def _pieces(
        self, sound: Channels, rate_hz: int, question: str, options: Options, watch: Watch
    ) -> Generator[Piece, None, None]:
        def work(line: Line) -> None:
            with self.busy:
                if not line.stop.is_set():
                    load_seconds = self.load_once()
                    if not line.stop.is_set():
                        asked = self._ask(sound, rate_hz, question)
                        generate(*asked, options, line, load_seconds)

        yield from worked(work, self.name, watch)
