"""Look: hand the slice to the agent and put its report into the state."""

from langgraph.runtime import Runtime

from agents.coding.placing import placed
from agents.contexts.qwen_vl import QwenVlSlice
from agents.qwen_vl import looks
from graph.deps import live
from graph.state import Context, Update
from memory.context import Report
from nodes.gates import gate_of
from nodes.stopping import stoppable
from nodes.terms import terms_of
from nodes.timing import timed


@stoppable
def qwen_vl(state: QwenVlSlice, runtime: Runtime[Context]) -> Update:
    """Do one task of this agent."""
    deps, terms = live(runtime.store), terms_of(runtime)
    onlooker = deps.onlooker(terms) if looks(state) else None

    def work(slice_: QwenVlSlice) -> Report:
        def make() -> Report:
            return deps.qwen_vl.work(slice_, onlooker)

        return placed(make, slice_["task"], gate_of(runtime), deps.policy(terms), deps.assets)

    reports = (timed(work, state, runtime),)
    thoughts = tuple(onlooker.thoughts if onlooker is not None else ())
    return {"reports": reports, "thoughts": thoughts}
