"""The graph for chat clients and Studio: faults are told in the conversation, drawings are tidy."""

from copy import deepcopy
from functools import cache

from langchain_core.runnables import RunnableConfig
from langchain_core.runnables.graph import Graph
from langgraph.graph.state import CompiledStateGraph
from pydantic import JsonValue

from graph.app import assemble
from graph.deps import served_tracing
from graph.state import Context, Request, State
from nodes.faults import tell_fault
from nodes.tracing import TurnTrace


class ChatGraph(CompiledStateGraph[State, Context, Request, State]):
    """A compiled graph whose drawing shows work alone: nodes that catch faults have no edges."""

    def get_graph(self, config: RunnableConfig | None = None, *, xray: int | bool = False) -> Graph:
        """The nodes and edges as they are drawn."""
        return _tidy(super().get_graph(config, xray=xray))

    def get_context_jsonschema(self) -> dict[str, JsonValue]:
        """The form of a run's context; the server asks for it at every run."""
        return deepcopy(_context_schema())

    async def aget_graph(
        self, config: RunnableConfig | None = None, *, xray: int | bool = False
    ) -> Graph:
        """The nodes and edges as they are drawn."""
        return _tidy(await super().aget_graph(config, xray=xray))


@cache
def _context_schema() -> dict[str, JsonValue]:
    return Context.model_json_schema()


def _tidy(drawn: Graph) -> Graph:
    for node in [*drawn.nodes.values()]:
        if node.id.startswith("__error_handler__"):
            drawn.remove_node(node)
    return drawn


graph = ChatGraph(**vars(assemble(tell_fault).compile(name="grym"))).with_config(
    callbacks=[TurnTrace(served_tracing)]
)
