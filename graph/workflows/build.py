"""The workflow ``build``."""

from graph.workflows.line import Bench, Changes, Stage, line
from graph.workflows.state import WorkflowState
from grym_synth.errors import BadInput


class BuildState(WorkflowState, total=False):
    """What the stages hand on."""


def _read(state: BuildState, bench: Bench) -> Changes:
    raise BadInput("running build", "it is being built", "Wait a little")


graph = line("build", BuildState, [Stage("read", "reading the order", _read)])
