"""Routes about files: in by upload, out by addresses that nobody guesses, or all as one archive."""

import zipfile
from collections.abc import Iterator
from typing import get_args
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from audio.assets import AssetRef
from audio.media import AssetKind
from grym_synth.addresses import opened
from grym_synth.errors import BadInput, UnknownName
from grym_synth.free_names import numbered
from grym_synth.web.desk import Desk, desk_of, project_of
from grym_synth.web.sending import sent
from grym_synth.web.telling import asset_json, place_of
from grym_synth.web.uploads import plain_name
from memory.context import Artifact
from memory.filing.names import check_name

_PIECE = 1 << 20


async def upload(request: Request) -> Response:
    """Take a file for a project."""
    project = str(request.path_params["project"])
    check_name(project)
    desk, kind = desk_of(request), request.query_params.get("kind", "")
    known = next((one for one in get_args(AssetKind) if one == kind), None)
    if kind and known is None:
        raise BadInput(f"uploading a file as {kind}", "there is no such kind", "Leave it out")
    name = request.query_params.get("name", "")
    ref = await desk.incoming.receive(request, project, name, known)
    return JSONResponse(asset_json(desk.home, project, ref), 201)


def file(request: Request) -> Response:
    """The bytes of a file, whole or the range that is asked for."""
    desk = desk_of(request)
    named = opened(desk.home, request.path_params["token"])
    if named is None:
        raise UnknownName("opening a file", "its address is none", "Take it from its project")
    project, asset = named
    ref = desk.asset(project, asset)
    return sent(ref, desk.path(ref))


def archive(request: Request) -> Response:
    """Everything that a project's turns made, as one zip file that is written while it is sent."""
    desk, project = desk_of(request), project_of(request)
    made: dict[str, Artifact] = {}
    for turn in desk.memory.history(project):
        for one in turn.artifacts:
            made[_free(place_of(one), one, made)] = one
    if not made:
        raise UnknownName(f"packing project {project}", "it made nothing yet", "Ask for something")
    name = f"{plain_name(project)}.zip"
    return StreamingResponse(
        _zipped(desk, made),
        media_type="application/zip",
        headers={"content-disposition": f"attachment; filename*=utf-8''{quote(name, safe='')}"},
    )


def _free(place: str, artifact: Artifact, taken: dict[str, Artifact]) -> str:
    """A place in the archive that no other content has."""
    inside = "/".join(part for part in place.split("/") if part not in ("", ".", ".."))
    free = (one for one in numbered(inside) if one not in taken or taken[one].id == artifact.id)
    return next(free)


class _Sink:
    """What a zip file is written into, taken out piece by piece."""

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, content: bytes) -> int:
        self._held += content
        return len(content)

    def flush(self) -> None:
        pass

    def take(self) -> bytes:
        """What was written since."""
        taken = bytes(self._held)
        self._held.clear()
        return taken


def _zipped(desk: Desk, made: dict[str, Artifact]) -> Iterator[bytes]:
    """The archive, in pieces: sounds don't get smaller, so nothing is compressed."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as packed:  # type: ignore[call-overload]
        for place, artifact in made.items():
            ref = _kept(desk, artifact)
            if ref is None:
                continue
            with (
                desk.path(ref).open("rb") as source,
                packed.open(zipfile.ZipInfo(place), "w", force_zip64=True) as target,
            ):
                while piece := source.read(_PIECE):
                    target.write(piece)
                    yield sink.take()
    yield sink.take()


def _kept(desk: Desk, artifact: Artifact) -> AssetRef | None:
    """A file that the store still has; forgotten ones are left out."""
    try:
        ref = desk.studio.deps.assets.ref(artifact.id)
        desk.path(ref)
    except UnknownName:
        return None
    return ref


ROUTES = [
    Route("/api/projects/{project}/assets", upload, methods=["POST"]),
    Route("/api/projects/{project}/archive", archive),
    Route("/files/{token}/{name:path}", file),
]
