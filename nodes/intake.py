"""Take the request in: attachments into the asset store, the project's context out of memory."""

from langchain_core.messages import AnyMessage, HumanMessage
from langgraph.runtime import Runtime
from langgraph.types import Overwrite
from pydantic import ValidationError

from agents.remembering.history import recalled
from graph.deps import live
from graph.state import Context, IntakeSlice, Update
from grym_synth.errors import BadInput
from grym_synth.misfits import misfits
from memory.context import Order
from memory.filing.records import now
from nodes.attachments import take_out
from nodes.branching import leave_others
from nodes.stopping import stoppable


@stoppable
def intake(state: IntakeSlice, runtime: Runtime[Context]) -> Update:
    """Open the project, store attachments, recall what is known, and begin a new turn."""
    deps, settings = live(runtime.store), runtime.context or Context()
    deps.casting.check(settings.choice())
    taken = take_out(_unanswered(state.get("messages", [])), deps.assets)
    project, thread = settings.project, thread_label(runtime, settings.project)
    deps.repository.ensure_project(project)
    before = state.get("context")
    turn = 1 + max(before.turn if before else 0, deps.repository.last_turn(project, thread))
    if before is not None and before.project == project:
        leave_others(deps.repository, before.model_copy(update={"turn": turn}), before.turn)
    deps.repository.add_assets(project, taken.assets, now(thread, turn))
    context = deps.repository.context(
        project, thread, turn, taken.request, tuple(ref.id for ref in taken.assets)
    )
    tasks, plan = tuple(state.get("tasks", ())), state.get("plan")
    cut_off = before is not None and state.get("answered", 0) < before.turn
    waits = plan is not None and any(task.status == "waiting" for task in tasks)
    context = context.model_copy(
        update={
            "language": "" if settings.language == "auto" else settings.language,
            "unfinished": tasks if cut_off else (),
            "waiting": plan.request if plan is not None and waits else "",
            "order": _order(state.get("order")),
        }
    )
    deps.repository.add_interactions(project, (recalled(context),))
    begun: Update = {
        "messages": taken.messages,
        "order": None,
        "context": context,
        "rejected": taken.rejected,
        "plan": None,
        "tasks": (),
        "round": 0,
    }
    if cut_off:
        return begun  # what the turn that was cut off has found belongs to this answer
    return {
        **begun,
        "reports": Overwrite(()),
        "findings": (),
        "recommendations": (),
        "conflicts": (),
        "artifacts": (),
        "slices": (),
        "summaries": (),
        "degraded": (),
        "thoughts": Overwrite(()),
    }


def thread_label(runtime: Runtime[Context], project: str) -> str:
    """The thread's name within its project: checkpoint threads are ``project/thread``."""
    info = runtime.execution_info
    return (info.thread_id if info and info.thread_id else "main").removeprefix(f"{project}/")


def _order(given: object) -> Order | None:
    """The workflow that is asked for; clients of a server give it as JSON.

    Raises:
        BadInput: it is of another form.
    """
    try:
        return Order.model_validate(given) if given is not None else None
    except ValidationError as fault:
        do = "Give a workflow and its parameters"
        raise BadInput("reading the order", misfits(fault), do) from fault


def _unanswered(messages: list[AnyMessage]) -> list[HumanMessage]:
    """The user's messages since the last answer."""
    newest: list[HumanMessage] = []
    for message in reversed(messages):
        if not isinstance(message, HumanMessage):
            break
        newest.insert(0, message)
    return newest
