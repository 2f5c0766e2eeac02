"""What can be seen in a spectrogram, in seconds and hertz."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

EventKind = Literal["tone", "sweep", "hum", "dropout", "cutoff", "click"]

WITHOUT_HERTZ: tuple[EventKind, ...] = ("dropout", "click")
"""Kinds that take up all frequencies."""

Seconds = Annotated[float, Field(ge=0)]
Hertz = Annotated[float, Field(gt=0)]


class PictureEvent(BaseModel):
    """Something with a place in a spectrogram."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    kind: EventKind
    """``tone``: a line that begins and ends; ``sweep``: one whose frequency moves; ``hum``: a line
    all along; ``dropout``: a gap; ``cutoff``: an edge above which nothing is; ``click``: an
    instant at all frequencies."""
    start: Seconds
    end: Seconds
    hertz: Hertz | None = None
    """Of a sweep: where it begins. None for drop-outs and clicks."""
    end_hertz: Hertz | None = None
    """Where a sweep ends; None for all others."""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.end < self.start:
            raise ValueError("an event ends before it starts")
        if (self.hertz is None) != (self.kind in WITHOUT_HERTZ):
            raise ValueError(f"a {self.kind} has {'no' if self.hertz else 'a'} frequency")
        if (self.end_hertz is None) == (self.kind == "sweep"):
            raise ValueError("a sweep, and only a sweep, has two frequencies")
        return self
