"""What a run asked for, as the live parts take it, with its events in the custom stream."""

from langgraph.runtime import Runtime

from agents.turn.deciding import Limits
from graph.deps import Terms, live
from graph.state import Context
from memory.context import Event
from nodes.stopping import cancel_of_run


def terms_of(runtime: Runtime[Context]) -> Terms:
    """The terms of a node's run; without a context, those of the settings."""
    asked = runtime.context or Context()

    def tell(event: Event) -> None:
        runtime.stream_writer(event.model_dump(mode="json"))

    return Terms(asked.choice(), asked.approval, asked.model_seconds, tell, cancel_of_run())


def limits_of(runtime: Runtime[Context]) -> Limits:
    """How much a run's turn may do: what it asked for, and never more than the settings allow."""
    asked, settings = runtime.context or Context(), live(runtime.store).settings
    return Limits(
        rounds=min(asked.max_rounds, settings.max_rounds),
        tasks=min(asked.max_tasks, settings.max_tasks),
    )
