"""A specialist's task: its start and end told, its time noted for the processing history."""

import time
from collections.abc import Callable
from typing import TypeVar

from langgraph.runtime import Runtime

from agents.turn.events import task_end, task_start
from agents.turn.slicing import SpecialistSlice
from graph.state import Context
from memory.context import Report
from nodes.terms import terms_of

SliceT = TypeVar("SliceT", bound=SpecialistSlice)


def timed(work: Callable[[SliceT], Report], slice_: SliceT, runtime: Runtime[Context]) -> Report:
    """Do a task and note in its report how long it took."""
    began, tell, task = time.monotonic(), terms_of(runtime).tell, slice_["task"]
    tell(task_start(task))
    report = work(slice_)
    # Work that was done before a human was asked brings its own time.
    seconds = max(report.seconds, round(time.monotonic() - began, 3))
    report = report.model_copy(update={"seconds": seconds})
    tell(task_end(task, report))
    return report
