"""A listening model in a folder of this machine, loaded at its first question."""

import threading
import time
from abc import abstractmethod
from collections.abc import Generator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from tokenizers import Tokenizer
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from models.audio_text.checkpoint import read_tokenizer
from models.audio_text.generation import Generates, Line, generate, worked
from models.audio_text.runtime import AudioRuntime
from models.audio_text.sounds import Channels
from models.base import Options, Piece
from models.folders import folder_of
from models.watch import Watch


class Asked(NamedTuple):
    """A question about a sound as a loaded model takes it."""

    model: Generates
    tokenizer: PreTrainedTokenizerBase
    inputs: dict[str, Tensor]


class LocalEar(AudioRuntime):
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
        super().__init__(name)
        self._target = target
        self._busy = threading.Lock()
        self._loaded = False

    @cached_property
    def folder(self) -> Path:
        """Where it lies."""
        return folder_of(self._target)

    def count(self, text: str) -> int:
        """Tokens of a text, by its own tokenizer."""
        if self._tokenizer is None:
            return super().count(text)
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    @abstractmethod
    def _load(self) -> None:
        """Load the model and what makes its inputs."""

    @abstractmethod
    def _ask(self, sound: Channels, rate_hz: int, question: str) -> Asked:
        """Make the inputs of the loaded model."""

    def _pieces(
        self, sound: Channels, rate_hz: int, question: str, options: Options, watch: Watch
    ) -> Generator[Piece, None, None]:
        def work(line: Line) -> None:
            with self._busy:
                if not line.stop.is_set():
                    load_seconds = self._load_once()
                    if not line.stop.is_set():
                        asked = self._ask(sound, rate_hz, question)
                        generate(*asked, options, line, load_seconds)

        yield from worked(work, self.name, watch)

    def _load_once(self) -> float:
        """Seconds that loading took now."""
        began = time.monotonic()
        if not self._loaded:
            self._load()
            self._loaded = True
        return time.monotonic() - began

    @cached_property
    def _tokenizer(self) -> Tokenizer | None:
        return read_tokenizer(self.folder)
