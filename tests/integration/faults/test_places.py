"""Places that others hold or that can not be written, and clocks that jump: nothing is lost."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from memory.storage.entries import Entry
from memory.store import GrymStore
from tests.integration.boss.scripts import tone
from tests.integration.faults.kept import check_databases
from tests.integration.faults.loaded import Loaded
from tests.integration.faults.test_full_disk import KIB, Disk, disk, settings
from tests.integration.memory.letters import Letters

__all__ = ["disk"]

PLACE = ("project", "demo", "findings")
HOLDER = """
import sqlite3, sys, time
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
time.sleep(120)
"""
ASKS = """
import contextlib, json, sys, time
real, nanoseconds, ahead = time.time, time.time_ns, 0.0
time.time = lambda: real() + ahead
time.time_ns = lambda: nanoseconds() + int(ahead * 1e9)
from grym_synth.cli import main
home, *steps = sys.argv[1:]
for step in steps:
    seconds, request = step.split(" ", 1)
    ahead = float(seconds)
    with contextlib.suppress(SystemExit):
        main(["ask", request, "--json", "--home", home])
"""
"""One process that asks at jumping times."""
YEAR = 365 * 86_400


@contextmanager
def held_by_another(database: Path) -> Iterator[None]:
    """Have another process lock a database for itself."""
    words = [sys.executable, "-c", HOLDER, str(database)]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == b"held\n"
            yield
        finally:
            holder.kill()


class Ended(NamedTuple):
    """A command that has ended."""

    code: int
    told: str
    errors: str


class Desk:
    """Commands on a home, started at once by a process that has loaded everything."""

    def __init__(self, loaded: Loaded, said: Path) -> None:
        self._loaded, self._said = loaded, said

    def grym(self, *words: str) -> Ended:
        code = self._loaded.start(words, self._said).wait()
        return Ended(code, self._said.read_text(), Path(f"{self._said}.err").read_text())

    def turns(self, home: Path) -> list[str]:
        """The requests on record."""
        told = self.grym("project", "history", "default", "--json", "--home", str(home)).told
        return [one["request"] for one in json.loads(told)]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    with Loaded(settings("lexical", tmp_path_factory.mktemp("temporary"))) as launcher:
        yield launcher


@pytest.fixture
def desk(loaded: Loaded, tmp_path: Path) -> Desk:
    return Desk(loaded, tmp_path / "said.json")


def test_an_index_that_another_process_locks_leaves_the_search_by_words(tmp_path: Path) -> None:
    with GrymStore(tmp_path, Letters()) as store:
        store.write([Entry(PLACE, one, {"text": one}, one) for one in ("aaa", "bbb")])
        assert store.flush() == 0
    (database,) = tmp_path.glob("index/*/chroma/chroma.sqlite3")
    began = time.monotonic()
    with held_by_another(database), GrymStore(tmp_path, Letters()) as store:
        store.write([Entry(PLACE, "warm pads", {"text": "warm pads"}, "warm pads")])
        found = store.search(("project",), query="pads")[0].key
        took = time.monotonic() - began
    with GrymStore(tmp_path, Letters()) as store:
        assert store.flush() == 0
        assert store.degraded is None
        healed = store.search(("project",), query="xax")[0].key

    assert (found, healed) == ("warm pads", "aaa")
    assert took < 60


def test_a_memory_that_another_process_locks_is_told_and_stays_whole(
    desk: Desk, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    assert desk.grym("ask", "Our tempo is 97 bpm", "--home", str(home)).code == 0
    with held_by_another(home / "memory.sqlite"):
        refused = desk.grym("ask", "Our tempo is 98 bpm", "--json", "--home", str(home))
    error = json.loads(refused.told)["error"]

    assert refused.code == 2
    assert "locked" in error["happened"] and "Close the program" in error["do"]
    check_databases(home)
    assert desk.turns(home) == ["Our tempo is 97 bpm"]


def test_a_home_that_can_only_be_read_is_told_and_stays_as_it_is(desk: Desk, disk: Disk) -> None:
    home = disk.place / "home"
    assert desk.grym("ask", "Our tempo is 97 bpm", "--home", str(home)).code == 0
    subprocess.run(["mount", "-o", "remount,ro", str(disk.place)], check=True)
    refused = desk.grym("ask", "Our tempo is 98 bpm", "--json", "--home", str(home))
    subprocess.run(["mount", "-o", "remount,rw", str(disk.place)], check=True)
    error = json.loads(refused.told)["error"]

    assert (refused.code, "Traceback" in refused.errors) == (2, False)
    assert "read-only" in error["happened"].lower() or "readonly" in error["happened"].lower()
    assert "rights" in error["do"] or "folder" in error["do"]
    check_databases(home)
    assert desk.turns(home) == ["Our tempo is 97 bpm"]


def test_a_temporary_folder_without_room_costs_a_sentence_and_leaves_nothing(
    disk: Disk, tmp_path: Path
) -> None:
    sound, home, out = tone(tmp_path / "take.wav"), tmp_path / "home", tmp_path / "out"
    words = ("--audio", str(sound), "--json", "--home", str(home), "--out", str(out))
    disk.leave(4 * KIB)
    with Loaded(settings("lexical", disk.place)) as launcher:
        desk = Desk(launcher, tmp_path / "said.json")
        told = desk.grym("ask", "Master it to -16 LUFS", *words)
        left = [one.name for one in disk.place.iterdir() if one.name != "ballast"]
        disk.make_room()
        again = desk.grym("ask", "Master it to -16 LUFS", *words)

    assert told.code in (0, 1, 2)
    assert "Traceback" not in told.errors
    assert json.loads(told.told)
    assert left == []
    assert again.code == 0
    check_databases(home)


def test_turns_keep_their_order_when_the_clock_jumps_ahead_and_are_refused_when_it_jumps_back(
    desk: Desk, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    steps = [
        "0 Our tempo is 97 bpm",
        f"{2 * YEAR} Our tempo is 98 bpm",
        f"{2 * YEAR + 5} Set the goal to a warm sound",
        "0 Our tempo is 99 bpm",
    ]
    environment = {**os.environ, "GRYM_MODELS": "instruments", "GRYM_EMBEDDER": "lexical"}
    ended = subprocess.run(
        [sys.executable, "-c", ASKS, str(home), *steps],
        env=environment, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    told = [json.loads(line) for line in ended.stdout.splitlines() if line.startswith("{")]

    assert [one.get("turn") for one in told] == [1, 2, 3, None]
    assert "clock" in told[3]["error"]["happened"] and told[3]["error"]["do"]
    check_databases(home)
    assert desk.turns(home) == [one.split(" ", 1)[1] for one in steps[:3]]
