"""What a memory holds after its process was killed at any moment."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from memory.entries import EntryStore
from memory.store import GrymStore
from tests.integration.memory.letters import Letters
from tests.integration.memory.writer import PLACE


def children_of(pid: int) -> list[int]:
    """Processes that a process started."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for path in lists for child in path.read_text().split()]


def write_until_killed(home: Path, first: int, seconds: float, *, index_too: bool) -> int:
    """Run a writer, kill it some time after its first word, and return what it said last."""
    command = [sys.executable, "-m", "tests.integration.memory.writer", str(home), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as writer:
        assert writer.stdout is not None
        said = [writer.stdout.readline()]
        time.sleep(seconds)
        doomed = [writer.pid, *(children_of(writer.pid) if index_too else [])]
        for pid in doomed:
            os.kill(pid, signal.SIGKILL)
        said += writer.stdout.read().splitlines()
    return int([line for line in said if line.strip()][-1])


def check_whole(store: EntryStore, last: int) -> None:
    """Everything that was said to be written is there once and can be found."""
    numbers = [int(entry.key) for entry in store.entries(PLACE)]
    assert numbers == sorted(set(numbers))
    assert set(range(last + 1)) <= set(numbers) <= set(range(last + 2))
    for number in (0, last // 2, last):
        found = store.find(("project", "demo"), f"note {number}", 5)
        assert str(number) in [hit.entry.key for hit in found]


def campaign(home: Path, rounds: int, seed: int) -> None:
    """Kill writers, every other one with its index, and check the memory after each."""
    rolled, last = random.Random(seed), -1
    for number in range(rounds):
        last = write_until_killed(home, last + 1, rolled.uniform(0, 2.5), index_too=number % 2 == 1)
        if number % 5 == 4 or number == rounds - 1:
            with GrymStore(home, Letters()) as store:
                assert store.flush() == 0
                assert store.degraded is None
                check_whole(store, last)
                assert near(store) == "a"
    connection = sqlite3.connect(home / "memory.sqlite")
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("SELECT count(*) FROM outbox").fetchone() == (0,)
    connection.close()


def near(store: GrymStore) -> str:
    """The letter of the entry that is closest in meaning to a text that shares no word with it."""
    return store.find(PLACE, "xxaxx", 1)[0].entry.text[-1]


def test_what_was_acknowledged_survives_kills_at_any_moment(tmp_path: Path) -> None:
    campaign(tmp_path, rounds=4, seed=1)


@pytest.mark.long
def test_what_was_acknowledged_survives_a_hundred_kills(tmp_path: Path) -> None:
    campaign(tmp_path, rounds=100, seed=2)
