"""An older memory's file is brought up to date, and the user is told."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from memory.databases import TRUTH_FILE
from memory.storage.entries import Entry
from memory.store import GrymStore

PLACE = ("project", "song", "notes")


def age(folder: Path) -> None:
    with closing(sqlite3.connect(folder / TRUTH_FILE)) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("DROP TABLE names")


def test_who_opens_an_older_memory_is_told_once_that_it_is_prepared(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with GrymStore(tmp_path) as store:
        store.write([Entry(PLACE, "one", {"word": {"name": "mix.wav"}}, "a mix")])
    age(tmp_path)

    with GrymStore(tmp_path) as store:
        assert store.names(PLACE) == {"one": "mix.wav"}
    told = [one.getMessage() for one in caplog.records]
    assert len(told) == 1 and "older version" in told[0]
    with GrymStore(tmp_path):
        assert len(caplog.records) == 1


def test_a_new_memory_tells_of_no_older_version(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with GrymStore(tmp_path):
        assert not caplog.records
