"""The application: the page, the API, and who may use them."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from grym_synth.errors import GrymError
from grym_synth.web import casting, conversations, files, projects, sounds, turning
from grym_synth.web.desk import Desk
from grym_synth.web.guard import Guard, Keys, Pass
from grym_synth.web.page import Page
from grym_synth.web.telling import fault_json, status_of
from grym_synth.web.uploads import TooLarge
from models.service.local_only import LocalOnly

_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)


def studio_app(desk: Desk, keys: Keys, shown: Pass, page: Page) -> Starlette:
    """Make the application.

    Args:
        desk: the parts behind it.
        keys: what opens it.
        shown: what a browser keeps in the key's place.
        page: the built page.
    """
    app = Starlette(
        routes=[
            Route("/healthz", _health),
            *turning.ROUTES,
            *casting.ROUTES,
            *sounds.ROUTES,
            *files.ROUTES,
            *conversations.ROUTES,
            *projects.ROUTES,
            Route("/{path:path}", page.serve),
        ],
        middleware=[
            Middleware(_Headers),
            Middleware(LocalOnly, origins=()),
            Middleware(Guard, keys=keys, shown=shown),
        ],
        exception_handlers={
            GrymError: _fault,
            HTTPException: _refusal,
            ClientDisconnect: _left,
            Exception: _unforeseen,
        },
    )
    app.state.desk = desk
    return app


def _health(request: Request) -> Response:
    return JSONResponse({"status": "ok"})


def _fault(request: Request, fault: Exception) -> Response:
    """An expected failure, in its three parts."""
    assert isinstance(fault, GrymError)
    status = 413 if isinstance(fault, TooLarge) else status_of(fault)
    return JSONResponse({"error": fault_json(fault)}, status)


def _refusal(request: Request, fault: Exception) -> Response:
    """A path or a method that there isn't."""
    assert isinstance(fault, HTTPException)
    tried = f"{request.method} {request.url.path}"
    error = {"tried": tried, "happened": fault.detail, "do": "See docs/studio.md"}
    return JSONResponse({"error": error}, fault.status_code)


def _unforeseen(request: Request, fault: Exception) -> Response:
    """A mistake of ours: told in the form of all others; the log has where it happened."""
    error = {
        "tried": f"{request.method} {request.url.path}",
        "happened": f"the studio made a mistake ({type(fault).__name__})",
        "do": "Try again; what the studio prints in its terminal tells the developers more",
    }
    headers = {name.decode(): value.decode() for name, value in _HEADERS}
    return JSONResponse({"error": error}, 500, headers)


def _left(request: Request, fault: Exception) -> Response:
    """Who asked went away while sending; nobody reads the answer."""
    return Response(status_code=400)


class _Headers:
    """Puts what every answer has on it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_HEADERS]
            await send(message)

        await self._app(scope, receive, sending)
