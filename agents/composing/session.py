"""Sessions: what ``project.json`` holds, so that a song can be changed later, part by part."""

import hashlib
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from agents.composing.order import ComposeOrder, told
from audio.composing.plan import PiecePlan
from audio.songs.song import Song
from grym_synth.errors import BadInput
from memory.context import Word

FORMAT: Literal["grym-synth session 1"] = "grym-synth session 1"


class Session(Word):
    """A composed song with everything that it came from."""

    format: Literal["grym-synth session 1"] = FORMAT
    revision: Annotated[int, Field(ge=1)] = 1
    """Counts from 1; each change of a session is the next one."""
    order: ComposeOrder
    """What was ordered."""
    plan: PiecePlan
    """What was decided."""
    song: Song
    """What was written."""
    stems: dict[str, str] = Field(default_factory=dict)
    """SHA-256 of each track's rendered file, by track."""
    mix_gain_db: float | None = None
    """The gain that all stems were given; a changed session keeps it."""
    changed: tuple[str, ...] = ()
    """What this revision composed anew, such as ``Chorus 1: bass``."""


def read_session(content: bytes, name: str = "project.json") -> Session:
    """The session that a ``project.json`` holds.

    Raises:
        BadInput: it is none.
    """
    try:
        return Session.model_validate_json(content)
    except ValidationError as fault:
        raise BadInput(
            f"reading {name} as a session",
            told(fault),
            "Give the project.json of a composed session, unchanged in its form",
        ) from fault


def written(session: Session) -> bytes:
    """The content of ``project.json``, the same for the same session."""
    return (session.model_dump_json(indent=1) + "\n").encode()


def song_mark(song: Song) -> str:
    """A mark of a song's content: SHA-256 of its words."""
    return hashlib.sha256(song.model_dump_json().encode()).hexdigest()
