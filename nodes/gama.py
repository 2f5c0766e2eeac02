"""Listen: hand the slice to the agent and put its report into the state."""

from langgraph.runtime import Runtime

from agents.gama import GamaSlice
from graph.deps import live
from graph.state import Context, Update


def gama(state: GamaSlice, runtime: Runtime[Context]) -> Update:
    """Do one task of this agent."""
    return {"reports": (live(runtime.store).gama.work(state),)}
