"""What the LangGraph server loads beside the graph: our store, our saver, and who may call.

The server answers any web page that knows its address, so a page that the user merely visits could
run the graph. Every request must name a loopback host, and one that comes from a web page must come
from an allowed origin.
"""

import atexit
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from functools import cache
from urllib.parse import urlsplit

from langgraph.checkpoint.base import BaseCheckpointSaver
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from graph.deps import make_deps
from grym_synth.settings import Settings
from memory.checkpoints import open_async_saver
from memory.locks import HomeLock
from memory.store import GrymStore, open_store

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@cache
def store() -> GrymStore:
    """The process's one store; the home stays locked until the process ends.

    Raises:
        HomeLocked: another process owns this home.
    """
    settings = Settings()
    place = settings.home_path
    held = ExitStack()
    held.enter_context(HomeLock(place))
    opened = open_store(place, settings.embedder, settings.ollama_url)
    held.callback(opened.close)
    atexit.register(held.close)
    make_deps(settings, place, opened)
    return opened


@asynccontextmanager
async def checkpointer() -> AsyncIterator[BaseCheckpointSaver[str]]:
    """Checkpoints beside the memory, in the same form as every other use of the home."""
    async with open_async_saver(Settings().home_path / "checkpoints.sqlite") as saver:
        yield saver


class LocalOnly:
    """Refuse requests that name a foreign host, or that a foreign web page sends."""

    def __init__(self, app: ASGIApp, origins: frozenset[str]) -> None:
        self._app, self._origins = app, origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 403 with the reason."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        if urlsplit(f"//{host}").hostname not in LOOPBACK:
            refused = f"the host {host!r} is not this machine; use 127.0.0.1 or localhost"
        elif origin is not None and not self._allowed(origin, host):
            refused = f"the origin {origin!r} is not in GRYM_ALLOWED_ORIGINS"
        else:
            await self._app(scope, receive, send)
            return
        await JSONResponse({"error": refused}, status_code=403)(scope, receive, send)

    def _allowed(self, origin: str, host: str) -> bool:
        return origin in self._origins or origin in (f"http://{host}", f"https://{host}")


app = Starlette(middleware=[Middleware(LocalOnly, origins=frozenset(Settings().allowed_origins))])
