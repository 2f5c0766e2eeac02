"""The workflow ``build``: from a specification to a measured package."""

from langgraph.runtime import get_runtime

from agents.toolchain.authoring import Authoring
from agents.toolchain.faust.compiler import find_compiler
from agents.toolchain.faust.steps import add_faust
from agents.toolchain.finishing import finish
from agents.toolchain.order import BuildOrder, order_of
from agents.toolchain.outside import OutsideFamily, outside
from agents.toolchain.products import Designed, Tried, Written
from agents.toolchain.reading import free_specification, read_specification
from agents.toolchain.steps import measure, run_tests, write
from agents.workflows.ordering import parameters_of
from agents.workflows.shelving import put, take
from audio.assets import AssetRef
from graph.state import Context
from graph.workflows.line import Bench, Changes, Stage, line
from graph.workflows.state import WorkflowState
from memory.context import Task
from nodes.gates import CheckpointedGate


class BuildState(WorkflowState, total=False):
    """What the stages hand on: files in the scratch store, all of them JSON."""

    designed: AssetRef
    """Written by design: `Designed`."""
    written: AssetRef
    """Written by write: `Written`."""
    tested: AssetRef
    """Written by test: `Tried`."""
    measured: AssetRef
    """Written by measure: `Tried`."""
    faust: AssetRef
    """Written by faust: `Tried`."""


def _order(task: Task) -> BuildOrder:
    return order_of(parameters_of(task))


def _design(state: BuildState, bench: Bench) -> Changes:
    text = _order(state["task"]).spec
    try:
        specification = read_specification(text)
    except OutsideFamily:
        runner = bench.deps.coder.runner()
        if bench.deps.author(bench.terms) is None or runner is None or not runner.confines:
            raise
        specification = free_specification(text)
    designed = Designed(specification=specification)
    return {"designed": put(designed, "designed.json", bench.scratch)}


def _write(state: BuildState, bench: Bench) -> Changes:
    designed = _designed(state, bench)
    if designed.specification.kind == "free":
        designed, written = _authored(designed, state["task"], bench)
    else:
        written = write(designed, bench.deps.assets)
    return {
        "designed": put(designed, "designed.json", bench.scratch),
        "written": put(written, "written.json", bench.scratch),
    }


def _authored(designed: Designed, task: Task, bench: Bench) -> tuple[Designed, Written]:
    """Have the coding model write what is outside of the family.

    Raises:
        BadInput: there is no model any more, or nothing came that may run.
    """
    deps, runner, info = bench.deps, bench.deps.coder.runner(), get_runtime(Context).execution_info
    author = deps.author(bench.terms)
    if author is None or runner is None:
        raise outside(designed.specification.text)
    return Authoring(
        designed.specification, author,
        CheckpointedGate(can_wait=info is not None and bool(info.thread_id)),
        runner, deps.assets, bench.terms.tell, "run_code" in deps.policy(bench.terms).asks, task.id,
    ).write()  # fmt: skip


def _test(state: BuildState, bench: Bench) -> Changes:
    designed, written = _designed(state, bench), _written(state, bench)
    tried = run_tests(designed, written, bench.deps.coder.runner(), bench.deps.assets)
    return {"tested": put(tried, "tested.json", bench.scratch)}


def _measure(state: BuildState, bench: Bench) -> Changes:
    designed, written = _designed(state, bench), _written(state, bench)
    tried = measure(designed, written, bench.deps.coder.runner(), bench.deps.assets)
    return {"measured": put(tried, "measured.json", bench.scratch)}


def _faust(state: BuildState, bench: Bench) -> Changes:
    designed, written = _designed(state, bench), _written(state, bench)
    runner, assets = bench.deps.coder.runner(), bench.deps.assets
    tried = add_faust(designed, written, runner, assets, find_compiler())
    return {"faust": put(tried, "faust.json", bench.scratch)}


def _report(state: BuildState, bench: Bench) -> Changes:
    tried = [take(Tried, state[key], bench.scratch) for key in ("tested", "measured", "faust")]
    report = finish(
        _designed(state, bench), _written(state, bench), tried, state["task"], state["package"],
        bench.deps.assets,
    )  # fmt: skip
    return {"reports": (report,)}


def _designed(state: BuildState, bench: Bench) -> Designed:
    return take(Designed, state["designed"], bench.scratch)


def _written(state: BuildState, bench: Bench) -> Written:
    return take(Written, state["written"], bench.scratch)


graph = line(
    "build",
    BuildState,
    [
        Stage("design", "reading the specification", _design, 0.1),
        Stage("write", "writing the package", _write, 0.2),
        Stage("test", "running its tests", _test, 4.0),
        Stage("measure", "measuring it", _measure, 8.0),
        Stage("faust", "making it in Faust", _faust, 8.0),
        Stage("report", "reporting", _report, 0.2),
    ],
)
