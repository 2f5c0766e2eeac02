"""Look: hand the slice to the agent and put its report into the state."""

from langgraph.runtime import Runtime

from agents.contexts.qwen_vl import QwenVlSlice
from graph.deps import live
from graph.state import Context, Update
from nodes.stopping import stoppable
from nodes.timing import timed


@stoppable
def qwen_vl(state: QwenVlSlice, runtime: Runtime[Context]) -> Update:
    """Do one task of this agent."""
    return {"reports": (timed(live(runtime.store).qwen_vl.work, state, runtime),)}
