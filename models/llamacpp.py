"""Chat models in GGUF files, run in this process by llama.cpp's server through xllamacpp."""

import os
import secrets
import threading
import time
from collections.abc import Generator, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from grym_synth.errors import MemoryUsedUp, ModelMissing, ModelUnavailable, WeightsUnusable
from models.base import Facts, Message, Options, Piece
from models.faults import lacks_memory
from models.lessening import half_window
from models.openai import OpenAIChat
from models.watch import Watch

_MAGIC = b"GGUF"


class LlamaCppChat(OpenAIChat):
    """A model in a file, loaded at the first question.

    llama.cpp's server listens on a free port of the loopback address and answers only to a key that
    this process made up, so no other program on the machine can use it. Loading can't be cut short.
    """

    def __init__(self, file: Path, context_tokens: int) -> None:
        """Name a file; nothing is read yet.

        Args:
            file: a GGUF file with a chat template.
            context_tokens: the window to make room for; never longer than the model's own.
        """
        self._file = file.expanduser()
        self._key = secrets.token_urlsafe(24)
        self._loading = threading.Lock()
        self._server: object | None = None
        self._load_seconds = 0.0
        super().__init__(f"llamacpp:{file}", "", self._file.stem, self._key, context_tokens)

    def load_once(self) -> float:
        """Load it unless it is loaded; seconds that this took."""
        with self._loading:
            if self._server is not None:
                return 0.0
            began = time.monotonic()
            try:
                self._load()
            except MemoryUsedUp:
                if not self._halve():
                    raise
                self._load()
            self._load_seconds = time.monotonic() - began
            return self._load_seconds

    def unload(self) -> None:
        """Free its memory; the next question loads it again."""
        with self._loading:
            self._server = None

    def _lessen(self) -> str:
        with self._loading:
            self._server = None
            return self._halve()

    def _halve(self) -> str:
        half = half_window(self._facts.context_tokens if self._facts else self._context)
        if not half:
            return ""
        self._context, self._facts = half, None
        return f"within a window of {half} tokens"

    def _ask_facts(self, watch: Watch) -> Facts:
        self.load_once()
        return super()._ask_facts(watch)

    def _pieces(
        self, messages: Sequence[Message], options: Options, watch: Watch
    ) -> Generator[Piece, None, None]:
        self.load_once()
        for piece in super()._pieces(messages, options, watch):
            if piece.ending is None:
                yield piece
                continue
            load, self._load_seconds = self._load_seconds, 0.0
            yield Piece(ending=replace(piece.ending, load_seconds=load))

    def _load(self) -> None:
        tried = f"loading {self.name}"
        if find_spec("xllamacpp") is None:
            do = "Install it: pip install 'grym-synth[llamacpp]'"
            raise ModelUnavailable(tried, "xllamacpp is not installed", do)
        self._check_file(tried)
        from xllamacpp import CommonParams, Server

        wanted = CommonParams()
        wanted.model.path = str(self._file)
        wanted.model_alias = {self._file.stem}
        wanted.n_ctx = self._context
        wanted.n_parallel = 1
        wanted.api_keys = [self._key]
        wanted.cpuparams.n_threads = wanted.cpuparams_batch.n_threads = _threads()
        wanted.verbosity = 0
        try:
            server = Server(wanted)
        except (RuntimeError, ValueError, MemoryError) as fault:
            if isinstance(fault, MemoryError) or lacks_memory(str(fault)):
                do = "Free some, or take a smaller model"
                raise MemoryUsedUp(tried, str(fault) or "the memory was used up", do) from fault
            raise WeightsUnusable(tried, str(fault), "Name a GGUF file of a chat model") from fault
        self._server, self._url = server, f"{server.listening_address}/v1"

    def _check_file(self, tried: str) -> None:
        try:
            with self._file.open("rb") as file:
                begins = file.read(len(_MAGIC))
        except OSError as fault:
            happened = fault.strerror or str(fault)
            raise ModelMissing(tried, happened, "Name a GGUF file that can be read") from fault
        if begins != _MAGIC:
            raise WeightsUnusable(tried, "it is no GGUF file", "Name a GGUF file of a chat model")


def _threads() -> int:
    """Half of the cores: more slow it down when anything else runs."""
    return max(1, (os.cpu_count() or 2) // 2)
