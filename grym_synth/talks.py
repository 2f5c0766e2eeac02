"""What conversations use, as their newest checkpoints tell."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from langchain_core.messages import BaseMessage
from langchain_core.runnables import RunnableConfig

from graph.state import Context
from memory.checkpoints import TurnSaver
from memory.context import Artifact, Finding, Plan, ProjectContext, Report, Task
from memory.forgetting.forgetting import Uses


class Talk(NamedTuple):
    """A thread of checkpoints: ``project/thread``, or the server's own id."""

    id: str
    project: str
    name: str
    """The thread's name within its project."""
    uses: Uses
    unfinished: frozenset[str]
    """Ids of the tasks that the turn has not ended."""


def read_talk(saver: TurnSaver, thread: str) -> Talk:
    """Whose a thread is, and what its newest checkpoint uses, with what was written after it."""
    config: RunnableConfig = {"configurable": {"thread_id": thread, "checkpoint_ns": ""}}
    held = saver.get_tuple(config)
    assert held is not None
    parts = [held.checkpoint["channel_values"], held.pending_writes or []]
    told = dict(held.metadata).get("project")
    project = str(told) if told else thread.partition("/")[0] if "/" in thread else ""
    context = held.checkpoint["channel_values"].get("context")
    if isinstance(context, ProjectContext):
        project = context.project
    project = project or Context().project
    found = list(_used(parts))
    uses = Uses(
        assets=frozenset(name for name in found if not name.startswith("f-")),
        findings=frozenset(name for name in found if name.startswith("f-")),
    )
    tasks = held.checkpoint["channel_values"].get("tasks", ())
    unfinished = frozenset(one.id for one in tasks if one.status in ("planned", "waiting"))
    return Talk(thread, project, thread.removeprefix(f"{project}/"), uses, unfinished)


def _used(value: object) -> Iterator[str]:
    """Ids of assets and findings that a part of the state brought, worked on or made."""
    if isinstance(value, BaseMessage):
        yield from _used(value.content)
    elif isinstance(value, Artifact | Finding):
        yield value.id
    elif isinstance(value, Task):
        yield from value.inputs
    elif isinstance(value, Plan):
        yield from _used(value.tasks)
    elif isinstance(value, Report):
        yield from _used((value.artifacts, value.findings))
    elif isinstance(value, ProjectContext):  # the rest of it was recalled from other threads
        yield from (*value.attached, *_used(value.unfinished))
    elif isinstance(value, Mapping):
        yield from (value["file_id"],) if isinstance(value.get("file_id"), str) else ()
        yield from _used(list(value.values()))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _used(part)


def together(talks: Iterable[Talk]) -> Uses:
    uses = [talk.uses for talk in talks]
    return Uses(
        assets=frozenset().union(*(one.assets for one in uses)),
        findings=frozenset().union(*(one.findings for one in uses)),
    )
