from agents.turn.integration import integrate_round
from audio.assets import AssetRef
from memory.context import (
    Artifact,
    Claim,
    Criterion,
    Failure,
    Finding,
    Plan,
    ProjectContext,
    Report,
    Subject,
    Task,
)

MIX = AssetRef(id="a" * 64, kind="audio", name="mix.wav", suffix="wav", size_bytes=1)
MASTER = "b" * 64
CONTEXT = ProjectContext(
    project="p", thread="t", turn=3, request="…", assets=(MIX,), attached=(MIX.id,)
)
LOUD = Criterion(aspect="loudness.integrated_lufs", op="==", value=-14, tolerance=0.5, unit="LUFS")
BUILD = Task(id="build", agent="coder", objective="Master", inputs=(MIX.id,), criteria=(LOUD,))


def measured(aspect: str, value: float | str, asset: str = MASTER) -> Finding:
    return Finding.make(
        Subject(kind="asset", id=asset),
        aspect,
        value,
        unit="",
        evidence="measured",
        source="gama/loudness@1",
        method="",
        confidence=1,
    )


def report(*findings: Finding, failure: Failure | None = None) -> Report:
    made = Artifact(id=MASTER, name="m.wav", kind="audio", made_by="coder/recipes@1", task="build")
    return Report(
        task="build", agent="coder", findings=findings, artifacts=(made,), failure=failure
    )


def test_a_build_is_done_only_when_its_result_was_measured_right() -> None:
    good = report(measured("loudness.integrated_lufs", -14.1))
    (task,) = integrate_round(CONTEXT, Plan(), (BUILD,), (good,), ()).tasks
    assert task.status == "done"
    assert task.criteria[0].measured == -14.1
    missed = report(measured("loudness.integrated_lufs", -15.0))
    (task,) = integrate_round(CONTEXT, Plan(), (BUILD,), (missed,), ()).tasks
    assert task.status == "not_met"
    unmeasured = report()
    (task,) = integrate_round(CONTEXT, Plan(), (BUILD,), (unmeasured,), ()).tasks
    assert task.status == "not_met"
    assert task.criteria[0].met is not True


def test_what_was_taken_over_from_an_earlier_turn_stays_as_old_as_it_is() -> None:
    old = measured("key", "A minor").model_copy(
        update={"turn": 1, "at": "2026-01-01T00:00:00+00:00"}
    )
    new = measured("tempo.bpm", 120.0)
    found = integrate_round(CONTEXT, Plan(), (BUILD,), (report(old, new),), ()).findings
    assert [finding.turn for finding in found] == [1, CONTEXT.turn]


def test_a_failure_keeps_its_reason() -> None:
    failed = report(failure=Failure(kind="failed", why="the script stopped at line 3"))
    (task,) = integrate_round(CONTEXT, Plan(), (BUILD,), (failed,), ()).tasks
    assert (task.status, task.why) == ("failed", "the script stopped at line 3")


def test_what_follows_a_build_works_on_its_result() -> None:
    look = Task(id="look", agent="qwen_vl", objective="Draw", inputs=(MIX.id,), needs=("build",))
    good = report(measured("loudness.integrated_lufs", -14.0))
    tasks = integrate_round(CONTEXT, Plan(), (BUILD, look), (good,), ()).tasks
    assert tasks[1].inputs == (MASTER,)


def test_a_false_claim_loses_to_the_measurement_and_stays_on_record() -> None:
    plan = Plan(claims=(Claim(aspect="tempo.bpm", value=90, unit="BPM"),))
    listen = Report(task="l", agent="gama", findings=(measured("tempo.bpm", 120.0, MIX.id),))
    outcome = integrate_round(CONTEXT, plan, (), (listen,), ())
    (conflict,) = outcome.conflicts
    kept = next(finding for finding in outcome.findings if finding.id == conflict.kept)
    assert kept.value == 120.0
    assert {finding.evidence for finding in outcome.findings} == {"measured", "user"}


def test_running_a_round_again_changes_nothing() -> None:
    good = report(measured("loudness.integrated_lufs", -14.0))
    once = integrate_round(CONTEXT, Plan(), (BUILD,), (good,), ())
    again = integrate_round(CONTEXT, Plan(), once.tasks, (good,), once.findings)
    assert again == once


def test_a_settled_conflict_is_not_told_again_in_a_turn_that_does_not_touch_it() -> None:
    plan = Plan(claims=(Claim(aspect="tempo.bpm", value=90, unit="BPM"),))
    listen = Report(task="l", agent="gama", findings=(measured("tempo.bpm", 120.0, MIX.id),))
    first = integrate_round(CONTEXT, plan, (), (listen,), ())
    later = CONTEXT.model_copy(update={"findings": first.findings, "turn": 4})
    assert integrate_round(later, Plan(), (), (), ()).conflicts == ()
