"""What the LangGraph server loads beside the graph: our store, our saver, our rules at its door.

Everything that the server must not lose is in the home: checkpoints, project memory and assets. The
server's own pickles of threads and runs are switched off, and the threads are read from the
checkpoints at each start.
"""

import asyncio
import atexit
import gc
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from functools import cache
from importlib.metadata import version
from threading import Lock
from typing import NoReturn
from uuid import UUID

import langsmith
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph_runtime_inmem.database import GLOBAL_STORE
from langgraph_sdk import get_client
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from agents.planning.lexicon import LANGUAGES, lexicon
from graph.arrivals import Arrivals
from graph.deps import Deps, open_deps
from graph.files import Files
from graph.sweeping import sweep_for_ever
from graph.titles import Titles
from graph.tools import tool_server
from grym_synth.drafts import own_temporary_folder
from grym_synth.errors import BadInput, GrymError
from grym_synth.settings import Settings, read_settings
from memory.checkpoints_async import AsyncTurnSaver, open_async_saver
from memory.databases import servers_of
from memory.storage.locks import HomeLock
from memory.store import GrymStore, open_store
from models.service.local_only import LocalOnly

langsmith.configure(enabled=False)
"""LangChain's own tracing would send all that the nodes read and write; ours sends what it may."""

_OPENING = Lock()


@cache
def _settings() -> Settings:
    """The process's settings; a wrong one ends the server with its words."""
    try:
        return read_settings()
    except BadInput as fault:
        _end(fault)


def _end(fault: GrymError) -> NoReturn:
    """End the process: an exception would bury these words under the server's traceback."""
    print(f"grym: {fault}", file=sys.stderr, flush=True)
    os._exit(2)


@asynccontextmanager
async def store() -> AsyncIterator[GrymStore]:
    """The process's one store, for each of the server's event loops.

    The process ends with code 2 and a message when the home can't be opened.
    """
    try:
        deps = await asyncio.to_thread(_open)
    except GrymError as fault:
        _end(fault)
    yield deps.store


@asynccontextmanager
async def checkpointer() -> AsyncIterator[BaseCheckpointSaver[str]]:
    """Checkpoints beside the memory, in the same form as every other use of the home."""
    async with _saver() as saver:
        yield saver


def _saver() -> AbstractAsyncContextManager[AsyncTurnSaver]:
    settings = _settings()
    path = settings.home_path / "checkpoints.sqlite"
    return open_async_saver(path, servers_of(settings).database)


def _open() -> Deps:
    with _OPENING:
        return _open_home()


@cache
def _open_home() -> Deps:
    """Own the home and open it; both end with the process."""
    settings = _settings()
    place = settings.home_path
    with ExitStack() as held:
        held.enter_context(own_temporary_folder())
        held.enter_context(HomeLock(place))
        opened = open_store(place, settings.embedder, settings.ollama_url, servers_of(settings))
        held.callback(opened.close)
        deps = held.enter_context(open_deps(settings, opened, _FILES.links))
        atexit.register(held.pop_all().close)
    return deps


def _warm() -> None:
    """Read what every turn needs, so that the first ones don't wait for it, all at once.

    What is there by then is there for good: the garbage collector need not look at it again.
    """
    for language in LANGUAGES:
        lexicon(language)
    gc.freeze()


@asynccontextmanager
async def _serving(app: Starlette) -> AsyncIterator[None]:
    """Make the home's threads known to the server."""
    GLOBAL_STORE.flag = "r"  # else it pickles all threads, with objects of ours, when it stops
    client, deps = get_client(), await asyncio.to_thread(_open)
    async with _saver() as saver:
        threads = [*filter(_is_uuid, await saver.threads())]
        for thread in threads:
            await client.threads.create(thread_id=thread, graph_id="grym", if_exists="do_nothing")
        tasks = [
            asyncio.create_task(one)
            for one in (
                _TITLES.recall(threads, saver, deps.repository),
                asyncio.to_thread(_warm),
                sweep_for_ever(),
            )
        ]
        async with _TOOLS.session_manager.run():
            yield
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


def _is_uuid(thread: str) -> bool:
    """Whether the server can address it; threads of the command line are ``project/thread``."""
    try:
        return str(UUID(thread)) == thread
    except ValueError:
        return False


_TITLES = Titles()
_FILES = Files(_open, os.environ.get("LANGGRAPH_API_URL") or "")
"""The server tells its own address in its environment once it knows its port."""
_TOOLS = tool_server(_open, _FILES, version("grym-synth"))

app = Starlette(
    routes=[*_FILES.routes, *_TOOLS.streamable_http_app(stateless_http=True).routes],
    lifespan=_serving,
    middleware=[
        Middleware(LocalOnly, origins=_settings().allowed_origins),
        Middleware(
            CORSMiddleware,
            allow_origins=_settings().allowed_origins,
            allow_methods=["*"],
            allow_headers=["*"],
            allow_private_network=True,
            expose_headers=["x-pagination-total", "x-pagination-next", "content-location"],
        ),
        Middleware(Arrivals, parts=_open, files=_FILES, titles=_TITLES),
    ],
)
