"""A spectrogram's pixels as levels over time and frequency, with only what its axes say known."""

from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage

from audio.axes import Axes
from audio.blocks import Floats
from audio.sight.colour_scale import Louder, shares_of
from grym_synth.errors import BadInput

USUAL_SPAN_DB = 80.0
"""Taken as the range of the colours where it isn't told."""
_BLUR_BLOCKS, _BLUR_MOST, _ALIKE = 16, 151, 0.4
_STILL = 0.1
"""Below this variance in dB² there is no noise to tell the blur from."""
_FILLED = 0.5
"""Rows and columns with a smaller share of known pixels lie outside the sound."""


@dataclass(frozen=True)
class Field:
    """Levels of the part of a plot that shows sound."""

    levels: Floats
    """float32, (rows, columns), dB; the first row is the lowest, the first column the earliest."""
    first_row: int
    """How many rows of the plot lie below."""
    first_column: int
    axes: Axes
    floor: float
    """The darkest colour, in dB: fainter sound looks the same."""

    @property
    def rows(self) -> int:
        """How many rows of pixels."""
        return int(self.levels.shape[0])

    @property
    def columns(self) -> int:
        """How many columns of pixels."""
        return int(self.levels.shape[1])

    def hertz(self, row: float) -> float:
        """The frequency at a row's edge; ``row + 0.5`` is its middle."""
        return self.axes.y.value((self.first_row + row) / self.axes.plot.height)

    def row(self, hertz: float) -> float:
        """Where a frequency lies, in rows."""
        return self.axes.y.fraction(hertz) * self.axes.plot.height - self.first_row

    def seconds(self, column: float) -> float:
        """The time at a column's edge; ``column + 0.5`` is its middle."""
        return self.axes.x.value((self.first_column + column) / self.axes.plot.width)

    @property
    def column_seconds(self) -> float:
        """How much time a column shows."""
        return (self.axes.x.high - self.axes.x.low) / self.axes.plot.width


def read_field(
    picture: Image.Image, axes: Axes, colours: tuple[str, ...] = (), louder: Louder | None = None
) -> Field:
    """Read the levels of a spectrogram off its pixels.

    Args:
        picture: in mode RGB.
        axes: with time across and frequency up, inside the picture.
        colours: its colour map from quiet to loud, where it is known.
        louder: which end of an unknown map is louder.

    Raises:
        BadInput: it shows something else than frequencies over time, or no levels.
    """
    if axes.x.quantity != "time" or axes.y.quantity != "frequency":
        raise _unusable(f"it shows {axes.y.quantity} over {axes.x.quantity}")
    plot = axes.plot
    if plot.left + plot.width > picture.width or plot.top + plot.height > picture.height:
        raise _unusable("its axes say that the plot is larger than the picture")
    box = (plot.left, plot.top, plot.left + plot.width, plot.top + plot.height)
    shares = shares_of(np.asarray(picture.crop(box)), colours, louder)[::-1]
    known = np.isfinite(shares)
    rows = np.flatnonzero(known.mean(axis=1) >= _FILLED * known.mean(axis=1).max(initial=0.01))
    columns = np.flatnonzero(known[rows].mean(axis=0) >= _FILLED)
    if len(rows) < 16 or len(columns) < 16:
        raise _unusable("its plot holds too few levels")
    held = shares[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    told = axes.values is not None and axes.values.unit in ("dB", "dBFS")
    low, high = (axes.values.low, axes.values.high) if axes.values and told else (
        -USUAL_SPAN_DB, 0.0
    )  # fmt: skip
    levels = (low + _filled(held) * (high - low)).astype(np.float32)
    return Field(levels, int(rows[0]), int(columns[0]), axes, low)


def blur_columns(field: Field) -> np.ndarray:
    """How many columns chance makes alike in each row, from how noise goes on: (rows,)."""
    count = max(1, min(_BLUR_BLOCKS, field.rows // 16))
    blurs = []
    for block in np.array_split(field.levels, count):
        steps = block - ndimage.uniform_filter1d(block, _BLUR_MOST, axis=1, mode="nearest")
        power = np.median((steps**2).mean(axis=1))
        lag = 1
        while power > _STILL and lag < _BLUR_MOST // 3 and lag < field.columns - 1:
            alike = np.median((steps[:, lag:] * steps[:, :-lag]).mean(axis=1)) / power
            if alike < _ALIKE:
                break
            lag += 1
        blurs.append(np.full(len(block), lag))
    held: np.ndarray = np.concatenate(blurs)
    return held


def _filled(shares: Floats) -> Floats:
    """The levels with what lies over them, such as a grid line, replaced by the nearest known."""
    unknown = ~np.isfinite(shares)
    if not unknown.any():
        return shares
    nearest = ndimage.distance_transform_edt(unknown, return_distances=False, return_indices=True)
    filled: Floats = shares[tuple(nearest)]
    return filled


def _unusable(happened: str) -> BadInput:
    return BadInput(
        "reading a picture as a spectrogram", happened, "Give a spectrogram with its axes"
    )
