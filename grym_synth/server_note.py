"""The note that the server of a home leaves there, so that other commands can go through it."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from grym_synth.drafts import write_whole
from grym_synth.errors import BadInput, HomeLocked
from memory.storage.locks import HomeLock

FILE = "server.json"


class ServerNote(BaseModel):
    """Where the server of a home answers, and to whom."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    address: str = Field(pattern=r"^http://127\.0\.0\.1:\d{1,5}$")
    key: str = Field(min_length=32)
    """What programs send as bearer token."""
    pid: int
    """The server's process."""


def check_own(place: Path) -> None:
    """Refuse a file with a secret in it that others own, may read or may write.

    Raises:
        BadInput: it is such a file, or none at all.
    """
    held = place.lstat()
    happened = ""
    if not stat.S_ISREG(held.st_mode):
        happened = "it is no regular file"
    elif held.st_uid != os.geteuid():
        happened = f"it belongs to another user ({held.st_uid})"
    elif held.st_mode & 0o077:
        happened = f"other users may use it (its rights are {stat.S_IMODE(held.st_mode):o})"
    if happened:
        do = "Find out who put it there; then delete it, and start `grym studio` again"
        raise BadInput(f"reading {place}", happened, do)


@contextmanager
def noted(home: Path, note: ServerNote) -> Iterator[None]:
    """Leave a note in a home that this process owns, for as long as the block lasts."""
    place = home / FILE
    write_whole(place, note.model_dump_json())
    try:
        yield
    finally:
        place.unlink(missing_ok=True)


def server_of(home: Path) -> ServerNote | None:
    """The server that owns a home now; None where none does.

    A note that a killed server left behind doesn't count, and nobody is asked for it: whatever
    answers at its address now may be anybody.

    Raises:
        BadInput: somebody else may have written the note.
    """
    place = home / FILE
    if not place.exists():
        return None
    check_own(place)
    try:
        note = ServerNote.model_validate_json(place.read_bytes())
    except (OSError, ValidationError):
        return None
    try:
        with HomeLock(home):
            return None
    except HomeLocked as fault:
        return note if f"process {note.pid} " in fault.happened else None
