"""What a run asked for, as the live parts take it, with its events in the custom stream."""

from langgraph.runtime import Runtime

from graph.deps import Terms
from graph.state import Context
from memory.context import Event


def terms_of(runtime: Runtime[Context]) -> Terms:
    """The terms of a node's run; without a context, those of the settings."""
    asked = runtime.context or Context()

    def tell(event: Event) -> None:
        runtime.stream_writer(event.model_dump(mode="json"))

    return Terms(asked.choice(), asked.model_seconds, tell)
