"""What a model points at in a spectrogram, as events in seconds and hertz with their bounds."""

from collections.abc import Iterable
from typing import NamedTuple

from agents.seeing.forms import Mark, Marks
from audio.axes import Axes
from audio.sight.coordinates import Box, BoxPlace, Shown, place_of_box
from audio.sight.events import PictureEvent

_LEAST_HERTZ = 1e-3


class Sighted(NamedTuple):
    """An event that a model pointed at."""

    event: PictureEvent
    seconds_error: float
    """Its times lie within this, as far as the picture's resolution goes."""
    hertz_error: float
    """And its frequencies within this."""
    bound: str = "the picture's resolution"
    """Where these bounds come from."""


def sighted(marks: Marks, axes: Axes, view: Shown) -> tuple[Sighted, ...]:
    """The marks that lie in the plot, in order of time.

    Args:
        marks: what the model answered.
        axes: of the picture that it was shown.
        view: how it saw it.
    """
    return tuple(sorted(_placed(marks.marks, axes, view), key=lambda one: one.event.start))


def _placed(marks: Iterable[Mark], axes: Axes, view: Shown) -> Iterable[Sighted]:
    for mark in marks:
        place = place_of_box(axes, view, Box(mark.x1, mark.y1, mark.x2, mark.y2))
        if place is not None:
            seconds = max(place.start.error, place.end.error)
            hertz = max(place.low.error, place.high.error)
            yield Sighted(event_of(mark, place), seconds, hertz)


def event_of(mark: Mark, place: BoxPlace) -> PictureEvent:
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
