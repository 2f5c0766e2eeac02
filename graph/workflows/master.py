"""The workflow ``master``: from stems or a mix to masters, quality control and a chain."""

from pathlib import Path

from agents.base import file_stem
from agents.mastering.facts import Inspected, Made, MadeMaster, Mixed, Prepared, Toned
from agents.mastering.making import make_masters
from agents.mastering.order import MasterOrder, order_of
from agents.mastering.results import Results, finish
from agents.mastering.stems import (
    inputs_of,
    inspect_inputs,
    mix_stems,
    prepare_stems,
    prepared_paths,
)
from agents.mastering.toning import tone_mix
from agents.workflows.ordering import parameters_of
from agents.workflows.shelving import put, take
from audio.assets import AssetRef
from graph.workflows.line import Bench, Changes, Stage, line
from graph.workflows.state import WorkflowState
from memory.context import Task


class MasterState(WorkflowState, total=False):
    """What the stages hand on: files in the scratch store, most of them JSON."""

    inspected: AssetRef
    """Written by inspect: `Inspected`."""
    prepared: AssetRef
    """Written by repair: `Prepared`."""
    mixed: AssetRef
    """Written by mix: `Mixed`."""
    toned: AssetRef
    """Written by tone: `Toned`."""
    made: AssetRef
    """Written by master: `Made`."""


def _order(task: Task) -> MasterOrder:
    return order_of(parameters_of(task))


def _inspect(state: MasterState, bench: Bench) -> Changes:
    order = _order(state["task"])
    inputs = inputs_of(state["assets"], order)
    found = inspect_inputs(inputs, order, bench.deps.assets, bench.progress)
    return {"inspected": put(found, "inspected.json", bench.scratch)}


def _repair(state: MasterState, bench: Bench) -> Changes:
    order = _order(state["task"])
    inspected = take(Inspected, state["inspected"], bench.scratch)
    inputs, assets = inputs_of(state["assets"], order), bench.deps.assets
    prepared = prepare_stems(inspected, order, inputs, assets, bench.scratch, bench.progress)
    return {"prepared": put(prepared, "prepared.json", bench.scratch)}


def _mix(state: MasterState, bench: Bench) -> Changes:
    prepared = take(Prepared, state["prepared"], bench.scratch)
    mixed = mix_stems(prepared_paths(prepared, bench.deps.assets, bench.scratch), bench.scratch)
    return {"mixed": put(mixed, "mixed.json", bench.scratch)}


def _tone(state: MasterState, bench: Bench) -> Changes:
    order, mixed = _order(state["task"]), take(Mixed, state["mixed"], bench.scratch)
    toned = tone_mix(mixed, _reference(order, bench), order, bench.scratch)
    return {"toned": put(toned, "toned.json", bench.scratch)}


def _master(state: MasterState, bench: Bench) -> Changes:
    order, toned = _order(state["task"]), take(Toned, state["toned"], bench.scratch)
    path, stem = bench.scratch.path(toned.ref), _stem(order, state)
    masters: list[MadeMaster] = []
    for number, target in enumerate(order.targets):
        masters += make_masters(path, target, order, stem, bench.deps.assets)
        bench.progress((number + 1) / len(order.targets))
    return {"made": put(Made(masters=tuple(masters)), "made.json", bench.scratch)}


def _report(state: MasterState, bench: Bench) -> Changes:
    order, scratch = _order(state["task"]), bench.scratch
    results = Results(
        order=order,
        stem=_stem(order, state),
        inputs=inputs_of(state["assets"], order),
        inspected=take(Inspected, state["inspected"], scratch),
        prepared=take(Prepared, state["prepared"], scratch),
        mixed=take(Mixed, state["mixed"], scratch),
        toned=take(Toned, state["toned"], scratch),
        made=take(Made, state["made"], scratch),
    )
    reference = _reference(order, bench)
    report = finish(results, reference, state["task"], state["package"], bench.deps.assets, scratch)
    return {"reports": (report,)}


def _reference(order: MasterOrder, bench: Bench) -> Path | None:
    assets = bench.deps.assets
    return assets.path(assets.ref(order.reference)) if order.reference else None


def _stem(order: MasterOrder, state: MasterState) -> str:
    inputs = inputs_of(state["assets"], order)
    if order.title:
        return file_stem(f"{order.title.replace('/', '-')}.title")
    return file_stem(inputs[0].name) if len(inputs) == 1 else "mix"


graph = line(
    "master",
    MasterState,
    [
        Stage("inspect", "inspecting the recordings", _inspect, 2.0),
        Stage("repair", "repairing what is safe to repair", _repair),
        Stage("mix", "mixing", _mix, 0.5),
        Stage("tone", "balancing the mix", _tone, 2.0),
        Stage("master", "mastering for each target", _master, 4.0),
        Stage("report", "measuring and reporting", _report, 2.0),
    ],
)
