"""How large a picture for a vision model is, and what one patch of it shows.

Such a model sees a picture as square patches, one token each (28 pixels a side for Qwen2.5-VL, 32
for Qwen3-VL). A picture is made of whole patches, so that the model needn't resize it, and so is
each cell between two labelled ticks: an octave or a round number of hertz up, a round number of
seconds across. A long sound becomes several pictures rather than a squeezed one.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Self

from audio.axes import Axes, Axis, PlotBox
from audio.musical_time import Span
from grym_synth.errors import BadInput
from models.vision.eyes import Eyes

LEFT, RIGHT, TOP, BOTTOM = 2, 1, 1, 1
"""Margins in patches: labels of the frequencies, the last label's end, the title, the times."""
SECONDS_PER_PATCH = 0.5
"""Most seconds that a patch of a tile shows: an eighth note at 60 BPM."""
LOWEST_HZ, HIGHEST_HZ = 31.25, 32_000.0
"""Edges of octaves about 1 kHz, with the hum of 50 Hz mains in and what nobody hears left out."""
LOG_FROM_OCTAVES = 2.0
"""A narrower range of frequencies is shown on a linear scale."""

_STEPS = (
    *(step * 10.0**power for power in range(-4, 4) for step in (1, 2, 5)),
    *(15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0),
)
_LEAST_COLUMNS, _LEAST_PATCH, _MOST_CELL = 4, 14, 8
_SHAPE = 2.2
"""Wanted columns per row."""
_LINEAR_ROWS = (8, 12, 16, 20, 24, 32, 40)


@dataclass(frozen=True)
class Budget:
    """What a vision model sees at once."""

    patch_pixels: int = 28
    """Side of the square that becomes one token: 28 for Qwen2.5-VL, 32 for Qwen3-VL."""
    most_tokens: int = 1024
    """Most patches of one picture."""

    @classmethod
    def of(cls, eyes: Eyes, most_tokens: int = 1024) -> Self:
        """What some eyes see without making a picture smaller, or fewer tokens."""
        return cls(eyes.cell, min(most_tokens, eyes.most_pixels // eyes.cell**2))


@dataclass(frozen=True)
class Crop:
    """What of a sound is to be seen; the picture shows at least that."""

    start: float = 0.0
    """Seconds."""
    end: float | None = None
    """Seconds; by default to the sound's end."""
    low_hz: float | None = None
    """By default from ``LOWEST_HZ``."""
    high_hz: float | None = None
    """By default all that the sample rate holds, to ``HIGHEST_HZ``."""


class Cells(NamedTuple):
    """One direction of a plot."""

    axis: Axis
    number: int
    """How many cells lie between its labelled ticks."""
    patches: int
    """How many patches one cell spans."""


@dataclass(frozen=True)
class Layout:
    """A picture before it is drawn."""

    width: int
    """Pixels, a whole number of patches."""
    height: int
    axes: Axes
    across: Cells
    up: Cells
    patch_pixels: int

    @property
    def tokens(self) -> int:
        """How many patches the picture has."""
        return self.width * self.height // self.patch_pixels**2


def lay_out(
    seconds: float, sample_rate_hz: int, budget: Budget, crop: Crop | None = None
) -> Layout:
    """Find the size and the axes of one picture.

    Args:
        seconds: how long the sound is.
        sample_rate_hz: its sample rate.
        budget: what the model sees.
        crop: what is to be seen; by default everything.

    Raises:
        BadInput: nothing of the sound is in the crop, or the budget holds no picture.
    """
    crop = crop or Crop()
    span = _span(seconds, crop)
    columns, up = _grid(sample_rate_hz, budget, crop)
    return _layout(_across(span, columns), up, budget.patch_pixels)


def tiles(seconds: float, sample_rate_hz: int, budget: Budget) -> Iterator[Crop]:
    """Cut a long sound into stretches of equal, round length that one picture each shows well.

    Raises:
        BadInput: the budget holds no picture.
    """
    columns, _ = _grid(sample_rate_hz, budget, Crop())
    count = math.ceil(seconds / (columns * SECONDS_PER_PATCH) - 1e-9)
    if count <= 1:
        yield Crop(0.0, seconds)
        return
    cells = _across(Span(0.0, seconds / count), columns)
    length = cells.axis.high
    for index in range(math.ceil(seconds / length - 1e-9)):
        yield Crop(index * length, min((index + 1) * length, seconds))


def _grid(sample_rate_hz: int, budget: Budget, crop: Crop) -> tuple[int, Cells]:
    """How many patches wide a plot may be, and its frequencies, at the shape nearest to wanted."""
    options = []
    for up in _ups(sample_rate_hz, crop):
        rows = up.number * up.patches
        columns = budget.most_tokens // (rows + TOP + BOTTOM) - LEFT - RIGHT
        if columns >= _LEAST_COLUMNS:
            options.append((abs(math.log(columns / rows / _SHAPE)), columns, up))
    if not options or budget.patch_pixels < _LEAST_PATCH:
        raise BadInput(
            "drawing a spectrogram for a vision model",
            f"{budget.most_tokens} patches of {budget.patch_pixels} pixels are too few",
            "Allow at least 256 tokens a picture",
        )
    _, columns, up = min(options, key=lambda option: option[0])
    return columns, up


def _layout(across: Cells, up: Cells, patch: int) -> Layout:
    columns, rows = across.number * across.patches, up.number * up.patches
    plot = PlotBox(left=LEFT * patch, top=TOP * patch, width=columns * patch, height=rows * patch)
    axes = Axes(kind="spectrogram", plot=plot, x=across.axis, y=up.axis)
    width, height = (columns + LEFT + RIGHT) * patch, (rows + TOP + BOTTOM) * patch
    return Layout(width, height, axes, across, up, patch)


def _span(seconds: float, crop: Crop) -> Span:
    """The stretch of a sound that a crop holds."""
    end = seconds if crop.end is None else min(crop.end, seconds)
    if not (math.isfinite(crop.start) and 0 <= crop.start < end):
        raise BadInput(
            f"drawing {crop.start:g} to {end:g} s of a sound of {seconds:g} s",
            "nothing of it lies there",
            "Give a start before the end, inside the sound",
        )
    return Span(crop.start, end)


def _across(span: Span, columns: int) -> Cells:
    """Cells of time for a plot of at most so many patches, as little as possible left empty."""
    low, step, count, patches = _round_cells(span.start, span.end, columns)
    axis = Axis(quantity="time", unit="s", low=low, high=round(low + count * step, 9))
    return Cells(axis, count, patches)


class _Round(NamedTuple):
    low: float
    step: float
    number: int
    patches: int


def _round_cells(low: float, high: float, most: int) -> _Round:
    """Cells of a round size that hold a range, using most of the patches for it."""
    found: list[tuple[float, _Round]] = []
    for step in _STEPS:
        first = math.floor(low / step + 1e-9)
        count = max(1, math.ceil(high / step - 1e-9) - first)
        patches = min(most // count, _MOST_CELL)
        if patches:
            used = (high - low) / step * patches / most
            found.append((used, _Round(round(first * step, 9), step, count, patches)))
    if not found:
        raise BadInput(
            f"drawing {low:g} to {high:g}", "it is too long for one picture", "Draw it in parts"
        )
    return max(found, key=lambda one: (round(one[0], 6), one[1].patches))[1]


def _ups(sample_rate_hz: int, crop: Crop) -> list[Cells]:
    """The ways to lay out the frequencies: octaves of so many patches, or a linear scale."""
    nyquist = sample_rate_hz / 2
    low = max(crop.low_hz if crop.low_hz is not None else LOWEST_HZ, 0.0)
    high = min(crop.high_hz if crop.high_hz is not None else HIGHEST_HZ, nyquist)
    if not (math.isfinite(low) and low < high):
        raise BadInput(
            f"drawing {low:g} to {high:g} Hz of a sound of {sample_rate_hz} Hz",
            f"it holds 0 to {nyquist:g} Hz",
            "Give a lower frequency below the upper one",
        )
    if low >= LOWEST_HZ / 2 and math.log2(high / low) >= LOG_FROM_OCTAVES:
        return _octaves(low, high)
    shown = (_round_cells(low, high, rows) for rows in _LINEAR_ROWS)
    return [
        Cells(
            Axis(
                quantity="frequency", unit="Hz", low=cells.low,
                high=round(cells.low + cells.number * cells.step, 9),
            ),
            cells.number, cells.patches,
        )
        for cells in shown
    ]  # fmt: skip


def _octaves(low: float, high: float) -> list[Cells]:
    first = math.floor(math.log2(low / 1000) + 1e-6)
    last = math.ceil(math.log2(high / 1000) - 0.06)
    axis = Axis(
        quantity="frequency", unit="Hz", scale="log", low=1000 * 2.0**first, high=1000 * 2.0**last
    )
    return [Cells(axis, last - first, patches) for patches in range(1, _MOST_CELL + 1)]
