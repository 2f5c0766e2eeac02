"""Routes about runs: starting one, following it, stopping it, deciding for it."""

from collections.abc import AsyncIterator

from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from agents.roles.models import Choice, Role
from grym_synth.errors import BadInput
from grym_synth.settings import Profile
from grym_synth.web.approvals import Verdicts
from grym_synth.web.desk import MOST_DIGITS, Desk, body_of, desk_of
from grym_synth.web.events import EventLog
from grym_synth.web.runs import Asked
from memory.context import Order

BEAT_SECONDS = 10.0
"""A stream says something at least as often, so that a lost connection shows."""


class Asks(BaseModel):
    """What a turn is started with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    request: str = Field(default="", max_length=100_000)
    assets: tuple[str, ...] = Field(default=(), max_length=200)
    models: dict[Role, str] = {}
    """Models by role, of those that a run may choose."""
    profile: Profile | None = None
    max_rounds: int | None = Field(default=None, ge=1, le=20)
    max_tasks: int | None = Field(default=None, ge=1, le=32)
    model_seconds: float | None = Field(default=None, ge=1, le=7200)
    order: Order | None = None
    resume: bool = False

    @property
    def choice(self) -> Choice:
        """The models and limits of the turn."""
        limits = {
            "max_rounds": self.max_rounds,
            "max_tasks": self.max_tasks,
            "model_seconds": self.model_seconds,
        }
        given = {name: value for name, value in limits.items() if value is not None}
        return Choice(self.profile, self.models, given)


async def start(request: Request) -> Response:
    """Let a turn begin; its events tell the rest."""
    asks = await body_of(request, Asks)
    project, thread = request.path_params["project"], request.path_params["thread"]
    run = await run_in_threadpool(_start, desk_of(request), str(project), str(thread), asks)
    return JSONResponse({"run": run}, 202)


def _start(desk: Desk, project: str, thread: str, asks: Asks) -> str:
    if not (asks.request.strip() or asks.assets or asks.order or asks.resume):
        raise BadInput("reading the request", "it is empty", "Say what you want done")
    choice = asks.choice
    desk.studio.deps.casting.check(choice)
    asked = Asked(
        project,
        thread,
        asks.request,
        desk.assets(project, asks.assets),
        choice,
        asks.order,
        asks.resume,
    )
    return desk.runs.start(asked).id


async def events(request: Request) -> Response:
    """A run's events from where a page left off, until its end."""
    log = desk_of(request).runs.get(request.path_params["run"]).log
    given = request.headers.get("last-event-id") or request.query_params.get("after") or "0"
    after = int(given) if given.isdecimal() and len(given) <= MOST_DIGITS else 0
    if log.ended and after >= log.number:
        return Response(status_code=204)
    return StreamingResponse(
        _written(log, after),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _written(log: EventLog, after: int) -> AsyncIterator[str]:
    yield "retry: 1000\n\n"
    async for told in log.follow(after, BEAT_SECONDS):
        yield told.as_sse() if told is not None else ": still here\n\n"


def cancel(request: Request) -> Response:
    """Stop a run; what it had not ended can be resumed."""
    desk_of(request).runs.get(request.path_params["run"]).stop()
    return JSONResponse({}, 202)


async def decide(request: Request) -> Response:
    """Say whether code that a model wrote may run."""
    said = await body_of(request, Verdicts)
    desk = desk_of(request)
    await run_in_threadpool(desk.runs.decide, request.path_params["run"], said)
    return JSONResponse({}, 202)


ROUTES = [
    Route("/api/projects/{project}/threads/{thread:path}/runs", start, methods=["POST"]),
    Route("/api/runs/{run}/events", events),
    Route("/api/runs/{run}/cancel", cancel, methods=["POST"]),
    Route("/api/runs/{run}/decision", decide, methods=["POST"]),
]
