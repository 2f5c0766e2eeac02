"""The boss tells after its answer what is known at the project's places; numbers are checked."""

from pathlib import Path

from pydantic import JsonValue

from memory.context import Place
from tests.integration.boss.scripts import says, studio_with, write_script

ANSWER: JsonValue = {"sentences": [{"text": "All of it was measured.", "findings": ["f1"]}]}
SUMMARISE = "You keep the team's notes"


def test_a_summary_is_told_in_the_models_words_where_they_hold(tmp_path: Path) -> None:
    sentence: JsonValue = {"text": "A clip in a minor mood was measured whole.", "findings": ["e1"]}
    script = write_script(
        tmp_path / "boss.jsonl",
        says("plan", {}),
        says("distil", {}),
        _tells(sentence),
        says("answer", ANSWER),
    )
    with studio_with(tmp_path / "home", script) as (studio, clip):
        studio.ask("measure everything", [clip])
        summary = studio.deps.repository.summary("default", Place())
        steps = studio.deps.repository.interactions("default")

    assert summary is not None
    assert summary.text == "A clip in a minor mood was measured whole."
    assert summary.source == f"supervisor/{script}"
    (step,) = (one for one in steps if one.outcome == "evolved" and one.thoughts)
    assert step.thoughts[0].duty == "summarise"
    assert step.tokens_in > 0


def test_a_number_that_no_entry_holds_never_gets_into_a_summary(tmp_path: Path) -> None:
    wrong: JsonValue = {"text": "It runs at 173.4 BPM.", "findings": ["e1"]}
    script = write_script(
        tmp_path / "boss.jsonl",
        says("plan", {}),
        says("distil", {}),
        _tells(wrong),
        says("answer", ANSWER),
    )
    with studio_with(tmp_path / "home", script) as (studio, clip):
        studio.ask("measure everything", [clip])
        summary = studio.deps.repository.summary("default", Place())

    assert summary is not None
    assert "173" not in summary.text
    assert summary.source == "summary/extractive@1"


def test_talk_that_changes_nothing_asks_the_model_for_no_summary(tmp_path: Path) -> None:
    script = write_script(tmp_path / "boss.jsonl", says("plan", {}), says("distil", {}), _tells())
    with studio_with(tmp_path / "home", script) as (studio, _):
        studio.ask("the style is dark techno")
        steps = studio.deps.repository.interactions("default")

    assert not any(one.duty == "summarise" for step in steps for one in step.thoughts)


def _tells(*sentences: JsonValue) -> dict[str, JsonValue]:
    return {"when": {"match": SUMMARISE}, "answer": {"sentences": [*sentences]}}
