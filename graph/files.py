"""Files of chats: in through an upload page or route, out through addresses that nobody guesses."""

import asyncio
import re
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from audio.assets import AssetRef
from graph.deps import Deps
from grym_synth.addresses import opened, sign
from grym_synth.errors import BadInput, GrymError, UnknownName
from grym_synth.web.sending import sent
from grym_synth.web.uploads import Incoming, TooLarge
from memory.context import Artifact
from memory.filing.names import check_name
from nodes.attachments import reference_block

_PAGE = Path(__file__).with_name("upload.html")
_PICTURES = ("png", "jpg", "jpeg", "webp")


class Files:
    """The routes of a home's files."""

    def __init__(self, parts: Callable[[], Deps], base: str) -> None:
        """Make the routes.

        Args:
            parts: where the files lie; asked for at the first request.
            base: the address of the server, such as ``http://127.0.0.1:2024``.
        """
        self._parts, self._base = parts, base.rstrip("/")

    @property
    def routes(self) -> list[Route]:
        """What the server answers."""
        return [
            Route("/upload", self._page, methods=["GET"]),
            Route("/upload", self._upload, methods=["POST"]),
            Route("/files/{token}/{name:path}", self._file, methods=["GET"]),
        ]

    def address(self, project: str, asset: str, name: str) -> str:
        """Where a file of a project can be fetched."""
        home = self._parts().settings.home_path
        return f"{self._base}/files/{sign(home, project, asset)}/{quote(name, safe='')}"

    def links(self, project: str, artifacts: tuple[Artifact, ...]) -> str:
        """What a turn made, as Markdown: pictures are shown, everything else is linked."""
        lines = []
        for one in artifacts:
            shown = one.name.rpartition(".")[2].lower() in _PICTURES
            place = f"{one.folder}/{one.name}" if one.folder else one.name
            label = re.sub(r"([\\\[\]*_`<])", r"\\\1", place)
            address = self.address(project, one.id, one.name)
            lines.append(f"![{label}]({address})\n" if shown else f"- [{label}]({address})")
        return "\n".join(lines)

    @cached_property
    def _incoming(self) -> Incoming:
        deps = self._parts()
        return Incoming(deps.settings.home_path, deps.assets, deps.settings.limits)

    def keep(self, content: bytes, name: str, project: str) -> AssetRef:
        """Store a small file for a project, which no request brought yet.

        Raises:
            BadInput: it can't be used, or the project's name is none.
        """
        check_name(project)
        return self._incoming.keep(content, project, name)

    def hand_over(self, project: str, assets: Iterable[str]) -> None:
        """A request brings these files: their project's memory tells of them from now on."""
        self._incoming.hand_over(project, assets)

    async def _page(self, request: Request) -> Response:
        page = await asyncio.to_thread(_PAGE.read_text, encoding="utf-8")
        return HTMLResponse(page, headers={"content-security-policy": "frame-ancestors 'none'"})

    async def _upload(self, request: Request) -> Response:
        """Take a file for a project and say how a message names it."""
        asked = request.query_params
        project = asked.get("project", "default")
        try:
            check_name(project)
            _refuse_form(request)
            incoming = await asyncio.to_thread(lambda: self._incoming)
            ref = await incoming.receive(request, project, asked.get("name", ""), None)
        except TooLarge as fault:
            return _told(fault, 413)
        except BadInput as fault:
            return _told(fault, 422)
        except GrymError as fault:
            return _told(fault, 507)
        return JSONResponse(await asyncio.to_thread(self._taken, project, ref), 201)

    def _taken(self, project: str, ref: AssetRef) -> dict[str, object]:
        shown = ref.model_dump(include={"id", "name", "kind", "suffix", "seconds"})
        url = self.address(project, ref.id, ref.name)
        return {**shown, "project": project, "url": url, "block": reference_block(ref)}

    async def _file(self, request: Request) -> Response:
        try:
            ref, path = await asyncio.to_thread(self._find, request.path_params["token"])
        except BadInput as fault:
            return _told(fault, 404)
        answer = sent(ref, path)
        answer.headers["x-content-type-options"] = "nosniff"
        return answer

    def _find(self, token: str) -> tuple[AssetRef, Path]:
        """The file of an address.

        Raises:
            UnknownName: the address is none, or its project doesn't have the file any more.
        """
        deps = self._parts()
        named = opened(deps.settings.home_path, token)
        if named is None:
            raise UnknownName("opening a file", "its address is none", "Take it from the chat")
        project, asset = named
        known = deps.repository.assets_of(project, (asset,))
        ref = next(iter(known), None) or self._incoming.of(project, asset)
        if ref is None:
            raise UnknownName("opening a file", f"project {project} has it no more", "Attach it")
        return ref, deps.assets.path(ref)


def _refuse_form(request: Request) -> None:
    """Refuse a form, in which the file would be wrapped.

    Raises:
        BadInput: the request brings one.
    """
    if request.headers.get("content-type", "").startswith("multipart/"):
        do = "Send the file itself as the body, and its name as ?name=mix.wav"
        raise BadInput("taking an upload", "it is a form", do)


def _told(fault: GrymError, status: int) -> Response:
    told = {"tried": fault.tried, "happened": fault.happened, "do": fault.do}
    return JSONResponse({"detail": str(fault), "error": told}, status)
