"""What a model that sees answers about each kind of picture: typed, bounded, and nothing else.

A picture may hold words that pose as orders. Whatever a model makes of them has to fit into these
forms, in which there is no room for a task, a path to open or a measurement.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from audio.sight.events import EventKind

MOST_MARKS = 40
MOST_SPOTS = 12
MOST_CONTROLS = 60
MOST_NOTES = 64

Coordinate = Annotated[int, Field(ge=0, le=100_000)]
"""In the model's own coordinates for the picture."""
Short = Annotated[str, Field(max_length=80)]
Line = Annotated[str, Field(max_length=200)]
Writing = Annotated[tuple[Line, ...], Field(max_length=12)]
Sort = Literal["spectrogram", "waveform", "plot", "score", "screen", "photo", "other"]


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Mark(_Form):
    """Something that the model points at in a spectrogram."""

    kind: EventKind
    x1: Coordinate
    y1: Coordinate
    x2: Coordinate
    y2: Coordinate
    rises: bool
    """Of a sweep."""


class Marks(_Form):
    """All that the model points at in a spectrogram."""

    marks: Annotated[tuple[Mark, ...], Field(max_length=MOST_MARKS)]


class Spot(_Form):
    """Something that the model points at in a plot."""

    what: Short
    kind: Literal["clipping", "dropout", "silence", "loud", "quiet", "change", "other"]
    x1: Coordinate
    y1: Coordinate
    x2: Coordinate
    y2: Coordinate


class Spots(_Form):
    """All that the model points at in a plot."""

    spots: Annotated[tuple[Spot, ...], Field(max_length=MOST_SPOTS)]


class Glance(_Form):
    """What sort of picture it is, and the words in it."""

    kind: Sort
    writing: Writing


class Note(_Form):
    """One note of a score."""

    bar: Annotated[int, Field(ge=1, le=2000)]
    pitch: Annotated[str, Field(pattern=r"^[A-G](?:#{1,2}|b{1,2})?-?\d$")]
    """Such as ``F#4``; C4 is the middle C."""
    quarters: Annotated[float, Field(gt=0, le=64)]
    """Length in quarter notes."""
    x: Coordinate | None = None
    """Middle of its head."""
    y: Coordinate | None = None


class ScoreReading(_Form):
    """What stands in a score."""

    key: Annotated[str, Field(max_length=20)]
    """Such as ``F# minor``; empty where it can't be told."""
    meter: Annotated[str, Field(pattern=r"^(?:\d{1,2}/\d{1,2})?$")]
    bpm: Annotated[float, Field(ge=0, le=400)] | None
    """Of the printed tempo mark, if there is one."""
    notes: Annotated[tuple[Note, ...], Field(max_length=MOST_NOTES)]
    """Of the upper staff, from left to right."""


class Control(_Form):
    """One part of a screen that shows or sets a value."""

    name: Short
    """As it is written beside it."""
    kind: Literal["knob", "fader", "button", "switch", "menu", "field", "meter", "display", "text"]
    value: Short
    """As it is written there; empty where it can't be read."""
    x1: Coordinate
    y1: Coordinate
    x2: Coordinate
    y2: Coordinate


class ScreenReading(_Form):
    """What stands on a screen."""

    controls: Annotated[tuple[Control, ...], Field(max_length=MOST_CONTROLS)]
