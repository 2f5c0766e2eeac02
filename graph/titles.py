"""Threads have titles, as metadata that thread lists show: the first words of their first request.

Nothing of it is stored: the server's thread list lives as long as its process, and at a start the
titles come from the projects' history, where what was forgotten is not told.
"""

import asyncio
from collections.abc import Iterable

from langgraph_sdk import get_client
from langgraph_sdk.errors import APIStatusError, NotFoundError
from pydantic import JsonValue

from graph.references import is_users, text_of
from memory.checkpoints_async import AsyncTurnSaver
from memory.context import ProjectContext
from memory.forgetting.blanking import BLANK
from memory.repository import Repository

Json = dict[str, JsonValue]

MOST_CHARACTERS = 80


class Titles:
    """Gives each thread of the server its title once."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    async def give(self, path: str, run: Json) -> Json:
        """A run's request; its thread has a title from now on.

        Args:
            path: of the request, such as ``/threads/ID/runs/stream``.
            run: its body.
        """
        parts, title = path.strip("/").split("/"), title_of(_said(run))
        if len(parts) < 3 or parts[2] != "runs" or parts[1] in self._given or not title:
            return run
        threads = get_client().threads
        try:
            thread = await threads.get(parts[1])
        except NotFoundError:  # the run makes it, with the run's metadata
            metadata = run.get("metadata")
            kept = metadata if isinstance(metadata, dict) else {}
            return {**run, "metadata": {"title": title, **kept}}
        except APIStatusError:  # no thread can have this id: the server refuses the run
            return run
        self._given.add(parts[1])
        if not (thread["metadata"] or {}).get("title"):
            await threads.update(parts[1], metadata={"title": title})
        return run

    async def recall(
        self, threads: Iterable[str], saver: AsyncTurnSaver, repository: Repository
    ) -> None:
        """Give threads of earlier processes their titles again.

        Args:
            threads: their ids.
            saver: tells which project each belongs to.
            repository: tells what was asked first in them.
        """
        for thread in threads:
            held = await saver.aget_tuple({"configurable": {"thread_id": thread}})
            context = held.checkpoint["channel_values"].get("context") if held else None
            if not isinstance(context, ProjectContext):
                continue
            history = await asyncio.to_thread(repository.history, context.project, thread)
            if title := title_of(next((one.request for one in history), "")):
                await get_client().threads.update(thread, metadata={"title": title})
                self._given.add(thread)


def title_of(request: str) -> str:
    """The title of a thread that begins with a request; empty where that has no words."""
    line = next((one for one in request.splitlines() if one.strip()), "").strip()
    if line == BLANK:
        return ""
    short = line[:MOST_CHARACTERS]
    return short if short == line else f"{short.rpartition(' ')[0] or short} …"


def _said(run: Json) -> str:
    """The words of a run's first message of a user."""
    given = run.get("input")
    messages = given.get("messages") if isinstance(given, dict) else None
    listed = messages if isinstance(messages, list) else [messages]
    return next((text_of(one) for one in listed if is_users(one)), "")
