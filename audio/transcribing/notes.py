"""Notes as they were heard: in seconds, before they are put into bars."""

from collections.abc import Sequence
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

Voice = Literal["melody", "bass", "harmony"]
Drum = Literal["kick", "snare", "hat"]

VOICES: tuple[Voice, ...] = ("melody", "bass", "harmony")


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


def polyphony(notes: Sequence[HeardNote]) -> float:
    """How many notes sound at once, on average over the time in which any does; 0 without notes."""
    if not notes:
        return 0.0
    times = np.array([time for one in notes for time in (one.start, one.end)])
    steps = np.tile([1, -1], len(notes))
    order = np.lexsort((steps, times))
    sounding = np.cumsum(steps[order])[:-1]
    lengths = np.diff(times[order])
    busy = float(lengths[sounding > 0].sum())
    return float((sounding * lengths).sum()) / busy if busy > 0 else 0.0
