"""The workflow ``compose``: from a brief to an editable session with its files and its report."""

from agents.composing.brief import read_order
from agents.composing.drafting import Draft, draft_of, planned, realised
from agents.composing.finishing import all_checks, finished
from agents.composing.order import ComposeOrder
from agents.composing.rendering import Exported, Rendered, exported, rendered, sealed
from agents.composing.session import Session
from agents.workflows.checks import Check
from agents.workflows.ordering import parameters_of
from agents.workflows.shelving import put, take
from audio.assets import AssetRef
from audio.synthesis.synthesiser import Synthesiser
from graph.workflows.line import Bench, Changes, Stage, line
from graph.workflows.state import WorkflowState
from memory.context import Word


class Checks(Word):
    """What was checked of a song."""

    checks: tuple[Check, ...]


class ComposeState(WorkflowState, total=False):
    """What the stages hand on: files that the next stages read."""

    order: AssetRef
    """Written by read: a `ComposeOrder`; read by plan."""
    draft: AssetRef
    """Written by plan: a `Draft`."""
    session: AssetRef
    """Written by realise, and with the marks of its sound by render: a `Session`."""
    rendered: AssetRef
    """Written by render: `Rendered`."""
    exported: AssetRef
    """Written by export: `Exported`."""
    checked: AssetRef
    """Written by check: `Checks`; read by report."""


def _read(state: ComposeState, bench: Bench) -> Changes:
    task = state["task"]
    fields = parameters_of(task)
    for ref in state.get("assets", ()):
        if ref.kind == "midi" and ref.id in task.inputs:
            fields.setdefault("sketch", ref.id)
        if ref.name == "project.json" and ref.id in task.inputs:
            fields.setdefault("base", ref.id)
    return {"order": put(read_order(fields), "order.json", bench.scratch)}


def _plan(state: ComposeState, bench: Bench) -> Changes:
    order = take(ComposeOrder, state["order"], bench.scratch)
    brief = parameters_of(state["task"]).get("brief")
    words = brief if isinstance(brief, str) else order.model_dump_json(exclude_defaults=True)
    boss = bench.boss()
    draft = planned(draft_of(order, bench.deps.assets), words, boss)
    return {"draft": put(draft, "draft.json", bench.scratch)}


def _realise(state: ComposeState, bench: Bench) -> Changes:
    session = realised(take(Draft, state["draft"], bench.scratch))
    return {"session": put(session, "session.json", bench.scratch)}


def _render(state: ComposeState, bench: Bench) -> Changes:
    session = take(Session, state["session"], bench.scratch)
    synthesiser = Synthesiser(bench.deps.settings.soundfont)
    made = rendered(session, synthesiser, bench.deps.assets, bench.progress)
    return {
        "rendered": put(made, "rendered.json", bench.scratch),
        "session": put(sealed(session, made), "session.json", bench.scratch),
    }


def _export(state: ComposeState, bench: Bench) -> Changes:
    session = take(Session, state["session"], bench.scratch)
    made = take(Rendered, state["rendered"], bench.scratch)
    files = exported(session, made, bench.deps.assets)
    return {"exported": put(files, "exported.json", bench.scratch)}


def _check(state: ComposeState, bench: Bench) -> Changes:
    checks = all_checks(
        take(Draft, state["draft"], bench.scratch),
        take(Session, state["session"], bench.scratch),
        take(Rendered, state["rendered"], bench.scratch),
        take(Exported, state["exported"], bench.scratch),
        bench.deps.assets,
    )
    return {"checked": put(Checks(checks=checks), "checks.json", bench.scratch)}


def _report(state: ComposeState, bench: Bench) -> Changes:
    report = finished(
        state["task"],
        state["package"],
        take(Draft, state["draft"], bench.scratch),
        take(Session, state["session"], bench.scratch),
        take(Rendered, state["rendered"], bench.scratch),
        take(Exported, state["exported"], bench.scratch),
        take(Checks, state["checked"], bench.scratch).checks,
        bench.deps.assets,
    )
    return {"reports": (report,)}


graph = line(
    "compose",
    ComposeState,
    [
        Stage("read", "reading the brief", _read, 0.1),
        Stage("plan", "planning form, harmony and motifs", _plan, 0.5),
        Stage("realise", "writing the notes", _realise, 0.5),
        Stage("render", "rendering the stems", _render, 10.0),
        Stage("export", "writing MIDI, score and session", _export, 1.0),
        Stage("check", "checking the files and the sound", _check, 6.0),
        Stage("report", "writing the report", _report, 0.2),
    ],
)
