"""Listen: hand the slice to the agent and put its report into the state."""

from langgraph.runtime import Runtime

from agents.contexts.gama import GamaSlice
from agents.gama import listens
from graph.deps import live
from graph.state import Context, Update
from memory.context import Report
from nodes.stopping import stoppable
from nodes.terms import terms_of
from nodes.timing import timed


@stoppable
def gama(state: GamaSlice, runtime: Runtime[Context]) -> Update:
    """Do one task of this agent."""
    deps = live(runtime.store)
    ear = deps.ear(terms_of(runtime)) if listens(state["task"]) else None

    def work(slice_: GamaSlice) -> Report:
        return deps.gama.work(slice_, ear)

    reports = (timed(work, state, runtime),)
    return {"reports": reports, "thoughts": tuple(ear.thoughts if ear is not None else ())}
