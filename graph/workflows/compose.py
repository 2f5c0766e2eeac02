"""The workflow ``compose``."""

from graph.workflows.line import Bench, Changes, Stage, line
from graph.workflows.state import WorkflowState
from grym_synth.errors import BadInput


class ComposeState(WorkflowState, total=False):
    """What the stages hand on."""


def _read(state: ComposeState, bench: Bench) -> Changes:
    raise BadInput("running compose", "it is being built", "Wait a little")


graph = line("compose", ComposeState, [Stage("read", "reading the order", _read)])
