"""The workflow ``unpack``: from a finished recording to a session that one can go on with."""

from pathlib import Path

from agents.unpacking.analysis import Analysis
from agents.unpacking.checking import check
from agents.unpacking.drawing import draw
from agents.unpacking.finishing import Unpacked, finish
from agents.unpacking.listening import Listened, listen
from agents.unpacking.measuring import measure_recording, refuse_short
from agents.unpacking.order import UnpackOrder, order_of, recording_of
from agents.unpacking.separating import Stems, separate
from agents.unpacking.writing import Written, write
from agents.workflows.ordering import parameters_of
from agents.workflows.shelving import put, take
from audio.assets import AssetRef
from graph.workflows.line import Bench, Changes, Stage, line
from graph.workflows.state import WorkflowState
from memory.context import Task


class UnpackState(WorkflowState, total=False):
    """What the stages hand on: files in the scratch store, JSON that the next stage reads."""

    recording: AssetRef
    """Written by read."""
    measured: AssetRef
    """Written by measure: an `Analysis`; read by listen."""
    stems: AssetRef
    """Written by separate: `Stems`."""
    listened: AssetRef
    """Written by listen: `Listened`."""
    written: AssetRef
    """Written by write: `Written`."""
    pictures: tuple[AssetRef, ...]
    """Written by draw."""


def _read(state: UnpackState, bench: Bench) -> Changes:
    _order(state["task"])
    recording = recording_of(state["assets"])
    refuse_short(recording)
    return {"recording": recording}


def _measure(state: UnpackState, bench: Bench) -> Changes:
    assets = bench.deps.assets
    analysis = measure_recording(state["recording"], assets)
    return {"measured": put(analysis, "measured.json", bench.scratch)}


def _separate(state: UnpackState, bench: Bench) -> Changes:
    assets = bench.deps.assets
    return {"stems": put(separate(state["recording"], assets), "stems.json", bench.scratch)}


def _listen(state: UnpackState, bench: Bench) -> Changes:
    assets = bench.deps.assets
    listened = listen(
        state["recording"],
        take(Stems, state["stems"], bench.scratch),
        take(Analysis, state["measured"], bench.scratch),
        assets,
        drums=_order(state["task"]).separate_drums,
    )
    return {"listened": put(listened, "listened.json", bench.scratch)}


def _write(state: UnpackState, bench: Bench) -> Changes:
    assets = bench.deps.assets
    listened = take(Listened, state["listened"], bench.scratch)
    title = _title(state)
    written = write(state["recording"], listened.analysis, listened.heard, title, assets)
    return {"written": put(written, "written.json", bench.scratch)}


def _draw(state: UnpackState, bench: Bench) -> Changes:
    if not _order(state["task"]).pictures:
        return {"pictures": ()}
    return {"pictures": draw(state["recording"], bench.deps.assets, bench.progress)}


def _report(state: UnpackState, bench: Bench) -> Changes:
    assets = bench.deps.assets
    listened = take(Listened, state["listened"], bench.scratch)
    made = Unpacked(
        recording=state["recording"],
        analysis=listened.analysis,
        heard=listened.heard,
        stems=take(Stems, state["stems"], bench.scratch),
        written=take(Written, state["written"], bench.scratch),
        pictures=state["pictures"],
    )
    checks = check(made.analysis, made.heard, made.stems, made.written, assets)
    report = finish(state["task"], state["package"], made, checks, _title(state), assets)
    return {"reports": (report,)}


def _order(task: Task) -> UnpackOrder:
    return order_of(parameters_of(task))


def _title(state: UnpackState) -> str:
    return _order(state["task"]).title or Path(state["recording"].name).stem


graph = line(
    "unpack",
    UnpackState,
    [
        Stage("read", "reading the order", _read, 0.1),
        Stage("measure", "measuring rhythm, key, form and loudness", _measure, 2.0),
        Stage("separate", "separating what rings from what strikes", _separate, 3.0),
        Stage("listen", "hearing notes, drums and chords", _listen, 4.0),
        Stage("write", "writing transcription, lead sheet and session", _write, 1.0),
        Stage("draw", "drawing pictures", _draw, 3.0),
        Stage("check", "checking the files and reporting", _report, 1.0),
    ],
)
