"""The studio for programs that run on an event loop: the same calls, each awaited."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from pydantic import JsonValue

from audio.assets import AssetRef
from grym_synth.result import TurnResult
from grym_synth.settings import Settings
from grym_synth.studio import Given, Studio, open_studio
from memory.context import Event, WorkflowName
from memory.recall.beliefs import Beliefs

ResultT = TypeVar("ResultT")


@dataclass(frozen=True)
class AsyncStudio:
    """A studio whose turns run in threads, so that the event loop goes on."""

    studio: Studio

    async def attach(self, files: Iterable[Given]) -> tuple[AssetRef, ...]:
        """Take files into the asset store: ``Studio.attach``."""
        return await asyncio.to_thread(self.studio.attach, tuple(files))

    async def ask(
        self,
        request: str,
        attachments: Sequence[AssetRef] = (),
        *,
        project: str = "default",
        thread: str = "main",
        out: Path | None = None,
    ) -> TurnResult:
        """Run one turn: ``Studio.ask``. Cancelling the task cancels the turn."""
        work = partial(
            self.studio.ask, request, attachments, project=project, thread=thread, out=out
        )
        return await _cancellable(lambda cancel: work(cancel=cancel))

    async def run(
        self,
        workflow: WorkflowName,
        parameters: Mapping[str, JsonValue],
        attachments: Sequence[AssetRef] = (),
        *,
        project: str = "default",
        out: Path | None = None,
    ) -> TurnResult:
        """Run a workflow: ``Studio.run``. Cancelling the task cancels it."""
        work = partial(self.studio.run, workflow, parameters, attachments, project=project, out=out)
        return await _cancellable(lambda cancel: work(cancel=cancel))

    async def stream(
        self,
        request: str,
        attachments: Sequence[AssetRef] = (),
        *,
        project: str = "default",
        thread: str = "main",
        out: Path | None = None,
    ) -> AsyncIterator[Event | TurnResult]:
        """A turn's events while it runs, then its result: ``Studio.stream``."""
        source = self.studio.stream(request, attachments, project=project, thread=thread, out=out)
        end = object()
        try:
            while (told := await asyncio.to_thread(next, source, end)) is not end:
                assert isinstance(told, Event | TurnResult)
                yield told
        finally:
            await asyncio.to_thread(source.close)

    async def project(self, name: str = "default") -> Beliefs:
        """What a project knows now: ``Studio.project``."""
        return await asyncio.to_thread(self.studio.project, name)


@asynccontextmanager
async def open_async_studio(
    home: Path | str | None = None, settings: Settings | None = None
) -> AsyncIterator[AsyncStudio]:
    """Own a home as ``open_studio`` does.

    Raises:
        HomeLocked: another process owns this home.
    """
    held = ExitStack()
    studio = await asyncio.to_thread(held.enter_context, open_studio(home, settings))
    try:
        yield AsyncStudio(studio)
    finally:
        await asyncio.to_thread(held.close)


async def _cancellable(work: Callable[[threading.Event], ResultT]) -> ResultT:
    """Do something in a thread; where its task is cancelled, wait until it has stopped."""
    cancel = threading.Event()
    working = asyncio.ensure_future(asyncio.to_thread(work, cancel))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        cancel.set()
        await asyncio.wait((working,))
        working.exception()
        raise
