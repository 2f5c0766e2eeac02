"""Where an index lives: in folders of the home, or on a Chroma server."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from memory.storage.entries import Address
from memory.vectors.index import ChromaIndex, Reply


class AnyIndex(Protocol):
    """Vectors by business key; whatever holds them, the truth can fill it again.

    Each call raises ``IndexBroken`` when the index can't be used, ``IndexAway`` when what holds it
    can't be reached now.
    """

    def hello(self, seconds: float) -> Reply | None:
        """How many entries it holds and up to which stamp it was filled; None while it starts."""
        ...

    def upsert(
        self,
        rows: Sequence[Address],
        vectors: NDArray[np.float32],
        gone: Sequence[Address],
        stamp: int,
    ) -> None:
        """Put entries with their vectors, shape (rows, dimensions); drop those that are gone."""
        ...

    def query(self, vector: NDArray[np.float32], limit: int) -> list[str]:
        """Ids of the entries closest to a vector, shape (dimensions,), the nearest first."""
        ...

    def close(self) -> None:
        """Let go of it in order."""
        ...

    def kill(self) -> None:
        """Let go of it at once."""
        ...

    def end(self) -> None:
        """Make a call that another thread waits for come back broken."""
        ...


class IndexPlace(Protocol):
    """Holds the indexes of one memory, each under a name of its own."""

    def has(self, name: str) -> bool:
        """Whether an index of that name is there."""
        ...

    def open(self, name: str, embedder: str) -> AnyIndex:
        """Open it, or make it; ``hello`` tells whether it can be used."""
        ...

    def clear(self, name: str | None) -> None:
        """Remove the index of that name, and what else of this memory may lie here."""
        ...

    def close(self) -> None:
        """Let go of what it is reached by."""
        ...


class IndexFolder:
    """Indexes in a folder, each in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def has(self, name: str) -> bool:
        """Whether its folder is there."""
        return (self._folder / name).is_dir()

    def open(self, name: str, embedder: str) -> ChromaIndex:
        """Start its process."""
        return ChromaIndex(self._folder / name, embedder)

    def clear(self, name: str | None) -> None:
        """Remove everything; what can't be removed is never opened again."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def close(self) -> None:
        """A folder is not held."""


def open_place(folder: Path, url: str) -> IndexPlace:
    """The folder, or the Chroma server at an address.

    Raises:
        BadInput: it is no address.
    """
    if url:
        from memory.vectors.chroma_server import ServerPlace

        return ServerPlace(url)
    return IndexFolder(folder)
