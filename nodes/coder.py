"""Build: hand the slice to the agent and put its report into the state."""

from langgraph.runtime import Runtime

from agents.coder import is_free
from agents.coding.placing import placed
from agents.contexts.coder import CoderSlice
from graph.deps import live
from graph.state import Context, Update
from memory.context import Report
from nodes.gates import gate_of
from nodes.stopping import stoppable
from nodes.terms import terms_of
from nodes.timing import timed


@stoppable
def coder(state: CoderSlice, runtime: Runtime[Context]) -> Update:
    """Do one task of this agent; where a human must agree first, the turn waits here for it."""
    deps, terms = live(runtime.store), terms_of(runtime)
    is_written = is_free(state["task"])
    author = deps.author(terms) if is_written else None
    gate, policy = gate_of(runtime), deps.policy(terms)

    def work(slice_: CoderSlice) -> Report:
        def make() -> Report:
            return deps.coder.work(slice_, author, gate, terms.tell, policy)

        if is_written:  # its author asks before it runs, for the places too
            return make()
        return placed(make, slice_["task"], gate, policy, deps.assets)

    report = timed(work, state, runtime)
    thoughts = tuple(one.thought for one in report.trials if one.thought is not None)
    return {"reports": (report,), "thoughts": thoughts}
