"""The times that a text names, told by which of some days they hold."""

import sqlite3
from contextlib import closing
from datetime import date

import pytest

from memory.search.named_times import named_times

TODAY = date(2026, 11, 23)  # a Monday
DAYS = (
    "2023-05-08", "2023-05-25", "2023-07-15", "2024-07-01", "2025-03-09", "2025-11-30",
    "2026-03-01", "2026-10-31", "2026-11-16", "2026-11-20", "2026-11-22", "2026-11-23",
)  # fmt: skip


def held(text: str) -> list[str]:
    """Which of the days a text names."""
    condition = named_times(text, TODAY).condition()
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE entries (value TEXT, created_at TEXT)")
        connection.executemany(
            "INSERT INTO entries VALUES ('{}', ?)", [(f"{day}T13:56:00+00:00",) for day in DAYS]
        )
        rows = connection.execute(
            f"SELECT created_at FROM entries e WHERE {condition.sql}", condition.values
        ).fetchall()
    return [row[0][:10] for row in rows]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("what was said on 8 May, 2023?", ["2023-05-08"]),
        ("on May 8th 2023", ["2023-05-08"]),
        ("on the 25th of May", ["2023-05-25"]),
        ("the take of 2023-05-25", ["2023-05-25"]),
        ("since 2023-05", ["2023-05-08", "2023-05-25"]),
        ("in May 2023", ["2023-05-08", "2023-05-25"]),
        ("what happened in july", ["2023-07-15", "2024-07-01"]),
        ("the plans for 2023", ["2023-05-08", "2023-05-25", "2023-07-15"]),
        ("between 8 May and 15 July 2023", ["2023-05-08", "2023-07-15"]),
        ("what did we change last March", ["2026-03-01"]),
        ("last November", ["2025-11-30"]),
        ("yesterday", ["2026-11-22"]),
        ("what did I ask today?", ["2026-11-23"]),
        ("three days ago", ["2026-11-20"]),
        ("last week", ["2026-11-16", "2026-11-20", "2026-11-22"]),
        ("last month", ["2026-10-31"]),
        ("last year", ["2025-03-09", "2025-11-30"]),
        ("2 years ago", ["2024-07-01"]),
    ],
)
def test_a_named_time_holds_its_days(text: str, days: list[str]) -> None:
    assert held(text) == days


@pytest.mark.parametrize(
    "text",
    ["may I hear the march again?", "a dip at 2000 Hz", "120 bpm", "the last chorus", "turnaround"],
)
def test_words_that_only_look_like_times_name_none(text: str) -> None:
    assert not named_times(text, TODAY)


def test_turns_are_named_by_their_numbers() -> None:
    assert named_times("what did we believe at turn 12, and in turn #3?", TODAY).turns == (12, 3)
