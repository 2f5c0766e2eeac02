"""Notes as they were heard: in seconds, before they are put into bars."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Drum = Literal["kick", "snare", "hat"]


class HeardWord(BaseModel):
    """Base of what was heard."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class HeardNote(HeardWord):
    """One note with a pitch."""

    start: Annotated[float, Field(ge=0)]
    """In seconds."""
    end: Annotated[float, Field(ge=0)]
    """In seconds."""
    pitch: Annotated[int, Field(ge=0, le=127)]
    """MIDI number, 60 is middle C."""
    strength: Annotated[float, Field(ge=0, le=1)]
    """How surely it sounds."""

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.end - self.start


class HeardStroke(HeardWord):
    """One stroke on a drum."""

    at: Annotated[float, Field(ge=0)]
    """In seconds."""
    drum: Drum
    strength: Annotated[float, Field(ge=0, le=1)]
    """How loud, against the loudest of its kind."""
