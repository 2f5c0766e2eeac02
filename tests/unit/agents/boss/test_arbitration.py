import json

from pydantic import JsonValue

from agents.boss.arbitration import LOOK, BossArbiter
from agents.boss.boss import Boss
from agents.turn.integration import Outcome, integrate_round
from agents.turn.rounds import with_rulings
from audio.assets import AssetRef
from memory.context import (
    AgentName,
    Evidence,
    Finding,
    ProjectContext,
    Report,
    Subject,
    Task,
)
from models.script import Line, Script
from models.scripted import ScriptedChat

MIX = AssetRef(
    id="3f9a" + "0" * 56 + "b2c3", kind="audio", name="mix.wav", suffix="wav", size_bytes=9,
    seconds=180.0, sample_rate_hz=48000, channels=2,
)  # fmt: skip


def _context(**changes: object) -> ProjectContext:
    context = ProjectContext(
        project="p", thread="main", turn=3, request="Which key?", assets=(MIX,), attached=(MIX.id,)
    )
    return context.model_copy(update=changes)


def _finding(value: str, evidence: Evidence, agent: AgentName) -> Finding:
    return Finding.make(
        Subject(kind="asset", id=MIX.id), "key", value, unit="", evidence=evidence,
        source=f"{agent}/model@1", method="", confidence=0.5,
    )  # fmt: skip


def _reports(first: Evidence, second: Evidence) -> tuple[Report, ...]:
    return (
        Report(task="t-1", agent="gama", findings=(_finding("D minor", first, "gama"),)),
        Report(task="t-2", agent="qwen_vl", findings=(_finding("F# major", second, "qwen_vl"),)),
    )


def _round(
    said: JsonValue,
    first: Evidence = "heard",
    second: Evidence = "heard",
    context: ProjectContext | None = None,
    tasks: tuple[Task, ...] = (),
    looks: bool = True,
) -> tuple[Outcome, Boss]:
    context = context or _context()
    boss = Boss(ScriptedChat("scripted:boss", Script([Line(answer=json.dumps(said), times=0)])))
    arbiter = BossArbiter(boss, context)
    outcome = integrate_round(context, None, tasks, _reports(first, second), (), boss=arbiter)
    return with_rulings(outcome, arbiter, looks), boss


RULED: JsonValue = {"keep": 1, "why": "The other one shows another song.", "look": "none"}


def test_hearsay_is_settled_by_the_boss_with_its_reason() -> None:
    outcome, _ = _round(RULED)
    (conflict,) = outcome.conflicts
    kept = next(one for one in outcome.findings if one.id == conflict.kept)

    assert conflict.status == "settled"
    assert conflict.rule == "boss: decided in turn 3 of thread main"
    assert "another song" in conflict.why
    assert kept.id == conflict.findings[0]


def test_between_measurements_it_only_explains() -> None:
    outcome, boss = _round(RULED, "measured", "measured")
    (conflict,) = outcome.conflicts

    assert conflict.status == "open"
    assert conflict.kept is None
    assert "another song" in conflict.why
    assert len(boss.thoughts) == 1


def test_a_measurement_against_hearsay_is_no_matter_for_the_boss() -> None:
    outcome, boss = _round(RULED, "heard", "measured")
    (conflict,) = outcome.conflicts
    kept = next(one for one in outcome.findings if one.id == conflict.kept)

    assert kept.evidence == "measured"
    assert boss.thoughts == []


def test_numbers_that_no_side_has_are_not_in_the_explanation() -> None:
    said: JsonValue = {"keep": 0, "why": "It was tuned to 432 Hz. One is the relative key."}
    outcome, _ = _round(said)

    assert "432" not in outcome.conflicts[0].why
    assert "relative key" in outcome.conflicts[0].why


def test_one_more_look_is_a_task_and_only_one() -> None:
    said: JsonValue = {"keep": 0, "why": "It can't be told.", "look": "listen"}
    first, _ = _round(said)
    (look,) = first.tasks
    again, _ = _round(said, tasks=(look.model_copy(update={"status": "done"}),))

    assert (look.agent, look.inputs) == ("gama", (MIX.id,))
    assert look.reason.startswith(LOOK)
    assert look.operations[0].parameters == {"aspects": ["key"], "again": True}
    assert len(again.tasks) == 1


def test_without_a_round_left_no_look_is_ordered() -> None:
    said: JsonValue = {"keep": 0, "why": "It can't be told.", "look": "draw"}
    outcome, _ = _round(said, looks=False)

    assert outcome.tasks == ()


def test_what_stayed_open_is_not_asked_again_and_keeps_its_explanation() -> None:
    said: JsonValue = {"keep": 0, "why": "It can't be told from this.", "look": "none"}
    first, _ = _round(said)
    later, boss = _round(RULED, context=_context(conflicts=first.conflicts, turn=4))

    assert boss.thoughts == []
    assert "can't be told from this" in later.conflicts[0].why
    assert later.conflicts[0].status == "open"


def test_a_boss_that_says_nothing_leaves_it_open() -> None:
    outcome, boss = _round("no idea")

    assert outcome.conflicts[0].status == "open"
    assert boss.degraded[0].role == "supervisor"
