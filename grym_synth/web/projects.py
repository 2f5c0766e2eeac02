"""Routes about projects: what there is, what is known, what was said."""

from importlib.metadata import version

from pydantic import BaseModel, ConfigDict, JsonValue
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agents.roles.models import Choice
from audio.aspects import ASPECTS
from grym_synth.knowledge import known_json, record_json
from grym_synth.past import past_of, turn_json
from grym_synth.thread_titles import GivenTitles, titles
from grym_synth.web.desk import Desk, answer_json, body_of, desk_of, number_in, project_of
from grym_synth.web.telling import Json, asset_json
from memory.context import TurnRecord
from memory.filing.names import read_kinds
from memory.projects import ProjectSummary
from memory.recall.listing import Page, Query


class NewProject(BaseModel):
    """A project that is to be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str


def studio(request: Request) -> Response:
    """What the studio is, who plays its roles, and which projects it has."""
    desk = desk_of(request)
    roles = desk.studio.deps.casting.cast(Choice()).values()
    return JSONResponse(
        {
            "version": version("grym-synth"),
            "home": str(desk.home),
            "roles": [
                {"role": one.role, "wanted": one.wanted, "used": one.used, "why": one.why}
                for one in roles
            ],
            "projects": [_summary_json(desk, one) for one in desk.memory.projects()],
            "aspects": {
                name: {"says": one.says, "unit": one.unit} for name, one in ASPECTS.items()
            },
        }
    )


def _summary_json(desk: Desk, summary: ProjectSummary) -> Json:
    last = desk.memory.history(summary.name, None, 1)
    at = last[-1].when if last else summary.created
    return {"name": summary.name, "turns": summary.turns, "at": at}


async def make_project(request: Request) -> Response:
    """Make a project unless it is there."""
    wanted = await body_of(request, NewProject)
    desk = desk_of(request)
    await run_in_threadpool(desk.memory.ensure_project, wanted.name)
    return JSONResponse({"name": wanted.name}, 201)


def project(request: Request) -> Response:
    """What a project knows now, with its threads."""
    desk, name = desk_of(request), project_of(request)
    known = desk.memory.as_of(name)
    told = known_json(known)
    told["assets"] = [asset_json(desk.home, name, one) for one in known.assets]
    return answer_json({"project": name, **told, "threads": _threads(desk, name)})


def history(request: Request) -> Response:
    """What was asked, done and answered, oldest first."""
    desk, name = desk_of(request), project_of(request)
    limit = number_in(request, "limit", 50, 1, 1000)
    before = number_in(request, "before", 0, 0, 10**9)
    past = past_of(desk.memory, name, request.query_params.get("thread") or None, None, False)
    kept = [one for one in past if not before or one.turn.turn < before][-limit:]
    return answer_json([turn_json(one) for one in kept])


def search(request: Request) -> Response:
    """Entries by words, meaning and kind."""
    desk, name = desk_of(request), project_of(request)
    kinds = read_kinds(request.query_params.getlist("kind"))
    query = Query(kinds=kinds, text=request.query_params.get("q", "").strip())
    size = number_in(request, "limit", 20, 1, 1000)
    found = desk.memory.entries(name, query, Page(size=size)).records
    return answer_json([record_json(one) for one in found])


def _threads(desk: Desk, name: str) -> list[JsonValue]:
    """The conversations of a project, the one that was used last at the end."""
    turns: dict[str, list[TurnRecord]] = {}
    for one in desk.memory.history(name):
        turns.setdefault(one.thread, []).append(one)
    called = titles(turns, GivenTitles(desk.home).of(name))
    return [
        {"id": id_, "title": called[id_], "turns": len(held), "at": held[-1].when}
        for id_, held in sorted(turns.items(), key=lambda item: item[1][-1].when)
    ]


ROUTES = [
    Route("/api/studio", studio),
    Route("/api/projects", make_project, methods=["POST"]),
    Route("/api/projects/{project}", project),
    Route("/api/projects/{project}/history", history),
    Route("/api/projects/{project}/search", search),
]
