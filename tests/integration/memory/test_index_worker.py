"""The process that owns Chroma, spoken to as its parent does."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from memory.storage.entries import Address
from memory.vectors.index import ChromaIndex, IndexBroken
from memory.vectors.index_worker import LITTERED, STATE_FILE

GROUPS, ALIKE = 100, 50


def in_groups(seed: int) -> NDArray[np.float32]:
    """Vectors of entries that are much alike in their group, one group after the other."""
    rolled = np.random.default_rng(seed)
    centres = rolled.standard_normal((GROUPS, 384))
    vectors = np.repeat(centres, ALIKE, axis=0)
    vectors += 0.01 * rolled.standard_normal(vectors.shape)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def put(index: ChromaIndex, vectors: NDArray[np.float32], gone: tuple[str, ...] = ()) -> None:
    """Put vectors under their numbers."""
    rows = [Address(("notes",), str(number)) for number in range(len(vectors))]
    index.upsert(rows, vectors, [Address(("notes",), key) for key in gone], 1)


def keys(found: list[str]) -> list[str]:
    """The keys of what was found."""
    return [json.loads(one)[1] for one in found]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[ChromaIndex]:
    """An empty index."""
    opened = ChromaIndex(tmp_path, "letters")
    opened.hello(60)
    yield opened
    opened.close()


def test_no_group_of_like_entries_is_lost_before_or_after_reopening(tmp_path: Path) -> None:
    vectors = in_groups(seed=0)
    for _ in range(2):
        index = ChromaIndex(tmp_path, "letters")
        told = index.hello(60)
        if told is not None and not told["count"]:
            put(index, vectors)
        nearest = [keys(index.query(one, 1))[0] for one in vectors[::ALIKE]]
        assert [int(key) // ALIKE for key in nearest] == list(range(GROUPS))
        index.close()


def test_what_was_put_anew_or_dropped_is_not_found_where_it_was(index: ChromaIndex) -> None:
    first, second = np.eye(2, dtype=np.float32)
    put(index, np.array([first, first]))
    put(index, np.array([second]), gone=("1",))
    assert keys(index.query(first, 5)) == ["0"]


def test_an_index_of_mostly_given_up_entries_is_not_opened_again(tmp_path: Path) -> None:
    index = ChromaIndex(tmp_path, "letters")
    index.hello(60)
    put(index, np.eye(2, dtype=np.float32))
    index.close()
    state = json.loads((tmp_path / STATE_FILE).read_text())
    (tmp_path / STATE_FILE).write_text(json.dumps({**state, "left": LITTERED + 1}))
    again = ChromaIndex(tmp_path, "letters")
    with pytest.raises(IndexBroken, match="more of what is gone"):
        again.hello(60)
    again.kill()
