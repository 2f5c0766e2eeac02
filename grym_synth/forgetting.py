"""Really remove a project, a thread or an asset: memory, vectors, checkpoints and files."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from langchain_core.messages import BaseMessage
from langchain_core.runnables import RunnableConfig

from audio.assets import AssetStore
from graph.state import Context
from grym_synth.errors import BadInput
from grym_synth.settings import Settings
from grym_synth.studio import open_memory
from memory.checkpoints import TurnSaver, open_saver
from memory.context import Artifact, Finding, Plan, ProjectContext, Report, Task
from memory.databases import servers_of
from memory.forgetting.forgetting import Forgotten, Uses
from memory.repository import Repository


class Talk(NamedTuple):
    """A thread of checkpoints: ``project/thread``, or the server's own id."""

    id: str
    project: str
    name: str
    """The thread's name within its project."""
    uses: Uses


def forget(
    settings: Settings,
    project: str,
    thread: str | None = None,
    asset: str | None = None,
    entry: str | None = None,
) -> str:
    """Remove what is named and say what was removed.

    Checkpoints go with their thread; so do those of other threads that repeat what is forgotten.
    Files go when no project and no thread knows them any more.

    Raises:
        UnknownName: there is no such project, thread, asset or entry.
        BadInput: more than one of thread, asset and entry was named.
    """
    if sum(one is not None for one in (thread, asset, entry)) > 1:
        raise BadInput(
            f"forgetting in project {project}",
            "more than one of thread, asset and entry was named",
            "Name one",
        )
    whole = asset is None and entry is None
    home = settings.home_path
    with (
        open_memory(settings) as memory,
        open_saver(home / "checkpoints.sqlite", servers_of(settings).database) as saver,
    ):
        talks = [_read(saver, name) for name in saver.threads()]
        if all(talk.project != project for talk in talks):
            memory.require_project(project)
        shared = {talk.id for talk in talks if talk.id in memory.threads(project)}
        removed = _forget_entries(memory, talks, project, thread, asset, entry)
        gone = [
            talk.id
            for talk in talks
            if (whole and _is_named(talk, project, thread))
            or (talk.project == project and saver.holds(talk.id, removed.names | removed.texts))
            or (talk.id in shared and saver.holds(talk.id, removed.texts))
        ]
        saver.prune(gone, strategy="delete")
        saver.scrub()
        used = _together(talk for talk in talks if talk.id not in gone).assets
        files = AssetStore(home / "assets", settings.limits).sweep(used | memory.known_assets())
    return f"{removed.says}, {len(gone)} conversations and {files} files"


def _forget_entries(
    memory: Repository,
    talks: list[Talk],
    project: str,
    thread: str | None,
    asset: str | None,
    entry: str | None,
) -> Forgotten:
    if entry is not None:
        return memory.forget_entry(project, entry)
    if asset is not None:
        return memory.forget_asset(project, asset)
    if thread is None:
        return memory.forget_project(project)
    mine = [talk for talk in talks if talk.project == project]
    own = [talk for talk in mine if talk.name == thread]
    elsewhere = _together(talk for talk in mine if talk.name != thread)
    return memory.forget_thread(project, thread, _together(own) if own else None, elsewhere)


def _is_named(talk: Talk, project: str, thread: str | None) -> bool:
    return talk.project == project and thread in (None, talk.name)


def _read(saver: TurnSaver, thread: str) -> Talk:
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
    return Talk(thread, project, thread.removeprefix(f"{project}/"), uses)


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


def _together(talks: Iterable[Talk]) -> Uses:
    uses = [talk.uses for talk in talks]
    return Uses(
        assets=frozenset().union(*(one.assets for one in uses)),
        findings=frozenset().union(*(one.findings for one in uses)),
    )
