"""A model in a folder of this machine, loaded at its first question and kept."""

import gc
import threading
import time
from abc import ABC, abstractmethod
from functools import cached_property
from pathlib import Path

from tokenizers import Tokenizer

from grym_synth.errors import MemoryUsedUp
from models.devices import best_device, free_cache
from models.folders import folder_of
from models.local.checkpoint import read_tokenizer
from models.tokens import EstimatedTokens

ON_PROCESSOR = "on the processor"
"""How an answer is given once the GPU is left."""

_ESTIMATE = EstimatedTokens()


class Resident(ABC):
    """Loads once, is used by one question at a time, and stays loaded."""

    def __init__(self, target: str) -> None:
        """Name a checkpoint, a folder or a name in Hugging Face's cache; nothing is read yet."""
        self._target = target
        self._loaded = False
        self._on_processor = False
        """Whether a GPU is left alone, since its memory ran out."""
        self.busy = threading.Lock()
        """Held by whoever loads or asks it."""

    @cached_property
    def folder(self) -> Path:
        """Where it lies."""
        return folder_of(self._target)

    def count(self, text: str) -> int:
        """Tokens of a text: by its own tokenizer where that is in one file, else high."""
        if self._tokenizer is None:
            return _ESTIMATE.count(text)
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def load_once(self) -> float:
        """Load it unless it is loaded; seconds that this took now."""
        began = time.monotonic()
        if not self._loaded:
            try:
                self._load()
            except MemoryUsedUp:
                if not self._leave_gpu():
                    raise
                self._load()
            self._loaded = True
        return time.monotonic() - began

    def unload(self) -> None:
        """Free its memory once it answers nobody; the next question loads it again."""
        with self.busy:
            self._empty()

    def leave_gpu(self) -> bool:
        """Go on with the processor from the next question on; False where it does already."""
        with self.busy:
            return self._leave_gpu()

    @property
    def device(self) -> str:
        """Where it is loaded to."""
        return "cpu" if self._on_processor else best_device()

    def _leave_gpu(self) -> bool:
        left = self.device != "cpu"
        self._on_processor = True
        self._empty()
        return left

    def _empty(self) -> None:
        self._drop()
        self._loaded = False
        gc.collect()
        free_cache()

    @abstractmethod
    def _drop(self) -> None:
        """Let go of the weights."""

    @abstractmethod
    def _load(self) -> None:
        """Load the model and what makes its inputs."""

    @cached_property
    def _tokenizer(self) -> Tokenizer | None:
        return read_tokenizer(self.folder)
