from itertools import pairwise

import pytest
from pydantic import JsonValue

from agents.hearing.windows import windows

SECTIONS: JsonValue = [[0.0, 20.0, "A"], [20.0, 40.0, "B"], [40.0, 60.0, "A"], [60.0, 80.0, "C"]]
BARS: JsonValue = [2.0 * bar for bar in range(40)]


def test_each_kind_of_section_is_heard_before_one_that_returns() -> None:
    heard = windows({"structure.sections": SECTIONS, "downbeats": BARS}, 80, 10.24, 3)

    assert [(one.start, one.section) for one in heard] == [(0.0, "A"), (20.0, "B"), (60.0, "C")]


def test_windows_begin_at_boundaries_and_end_at_bars() -> None:
    heard = windows({"structure.sections": SECTIONS, "downbeats": BARS}, 80, 10.24, 8)

    assert [one.start for one in heard] == [0, 10, 20, 30, 40, 50, 60, 70]
    assert all(one.end - one.start <= 10.24 for one in heard)
    assert heard[0].why == "section A begins"
    assert heard[1].why == "a bar begins"


def test_no_window_crosses_a_boundary() -> None:
    sections: JsonValue = [[0.0, 7.3, "A"], [7.3, 31.0, "B"]]

    heard = windows({"structure.sections": sections}, 31, 10.24, 8)

    assert [(one.start, one.end) for one in heard if one.section == "A"] == [(0.0, 7.3)]
    assert min(one.start for one in heard if one.section == "B") == 7.3


def test_without_sections_or_bars_windows_follow_each_other() -> None:
    heard = windows({}, 25, 10.0, 8)

    assert [(one.start, one.end) for one in heard] == [(0, 10), (10, 20), (20, 25)]


def test_a_long_piece_is_heard_at_places_over_all_of_it() -> None:
    heard = windows({"downbeats": BARS}, 600, 10.0, 6)

    assert len(heard) == 6
    assert heard[0].start == 0
    assert heard[-1].start > 450
    gaps = [later.start - one.start for one, later in pairwise(heard)]
    assert max(gaps) < 2 * min(gaps)


def test_one_that_hears_all_at_once_gets_whole_sections() -> None:
    assert len(windows({}, 200, 600.0, 8)) == 1
    whole = windows({"structure.sections": SECTIONS}, 80, 600.0, 8)
    assert [(one.start, one.end) for one in whole] == [(0, 20), (20, 40), (40, 60), (60, 80)]


def test_silence_at_the_ends_is_not_listened_to() -> None:
    known: dict[str, JsonValue] = {"silence.start_seconds": 3.0, "silence.end_seconds": 2.0}

    (heard,) = windows(known, 12, 10.24, 8)

    assert (heard.start, heard.end) == (3.0, 10.0)


@pytest.mark.parametrize("seconds", [0.3, 0.05])
def test_a_very_short_file_is_one_window(seconds: float) -> None:
    (heard,) = windows({"silence.start_seconds": 0.2}, seconds, 10.24, 8)

    assert (heard.start, heard.end) == (0.0, seconds)


@pytest.mark.parametrize("sections", [None, [], "A", [[1]], [[5.0, 5.2, "A"]], [["a", "b", "c"]]])
def test_sections_that_say_nothing_are_passed_over(sections: JsonValue) -> None:
    heard = windows({"structure.sections": sections, "downbeats": None}, 12, 6.0, 8)

    assert [(one.start, one.end) for one in heard] == [(0.0, 6.0), (6.0, 12.0)]
