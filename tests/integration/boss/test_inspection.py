import json
from pathlib import Path

from pydantic import JsonValue

from grym_synth.past import past_of, turn_json, turn_lines
from tests.integration.boss.scripts import says, studio_with, write_script

THINKING = "Zephyrine: clip.wav may be in A minor"
ANSWER: JsonValue = {"sentences": [{"text": "It is in A minor.", "findings": ["f1"]}]}


def _script(path: Path) -> str:
    return write_script(
        path,
        says("plan", {}, thinking=THINKING, times=0),
        says("distil", {}, times=0),
        says("answer", ANSWER, times=0),
    )


def test_thinking_is_shown_where_the_whole_history_is_asked_for(home: Path, tmp_path: Path) -> None:
    with studio_with(home, _script(tmp_path / "s.jsonl")) as (studio, clip):
        studio.ask("What key is it in?", (clip,))
        memory = studio.deps.repository
        (short,) = past_of(memory, "default", None, None, full=False)
        (full,) = past_of(memory, "default", None, None, full=True)

    assert "Zephyrine" not in "\n".join(turn_lines(short)) + json.dumps(turn_json(short))
    assert f"thought (plan): {THINKING}" in "\n".join(turn_lines(full))
    assert THINKING in json.dumps(turn_json(full))


def test_the_cost_of_a_turn_is_told_for_each_role(home: Path, tmp_path: Path) -> None:
    with studio_with(home, _script(tmp_path / "s.jsonl")) as (studio, clip):
        studio.ask("What key is it in?", (clip,))
        (past,) = past_of(studio.deps.repository, "default", "main", 1, full=False)
    (cost,) = [line for line in turn_lines(past) if line.startswith("- cost: ")]
    boss = [step for step in past.steps if "scripted" in step.who]

    read, written = sum(one.tokens_in for one in boss), sum(one.tokens_out for one in boss)
    assert {step.who.partition("/")[0] for step in boss} == {"supervisor", "respond"}
    assert f"supervisor {read} and {written}" in cost
    assert "; gama " in cost


def test_thinking_is_forgotten_with_what_it_was_about(home: Path, tmp_path: Path) -> None:
    with studio_with(home, _script(tmp_path / "s.jsonl")) as (studio, clip):
        studio.ask("What key is it in?", (clip,))
        studio.ask("Forget everything about clip.wav")
        state = str(studio.graph.values(studio.config("default", "main")))

    assert "Zephyrine" not in state
    files = [path for path in home.rglob("*") if path.is_file()]
    assert [path for path in files if b"Zephyrine" in path.read_bytes()] == []


def test_specialists_are_handed_no_thinking(home: Path, tmp_path: Path) -> None:
    with studio_with(home, _script(tmp_path / "s.jsonl")) as (studio, clip):
        config = studio.config("default", "main")
        studio.ask("What key is it in?", (clip,))
        studio.ask("Measure this mix and show me its spectrogram", (clip,))
        handed = [
            str(task.result)
            for state in studio.graph.compiled.get_state_history(config)
            for task in state.tasks
            if task.name in ("gama", "qwen_vl", "coder")
        ]
        saw = [
            studio.deps.repository.open("default", one)
            for step in studio.deps.repository.interactions("default")
            if step.who.startswith(("gama", "qwen_vl"))
            for one in step.saw
        ]

    assert "Zephyrine" not in "".join(handed)
    assert "Zephyrine" not in "".join(str(one) for one in saw)
