"""The axes of a picture as data: which pixel is which second and which hertz, and back.

Pixel coordinates run from the top left corner of the picture; pixel ``i`` covers ``i`` to
``i + 1``, so its centre is ``i + 0.5``. The axes travel inside the PNG as JSON in an iTXt chunk.
A chunk that comes from outside is a claim: it is checked against the schema and holds no free text.
"""

import math
from typing import Annotated, Literal, NamedTuple, Self

from PIL import Image
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

CHUNK = "grym-axes"
"""Keyword of the iTXt chunk."""

MAX_CHUNK_CHARACTERS = 4000
"""A longer chunk is not ours."""

PictureKind = Literal[
    "spectrogram",
    "chromagram",
    "waveform",
    "loudness_curve",
    "self_similarity",
    "piano_roll",
    "response",
]
ClassName = Literal[
    "C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B", "mono", "left", "right",
    "ch 1", "ch 2", "ch 3", "ch 4", "ch 5", "ch 6", "ch 7", "ch 8",
]  # fmt: skip
"""Names of the bands of an axis with classes: pitch classes or channels."""


class Point(NamedTuple):
    """A place in a picture: in pixels, or in the units of its axes."""

    x: float
    y: float


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Axis(_Data):
    """What one direction of the plot means."""

    quantity: Literal[
        "time", "frequency", "loudness", "pitch", "pitch class", "channel", "gain", "level",
        "input level", "delay", "amplitude",
    ]  # fmt: skip
    unit: Literal["s", "Hz", "LUFS", "MIDI", "dB", "dBFS", "ms", ""]
    scale: Literal["linear", "log", "mel", "classes"] = "linear"
    low: float
    """Value at the left or lower edge, in ``unit``."""
    high: float
    """Value at the right or upper edge, in ``unit``; with classes, their number."""
    classes: Annotated[tuple[ClassName, ...], Field(max_length=12)] = ()
    """Equal bands from ``low`` upward, when the scale is ``classes``."""

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if not self.low < self.high:
            raise ValueError("low must be below high")
        if (self.scale == "log" and self.low <= 0) or (self.scale == "mel" and self.low <= -700):
            raise ValueError("the scale is not defined at low")
        if self.scale == "classes" and (self.low, self.high) != (0, len(self.classes)):
            raise ValueError("an axis of classes runs from 0 to their number")
        return self

    def fraction(self, value: float) -> float:
        """Where a value lies: 0 at the low edge, 1 at the high edge."""
        low, high = _warp(self.scale, self.low), _warp(self.scale, self.high)
        return (_warp(self.scale, value) - low) / (high - low)

    def value(self, fraction: float) -> float:
        """The value at a share of the way from the low to the high edge."""
        low, high = _warp(self.scale, self.low), _warp(self.scale, self.high)
        return _unwarp(self.scale, low + fraction * (high - low))


class PlotBox(_Data):
    """The rectangle of the plot inside the picture, in pixels."""

    left: Annotated[int, Field(ge=0)]
    top: Annotated[int, Field(ge=0)]
    width: Annotated[int, Field(ge=1)]
    height: Annotated[int, Field(ge=1)]


class ValueRange(_Data):
    """What the colour or the height inside a band means."""

    low: float
    high: float
    unit: Literal["dBFS", "dB", "full scale", ""]


class Axes(_Data):
    """What a picture shows and where."""

    version: Literal[1] = 1
    kind: PictureKind
    plot: PlotBox
    x: Axis
    y: Axis
    values: ValueRange | None = None

    def point_at(self, pixel_x: float, pixel_y: float) -> Point:
        """The place under a pixel, in units: seconds across; hertz, seconds, LUFS or class up."""
        across = (pixel_x - self.plot.left) / self.plot.width
        down = (pixel_y - self.plot.top) / self.plot.height
        return Point(self.x.value(across), self.y.value(1 - down))

    def pixel_at(self, x: float, y: float) -> Point:
        """The pixel coordinates of a place that is given in the units of the axes."""
        across, up = self.x.fraction(x), self.y.fraction(y)
        return Point(
            self.plot.left + across * self.plot.width,
            self.plot.top + (1 - up) * self.plot.height,
        )

    def describe(self) -> str:
        """Say in one line what is shown, over which ranges."""
        up = (
            f"{len(self.y.classes)} {self.y.quantity}{'es' if 'class' in self.y.quantity else 's'}"
            if self.y.scale == "classes"
            else f"{self.y.low:.5g} to {self.y.high:.5g} {self.y.unit} ({self.y.scale})"
        )
        along = f"{self.x.low:.4g} to {self.x.high:.4g} {self.x.unit}"
        return f"{self.kind.replace('_', ' ')}, {along}, {up}"


def read_axes(picture: Image.Image) -> Axes | None:
    """The axes that a picture claims to have; None when it carries none that hold together."""
    text = getattr(picture, "text", {}).get(CHUNK)
    if not isinstance(text, str) or len(text) > MAX_CHUNK_CHARACTERS:
        return None
    try:
        axes = Axes.model_validate_json(str(text))
    except ValidationError:
        return None
    inside = (
        axes.plot.left + axes.plot.width <= picture.width
        and axes.plot.top + axes.plot.height <= picture.height
    )
    return axes if inside else None


def _warp(scale: str, value: float) -> float:
    """To the scale on which the axis is even; mel as by O'Shaughnessy (1987)."""
    if scale == "log":
        return math.log(value)
    return 2595 * math.log10(1 + value / 700) if scale == "mel" else value


def _unwarp(scale: str, warped: float) -> float:
    if scale == "log":
        return math.exp(warped)
    return 700 * (10 ** (warped / 2595) - 1) if scale == "mel" else warped
