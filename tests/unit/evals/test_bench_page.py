import json
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import JsonValue

from evals.bench.__main__ import NAMES
from evals.bench.page import PAGE, page, told_of
from evals.bench.record import PLANNED, figures_in, left_of
from evals.bench.results import Result, keep, made_now, read_results
from grym_synth.errors import BadInput


def result(figures: dict[str, JsonValue], benchmark: str = "startup") -> Result:
    return Result(
        benchmark=benchmark,
        command=f"python -m evals.bench.{benchmark} --times 3",
        date="2026-05-04",
        machine="a processor, 2 cores",
        figures=figures,
    )


def test_the_committed_page_is_what_the_committed_results_give() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(read_results())


def test_every_kept_result_says_which_command_gives_it_again() -> None:
    for one in read_results():
        assert one.command.startswith(f"python -m evals.bench.{one.benchmark}")
        assert one.date
        assert one.machine
        assert one.figures


def test_a_section_has_title_command_date_machine_and_figures() -> None:
    made = page([result({"opening_ms": 12.345})])

    assert "## What starting costs" in made
    assert "`python -m evals.bench.startup --times 3`, 2026-05-04" in made
    assert "On a processor, 2 cores." in made
    assert "| opening ms | 12.3 |" in made


def test_what_is_measured_of_several_things_stands_side_by_side() -> None:
    made = page([result({"who": {"one": {"ms": 1.5, "bytes": 12_000}, "other": {"ms": 0.0031}}})])

    assert "| who | one | other |" in made
    assert "| ms | 1.5 | 0.003 |" in made
    assert "| bytes | 12 000 | – |" in made


def test_what_a_benchmark_says_of_itself_is_read_without_running_it() -> None:
    title, text = told_of("frameworks")

    assert title == "A turn of ours against bare LangGraph, langgraph-supervisor and deepagents"
    assert "``" not in text


def test_figures_are_read_from_json_and_from_lines_of_names_and_values() -> None:
    assert figures_in('{"a": {"b": 1}}') == {"a": {"b": 1}}
    assert figures_in("boss scripted\nown_ms_median 41.5\nlost 0\n") == {
        "boss": "scripted",
        "own_ms_median": 41.5,
        "lost": 0,
    }


def test_lines_of_json_are_one_result_with_runs_side_by_side() -> None:
    assert figures_in('{"files": 3}\n{"sounds": 2}\n') == {"files": 3, "sounds": 2}
    assert figures_in('{"a": 1}\n{"b": 5}\n{"a": 2}\n') == {
        "part_1": {"1": {"a": 1}, "2": {"a": 2}},
        "b": 5,
    }


def test_recording_all_goes_on_with_what_was_not_recorded_today(tmp_path: Path) -> None:
    first, second, *_ = PLANNED
    keep(made_now(first.name, first.command, {"a": 1}), tmp_path)
    keep(made_now(second.name, f"{second.command} --other", {"a": 1}), tmp_path)

    assert left_of(PLANNED, tmp_path) == [one for one in PLANNED if one != first]


def test_all_that_is_recorded_is_a_benchmark_and_a_short_one() -> None:
    assert {one.name for one in PLANNED} <= {*NAMES}
    assert max(one.minutes for one in PLANNED) < 9


@pytest.mark.parametrize("printed", ["", "nothing\n"])
def test_a_benchmark_that_prints_no_figures_is_refused(printed: str) -> None:
    with pytest.raises(BadInput, match="there are none"):
        figures_in(printed)


def test_a_result_of_another_form_is_told_by_its_name(tmp_path: Path) -> None:
    kept = keep(made_now("startup", "python -m evals.bench.startup", {"a": 1}), tmp_path)
    assert [one.figures for one in read_results(tmp_path)] == [{"a": 1}]

    kept.write_text(json.dumps({"figures": {}}), encoding="utf-8")
    with pytest.raises(BadInput, match=r"startup\.json"):
        read_results(tmp_path)


def test_the_page_can_be_checked_by_a_command() -> None:
    command = [sys.executable, "-m", "evals.bench.page", "--check"]

    assert subprocess.run(command, check=False).returncode == 0
