"""Which task's results go to the places that a request names."""

from collections.abc import Sequence
from pathlib import Path

from agents.coding.places import places_named
from agents.planning.operations import FORMATS
from memory.context import Operation, Plan, Task


def with_places(plan: Plan) -> Plan:
    """A plan whose tasks know where the request wants their results.

    A place belongs to the task whose objective repeats it, else to the one task that makes such a
    file and on whose result no other goes on. Where two would do, nobody has it.
    """
    tasks = list(plan.tasks)
    for place in places_named(plan.request):
        makers = [one for one in tasks if _makes(one, _suffix(place))]
        ends = [one for one in makers if not any(one.id in other.needs for other in makers)]
        own = [one for one in makers if place in places_named(one.objective)] or ends
        if len(own) == 1:
            tasks[tasks.index(own[0])] = _with_place(own[0], place)
    return plan.model_copy(update={"tasks": tuple(tasks)})


def _suffix(place: str) -> str:
    return Path(place).suffix.lower().removeprefix(".")


def _makes(task: Task, suffix: str) -> bool:
    """Whether a task can leave a file of such a kind by itself; workflows have folders."""
    if task.order is not None:
        return False
    if task.agent == "coder":
        return not task.operations or suffix in FORMATS
    return task.agent == "qwen_vl" and suffix == "png"


def _with_place(task: Task, place: str) -> Task:
    """The task with one place more; what recipes make has the format that its name says."""
    format_ = FORMATS.get(_suffix(place), "")
    operations = task.operations
    if operations and task.agent == "coder" and not _says_format(operations, format_):
        operations = (*operations, Operation(name="convert", parameters={"format": format_}))
    return task.model_copy(update={"save_as": (*task.save_as, place), "operations": operations})


def _says_format(operations: Sequence[Operation], format_: str) -> bool:
    """Whether the recipes' result has a format already: one that was asked for, or WAV."""
    return format_ == "wav" or any(one.name == "convert" for one in operations)
