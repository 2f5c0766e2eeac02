"""The vector index: real Chroma in its child process, filled, broken, stale and rebuilt."""

import json
import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from grym_synth.errors import ModelFault
from memory.storage.entries import Address, Entry
from memory.store import GrymStore
from memory.vectors.index_worker import STATE_FILE
from tests.integration.memory.letters import Letters
from tests.processes import children_running

PLACE = ("project", "demo", "findings")


class Unplugged(Letters):
    """An embedder whose model is missing."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Fail as a missing model does."""
        raise ModelFault("embedding", "the model is not installed", "Install it")


class Slow(Letters):
    """An embedder that brings in few entries before a search has to go on."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Take long over many texts."""
        time.sleep(0.3 if len(texts) > 2 else 0)
        return super().embed(texts)


def fill(store: GrymStore, texts: Sequence[str]) -> None:
    """Write entries whose keys are their texts."""
    store.write([Entry(PLACE, text, {"text": text}, text) for text in texts])


def closest(store: GrymStore, text: str) -> str:
    """The key that a search puts first."""
    return store.search(("project",), query=text)[0].key


def nearest(store: GrymStore, text: str) -> str:
    """The same once the index runs and has taken in what waits."""
    store.flush()
    return closest(store, text)


def index_folder(home: Path) -> Path:
    """The one folder that holds the index now."""
    (folder,) = (home / "index").iterdir()
    return folder


@pytest.fixture(scope="module")
def first_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with three entries whose index was closed in order."""
    home = tmp_path_factory.mktemp("home")
    with GrymStore(home, Letters()) as store:
        fill(store, ["aaa", "bbb", "ccc"])
        assert store.flush() == 0
    return home


@pytest.fixture
def filled(first_home: Path, tmp_path: Path) -> Path:
    """A copy of that home."""
    return Path(shutil.copytree(first_home, tmp_path / "home"))


def test_opening_and_writing_start_no_index(tmp_path: Path) -> None:
    with GrymStore(tmp_path, Letters()) as store:
        fill(store, ["aaa"])
        store.get(PLACE, "aaa")
    assert not (tmp_path / "index").exists()


def test_the_index_of_a_filled_memory_can_be_started_before_the_first_search(
    filled: Path, tmp_path: Path
) -> None:
    with GrymStore(tmp_path / "empty", Letters()) as store:
        store.begin_searching()
    assert not (tmp_path / "empty" / "index").exists()
    with GrymStore(filled, Letters()) as store:
        store.begin_searching()
        until = time.monotonic() + 20
        while not children_running("memory.vectors.index_worker") and time.monotonic() < until:
            time.sleep(0.01)
        assert children_running("memory.vectors.index_worker")


def test_an_entry_is_found_by_meaning_at_once_and_after_reopening(filled: Path) -> None:
    with GrymStore(filled, Letters()) as store:
        assert closest(store, "xxbx") == "bbb"
        fill(store, ["ddd"])
        assert closest(store, "xxdx") == "ddd"
        assert store.degraded is None


def test_changed_and_deleted_entries_change_and_leave_the_index(filled: Path) -> None:
    with GrymStore(filled, Letters()) as store:
        store.write([Entry(PLACE, "aaa", {}, "eee")], [Address(PLACE, "bbb")])
        assert nearest(store, "xexx") == "aaa"
        assert {item.key for item in store.search(PLACE, query="xxbx")} == {"aaa", "ccc"}


def test_a_search_by_meaning_keeps_to_its_namespace_and_filter(filled: Path) -> None:
    with GrymStore(filled, Letters()) as store:
        store.put(("project", "other"), "far", {"text": "b"})
        store.put(PLACE, "near", {"text": "bb b", "current": False})
        found = store.search(("project", "demo"), query="xbx", filter={"text": {"$ne": "bb b"}})
        assert found[0].key == "bbb"
        assert {item.key for item in found} == {"aaa", "bbb", "ccc"}
        assert [item.key for item in store.search(("project", "other"), query="xbx")] == ["far"]


def test_a_missing_index_is_built_from_the_truth(filled: Path) -> None:
    shutil.rmtree(filled / "index")
    with GrymStore(filled, Letters()) as store:
        assert nearest(store, "xcx") == "ccc"
        assert store.degraded is None


def test_damaged_index_files_are_replaced(filled: Path) -> None:
    (index_folder(filled) / "chroma" / "chroma.sqlite3").write_bytes(b"garbage" * 1000)
    with GrymStore(filled, Letters()) as store:
        assert nearest(store, "xcx") == "ccc"
        assert store.degraded is None


@pytest.fixture(scope="module")
def large_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with so many entries that Chroma has written its vector files."""
    home = tmp_path_factory.mktemp("large")
    with GrymStore(home, Letters()) as store:
        fill(store, [f"note {number} " + "abcdefgh"[number % 8] * 3 for number in range(1200)])
        assert store.flush() == 0
    assert list(home.glob("index/*/chroma/*/data_level0.bin"))
    return home


@pytest.mark.parametrize(
    ("part", "damage"),
    [
        ("chroma.sqlite3", "cut in half"),
        ("*/data_level0.bin", "cut in half"),
        ("*/data_level0.bin", "garbage"),
        (STATE_FILE, "emptied"),
    ],
)
def test_an_index_with_any_damaged_file_still_finds_everything(
    large_home: Path, tmp_path: Path, part: str, damage: str
) -> None:
    home = Path(shutil.copytree(large_home, tmp_path / "home"))
    (path,) = index_folder(home).glob(part if part == STATE_FILE else f"chroma/{part}")
    content = path.read_bytes()
    damaged = {"emptied": b"", "cut in half": content[: len(content) // 2]}
    path.write_bytes(damaged.get(damage, b"garbage" * (len(content) // 7)))
    with GrymStore(home, Letters()) as store:
        closest(store, "xax")
        assert store.flush() == 0
        assert store.degraded is None
        found = store.search(PLACE, query="xax", limit=50)
        assert {item.key[-1] for item in found} == {"a"} and len(found) == 50


def test_an_index_whose_process_was_killed_is_not_trusted(filled: Path) -> None:
    folder = index_folder(filled)
    state = json.loads((folder / STATE_FILE).read_text())
    (folder / STATE_FILE).write_text(json.dumps({**state, "closed": False}))
    with GrymStore(filled, Letters()) as store:
        assert nearest(store, "xcx") == "ccc"
    assert index_folder(filled) != folder


def test_an_index_of_an_older_copy_of_the_memory_is_not_trusted(filled: Path) -> None:
    copy = filled / "copy"
    shutil.copytree(filled / "index", copy)
    with GrymStore(filled, Letters()) as store:
        store.write([Entry(PLACE, "aaa", {}, "ggg")])
        store.flush()
    shutil.rmtree(filled / "index")
    shutil.copytree(copy, filled / "index")
    with GrymStore(filled, Letters()) as store:
        assert nearest(store, "xgx") == "aaa"


def test_an_index_that_is_newer_than_a_restored_memory_is_not_trusted(filled: Path) -> None:
    shutil.copy(filled / "memory.sqlite", filled / "backup")
    with GrymStore(filled, Letters()) as store:
        store.write([Entry(PLACE, "aaa", {}, "ggg")])
        store.flush()
    shutil.copy(filled / "backup", filled / "memory.sqlite")
    with GrymStore(filled, Letters()) as store:
        assert nearest(store, "xax") == "aaa"


def test_another_embedder_fills_an_index_of_its_own(filled: Path) -> None:
    folder = index_folder(filled)
    with GrymStore(filled, Letters("other letters")) as store:
        assert nearest(store, "xcx") == "ccc"
    assert index_folder(filled) != folder
    with sqlite3.connect(filled / "memory.sqlite") as connection:
        marks = dict(connection.execute("SELECT name, value FROM marks"))
    connection.close()
    assert marks["embedder"] == "other letters"


def test_a_search_goes_on_when_the_index_process_dies(filled: Path) -> None:
    with GrymStore(filled, Letters()) as store:
        assert nearest(store, "xax") == "aaa"
        (worker,) = children_running("memory.vectors.index_worker")
        os.kill(worker, signal.SIGKILL)
        assert closest(store, "xbx") == "bbb"
        assert store.flush() == 0
        assert store.degraded is None


def test_without_its_model_the_search_runs_by_words_and_says_so(filled: Path) -> None:
    with GrymStore(filled, Unplugged("other letters")) as store:
        assert closest(store, "ccc") == "ccc"
        assert store.degraded is not None
        assert (store.degraded.used, store.degraded.wanted) == ("lexical", "other letters")
        assert "not installed" in store.degraded.why


def test_an_index_that_can_not_be_written_leaves_the_search_by_words(filled: Path) -> None:
    shutil.rmtree(filled / "index")
    (filled / "index").write_text("in the way")
    with GrymStore(filled, Letters()) as store:
        fill(store, ["warm pads"])
        assert closest(store, "pads") == "warm pads"
        assert store.degraded is not None


def test_forgetting_removes_the_index_files_and_search_works_on(filled: Path) -> None:
    with GrymStore(filled, Letters()) as store:
        store.write([], [Address(PLACE, "aaa")])
        store.scrub()
        store.flush()
        assert {item.key for item in store.search(PLACE, query="xax")} == {"bbb", "ccc"}
    assert b"aaa" not in (index_folder(filled) / "chroma" / "chroma.sqlite3").read_bytes()


def test_a_bounded_flush_leaves_the_rest_for_later(tmp_path: Path) -> None:
    with GrymStore(tmp_path, Letters()) as store:
        fill(store, [f"entry {number}" for number in range(40)])
        assert store.flush(0) == 40
        assert closest(store, "entry 39") == "entry 39"
        assert store.flush() == 0


def test_what_is_superseded_is_not_recalled_while_the_index_is_behind(tmp_path: Path) -> None:
    with GrymStore(tmp_path, Slow()) as store:
        fill(store, ["aaa", "aab"])
        store.flush()
        fill(store, [f"bbb {number}" for number in range(32)])
        store.write([Entry(PLACE, "aaa", {"current": False})])
        found = [hit.entry.key for hit in store.find(("project", "demo"), "xaaax", 40)]
        assert store.flush(0) > 0
    assert found[0] == "aab" and "aaa" not in found


def test_namespaces_that_differ_only_deep_down_are_told_apart(filled: Path) -> None:
    deep = ("project", *"stuvwxy")
    with GrymStore(filled, Letters()) as store:
        store.put((*deep, "near"), "near", {"text": "bb"})
        store.put((*deep, "far"), "far", {"text": "bb b"})
        assert [item.key for item in store.search((*deep, "near"), query="xbx")] == ["near"]


def test_of_equally_close_entries_the_newest_comes_first(filled: Path) -> None:
    with GrymStore(filled, Letters()) as store:
        for key in ("q", "p", "r"):
            store.put(("project", "same"), key, {"text": "dd"})
        found = store.search(("project", "same"), query="xxdx")
    assert [item.key for item in found] == ["r", "p", "q"]


@pytest.mark.parametrize("damage", ["none", "deleted", "garbage", "truncated"])
def test_repair_mends_the_index_and_says_so(filled: Path, damage: str) -> None:
    stored = index_folder(filled) / "chroma" / "chroma.sqlite3"
    if damage == "deleted":
        shutil.rmtree(filled / "index")
    elif damage == "garbage":
        stored.write_bytes(b"garbage" * 1000)
    elif damage == "truncated":
        stored.write_bytes(stored.read_bytes()[:5000])
    with GrymStore(filled, Letters()) as store:
        assert store.repair() == [
            "3 entries checked, 0 faults mended",
            "built the word index anew",
            "built the vector index anew, 3 entries, 0 of them missing",
        ]
        assert closest(store, "xcx") == "ccc"


@pytest.mark.parametrize("damage", ["deleted", "garbage"])
def test_a_lost_log_costs_at_most_the_entries_that_it_held(tmp_path: Path, damage: str) -> None:
    with GrymStore(tmp_path / "home", Letters()) as store:
        fill(store, ["aaa", "bbb"])
    with GrymStore(tmp_path / "home", Letters()) as store:
        fill(store, ["ccc"])
        assert closest(store, "xcx") == "ccc"
        shutil.copytree(tmp_path / "home", tmp_path / "cut")
    log = tmp_path / "cut" / "memory.sqlite-wal"
    log.unlink() if damage == "deleted" else log.write_bytes(b"garbage" * 1000)
    with GrymStore(tmp_path / "cut", Letters()) as store:
        assert store.repair()[0] == "2 entries checked, 0 faults mended"
        assert closest(store, "xbx") == "bbb"
        assert store.degraded is None
