"""Text to vectors: a small model in a package, a served one, or none (search by words alone)."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from grym_synth.errors import BadInput, ModelFault
from memory.vectors.minilm import MiniLm

OLLAMA_SECONDS = 30.0
"""Longest wait for one answer of Ollama; it may have to load the model first."""


class Embedder(Protocol):
    """Turns texts into vectors of unit length; the same text always gives the same vector."""

    @property
    def name(self) -> str:
        """What makes the vectors; those of different names can't be compared."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of unit length, shape (len(texts), dimensions).

        Raises:
            ModelFault: the model is missing, is not the expected one, or does not answer.
        """
        ...


class OllamaEmbedder:
    """An embedding model that Ollama serves."""

    def __init__(self, model: str, url: str) -> None:
        self._model, self._url = model, url.rstrip("/")
        self._dimensions = 0

    @property
    def name(self) -> str:
        """The runtime and the model."""
        return f"ollama:{self._model}"

    @property
    def dimensions(self) -> int:
        """Length of a vector; asks the model once."""
        return self._dimensions or int(self.embed(["length"]).shape[1])

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of unit length, shape (len(texts), dimensions)."""
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        vectors = np.array(self._ask(list(texts)), np.float32)
        norms = np.linalg.norm(vectors, axis=-1, keepdims=True) if vectors.ndim == 2 else None
        if norms is None or len(vectors) != len(texts) or not (norms > 0).all():
            raise self._fault("it did not answer with one vector a text")
        self._dimensions = vectors.shape[1]
        return np.asarray(vectors / norms, np.float32)

    def _ask(self, texts: list[str]) -> object:
        import httpx

        try:
            reply = httpx.post(
                f"{self._url}/api/embed",
                json={"model": self._model, "input": texts, "truncate": True},
                timeout=OLLAMA_SECONDS,
            )
            if reply.status_code == 404:
                raise self._fault("Ollama does not have this model")
            reply.raise_for_status()
            return reply.json()["embeddings"]
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as fault:
            raise self._fault(f"Ollama at {self._url} did not answer ({fault})") from fault

    def _fault(self, happened: str) -> ModelFault:
        return ModelFault(
            f"embedding texts with {self.name}",
            happened,
            f"Start Ollama and run `ollama pull {self._model}`, or choose GRYM_EMBEDDER=minilm",
        )


def make_embedder(setting: str, ollama_url: str) -> Embedder | None:
    """The embedder that a setting names: ``minilm``, ``ollama:NAME``, or ``lexical`` for none.

    Raises:
        BadInput: there is no embedder of that name.
        ModelFault: its package is not installed.
    """
    if setting == "lexical":
        return None
    if setting == "minilm":
        return MiniLm()
    if setting.startswith("ollama:") and len(setting) > len("ollama:"):
        return OllamaEmbedder(setting.removeprefix("ollama:"), ollama_url)
    raise BadInput(
        f"choosing the embedder {setting!r}",
        "there is none of that name",
        "Set GRYM_EMBEDDER to minilm, ollama:NAME or lexical",
    )
