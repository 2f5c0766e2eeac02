"""What breaks costs its own part, not the turn: a task, or the boss's summaries."""

import logging

from langgraph.errors import NodeError
from langgraph.types import Command

from agents.turn.slicing import SpecialistSlice
from graph.state import SummariseSlice, Update
from grym_synth.errors import GrymError
from memory.context import Failure, Report
from memory.packing.packages import slice_report

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


def leave_summaries(state: SummariseSlice, error: NodeError) -> Update:
    """Keep those of the instruments where the boss's broke: the turn is answered."""
    turn = state["context"].turn
    logger.error("%s broke after turn %d", error.node, turn, exc_info=error.error)
    return {}
