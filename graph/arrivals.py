"""What happens to a run's request before the server stores it anywhere.

The server keeps each request for good, and its first checkpoints repeat it. So attachments leave
the request here, for the asset store. A run's checkpoints are written before a step counts as done
unless the client chooses otherwise, and rolling back is refused: what a turn found is in project
memory, where the server can't take it back.
"""

import asyncio
import json
from collections.abc import Callable
from typing import cast
from urllib.parse import parse_qs

from pydantic import JsonValue, ValidationError
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph.deps import Deps
from graph.files import Files
from graph.forks import check_kept
from graph.references import Json, files_of, with_files
from graph.replies import as_reply
from graph.state import Context
from graph.titles import Titles
from grym_synth.errors import BadInput
from memory.filing.names import check_name
from nodes.attachments import put_away

MOST_BYTES = 300 * 2**20
"""Longest request body, as in the server itself; base64 leaves 225 MiB of it for files."""

PLACES = ("/threads", "/runs")

_NO_ROLLBACK = (
    "rollback is not supported: what a run measured is in project memory already and stays true; "
    "use multitask_strategy reject, enqueue or interrupt"
)


class Arrivals:
    """Takes attachments out of requests, and refuses what the studio can't do."""

    def __init__(
        self, app: ASGIApp, parts: Callable[[], Deps], files: Files, titles: Titles
    ) -> None:
        """Stand before an application.

        Args:
            app: what gets the requests.
            parts: where attachments go, and which models a run may choose; asked for at the first
                request.
            files: those that were uploaded.
            titles: gives threads theirs.
        """
        self._app, self._parts, self._files, self._titles = app, parts, files, titles

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on without attachments, or answer why not."""
        if not _concerns(scope):
            await self._app(scope, receive, send)
            return
        try:
            body = await _read(receive)
            asked = parse_qs(scope["query_string"].decode("latin-1"))
            if "rollback" in asked.get("action", ()):
                raise HTTPException(422, _NO_ROLLBACK)
            keeps = _path(scope).startswith("/threads")
            body = await asyncio.to_thread(self._prepare, body, keeps)
            body = await self._placed(_path(scope), body)
        except HTTPException as refusal:
            answer = JSONResponse({"detail": refusal.detail}, refusal.status_code)
            await answer(scope, receive, send)
            return
        headers = MutableHeaders(raw=[*scope["headers"]])
        headers["content-length"] = str(len(body))
        del headers["transfer-encoding"]
        await self._app({**scope, "headers": headers.raw}, _replay(body, receive), send)

    def _prepare(self, body: bytes, keeps: bool) -> bytes:
        """The body as the server may keep it.

        Args:
            body: JSON, as it came.
            keeps: the run has a thread, hence checkpoints.

        Raises:
            HTTPException: it asks for what the studio can't do.
        """
        try:
            content: JsonValue = json.loads(body)
        except ValueError:
            return body
        for run in content if isinstance(content, list) else [content]:
            if isinstance(run, dict):
                if "rollback" in (run.get("multitask_strategy"), run.get("action")):
                    raise HTTPException(422, _NO_ROLLBACK)
                self._check_context(run.get("context"))
                self._name_files(run)
                if keeps and "assistant_id" in run and not run.get("durability"):
                    run["durability"] = "sync"
        return json.dumps(put_away(content, self._parts().assets)).encode()

    def _name_files(self, run: Json) -> None:
        """Attach the files of the home whose addresses a request's messages tell."""
        given, deps = run.get("input"), self._parts()
        if not isinstance(given, dict) or "messages" not in given:
            return
        said, home, assets = given["messages"], deps.settings.home_path, deps.assets
        messages = [
            with_files(one, home, assets) for one in (said if isinstance(said, list) else [said])
        ]
        given["messages"] = messages if isinstance(said, list) else messages[0]
        context = run.get("context")
        project = context.get("project") if isinstance(context, dict) else None
        self._files.hand_over(str(project or "default"), files_of(messages))

    async def _placed(self, path: str, body: bytes) -> bytes:
        """The body at its place in a thread: on a checkpoint that is kept, as an answer to what is
        open where it only says yes or no, under a title.

        Raises:
            HTTPException: the place is gone.
        """
        try:
            content: JsonValue = json.loads(body)
        except ValueError:
            return body
        if not isinstance(content, dict):
            return body
        await check_kept(path, content)
        if "assistant_id" not in content:
            return body
        placed = await self._titles.give(path, await as_reply(path, content))
        return body if placed is content else json.dumps(placed).encode()

    def _check_context(self, given: JsonValue) -> None:
        """Refuse a run's models and project before its message is kept; a wrong form is the
        server's to refuse.

        Raises:
            HTTPException: a run may not choose one of them.
        """
        try:
            asked = Context.model_validate(given or {})
            check_name(asked.project)
            self._parts().casting.check(asked.choice())
        except ValidationError:
            return
        except BadInput as fault:
            raise HTTPException(422, str(fault)) from fault


def _concerns(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] not in ("POST", "PUT", "PATCH"):
        return False
    return _path(scope).startswith(PLACES)


def _path(scope: Scope) -> str:
    return str(scope["path"]).removeprefix(str(scope.get("root_path", "")))


async def _read(receive: Receive) -> bytes:
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        parts.append(cast(bytes, message.get("body", b"")))
        size, more = size + len(parts[-1]), bool(message.get("more_body"))
        if size > MOST_BYTES:
            raise HTTPException(
                413,
                f"the request has more than {MOST_BYTES:,} bytes; "
                "give a shorter file, or use `grym ask --audio`",
            )
    return b"".join(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Give the body once, then whatever the client still sends."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
