from agents.supervisor import Supervisor
from agents.turn.scheduling import MAX_ATTEMPTS, plan_turn, ready, retry, skip_unreachable
from audio.assets import AssetRef
from memory.context import Criterion, ProjectContext, Task, TaskStatus

MISSED = Criterion(aspect="loudness.integrated_lufs", op="==", value=-14, measured=-15, met=False)


def task(name: str, status: TaskStatus = "planned", **more: object) -> Task:
    return Task.model_validate(
        {"id": name, "agent": "coder", "objective": name, "status": status, **more}
    )


def test_only_tasks_whose_needs_are_done_run_most_urgent_first() -> None:
    tasks = (
        task("late", priority=2),
        task("first", priority=1),
        task("blocked", needs=("late",)),
        task("over", "done"),
        task("freed", needs=("over",), priority=3),
    )
    assert [each.id for each in ready(tasks)] == ["first", "late", "freed"]


def test_a_missed_build_goes_back_until_its_attempts_are_used_up() -> None:
    assert retry((task("x", "not_met", criteria=(MISSED,), rounds=1),))[0].status == "planned"
    used_up = task("x", "not_met", criteria=(MISSED,), rounds=MAX_ATTEMPTS)
    assert retry((used_up,))[0].status == "not_met"


def test_a_result_that_is_the_best_that_can_be_reached_does_not_go_back() -> None:
    best = task("x", "not_met", criteria=(MISSED,), rounds=1, why="the limiter's cap is reached")
    assert retry((best,)) == (best,)


def test_listening_again_is_never_a_retry() -> None:
    heard = task("x", "not_met", criteria=(MISSED,), rounds=1, agent="gama")
    assert retry((heard,)) == (heard,)


def test_what_needs_a_failed_task_is_skipped_with_all_that_follows_it() -> None:
    tasks = (
        task("broken", "failed"),
        task("next", needs=("broken",)),
        task("last", needs=("next",)),
        task("free"),
    )
    left = {each.id: each.status for each in skip_unreachable(tasks, rounds_left=2)}
    assert left == {"broken": "failed", "next": "skipped", "last": "skipped", "free": "planned"}


def test_without_rounds_left_planned_tasks_are_skipped_with_the_reason() -> None:
    (left,) = skip_unreachable((task("x"),), rounds_left=0)
    assert left.status == "skipped"
    assert "rounds" in left.why


def test_tasks_that_need_each_other_never_run_and_never_loop() -> None:
    tasks = (task("a", needs=("b",)), task("b", needs=("a",)))
    assert ready(tasks) == ()


MIX = AssetRef(id="a" * 64, kind="audio", name="mix.wav", suffix="wav", size_bytes=1, seconds=9)


def context(request: str, waiting: str = "", attached: bool = False) -> ProjectContext:
    return ProjectContext(
        project="p",
        thread="t",
        turn=2,
        request=request,
        waiting=waiting,
        assets=(MIX,) if attached else (),
        attached=(MIX.id,) if attached else (),
    )


def test_a_request_without_its_file_waits_and_runs_nothing() -> None:
    plan = plan_turn(Supervisor(), context("Master this to -14 LUFS"), 8)
    assert plan.asks
    assert {each.status for each in plan.tasks} == {"waiting"}
    assert ready(plan.tasks) == ()


def test_the_file_alone_takes_up_the_request_that_waits() -> None:
    given = context("", waiting="Master this to -14 LUFS", attached=True)
    plan = plan_turn(Supervisor(), given, 8)
    assert [(each.agent, each.status) for each in plan.tasks] == [("coder", "planned")]


def test_a_message_without_the_file_leaves_what_waits() -> None:
    given = context("What does this picture show?", waiting="Master this to -14 LUFS")
    plan = plan_turn(Supervisor(), given, 8)
    assert [each.agent for each in plan.tasks] != ["coder"]


def test_what_waits_goes_on_with_the_newest_request() -> None:
    first = plan_turn(Supervisor(), context("Master this to -14 LUFS"), 8)
    second = plan_turn(Supervisor(), context("Show me its spectrogram", waiting=first.request), 8)
    assert second.request == "Show me its spectrogram"
    third = plan_turn(Supervisor(), context("", waiting=second.request, attached=True), 8)
    assert [each.agent for each in third.tasks] == ["qwen_vl"]


def test_a_turn_that_was_cut_off_is_taken_up_with_what_it_had_done() -> None:
    done = task("measured", "done", agent="gama")
    left = task("build", needs=("measured",))
    given = context("Hello").model_copy(update={"unfinished": (done, left)})
    plan = plan_turn(Supervisor(), given, 8)
    assert [each.id for each in ready(plan.tasks)] == ["build"]
    assert skip_unreachable(plan.tasks, rounds_left=3) == plan.tasks


def test_another_request_leaves_the_one_that_waits() -> None:
    given = context("Set the goal to a warm sound", waiting="Master this to -14 LUFS")
    plan = plan_turn(Supervisor(), given, 8)
    assert plan.tasks == ()
    assert plan.settings
