from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import JsonValue

from evals.sets.baselines import baseline_of, fallen
from evals.sets.chairs import Chairs
from evals.sets.facts import Fact, untraceable
from evals.sets.items import DATASETS, EvalSet, Item, Json, Target
from evals.sets.registry import SETS
from evals.sets.running import SetResult, run
from grym_synth.errors import BadInput
from grym_synth.settings import Settings

TEXTS = ["routing", "planning", "distilling", "conflicts", "grounding"]


def chairs() -> Chairs:
    return Chairs(Settings(models="instruments"), {})


def spoilt(eval_set: EvalSet, outputs: dict[str, JsonValue]) -> EvalSet:
    """The set, done by somebody who always gives the same."""

    @contextmanager
    def opened(_: Chairs, items: Sequence[Item], path: Path | None) -> Iterator[Target]:
        def target(inputs: Json) -> dict[str, JsonValue]:
            return outputs

        yield target

    return replace(eval_set, opened=opened)


@pytest.fixture(scope="module")
def results() -> dict[str, SetResult]:
    return {name: run(SETS[name], chairs()) for name in TEXTS}


@pytest.mark.parametrize("name", TEXTS)
def test_a_set_has_forty_items_or_more_and_none_twice(name: str) -> None:
    items = SETS[name].read(None)
    assert len(items) >= 40
    assert len({str(one.inputs) for one in items}) == len(items)


def test_the_unseen_plans_are_none_of_those_that_were_mended_by() -> None:
    unseen = SETS["planning"].read(DATASETS / "planning_unseen.jsonl")
    seen = {str(one.inputs["request"]) for one in SETS["planning"].read(None)}
    assert len(unseen) > 20
    assert not seen & {str(one.inputs["request"]) for one in unseen}


@pytest.mark.parametrize("name", TEXTS)
def test_every_item_is_scored_and_held_against_a_baseline(
    results: dict[str, SetResult], name: str
) -> None:
    result = results[name]

    assert result.figures[result.headline].n == result.items
    assert result.faults == 0
    assert baseline_of(result) is not None


@pytest.mark.parametrize(
    ("name", "outputs"),
    [
        ("routing", {"agents": ["gama", "qwen_vl", "coder"], "asks": True}),
        ("planning", {"plan": {}}),
        ("conflicts", {"conflicts": [{"sides": [1, 2], "keeps": 1}]}),
        ("grounding", {"passed": None, "answer": "It is at -4321.7 LUFS."}),
    ],
)
def test_who_does_it_wrong_scores_less(
    results: dict[str, SetResult], name: str, outputs: dict[str, JsonValue]
) -> None:
    wrong = run(spoilt(SETS[name], outputs), chairs())

    assert wrong.figures[wrong.headline].score < results[name].figures[wrong.headline].score
    assert fallen(wrong, baseline_of(wrong))


def test_who_distils_numbers_of_his_own_and_loses_facts_scores_nothing() -> None:
    outputs: dict[str, JsonValue] = {"texts": ["It is at -4321.7 LUFS."], "aspects": []}
    wrong = run(spoilt(SETS["distilling"], outputs), chairs())

    assert {wrong.figures[name].score for name in ("judged", "traceable", "kept")} == {0.0}


def test_an_item_that_can_t_be_done_counts_as_missed_and_tells_why() -> None:
    @contextmanager
    def opened(_: Chairs, items: Sequence[Item], path: Path | None) -> Iterator[Target]:
        def target(inputs: Json) -> dict[str, JsonValue]:
            raise BadInput("planning", "the server is gone", "Start it")

        yield target

    result = run(replace(SETS["routing"], opened=opened), chairs(), most=7)

    assert result.items == result.faults == 7
    assert result.figures["both"].score == 0
    assert "the server is gone" in result.misses[0].why


def test_a_crash_of_ours_is_no_score() -> None:
    @contextmanager
    def opened(_: Chairs, items: Sequence[Item], path: Path | None) -> Iterator[Target]:
        def target(inputs: Json) -> dict[str, JsonValue]:
            raise ZeroDivisionError

        yield target

    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        run(replace(SETS["routing"], opened=opened), chairs(), most=1)


def test_a_data_set_of_another_form_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text('{"request": "how loud?"}\n{"question": "how loud?"}\n', encoding="utf-8")

    with pytest.raises(BadInput, match=r"line 2 .*request"):
        SETS["planning"].read(path)


@pytest.mark.parametrize(
    ("text", "invented"),
    [
        ("It is at -14.1 LUFS.", []),
        ("It is at -14 LUFS from 1:02 on.", []),
        ("It is at −14,1 LUFS.", []),
        ("It is at -14.7 LUFS.", ["-14.7"]),
        ("It is 5 LU louder.", ["5"]),
        ("Take 2 is at 14.06.", []),
    ],
)
def test_numbers_are_traced_to_facts(text: str, invented: list[str]) -> None:
    fact = Fact(
        aspect="loudness.integrated_lufs", value=-14.06, unit="LUFS", start=62, end=90,
        file="take 2.wav",
    )  # fmt: skip
    assert untraceable(text, [fact]) == invented
