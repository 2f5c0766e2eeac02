"""The steps of a turn in words."""

from agents.remembering.history import integrated, new_reports, planned, revised, worked
from memory.context import (
    Ask,
    Conflict,
    Failure,
    Finding,
    Plan,
    ProjectContext,
    ProjectSetting,
    Report,
    SliceReport,
    Subject,
    Task,
)

CONTEXT = ProjectContext(project="p", thread="main", turn=3, request="r")
TASK = Task(id="t-1", agent="coder", objective="Master it")
FOUND = Finding.make(
    Subject(kind="asset", id="ab"), "key", "F minor", unit="", evidence="measured",
    source="gama/key@1", method="", confidence=1,
)  # fmt: skip


def test_a_decision_names_its_tasks_questions_and_settings() -> None:
    plan = Plan(
        asks=(Ask(question="Which?", missing="audio"),),
        settings=(ProjectSetting(field="goal", value="x"),),
        recalls=("key",),
    )
    step = planned(CONTEXT, plan, [TASK], 0.5)
    assert step.what == "1 task (coder: Master it), asks for audio, remembers goal, recalls key"
    assert (step.round, step.seconds, step.outcome) == (0, 0.5, "planned")


def test_a_task_that_goes_back_and_one_that_is_given_up_are_decisions() -> None:
    missed = TASK.model_copy(update={"status": "not_met"})
    other = Task(id="t-2", agent="gama", objective="Listen")
    skipped = other.model_copy(update={"status": "skipped", "why": "no round left"})
    (step,) = revised(CONTEXT, [missed, other], [TASK, skipped], 1)
    assert "coder tries again: Master it" in step.what
    assert "gama does not do it: Listen (no round left)" in step.what
    assert revised(CONTEXT, [TASK], [TASK], 1) == ()


def test_work_tells_its_evidence_its_cost_and_its_failure() -> None:
    report = Report(
        task="t-1", agent="coder", findings=(FOUND,), seconds=1.5, saw=("f-1",), tokens_out=7,
        slice=SliceReport(agent="coder", tokens=40, kept=2, dropped=1),
        failure=Failure(kind="not_met", why="too loud"),
    )  # fmt: skip
    (step,) = worked(CONTEXT, [TASK.model_copy(update={"status": "not_met"})], [report], 2)
    assert step.what == "Master it: 1 measured, too loud"
    assert (step.tokens_in, step.tokens_out, step.seconds) == (40, 7, 1.5)
    assert (step.saw, step.outcome, step.round) == (("f-1",), "not_met", 2)


def test_rounds_and_turns_have_steps_of_their_own() -> None:
    report = Report(task="t-1", agent="coder")
    ids = {
        step.id
        for turn in (3, 4)
        for round_ in (1, 2)
        for step in worked(CONTEXT.model_copy(update={"turn": turn}), [TASK], [report], round_)
    }
    assert len(ids) == 4


def test_integration_counts_what_is_open_and_only_new_reports_count() -> None:
    conflict = Conflict(aspect="key", findings=("a",), kept=None, rule="", why="", status="open")
    failed = TASK.model_copy(update={"status": "failed"})
    step = integrated(CONTEXT, [failed], [FOUND], [conflict], 1)
    assert step.what == "1 finding of this turn; 1 conflict, 1 open; coder failed"
    assert new_reports([failed], [Report(task="t-1", agent="coder")]) == ()
