"""The workflow ``unpack``."""

from graph.workflows.line import Bench, Changes, Stage, line
from graph.workflows.state import WorkflowState
from grym_synth.errors import BadInput


class UnpackState(WorkflowState, total=False):
    """What the stages hand on."""


def _read(state: UnpackState, bench: Bench) -> Changes:
    raise BadInput("running unpack", "it is being built", "Wait a little")


graph = line("unpack", UnpackState, [Stage("read", "reading the order", _read)])
