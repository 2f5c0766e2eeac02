from agents.turn.events import retries, task_end, task_start
from memory.context import Artifact, Criterion, Failure, Report, Task

TASK = Task(id="t", agent="coder", objective="Apply master to mix.wav")


def test_a_task_is_told_by_what_is_wanted_and_what_came_of_it() -> None:
    made = Artifact(id="a", name="mix-master.wav", kind="audio", made_by="coder/recipes@1")
    report = Report(task="t", agent="coder", artifacts=(made,), seconds=1.25)
    assert task_start(TASK).text == "Apply master to mix.wav"
    ended = task_end(TASK, report)
    assert ended.text == "made mix-master.wav (1.2 s)"
    assert ended.seconds == 1.25


def test_a_task_that_failed_says_why() -> None:
    failure = Failure(kind="failed", why="the file is silent")
    assert (
        "the file is silent"
        in task_end(TASK, Report(task="t", agent="coder", failure=failure)).text
    )


def test_a_retry_tells_the_number_that_was_missed() -> None:
    missed = Criterion(
        aspect="loudness.integrated_lufs",
        op="==",
        value=-14,
        unit="LUFS",
        measured=-16.5,
        met=False,
    )
    before = TASK.model_copy(update={"status": "not_met", "criteria": (missed,)})
    done = TASK.model_copy(update={"id": "d", "status": "done"})
    after = before.model_copy(update={"status": "planned"})
    (event,) = retries((before, done), (after, done))
    assert event.task == "t"
    assert "-16.5 LUFS" in event.text and "-14 LUFS" in event.text
    assert retries((before,), (before,)) == ()
