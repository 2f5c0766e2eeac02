"""Build: hand the slice to the agent and put its report into the state."""

from langgraph.runtime import Runtime

from agents.coder import CoderSlice
from graph.deps import live
from graph.state import Context, Update


def coder(state: CoderSlice, runtime: Runtime[Context]) -> Update:
    """Do one task of this agent."""
    return {"reports": (live(runtime.store).coder.work(state),)}
