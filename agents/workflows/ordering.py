"""A workflow as a task: who owns it, and how it is told."""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from audio.assets import AssetRef
from memory.context import AgentName, Order, ProjectContext, Task, WorkflowName, content_id

OWNERS: Mapping[WorkflowName, AgentName] = {
    "compose": "coder",
    "master": "coder",
    "unpack": "gama",
    "build": "coder",
}
"""Whose slice of the project memory each workflow is handed."""

_OBJECTIVES: Mapping[WorkflowName, str] = {
    "compose": "Compose a song",
    "master": "Mix and master {files}",
    "unpack": "Unpack {files} into a session",
    "build": "Build a tool from its specification",
}


def task_of(order: Order, context: ProjectContext, inputs: Sequence[AssetRef] = ()) -> Task:
    """The task that carries out an order.

    Args:
        order: the workflow and its parameters.
        context: the turn that it is a part of.
        inputs: the files that it works on; by default those that came with the request.
    """
    files = tuple(inputs) or tuple(one for one in context.assets if one.id in context.attached)
    objective = objective_of(order, files)
    return Task(
        id=content_id("t", context.project, context.thread, context.turn, 0, objective),
        agent=OWNERS[order.workflow],
        objective=objective,
        inputs=tuple(one.id for one in files),
        reason="the request asks for it",
        order=order,
    )


def parameters_of(task: Task) -> dict[str, JsonValue]:
    """What a workflow's task was ordered with; nothing for a task of another kind."""
    return dict(task.order.parameters) if task.order is not None else {}


def objective_of(order: Order, files: Sequence[AssetRef]) -> str:
    """What a workflow shall do, in words."""
    named = files[0].name if len(files) == 1 else f"{len(files)} files"
    return _OBJECTIVES[order.workflow].format(files=named)
