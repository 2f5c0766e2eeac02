"""Routes about conversations: what was said in one, what runs or waits there, taking back."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graph.state import State
from grym_synth.result import show_finding
from grym_synth.studio import check_place
from grym_synth.thread_titles import GivenTitles
from grym_synth.web.desk import Desk, answer_json, body_of, desk_of, number_in
from grym_synth.web.runs import Run, asked_last
from grym_synth.web.telling import Json, artifact_json, asset_json, task_json
from memory.context import Conflict, Finding, TurnRecord


class _Known(NamedTuple):
    """What turns are told with."""

    findings: Mapping[str, Finding]
    """By id, also those that no longer hold."""
    conflicts: Sequence[Conflict]


def thread(request: Request) -> Response:
    """A conversation, and what works or waits in it."""
    desk = desk_of(request)
    name, label = str(request.path_params["project"]), str(request.path_params["thread"])
    check_place(name, label)
    limit = number_in(request, "limit", 50, 1, 1000)
    before = number_in(request, "before", 0, 0, 10**9)
    run = desk.runs.standing(name, label)
    if run is not None and run.state == "answered":
        run = None  # its turn is among the messages; only summaries are being written
    turns = desk.memory.history(name, label) if desk.knows(name) else ()
    shown = [one for one in turns if not before or one.turn < before][-limit:]
    return answer_json(
        {
            "messages": _messages(desk, name, label, shown),
            "run": _run_json(desk, run) if run is not None else None,
            "approvals": [*run.approvals()] if run is not None else [],
            "unfinished": None if run is not None else _unfinished(desk, name, label),
        }
    )


def undo(request: Request) -> Response:
    """Take the last turn of a conversation back."""
    name, label = str(request.path_params["project"]), str(request.path_params["thread"])
    undone = desk_of(request).studio.undo(name, label)
    return JSONResponse(
        {
            "given_up": [one.text for one in undone.given_up],
            "restored": [one.text for one in undone.restored],
        }
    )


class NewTitle(BaseModel):
    """What a conversation is to be called."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(max_length=500)


async def rename(request: Request) -> Response:
    """Call a conversation otherwise; an empty title gives it its first words again."""
    name, label = str(request.path_params["project"]), str(request.path_params["thread"])
    check_place(name, label)
    wanted, home = await body_of(request, NewTitle), desk_of(request).home
    title = await run_in_threadpool(GivenTitles(home).give, name, label, wanted.title)
    return JSONResponse({"title": title})


def _run_json(desk: Desk, run: Run) -> Json:
    asked = run.asked
    attached: list[JsonValue] = [asset_json(desk.home, asked.project, one) for one in asked.assets]
    return {"id": run.id, "request": run.request, "attached": attached}


def _messages(desk: Desk, name: str, label: str, turns: Sequence[TurnRecord]) -> list[JsonValue]:
    if not turns:
        return []
    wanted = {id_ for turn in turns for id_ in turn.findings}
    findings = {
        one.id: one for one in desk.memory.findings(name, superseded=True) if one.id in wanted
    }
    state = desk.studio.graph.values(desk.studio.config(name, label))
    known = _Known(findings, desk.memory.conflicts(name))
    return [{**_message(desk, name, one, known), **_latest(state, one)} for one in turns]


def _message(desk: Desk, name: str, turn: TurnRecord, known: _Known) -> Json:
    """A turn as the history keeps it."""
    memory, assets, findings = desk.memory, desk.studio.deps.assets, known.findings
    found = set(turn.findings)
    return {
        "turn": turn.turn,
        "at": turn.when,
        "request": turn.request,
        "attached": [
            asset_json(desk.home, name, one) for one in memory.assets_of(name, turn.attached)
        ],
        "answer": turn.answer,
        "tasks": [task_json(one) for one in turn.tasks],
        "findings": _dumped(
            [show_finding(findings[one]) for one in turn.findings if one in findings]
        ),
        "artifacts": [artifact_json(desk.home, name, one, assets) for one in turn.artifacts],
        "conflicts": _dumped([one for one in known.conflicts if found & set(one.findings)]),
        "models": [*turn.models],
        "flags": _dumped(turn.flags),
    }


def _latest(state: State, turn: TurnRecord) -> Json:
    """What only the conversation's state knows of its last turn."""
    context, plan = state.get("context"), state.get("plan")
    if context is None or context.turn != turn.turn:
        return {}
    return {
        "recommendations": _dumped(state.get("recommendations", ())),
        "slices": _dumped(state.get("slices", ())),
        "asks": _dumped(plan.asks if plan is not None else ()),
        "degraded": _dumped(state.get("degraded", ())),
    }


def _dumped(words: Sequence[BaseModel]) -> list[JsonValue]:
    return [word.model_dump(mode="json") for word in words]


def _unfinished(desk: Desk, name: str, label: str) -> Json | None:
    """The request of a turn that was cut off, if one was."""
    graph, config = desk.studio.graph, desk.studio.config(name, label)
    if not graph.is_unfinished(config):
        return None
    return {"request": asked_last(graph.values(config))}


_THREAD = "/api/projects/{project}/threads/{thread:path}"

ROUTES = [
    Route(f"{_THREAD}/undo", undo, methods=["POST"]),
    Route(f"{_THREAD}/title", rename, methods=["POST"]),
    Route(_THREAD, thread),
]
