"""The workflow ``build``: from a specification to a measured package."""

from langgraph.runtime import get_runtime

from agents.toolchain.authoring import Authoring
from agents.toolchain.faust.compiler import find_compiler
from agents.toolchain.faust.steps import add_faust
from agents.toolchain.finishing import finish
from agents.toolchain.installing import asked_in, install, not_installed, question, unfit
from agents.toolchain.order import BuildOrder, order_of
from agents.toolchain.outside import OutsideFamily, outside
from agents.toolchain.products import Designed, Tried, Written
from agents.toolchain.reading import free_specification, read_specification
from agents.toolchain.specification import Specification
from agents.toolchain.steps import measure, run_tests, write
from agents.workflows.checks import Check
from agents.workflows.ordering import parameters_of
from agents.workflows.reporting import status_of
from agents.workflows.shelving import put, take
from audio.assets import AssetRef
from graph.state import Context
from graph.workflows.line import Bench, Changes, Stage, line
from graph.workflows.state import WorkflowState
from memory.context import Task
from nodes.gates import gate_of


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
    installed: AssetRef
    """Written by install, where it was asked for: `Tried`."""


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
    deps, runner = bench.deps, bench.deps.coder.runner()
    author = deps.author(bench.terms)
    if author is None or runner is None:
        raise outside(designed.specification.text)
    return Authoring(
        designed.specification, author,
        gate_of(get_runtime(Context)),
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


def _install(state: BuildState, bench: Bench) -> Changes:
    order = _order(state["task"])
    if not (order.install or asked_in(order.spec)):
        return {}
    designed, written = _designed(state, bench), _written(state, bench)
    tried = Tried(checks=(_installed(designed.specification, written, state, bench),))
    return {"installed": put(tried, "installed.json", bench.scratch)}


def _installed(
    specification: Specification, written: Written, state: BuildState, bench: Bench
) -> Check:
    """The package installed, or why it is not."""
    deps = bench.deps
    if deps.is_served:
        return not_installed("a server installs nothing")
    checks = [check for one in _tried(state, bench) for check in one.checks]
    tested = any(one.name == "tests" and one.status == "met" for one in checks)
    is_sound = tested and status_of(checks) == "done"
    if why := unfit(specification, not written.author, is_sound):
        return not_installed(why)
    gate = gate_of(get_runtime(Context))
    if "install" in deps.policy(bench.terms).asks:
        (said,) = gate.decide(question(specification, written))
        if said.type != "approve":
            return not_installed("it was not approved")
    return gate.once("install", Check, lambda: install(specification, written, deps.assets))


def _report(state: BuildState, bench: Bench) -> Changes:
    report = finish(
        _designed(state, bench),
        _written(state, bench),
        _tried(state, bench),
        state["task"],
        state["package"],
        bench.deps.assets,
    )
    return {"reports": (report,)}


def _tried(state: BuildState, bench: Bench) -> list[Tried]:
    """What came of the package so far."""
    found = (state.get(key) for key in ("tested", "measured", "faust", "installed"))
    return [take(Tried, one, bench.scratch) for one in found if isinstance(one, AssetRef)]


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
        Stage("install", "installing it, where that is wanted", _install, 0.2),
        Stage("report", "reporting", _report, 0.2),
    ],
)
