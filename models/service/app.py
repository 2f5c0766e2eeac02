"""The service: OpenAI's ``/v1`` for models and chats, health, readiness, and metrics."""

import asyncio
import hmac
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pydantic import JsonValue, ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from grym_synth.errors import GrymError
from models.service.desk import Desk, Full
from models.service.forms import ChatRequest
from models.service.local_only import LocalOnly
from models.service.metrics import Metrics
from models.service.served import Served
from models.service.telling import error, fault_of, status_of

_RETRY = {"Retry-After": "5"}
_LOOK_SECONDS = 0.25
"""How often it is seen whether a client still waits."""


@dataclass(frozen=True)
class Terms:
    """What the service allows."""

    key: str = ""
    """What clients must send as bearer token; empty: nobody has to."""
    body_bytes: int = 100_000_000
    """Largest request: pictures and sounds come in it."""
    seconds: float = 600.0
    """Longest time for one answer, waiting for the model's turn not counted."""


def service_app(served: Sequence[Served], terms: Terms) -> Starlette:
    """Make the service.

    Args:
        served: its models, each under its own name.
        terms: what it allows.
    """
    service = _Service(served, terms)
    # a web page can send requests to loopback, but it can't know a key
    guard = [] if terms.key else [Middleware(LocalOnly, origins=())]
    return Starlette(
        routes=[
            Route("/healthz", service.health),
            Route("/readyz", service.readiness),
            Route("/metrics", service.metrics),
            Route("/v1/models", service.models),
            Route("/v1/chat/completions", service.chat, methods=["POST"]),
        ],
        lifespan=service.lifespan,
        middleware=guard,
    )


class _Service:
    def __init__(self, served: Sequence[Served], terms: Terms) -> None:
        self._served, self._terms = {one.name: one for one in served}, terms
        self._metrics = Metrics()
        self._desks: dict[str, Desk] = {}
        """Made when the service starts, since they belong to its event loop."""

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        """Take requests from the start to the end; the server ends those that are running."""
        seconds = self._terms.seconds
        self._desks = {n: Desk(one, self._metrics, seconds) for n, one in self._served.items()}
        yield
        self._desks = {}

    async def health(self, request: Request) -> Response:
        """The process is there."""
        return JSONResponse({"status": "ok"})

    async def readiness(self, request: Request) -> Response:
        """Requests are taken."""
        if not self._desks:
            return JSONResponse({"status": "starting or stopping"}, 503)
        return JSONResponse({"status": "ready", "models": sorted(self._desks)})

    async def metrics(self, request: Request) -> Response:
        """What is counted, for Prometheus."""
        if (refused := self._refused(request)) is not None:
            return refused
        return Response(self._metrics.text(), media_type="text/plain; version=0.0.4")

    async def models(self, request: Request) -> Response:
        """The models, each with its window where it tells one."""
        if (refused := self._refused(request)) is not None:
            return refused
        served = self._served.values()
        listed: list[JsonValue] = [await run_in_threadpool(_entry, one) for one in served]
        return JSONResponse({"object": "list", "data": listed})

    async def chat(self, request: Request) -> Response:
        """One answer, whole or as events."""
        if (refused := self._refused(request)) is not None:
            return refused
        try:
            body = await self._body(request)
        except ClientDisconnect:
            return Response(status_code=499)
        if body is None:
            most = self._terms.body_bytes
            return JSONResponse(error(f"the request is larger than {most:,} bytes", 413), 413)
        try:
            asked = ChatRequest.model_validate_json(body)
        except ValidationError as fault:
            return JSONResponse(error(_words(fault), 400), 400)
        desk = self._desks.get(asked.model)
        if desk is None:
            known = ", ".join(sorted(self._desks))
            text = f"The model {asked.model!r} does not exist; there are {known}"
            return JSONResponse(error(text, 404, "model_not_found"), 404)
        return await _answered(desk, asked, request)

    async def _body(self, request: Request) -> bytes | None:
        """The request's body; None when it is too large, of which no more is read."""
        most = self._terms.body_bytes
        told = request.headers.get("content-length", "0")
        if told.isdigit() and int(told) > most:
            return None
        held = bytearray()
        async for part in request.stream():
            held += part
            if len(held) > most:
                return None
        return bytes(held)

    def _refused(self, request: Request) -> Response | None:
        """The refusal of one who doesn't know the key."""
        if not self._terms.key:
            return None
        said = request.headers.get("authorization", "").removeprefix("Bearer ")
        if hmac.compare_digest(said.encode(), self._terms.key.encode()):
            return None
        return JSONResponse(error("the API key is missing or wrong", 401, "invalid_api_key"), 401)


async def _answered(desk: Desk, asked: ChatRequest, request: Request) -> Response:
    try:
        if asked.stream:
            return StreamingResponse(await desk.stream(asked), media_type="text/event-stream")
        return await _whole(desk, asked, request)
    except Full as fault:
        return JSONResponse(fault_of(fault), 429, headers=_RETRY)
    except GrymError as fault:
        return JSONResponse(fault_of(fault), status_of(fault))


async def _whole(desk: Desk, asked: ChatRequest, request: Request) -> Response:
    """The answer in one; nobody works on for a client that has gone."""
    answering = asyncio.create_task(desk.answer(asked))
    while not answering.done():
        await asyncio.wait({answering}, timeout=_LOOK_SECONDS)
        if not answering.done() and await request.is_disconnected():
            answering.cancel()
            return Response(status_code=499)
    return JSONResponse((await answering).whole())


def _entry(served: Served) -> JsonValue:
    entry: dict[str, JsonValue] = {"id": served.name, "object": "model", "owned_by": "grym-synth"}
    try:
        tokens = served.answers.context_tokens()
    except GrymError:
        return entry
    return entry | {"max_model_len": tokens} if tokens is not None else entry


def _words(fault: ValidationError) -> str:
    first = fault.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
