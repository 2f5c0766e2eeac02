"""Who may call the local server: this machine's programs, and web pages from allowed origins.

A server on loopback answers any web page that knows its address: browsers send requests there too,
and a name that an attacker points at 127.0.0.1 even makes the answers readable (DNS rebinding). So
every request must name a loopback host, and one that a web page sends must come from an allowed
origin.
"""

from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = {"127.0.0.1", "localhost", "::1"}

_DO = "Use 127.0.0.1 or localhost, and let GRYM_ALLOWED_ORIGINS name the pages that may ask"
IN_PROCESS = "/noauth"
"""Root path of the server's calls to itself; the network can't set it."""


class LocalOnly:
    """Refuses requests that name a foreign host, or that a foreign web page sends."""

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        """Guard an application.

        Args:
            app: what is guarded.
            origins: allowed web origins, such as ``http://localhost:3000``, beside its own.
        """
        self._app, self._origins = app, frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 403 with the reason."""
        if scope["type"] not in ("http", "websocket") or scope.get("root_path") == IN_PROCESS:
            await self._app(scope, receive, send)
        elif refused := self._refused(Headers(scope=scope)):
            error = {"tried": "opening the server", "happened": refused, "do": _DO}
            told = {"detail": f"{refused}. {_DO}", "error": error}
            await JSONResponse(told, status_code=403)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _refused(self, headers: Headers) -> str:
        for host in headers.getlist("host") or [""]:
            if _split(f"//{host}").hostname not in LOOPBACK:
                return f"the host {host!r} is not this machine"
            for origin in headers.getlist("origin"):
                if origin not in self._origins and not _is_own(origin, host):
                    return f"the origin {origin!r} is not allowed"
        return ""


def _is_own(origin: str, host: str) -> bool:
    """Whether a page came from this server, by any of its names."""
    page, here = _split(origin), _split(f"//{host}")
    return page.scheme in ("http", "https") and (
        page.hostname in LOOPBACK
        and page.netloc.rpartition(":")[2] == here.netloc.rpartition(":")[2]
    )


def _split(address: str) -> SplitResult:
    """The parts of an address; of a malformed one, none."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")
