"""Checkpoints for programs that run on an event loop, such as the server.

A thread of its own does each call whole, so that a call costs the loop one wait. Drivers for event
loops go back and forth several times a call, and where many turns are under way each of these ways
waits for the others' work.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import ParamSpec, TypeVar

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
)

from memory.checkpoints import KEEP, TurnSaver, open_saver

P = ParamSpec("P")
T = TypeVar("T")


class AsyncTurnSaver(BaseCheckpointSaver[str]):
    """The calls of a ``TurnSaver``, each done in a thread."""

    def __init__(self, saver: TurnSaver, thread: ThreadPoolExecutor) -> None:
        """Use a saver from one thread."""
        super().__init__(serde=saver.serde)
        self._saver, self._thread = saver, thread

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """A thread's checkpoint; the newest one, where the config names none."""
        return await self._do(self._saver.get_tuple, config)

    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, object] | None = None,  # noqa: A002  (as its base calls it)
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        """Checkpoints that fit, the newest first."""

        def listed() -> list[CheckpointTuple]:
            return [*self._saver.list(config, filter=filter, before=before, limit=limit)]

        for one in await self._do(listed):
            yield one

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Save a checkpoint; one that brings new input also ends the old ones."""
        return await self._do(self._saver.put, config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self,
        config: RunnableConfig,
        writes: Sequence[tuple[str, object]],
        task_id: str,
        task_path: str = "",
    ) -> None:
        """Save what a node wrote, before its step is done."""
        await self._do(self._saver.put_writes, config, writes, task_id, task_path)

    async def adelete_thread(self, thread_id: str) -> None:
        """Delete all checkpoints of a thread."""
        await self._do(self._saver.delete_thread, thread_id)

    async def aprune(
        self,
        thread_ids: str | Sequence[str],
        *,
        strategy: str = "keep_latest",
        keep: int = KEEP,
    ) -> None:
        """Delete old checkpoints: see ``TurnSaver.prune``."""
        await self._do(self._saver.prune, thread_ids, strategy=strategy, keep=keep)

    async def threads(self) -> list[str]:
        """Every thread that has a checkpoint, the one that began last at the end."""
        return await self._do(self._saver.threads)

    def get_next_version(self, current: str | None, channel: None) -> str:
        """The version of a channel after its current one."""
        return self._saver.get_next_version(current, channel)

    async def _do(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, partial(work, *args, **kwargs))


@asynccontextmanager
async def open_async_saver(path: Path, database: str = "") -> AsyncIterator[AsyncTurnSaver]:
    """Open or create the checkpoints of a home, as ``open_saver`` does.

    Args:
        path: the file.
        database: address of a PostgreSQL database that holds them instead; empty for the file.

    Raises:
        MemoryFault: they can't be opened.
    """
    loop, opening = asyncio.get_running_loop(), open_saver(path, database)
    thread = ThreadPoolExecutor(1, thread_name_prefix="checkpoints")
    try:
        saver = await loop.run_in_executor(thread, opening.__enter__)
        try:
            yield AsyncTurnSaver(saver, thread)
        finally:
            await loop.run_in_executor(thread, opening.__exit__, None, None, None)
    finally:
        thread.shutdown(wait=False)
