"""The workflow ``master``."""

from graph.workflows.line import Bench, Changes, Stage, line
from graph.workflows.state import WorkflowState
from grym_synth.errors import BadInput


class MasterState(WorkflowState, total=False):
    """What the stages hand on."""


def _read(state: MasterState, bench: Bench) -> Changes:
    raise BadInput("running master", "it is being built", "Wait a little")


graph = line("master", MasterState, [Stage("read", "reading the order", _read)])
