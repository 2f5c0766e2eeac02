"""Build: hand the slice to the agent and put its report into the state."""

from langgraph.runtime import Runtime

from agents.coder import is_free
from agents.contexts.coder import CoderSlice
from graph.deps import live
from graph.state import Context, Update
from memory.context import Report
from nodes.gates import CheckpointedGate
from nodes.stopping import stoppable
from nodes.terms import terms_of
from nodes.timing import timed


@stoppable
def coder(state: CoderSlice, runtime: Runtime[Context]) -> Update:
    """Do one task of this agent; where a human must agree first, the turn waits here for it."""
    deps, terms = live(runtime.store), terms_of(runtime)
    author = deps.author(terms) if is_free(state["task"]) else None
    info = runtime.execution_info
    gate = CheckpointedGate(can_wait=info is not None and bool(info.thread_id))

    def work(slice_: CoderSlice) -> Report:
        return deps.coder.work(slice_, author, gate, terms.tell, deps.policy(terms))

    report = timed(work, state, runtime)
    thoughts = tuple(one.thought for one in report.trials if one.thought is not None)
    return {"reports": (report,), "thoughts": thoughts}
