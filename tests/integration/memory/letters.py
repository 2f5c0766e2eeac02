"""An embedder for tests whose vectors can be foreseen."""

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class Letters:
    """Counts the letters a to h, with a grain that differs from text to text."""

    dimensions = 8

    def __init__(self, name: str = "letters") -> None:
        self.name = name

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of letter counts."""
        counts = np.array([[text.count(letter) for letter in "abcdefgh"] for text in texts])
        grain = [np.random.default_rng(zlib.crc32(text.encode())).random(8) for text in texts]
        vectors = counts + 0.1 * np.array(grain)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)
