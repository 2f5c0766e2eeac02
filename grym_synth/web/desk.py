"""What all routes share: the studio, its runs, and what was uploaded."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, JsonValue, ValidationError
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from audio.assets import AssetRef
from grym_synth.errors import BadInput, UnknownName
from grym_synth.misfits import misfits
from grym_synth.studio import Studio
from grym_synth.web.runs import Runs
from grym_synth.web.uploads import Incoming
from memory.repository import Repository

FormT = TypeVar("FormT", bound=BaseModel)

BODY_BYTES = 2_000_000
"""Largest body of a request that is no file."""

MOST_DIGITS = 18
"""Longest number of a query; Python refuses to read numbers of thousands of digits."""


@dataclass(frozen=True)
class Desk:
    """The parts behind the routes."""

    studio: Studio
    runs: Runs
    incoming: Incoming

    @property
    def home(self) -> Path:
        """The home that this process owns."""
        return self.studio.home

    @property
    def memory(self) -> Repository:
        """The project memory."""
        return self.studio.deps.repository

    def asset(self, project: str, asset: str) -> AssetRef:
        """A file that a project knows, or that was uploaded for it.

        Raises:
            UnknownName: there is none of this id in this project.
        """
        known = self.memory.assets_of(project, (asset,)) if self.knows(project) else ()
        found = next(iter(known), None) or self.incoming.of(project, asset)
        if found is None:
            raise UnknownName(
                f"opening asset {asset[:12]}", f"project {project} has none", "Attach the file"
            )
        return found

    def assets(self, project: str, wanted: Iterable[str]) -> tuple[AssetRef, ...]:
        """Several of them."""
        return tuple(self.asset(project, one) for one in wanted)

    def path(self, asset: AssetRef) -> Path:
        """Where the bytes of a file lie: always in the store, under the digest of its content."""
        return self.studio.deps.assets.path(asset)

    def knows(self, project: str) -> bool:
        """Whether there is a project of this name."""
        try:
            self.memory.require_project(project)
        except UnknownName:
            return False
        return True


def desk_of(request: Request) -> Desk:
    """The desk of the application that got a request."""
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk


def project_of(request: Request) -> str:
    """The project that a request's path names.

    Raises:
        UnknownName: there is none.
    """
    name = str(request.path_params["project"])
    desk_of(request).memory.require_project(name)
    return name


def number_in(request: Request, name: str, otherwise: int, low: int, high: int) -> int:
    """A whole number of the query.

    Raises:
        BadInput: it is none, or out of range.
    """
    given = request.query_params.get(name, "")
    if not given:
        return otherwise
    number = int(given) if given.isdecimal() and len(given) <= MOST_DIGITS else low - 1
    if not low <= number <= high:
        said = given[: MOST_DIGITS * 2]
        raise BadInput(f"reading {name}={said}", f"it is no number from {low} to {high}", "Mend it")
    return number


def answer_json(told: JsonValue) -> Response:
    """JSON as an answer, with letters as they are."""
    return Response(to_json(told, inf_nan_mode="null"), media_type="application/json")


async def body_of(request: Request, form: type[FormT]) -> FormT:
    """A request's JSON.

    Raises:
        BadInput: it is too long, or not of that form.
    """
    tried, held = "reading the request", bytearray()
    async for part in request.stream():
        held += part
        if len(held) > BODY_BYTES:
            raise BadInput(tried, f"it is longer than {BODY_BYTES:,} bytes", "Say it in fewer")
    try:
        return form.model_validate_json(bytes(held) or b"{}")
    except ValidationError as fault:
        raise BadInput(tried, misfits(fault), "Send what docs/studio.md says") from fault
