"""From what a vision model points at to what it means: seconds and hertz, bars, pitches.

A model counts in its own coordinates: Qwen2.5-VL in pixels of the picture as it was resized for it,
Qwen3-VL in thousandths of the picture's sides. They become pixels of the picture, and these become
the units of its axes. No more can be said than one pixel, or one step of the model's coordinates
where that is coarser: every figure carries this bound.
"""

from dataclasses import dataclass
from typing import NamedTuple, Self

from audio.axes import Axes, Axis, Point
from audio.musical_time import MusicalTime
from audio.pitch_names import midi_of_hertz, note_of_midi
from models.vision.eyes import Coordinates, Eyes


class Box(NamedTuple):
    """A rectangle in a model's coordinates or in a picture's pixels, in any order of corners."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Shown:
    """A picture as a model was shown it."""

    width: int
    """Pixels of the picture itself."""
    height: int
    convention: Coordinates
    resized_width: int | None = None
    """Pixels of what the model saw; by default the picture was not resized."""
    resized_height: int | None = None

    @classmethod
    def to(cls, eyes: Eyes, width: int, height: int) -> Self:
        """A picture as some eyes see it; told in pixels where nothing says how they tell places.

        Raises:
            MediaRejected: the eyes can't see a picture of that shape.
        """
        seen = eyes.seen(width, height)
        return cls(width, height, eyes.coordinates or "pixels", seen.width, seen.height)

    @property
    def step(self) -> Point:
        """How many of the picture's pixels one step of the model's coordinates spans."""
        if self.convention == "thousandths":
            return Point(self.width / 1000, self.height / 1000)
        across, down = self.resized_width or self.width, self.resized_height or self.height
        return Point(self.width / across, self.height / down)

    def pixel_of(self, x: float, y: float) -> Point:
        """The picture's pixel coordinates of a model's point."""
        return Point(x * self.step.x, y * self.step.y)

    def coordinates_of(self, pixel_x: float, pixel_y: float) -> Point:
        """How the model would name a place in the picture: the way back, in whole numbers."""
        return Point(round(pixel_x / self.step.x), round(pixel_y / self.step.y))


class Bounded(NamedTuple):
    """A figure that was read off a picture."""

    value: float
    """In the axis's unit."""
    error: float
    """It lies within this of ``value``, as far as the picture's resolution goes."""


@dataclass(frozen=True)
class PointPlace:
    """What a point means."""

    x: Bounded
    y: Bounded


@dataclass(frozen=True)
class BoxPlace:
    """What a rectangle means."""

    start: Bounded
    """Left edge, in the unit of the x axis."""
    end: Bounded
    low: Bounded
    """Lower edge, in the unit of the y axis."""
    high: Bounded


def place_of_point(axes: Axes, shown: Shown, x: float, y: float) -> PointPlace | None:
    """What a model's point means; None when it lies outside the plot by more than a cell."""
    place = place_of_box(axes, shown, Box(x, y, x, y))
    return None if place is None else PointPlace(place.start, place.low)


def place_of_box(axes: Axes, shown: Shown, box: Box) -> BoxPlace | None:
    """What a model's rectangle means, cut to the plot; None when it lies outside it.

    Args:
        axes: of the picture.
        shown: how the model saw it.
        box: in the model's coordinates.
    """
    one, other = shown.pixel_of(box.x1, box.y1), shown.pixel_of(box.x2, box.y2)
    step, plot = shown.step, axes.plot
    across = _cut(sorted((one.x, other.x)), plot.left, plot.width, max(1.0, step.x))
    down = _cut(sorted((one.y, other.y)), plot.top, plot.height, max(1.0, step.y))
    if across is None or down is None:
        return None
    cell_x, cell_y = max(1.0, step.x) / plot.width, max(1.0, step.y) / plot.height
    return BoxPlace(
        start=_read(axes.x, across[0], cell_x),
        end=_read(axes.x, across[1], cell_x),
        low=_read(axes.y, 1 - down[1], cell_y),
        high=_read(axes.y, 1 - down[0], cell_y),
    )


def box_of(axes: Axes, shown: Shown, start: float, end: float, low: float, high: float) -> Box:
    """How a model would name a stretch of the axes: the way back, cut to the plot."""
    first = axes.pixel_at(max(start, axes.x.low), min(high, axes.y.high))
    last = axes.pixel_at(min(end, axes.x.high), max(low, axes.y.low))
    return Box(*shown.coordinates_of(*first), *shown.coordinates_of(*last))


def in_words(axis: Axis, figure: Bounded, time: MusicalTime | None = None) -> str:
    """A figure with its bound, in the musical words of its axis.

    Args:
        axis: the axis that it was read from.
        figure: the figure.
        time: the project's musical time, to add bars and beats.
    """
    value, error = figure
    if axis.scale == "classes":
        return axis.classes[min(max(int(value), 0), len(axis.classes) - 1)]
    if axis.quantity == "pitch":
        return f"{note_of_midi(round(value))} (± {error:.2g} semitones)"
    said = f"{_rounded(value, error)} {axis.unit} (± {error:.2g})"
    if axis.quantity == "frequency" and value > 0:
        return f"{said}, near {note_of_midi(round(midi_of_hertz(value)))}"
    if axis.quantity == "time" and time is not None:
        return f"{said}, {bars_of(value, value, time)}"
    return said


def bars_of(start: float, end: float, time: MusicalTime) -> str:
    """A stretch of seconds in bars and beats, such as ``bar 2, beat 3 to bar 4, beat 1``."""
    places = (time.position_at(at) for at in dict.fromkeys((start, end)))
    return " to ".join(f"bar {one.bar}, beat {float(one.beat):.3g}" for one in places)


def _cut(ends: list[float], edge: float, length: float, slack: float) -> tuple[float, float] | None:
    """Both ends as shares of the plot, cut to it; None when nothing is inside."""
    low, high = ends
    if not (high >= edge - slack and low <= edge + length + slack):  # catches NaN too
        return None
    first, last = ((min(max(end, edge), edge + length) - edge) / length for end in ends)
    return first, last


def _read(axis: Axis, share: float, cell: float) -> Bounded:
    value = axis.value(share)
    around = (axis.value(max(share - cell, 0.0)), axis.value(min(share + cell, 1.0)))
    return Bounded(value, max(abs(one - value) for one in around))


def _rounded(value: float, error: float) -> str:
    """As many digits as the bound allows."""
    if error <= 0:
        return f"{value:g}"
    digits = max(0, -_exponent(error) + 1)
    return f"{value:.{digits}f}"


def _exponent(value: float) -> int:
    return int(f"{value:e}".split("e")[1])
