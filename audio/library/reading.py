"""One file of a library as it is asked for, and what it came to, as data between processes."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from audio.library.sound import Sound


class Reading(BaseModel):
    """What one file came to, as a line of JSON between processes."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    path: str
    sha256: str = ""
    size_bytes: int = 0
    changed_ns: int = 0
    sound: Sound | None = None
    """None for a file that is known already, and for one that can't be measured."""
    vector: str = ""
    """The vector's float32 in hex, little-endian."""
    known: bool = False
    """Its content was measured before."""
    problem: str = ""
    """Why it can't be measured; empty where all is well."""
    cpu_seconds: float = 0.0
    """Processor time that it took."""


@dataclass(frozen=True)
class Wanted:
    """A file that shall be read."""

    path: str
    size_bytes: int = 0
    changed_ns: int = 0
    """As the folder was read."""
