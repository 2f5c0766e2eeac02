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

from memory.store import GrymStore
from tests.integration.memory.letters import Letters
from tests.integration.memory.writer import PLACE, note
from tests.processes import children_of, kill

KILLS = int(os.environ.get("GRYM_TEST_KILLS", "200"))
"""Kills of one long campaign."""


def write_until_killed(home: Path, first: int, held: int, seconds: float, whom: str) -> int:
    """Run a writer, kill it some time after its first word, and return what it said last.

    Args:
        home: whose memory it writes to.
        first: the first number that it writes.
        held: how many of the oldest entries it keeps wording anew.
        seconds: how long it lives after its first word.
        whom: ``writer``, ``index`` (the writer goes on a little), or ``both``.
    """
    command = [sys.executable, "-m", "tests.integration.memory.writer"]
    command += [str(home), str(first), str(held)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
    ) as writer:
        assert writer.stdout is not None
        said = [writer.stdout.readline()]
        time.sleep(seconds)
        for pid in children_of(writer.pid) if whom != "writer" else []:
            kill(pid)
        if whom == "index":
            time.sleep(seconds / 4)
        os.kill(writer.pid, signal.SIGKILL)
        said += writer.stdout.read().splitlines()
    return int([line for line in said if line.strip()][-1])


def check_whole(store: GrymStore, last: int) -> None:
    """Everything that was said to be written is there once and can be found."""
    numbers = [int(entry.key) for entry in store.entries(PLACE)]
    assert numbers == sorted(set(numbers))
    assert set(range(last + 1)) <= set(numbers) <= set(range(last + 2))
    for number in (0, last // 2, last):
        found = store.find(("project", "demo"), f"note {number}", 5)
        assert str(number) in [hit.entry.key for hit in found]


def campaign(home: Path, kills: int, held: int, seed: int) -> None:
    """Kill writers, their index or both, and check the memory after every few kills."""
    with GrymStore(home, Letters()) as store:
        store.write([note(number) for number in range(held)])
        assert store.flush() == 0
    rolled, last = random.Random(seed), held - 1
    for number in range(kills):
        whom = ("writer", "both", "index")[number % 3]
        last = write_until_killed(home, last + 1, held, rolled.uniform(0, 2.5), whom)
        if number % 5 == 4 or number == kills - 1:
            with GrymStore(home, Letters()) as store:
                check_whole(store, last)
                assert store.flush() == 0
                assert store.degraded is None
                assert near(store) == "a"
    connection = sqlite3.connect(home / "memory.sqlite")
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("SELECT count(*) FROM outbox").fetchone() == (0,)
    connection.close()


def near(store: GrymStore) -> str:
    """The letter of the entry that is closest in meaning to a text that shares no word with it."""
    return store.find(PLACE, "xxaxx", 1)[0].entry.text[-1]


def test_what_was_acknowledged_survives_kills_at_any_moment(tmp_path: Path) -> None:
    campaign(tmp_path, kills=3, held=300, seed=1)


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_what_was_acknowledged_survives_many_kills_of_a_large_memory(tmp_path: Path) -> None:
    campaign(tmp_path, kills=KILLS, held=6000, seed=2)
