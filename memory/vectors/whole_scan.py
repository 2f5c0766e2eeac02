"""Finds the vectors closest to one by looking at every one, each in a byte a dimension.

A graph of neighbours is quicker only among very many. It can lose whole groups of entries that are
much alike, as entries about one thing are: nothing leads to them any more.
"""

import json
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

ROWS = 1024
"""Vectors of one block, which fits into a processor's cache while it is compared."""

STEPS = 127
"""A vector is kept as whole multiples of its largest component's 127th part."""


GROUP = 64
"""Vectors of one group, by which the closest ones are looked for; blocks are made of whole ones."""

_CHECKSUM = 8
"""Hexadecimal digits of the checksum that a file begins with."""


class _Head(TypedDict):
    """What a file says before its steps and its rows."""

    stamp: int
    ids: list[str]


class WholeScan:
    """Vectors of unit length by id; 100,000 of 384 dimensions take 40 MB, and 7 ms to look at.

    What it says of closeness is off by at most half a step for each dimension: 0.001 in practice.
    """

    def __init__(self) -> None:
        self._ids: list[str] = []
        """The id at each place; empty where there is none any more."""
        self._places: dict[str, int] = {}
        self._free: list[int] = []
        self._blocks: list[NDArray[np.int8]] = []
        self._steps = np.zeros(0, np.float32)
        """Length of a step at each place; 0 where there is no vector."""

    def __len__(self) -> int:
        """How many vectors there are."""
        return len(self._places)

    def put(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Keep vectors, shape (len(ids), dimensions); they take the places of older ones."""
        for one, vector in zip(ids, vectors, strict=True):
            place = self._place(one, vector.size)
            step = float(np.abs(vector).max()) / STEPS or 1.0
            self._steps[place] = step
            self._blocks[place // ROWS][place % ROWS] = np.rint(vector / step)

    def drop(self, ids: Sequence[str]) -> None:
        """Let go of vectors."""
        for place in (self._places.pop(one) for one in ids if one in self._places):
            self._ids[place], self._steps[place] = "", 0.0
            self._free.append(place)

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[str]:
        """Ids of so many vectors that are closest to one, shape (dimensions,), nearest first."""
        limit = min(limit, len(self))
        if not limit:
            return []
        farness = -self._steps * np.concatenate([*self._in_steps(vector)])
        farness[self._steps == 0] = np.inf
        best = _smallest(farness, limit)
        best = best[np.argsort(farness[best], kind="stable")]
        return [self._ids[place] for place in best[:limit]]

    def save(self, path: Path, stamp: int) -> None:
        """Write all to a file, which begins with its checksum.

        Args:
            path: the file, whose folder is there.
            stamp: what the file is for; ``loaded`` has to be told the same.
        """
        places = [place for place, one in enumerate(self._ids) if one]
        head = {"stamp": stamp, "ids": [self._ids[place] for place in places]}
        rows = np.concatenate(self._blocks)[places].tobytes() if places else b""
        steps = self._steps[places].astype("<f4").tobytes()
        body = b"".join([json.dumps(head).encode(), b"\n", steps, rows])
        path.write_bytes(_checksum(body) + body)

    @classmethod
    def loaded(cls, path: Path, stamp: int) -> "WholeScan | None":
        """What was saved; None where that is damaged, is for another stamp, or isn't there."""
        told = path.read_bytes() if path.exists() else b""
        body = memoryview(told)[_CHECKSUM:]
        if told[:_CHECKSUM] != _checksum(body):
            return None
        begin = told.index(b"\n") + 1
        head: _Head = json.loads(told[_CHECKSUM:begin])
        scan, many = cls(), len(head["ids"])
        if many:
            rows = np.frombuffer(told, np.int8, offset=begin + 4 * many).reshape(many, -1)
            scan._fill(head["ids"], np.frombuffer(told, "<f4", many, begin), rows)
        return scan if head["stamp"] == stamp else None

    def _fill(self, ids: list[str], steps: NDArray[np.float32], rows: NDArray[np.int8]) -> None:
        """Take so many vectors at once, each in its steps, where there are none yet."""
        for first in range(0, len(ids), ROWS):
            block = np.zeros((ROWS, rows.shape[1]), np.int8)
            block[: len(rows[first : first + ROWS])] = rows[first : first + ROWS]
            self._blocks.append(block)
        many = ROWS * len(self._blocks)
        self._ids = ids + [""] * (many - len(ids))
        self._places = {one: place for place, one in enumerate(ids)}
        self._free = [*range(many - 1, len(ids) - 1, -1)]
        self._steps = np.zeros(many, np.float32)
        self._steps[: len(ids)] = steps

    def _in_steps(self, vector: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
        """How close each place is, in its steps, block by block."""
        rows = np.empty((ROWS, vector.size), np.float32)
        for block in self._blocks:
            np.copyto(rows, block)
            yield rows @ vector

    def _place(self, one: str, dimensions: int) -> int:
        known = self._places.get(one)
        if known is not None:
            return known
        if not self._free:
            first = len(self._ids)
            self._ids += [""] * ROWS
            self._free += reversed(range(first, first + ROWS))
            self._blocks.append(np.zeros((ROWS, dimensions), np.int8))
            self._steps = np.concatenate([self._steps, np.zeros(ROWS, np.float32)])
        place = self._places[one] = self._free.pop()
        self._ids[place] = one
        return place


def _smallest(values: NDArray[np.float32], limit: int) -> NDArray[np.intp]:
    """Places that hold the so many smallest values, and maybe some more.

    The smallest of every few values are compared first: so many of them are at most so large.
    """
    groups = values.reshape(-1, GROUP).min(axis=1)
    if limit > groups.size:
        return np.argsort(values, kind="stable")[:limit]
    return np.flatnonzero(values <= np.partition(groups, limit - 1)[limit - 1])


def _checksum(body: bytes | memoryview) -> bytes:
    return b"%08x" % zlib.crc32(body)
