import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_core.runnables import RunnableConfig

from agents.workflows.checks import held
from agents.workflows.reporting import artifact_of, report_of, write_report
from audio.assets import AssetRef
from graph.state import Context
from graph.workflows.line import Bench, Changes, Stage, Workflow, line
from graph.workflows.state import WorkflowState
from grym_synth.errors import BadInput
from grym_synth.settings import Settings
from grym_synth.studio import Studio, open_studio
from memory.checkpoints import TurnSaver, open_saver
from memory.context import Event, Report
from nodes.stopping import Stopped, stopped_by

THREAD: RunnableConfig = {"configurable": {"thread_id": "1"}}


class Counted(WorkflowState, total=False):
    left: AssetRef


class Bakery:
    """Two stages, the second of which can be made to break, and how often each was begun."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.broken = False

    def mix(self, state: Counted, bench: Bench) -> Changes:
        self.begun.append("mix")
        if state["task"].order is not None and "flour" not in state["task"].order.parameters:
            raise BadInput("mixing the dough", "there is no flour", "Buy some")
        bench.progress(0.5)
        return {"left": bench.scratch.add_bytes(b"dough", "text", "dough.txt")}

    def bake(self, state: Counted, bench: Bench) -> Changes:
        self.begun.append("bake")
        if self.broken:
            raise RuntimeError("the oven is cold")
        dough = bench.scratch.path(state["left"]).read_text()
        checks = [held("bread.is_baked", "The bread is baked", dough == "dough", "looked at it")]
        data, page = write_report("Bread", checks, {}, "Enjoy.", bench.deps.assets)
        task = state["task"]
        made = [artifact_of(one, "report", "bread", task) for one in (data, page)]
        return {"reports": (report_of(task, state["package"], checks, made),)}

    def workflow(self, saver: TurnSaver) -> Workflow:
        stages = [
            Stage("mix", "mixing the dough", self.mix),
            Stage("bake", "baking", self.bake, weight=3),
        ]
        compiled = line("build", Counted, stages)
        compiled.checkpointer = saver
        return compiled


@pytest.fixture
def studio(home: Path) -> Iterator[Studio]:
    with open_studio(settings=Settings(home=home, embedder="lexical")) as opened:
        yield opened


@pytest.fixture
def saver(tmp_path: Path) -> Iterator[TurnSaver]:
    with open_saver(tmp_path / "threads.sqlite") as opened:
        yield opened


def run(workflow: Workflow, studio: Studio, given: WorkflowState | None) -> tuple[Report, ...]:
    workflow.store = studio.deps.store
    values = workflow.invoke(given, THREAD, context=Context(), durability="sync")
    return tuple(values["reports"])


ORDER: WorkflowState = {"parameters": {"flour": "spelt"}}


def test_an_order_by_itself_ends_in_a_report_with_its_checks_and_files(
    studio: Studio, saver: TurnSaver
) -> None:
    (report,) = run(Bakery().workflow(saver), studio, ORDER)
    assert [(one.aspect, one.met) for one in report.criteria] == [("bread.is_baked", True)]
    assert {(one.folder, one.name) for one in report.artifacts} == {
        ("bread", "report.json"),
        ("bread", "report.md"),
    }
    page = studio.deps.assets.path(studio.deps.assets.ref(report.artifacts[1].id)).read_text()
    assert "| met | The bread is baked | it holds | yes | looked at it |" in page


def test_a_run_that_broke_goes_on_after_its_last_ended_stage(
    studio: Studio, saver: TurnSaver
) -> None:
    bakery = Bakery()
    workflow = bakery.workflow(saver)
    bakery.broken = True
    with pytest.raises(RuntimeError, match="cold"):
        run(workflow, studio, ORDER)
    bakery.broken = False
    (report,) = run(workflow, studio, None)
    assert bakery.begun == ["mix", "bake", "bake"]
    assert report.failure is None


def test_what_stages_leave_for_one_another_is_gone_after_the_report(
    studio: Studio, saver: TurnSaver
) -> None:
    run(Bakery().workflow(saver), studio, ORDER)
    assert not [*(studio.home / "scratch").rglob("*.txt")]


def test_what_the_user_can_cause_is_raised_as_it_is(studio: Studio, saver: TurnSaver) -> None:
    with pytest.raises(BadInput, match="no flour"):
        run(Bakery().workflow(saver), studio, {"parameters": {}})


def test_a_cancelled_run_stops_within_its_stage_and_can_be_resumed(
    studio: Studio, saver: TurnSaver
) -> None:
    bakery = Bakery()
    workflow, cancel = bakery.workflow(saver), threading.Event()
    cancel.set()
    with stopped_by(cancel), pytest.raises(Stopped):
        run(workflow, studio, ORDER)
    assert "bake" not in bakery.begun
    assert len(run(workflow, studio, None)) == 1


def test_people_who_wait_are_told_the_stage_and_the_time_left(
    studio: Studio, saver: TurnSaver
) -> None:
    workflow = Bakery().workflow(saver)
    workflow.store = studio.deps.store
    told = [
        Event.model_validate(one)
        for one in workflow.stream(ORDER, THREAD, context=Context(), stream_mode="custom")
    ]
    going = [one for one in told if one.kind == "progress"]
    assert [one.text.partition(" (")[0] for one in going] == [
        "mixing the dough", "mixing the dough", "baking"
    ]  # fmt: skip
    assert [one.share for one in going] == [0.0, 0.125, 0.25]
    assert going[-1].left is not None
    assert (told[0].kind, told[-1].kind) == ("task_start", "task_end")
