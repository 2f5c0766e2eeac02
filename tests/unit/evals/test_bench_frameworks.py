import json
import sys
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

from evals.bench.frameworks.__main__ import figures_of, race
from evals.bench.frameworks.bare import open_contestant
from evals.bench.frameworks.job import Turn
from evals.bench.frameworks.messages import Sent, text_of
from evals.bench.frameworks.summary import more_tokens_from, ratios, summary


def turn(tokens: int = 100, cpu_ms: float = 50.0, instruments_ms: float = 0.0) -> Turn:
    return Turn(
        calls=5,
        supersteps=7,
        cpu_ms=cpu_ms,
        wall_ms=cpu_ms,
        instruments_ms=instruments_ms,
        embedding_ms=0.0,
        afterwards_ms=0.0,
        tokens=tokens,
        checkpoint_ms=2.0,
        written_bytes=1000,
        held_bytes=4000,
    )


def test_bare_langgraph_has_our_supersteps_and_calls_and_its_messages_grow(tmp_path: Path) -> None:
    with open_contestant(tmp_path) as thread:
        first, second = thread.turn(1), thread.turn(2)

    assert [(one.supersteps, one.calls) for one in (first, second)] == [(7, 5), (7, 5)]
    assert second.tokens > 2 * first.tokens
    assert second.held_bytes > first.held_bytes > 0
    assert first.written_bytes > 0
    assert 0 < first.checkpoint_ms <= first.cpu_ms


def test_warm_up_is_left_out_and_tokens_are_those_of_the_turn_itself() -> None:
    turns = [turn(tokens=10 * at, cpu_ms=1000 if at <= 3 else 60, instruments_ms=20)
             for at in range(1, 31)]  # fmt: skip
    figures = summary(turns)

    assert figures["overhead_cpu_ms"] == 60
    assert figures["of_it_all_else_ms"] == 40
    assert figures["tokens_sent_turn_1"] == 10
    assert figures["tokens_sent_turn_20"] == 200
    assert figures["tokens_sent_turn_30"] == 300
    assert len([name for name in figures if name.startswith("tokens_sent")]) == 3


def test_ratios_are_to_one_contestant_and_leave_out_what_it_has_not() -> None:
    figures = {"ours": {"ms": 40.0, "none": 0.0}, "theirs": {"ms": 30.0, "none": 5.0}}

    assert ratios(figures, "ours") == {"theirs": {"ms": 0.75}}


@pytest.mark.parametrize(
    ("theirs", "first"),
    [([50, 90, 110, 130], 3), ([50, 60, 70, 80], None), ([200] * 4, 1), ([200, 50, 200, 200], 3)],
)
def test_it_is_told_from_which_turn_on_more_tokens_are_sent(
    theirs: list[int], first: int | None
) -> None:
    assert more_tokens_from([turn(100)] * 4, [turn(one) for one in theirs]) == first


def test_tokens_of_tool_calls_and_tool_descriptions_count() -> None:
    call = AIMessage("", tool_calls=[{"name": "task", "args": {"what": "listen"}, "id": "1"}])
    plain, told = Sent(), Sent()
    plain.calls = [([HumanMessage("hello")], "")]
    told.calls = [([HumanMessage("hello"), call, ToolMessage("done", tool_call_id="1")], "[{}]")]

    assert json.loads(text_of(call)) == [{"name": "task", "arguments": {"what": "listen"}}]
    assert told.tokens() > plain.tokens() > 8


def test_contestants_run_in_processes_of_their_own_and_go_on_where_they_were(
    tmp_path: Path,
) -> None:
    pythons = {"langgraph": Path(sys.executable)}
    none, first, both = (race(pythons, turns, tmp_path, seconds)
                         for turns, seconds in ((2, 0.0), (1, 60.0), (2, 60.0)))  # fmt: skip

    assert none == {"langgraph": []}
    assert both["langgraph"][0] == first["langgraph"][0]
    assert [one.calls for one in both["langgraph"]] == [5, 5]
    assert both["langgraph"][1].tokens > 2 * both["langgraph"][0].tokens
    assert figures_of({"grym": [turn()] * 4, "bare": [turn(200)] * 4}, {"grym": "1", "bare": "2"})[
        "sends_more_tokens_than_grym_from_turn"
    ] == {"bare": 1}
