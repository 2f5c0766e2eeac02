"""The process behind the page: it owns a home, serves it on loopback, and ends without loss."""

import os
import socket
import threading
import webbrowser
from collections.abc import Callable
from contextlib import closing, suppress

import uvicorn

from grym_synth.errors import BadInput, HomeLocked
from grym_synth.server_note import ServerNote, noted, server_of
from grym_synth.settings import Settings
from grym_synth.studio import Studio, open_studio
from grym_synth.web.app import studio_app
from grym_synth.web.desk import Desk
from grym_synth.web.guard import Keys
from grym_synth.web.page import Page
from grym_synth.web.runs import Runs
from grym_synth.web.uploads import Incoming

HOST = "127.0.0.1"
_IN_TERMINAL = ("www-browser", "links", "elinks", "lynx", "w3m")

ENDING_SECONDS = 10.0
"""How long running turns may take to stop; instruments can't be cut short."""


def serve(settings: Settings, port: int, say: Callable[[str], None], *, browse: bool) -> None:
    """Serve a home until Ctrl-C or SIGTERM; turns that run then are cancelled and can be resumed.

    Args:
        settings: whose home is served.
        port: where; 0 takes a free one.
        say: is told the page's address.
        browse: whether the page is opened in a browser.

    Raises:
        BadInput: the port can't be had.
        HomeLocked: another process owns the home.
    """
    _check_free(settings)
    with closing(_listening(port)) as door, open_studio(settings=settings) as studio:
        port = int(door.getsockname()[1])
        keys, address = Keys(studio.home), f"http://{HOST}:{port}"
        runs = Runs(studio)
        server = _Server(_config(studio, runs, keys, port), runs)
        note = ServerNote(address=address, key=keys.key, pid=os.getpid())
        with noted(studio.home, note), suppress(KeyboardInterrupt):
            say(f"{address}/?key={keys.key}")
            if browse:
                _open_page(f"{address}/?key={keys.ticket()}")
            server.run(sockets=[door])


def _check_free(settings: Settings) -> None:
    """Refuse a home that has its page already, and tell where that is.

    Raises:
        HomeLocked: a studio serves it.
    """
    note = server_of(settings.home_path)
    if note is not None:
        raise HomeLocked(
            f"serving {settings.home_path}",
            f"process {note.pid} serves it already",
            f"Open {note.address}/?key={note.key}",
        )


def _config(studio: Studio, runs: Runs, keys: Keys, port: int) -> uvicorn.Config:
    incoming = Incoming(studio.home, studio.deps.assets, studio.settings.limits)
    app = studio_app(Desk(studio, runs, incoming), keys, keys.pass_of(port), Page())
    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        ws="none",
        lifespan="off",
        timeout_graceful_shutdown=5,
        timeout_keep_alive=75,
    )


class _Server(uvicorn.Server):
    """Ends the runs first: their pages wait for events, and the server for their pages."""

    def __init__(self, config: uvicorn.Config, runs: Runs) -> None:
        super().__init__(config)
        self._runs = runs

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop the turns, then the server."""
        from starlette.concurrency import run_in_threadpool

        await run_in_threadpool(self._runs.close, ENDING_SECONDS)
        await super().shutdown(sockets)


def _listening(port: int) -> socket.socket:
    """A socket that listens on loopback.

    Raises:
        BadInput: the port is taken, or may not be used.
    """
    door = socket.socket()
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((HOST, port))
        door.listen(128)
    except OSError as fault:
        door.close()
        raise BadInput(
            f"serving on port {port}",
            fault.strerror or str(fault),
            "End what uses it, or choose another --port; 0 takes a free one",
        ) from fault
    return door


def _open_page(address: str) -> None:
    """Open a browser without waiting for it, but none that would take over the terminal."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return
    if browser.name not in _IN_TERMINAL:
        threading.Thread(target=browser.open, args=(address,), daemon=True).start()
