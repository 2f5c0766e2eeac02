"""The index is filled in the background: searches, forgetting and closing never wait for it."""

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from grym_synth.errors import HomeLocked, ModelFault
from memory.storage.entries import Address, Entry
from memory.store import GrymStore
from memory.vectors.background import Background
from memory.vectors.indexer import AT_ONCE
from tests.integration.memory.letters import Letters

PLACE = ("project", "demo", "findings")
MANY = 4 * AT_ONCE


class Gated(Letters):
    """An embedder that waits at a gate before it embeds what is not a query."""

    def __init__(self) -> None:
        super().__init__()
        self.at_gate, self.gate = threading.Event(), threading.Event()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of letter counts, once the gate is open."""
        if texts[0].startswith("entry"):
            self.at_gate.set()
            self.gate.wait(20)
        return super().embed(texts)


class Failing(Letters):
    """An embedder that breaks in a way that nobody foresaw, and works again later."""

    broken = True

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of letter counts, unless it is broken."""
        if self.broken:
            raise ValueError("the weights are upside down")
        return super().embed(texts)


class Unplugged(Letters):
    """An embedder whose model is gone."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Fail as a missing model does."""
        raise ModelFault("embedding", "the model is not installed", "Install it")


def fill(store: GrymStore, many: int = MANY) -> None:
    """Write entries that share words with each other but not with ``xxaxx``."""
    texts = [f"entry {number} " + "bcdefgha"[number % 8] * 3 for number in range(many)]
    store.write([Entry(PLACE, text, {"text": text}, text) for text in texts])


def soon(holds: Callable[[], bool]) -> bool:
    """Whether something becomes true within a while."""
    until = time.monotonic() + 20
    while not holds() and time.monotonic() < until:
        time.sleep(0.05)
    return holds()


def test_what_was_written_is_found_by_meaning_soon_though_nobody_asks_for_it(
    tmp_path: Path,
) -> None:
    with GrymStore(tmp_path, Letters()) as store:
        fill(store)
        assert soon(lambda: store.flush(0) == 0)
        assert store.search(PLACE, query="xxaxx")[0].key[-1] == "a"
        assert store.degraded is None


def test_a_search_does_not_wait_for_many_entries_and_finds_them_by_words(tmp_path: Path) -> None:
    embedder = Gated()
    with GrymStore(tmp_path, embedder) as store:
        fill(store)
        assert embedder.at_gate.wait(20)
        began = time.monotonic()
        assert store.search(PLACE, query="number 63")[0].key.startswith("entry 63")
        assert time.monotonic() - began < 15
        embedder.gate.set()


def test_what_is_forgotten_while_it_is_embedded_never_comes_back(tmp_path: Path) -> None:
    embedder = Gated()
    with GrymStore(tmp_path, embedder) as store:
        fill(store)
        assert embedder.at_gate.wait(20)
        first = store.entries(PLACE)[0]
        store.write([], [Address(PLACE, first.key)])
        store.scrub()
        embedder.gate.set()
        assert soon(lambda: store.flush(0) == 0)
        assert first.key not in {hit.entry.key for hit in store.find(PLACE, first.text, MANY)}
    (folder,) = (tmp_path / "index").iterdir()
    left = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"entry 1 " in left and b"entry 0 " not in left


def test_closing_does_not_wait_for_a_batch_that_hangs(tmp_path: Path) -> None:
    embedder = Gated()
    store = GrymStore(tmp_path, embedder)
    fill(store)
    assert embedder.at_gate.wait(20)
    began = time.monotonic()
    store.close(0.2)
    assert time.monotonic() - began < 5
    embedder.gate.set()
    with GrymStore(tmp_path, Letters()) as store:
        assert store.flush() == 0
        assert store.search(PLACE, query="xxaxx")[0].key[-1] == "a"


def test_a_process_ends_only_after_the_step_that_is_being_done() -> None:
    script = """
import threading, time
from memory.vectors.background import Background

begun = threading.Event()

def step(resting):
    begun.set()
    print("begun", flush=True)
    time.sleep(1.5)
    print("done", flush=True)
    return False

work = Background(step, "slow")
work.wake()
begun.wait(20)
work.stop(0.01)
"""
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True
    )
    assert told.stdout.split() == ["begun", "done"]


def test_a_fault_in_the_background_is_told_and_searches_go_on(tmp_path: Path) -> None:
    embedder = Failing()
    with GrymStore(tmp_path, embedder) as store:
        fill(store)
        assert soon(lambda: store.degraded is not None)
        assert store.degraded and "upside down" in store.degraded.why
        embedder.broken = False
        store.put(PLACE, "one more", {"text": "one more"})
        assert soon(lambda: store.degraded is None and store.flush(0) == 0)


def test_a_missing_model_is_told_by_the_background_too(tmp_path: Path) -> None:
    with GrymStore(tmp_path, Unplugged()) as store:
        fill(store)
        assert soon(lambda: store.degraded is not None)
        assert store.search(PLACE, query="entry 63")[0].key.startswith("entry 63")


def test_a_busy_process_is_left_alone_until_it_rests() -> None:
    told: list[bool] = []

    def step(resting: bool) -> bool:
        told.append(resting)
        return not resting

    background = Background(step, "test")
    until = time.monotonic() + 3
    background.wake()
    while time.monotonic() < until:
        sum(range(1000))
    assert soon(lambda: told[-1:] == [True])
    assert False in told and len(told) < 6
    assert background.stop(1)


def test_a_new_index_is_told_while_it_is_filled(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with GrymStore(tmp_path, Letters()) as store:
        fill(store)
        store.flush()
    (folder,) = (tmp_path / "index").iterdir()
    (folder / "chroma" / "chroma.sqlite3").write_bytes(b"garbage" * 1000)
    with GrymStore(tmp_path, Letters()) as store, caplog.at_level(logging.WARNING):
        assert store.search(PLACE, query="entry 63")[0].key.startswith("entry 63")
        assert soon(lambda: bool(store.search(PLACE, query="63") and store.degraded))
        assert store.degraded and "entries still wait" in store.degraded.why
        assert "built anew" in caplog.text and "lost nothing" in caplog.text
        assert store.flush() == 0
        assert store.degraded is None
        assert store.search(PLACE, query="xxaxx")[0].key[-1] == "a"


def test_a_second_store_on_the_same_memory_is_refused_and_the_first_goes_on(
    tmp_path: Path,
) -> None:
    with GrymStore(tmp_path, Letters()) as store:
        store.put(PLACE, "aaa", {"text": "aaa"})
        with pytest.raises(HomeLocked, match="is using it"):
            GrymStore(tmp_path, Letters())
        assert store.search(PLACE, query="xax")[0].key == "aaa"
    with GrymStore(tmp_path, Letters()) as store:
        assert store.search(PLACE, query="xax")[0].key == "aaa"
