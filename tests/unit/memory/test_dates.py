"""Days in words."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.language.dates import read_day

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-01", "2026-12-01"),
        ("by 1.12.2026 at the latest", "2026-12-01"),
        ("1 December", "2026-12-01"),
        ("the 1st of December, 2027", "2027-12-01"),
        ("Dec 1st", "2026-12-01"),
        ("3 January", "2027-01-03"),
        ("15 de diciembre", "2026-12-15"),
        ("am 24. Dezember", "2026-12-24"),
        ("le 2 août", "2027-08-02"),
        ("Friday", "2026-11-27"),
        ("next Friday", "2026-12-04"),
        ("Monday", "2026-11-30"),
        ("tomorrow", "2026-11-24"),
        ("today, please", "2026-11-23"),
        ("in two weeks", "2026-12-07"),
        ("in a month", "2026-12-23"),
        ("in 10 days", "2026-12-03"),
        ("end of November", "2026-11-30"),
        ("end of the month", "2026-11-30"),
    ],
)
def test_a_named_day_is_found(text: str, day: str) -> None:
    assert read_day(text, MONDAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "text", ["", "soon", "31 February 2027", "2026-13-40", "march on 3 drums", "may 99", "the monk"]
)
def test_words_that_name_no_day_give_none(text: str) -> None:
    assert read_day(text, MONDAY) is None


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 364))
def test_a_day_and_month_is_the_next_one_of_that_name(today: date, ahead: int) -> None:
    wanted = today + timedelta(days=ahead)
    if (wanted.month, wanted.day) != (2, 29):
        assert read_day(f"{wanted.day} {wanted:%B}", today) == wanted
        assert read_day(f"{wanted:%b} {wanted.day}", today) == wanted


@given(st.text(max_size=60), st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_no_text_breaks_the_reading(text: str, today: date) -> None:
    read_day(text, today)
