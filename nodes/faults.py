"""What breaks costs its own part, not the turn: a task, or the boss's summaries.

In a chat what ends a turn is told in the conversation, for whoever reads there can act on it.
"""

import logging
from collections.abc import Callable

from langchain_core.messages import AIMessage
from langgraph.errors import NodeError
from langgraph.graph import END
from langgraph.types import Command

from agents.turn.slicing import SpecialistSlice
from graph.state import IntakeSlice, SummariseSlice, Update
from grym_synth.errors import GrymError
from memory.context import Failure, Report
from memory.packing.packages import slice_report

FaultHandler = Callable[[IntakeSlice, NodeError], Command[str]]
"""Takes the state before a node that broke, and why it did."""

logger = logging.getLogger(__name__)


def report_fault(state: SpecialistSlice, error: NodeError) -> Command[str]:
    """Turn an unexpected fault of a specialist into the report of a failed task."""
    task, fault = state["task"], error.error
    why = str(fault)
    if not isinstance(fault, GrymError):
        logger.error("%s broke on task %s", error.node, task.id, exc_info=fault)
        why = (
            f"{task.objective} was tried; {error.node} broke with {type(fault).__name__}: "
            f"{str(fault)[:200]}; this is a fault of the program, please report it."
        )
    failure = Failure(kind="failed", why=why)
    report = Report(
        task=task.id, agent=task.agent, slice=slice_report(state["package"]), failure=failure
    )
    update: Update = {"reports": (report,)}
    return Command(update=update, goto="integrate")


def tell_fault(state: IntakeSlice, error: NodeError) -> Command[str]:
    """End a turn of a chat with words on what went wrong and what to do, in the answer's place."""
    fault = error.error
    if isinstance(fault, GrymError):
        text = f"I could not answer this. {fault.tried[:1].upper()}{fault.tried[1:]} was tried, "
        text += f"but {fault.happened}. **{fault.do}.**"
    else:
        logger.error("%s broke", error.node, exc_info=fault)
        text = (
            "I could not answer this: a part of the program broke "
            f"({error.node}: {type(fault).__name__}). Your files, and what the project knows, are "
            "kept. **Try it again; if it breaks again, please report it with the server's log.**"
        )
    update: Update = {"messages": [AIMessage(text)]}
    return Command(update=update, goto=END)


def leave_summaries(state: SummariseSlice, error: NodeError) -> Update:
    """Keep those of the instruments where the boss's broke: the turn is answered."""
    turn = state["context"].turn
    logger.error("%s broke after turn %d", error.node, turn, exc_info=error.error)
    return {}
