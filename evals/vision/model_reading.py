"""What a vision model sees in a spectrogram, in seconds and hertz."""

import json
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from audio.axes import Axes
from audio.picture_files import decode_picture
from audio.picture_reading import MOST_PIXELS
from audio.sight.coordinates import Box, BoxPlace, Shown, place_of_box
from audio.sight.events import EventKind, PictureEvent
from models.asking import ask_typed
from models.base import Options
from models.schema import form_schema
from models.vision.base import VisionModel, shown
from prompts.rendering import render

_LEAST_HERTZ = 1e-3
Coordinate = Annotated[int, Field(ge=0, le=100_000)]


class Mark(BaseModel):
    """Something that the model points at."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: EventKind
    x1: Coordinate
    y1: Coordinate
    x2: Coordinate
    y2: Coordinate
    rises: bool
    """Of a sweep."""


class Marks(BaseModel):
    """All that the model points at in a picture."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    marks: Annotated[tuple[Mark, ...], Field(max_length=40)]


def read_by_model(model: VisionModel, path: Path, axes: Axes) -> list[PictureEvent]:
    """Ask a model for the events of a picture.

    Raises:
        MediaRejected: the picture can't be shown to it.
        ModelFault: it can't be asked, or gives no answer of the form.
    """
    with decode_picture(path, path.name, MOST_PIXELS) as picture:
        view = Shown.to(model.eyes(), picture.width, picture.height)
    asked = ask_typed(model, shown([path.read_bytes()], question()), Marks, Options(think=False))
    events = []
    for mark in asked.value.marks:
        place = place_of_box(axes, view, Box(mark.x1, mark.y1, mark.x2, mark.y2))
        if place is not None:
            events.append(_event(mark, place))
    return events


def question() -> str:
    """What a model is asked about a picture."""
    return render("point", schema=json.dumps(form_schema(Marks)))


def _event(mark: Mark, place: BoxPlace) -> PictureEvent:
    """A marked box as an event: a line in its middle, an edge at its lower side."""
    start, end = max(place.start.value, 0.0), max(place.end.value, 0.0)
    low, high = (max(one.value, _LEAST_HERTZ) for one in (place.low, place.high))
    hertz: float | None = None
    end_hertz: float | None = None
    if mark.kind == "sweep":
        hertz, end_hertz = (low, high) if mark.rises else (high, low)
    elif mark.kind == "cutoff":
        hertz = low
    elif mark.kind in ("tone", "hum"):
        hertz = (low + high) / 2
    return PictureEvent(kind=mark.kind, start=start, end=end, hertz=hertz, end_hertz=end_hertz)
