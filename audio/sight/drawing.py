"""Spectrograms for a vision model: whole patches, large labels, strong contrast, axes as data."""

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from audio.axes import Axes, ValueRange
from audio.blocks import Floats, Stream, open_stream
from audio.canvas import INK, PAPER, drawable, to_png
from audio.colours import Bytes, paint
from audio.pictures import Picture
from audio.sight.layout import Budget, Cells, Crop, Layout, lay_out, tiles
from audio.sight.levels import measure_levels
from audio.ticks import ticks_of
from grym_synth.errors import MediaRejected

MOST_SPAN_DB, LEAST_SPAN_DB = 90.0, 50.0
"""Range of the colours: fainter sound than the highest less this is as dark as silence."""
_SILENT_DB = -100.0
_UNDER_FLOOR_DB = 5.0
_LETTER = 0.6
"""Height of the letters as a share of a patch."""


def draw_for_eyes(path: Path, title: str, budget: Budget, crop: Crop | None = None) -> Picture:
    """Draw a spectrogram, or a part of it measured anew, at the size that a model reads best.

    Args:
        path: the sound file.
        title: what it is, in a few words.
        budget: what the model sees at once.
        crop: what is to be seen; by default everything.

    Raises:
        BadInput: nothing of the sound is in the crop, or the budget holds no picture.
        MediaRejected: the file can't be decoded or holds nothing.
    """
    stream = open_stream(path)
    if stream.frames < 1:
        raise MediaRejected(f"drawing {path.name}", "it holds no samples", "Give another file")
    layout = lay_out(stream.seconds, stream.sample_rate_hz, budget, crop)
    levels = measure_levels(path, stream, layout.axes)
    values = value_range(levels)
    axes = layout.axes.model_copy(update={"values": values})
    sheet = _Sheet(layout, axes)
    sheet.put(_coloured(levels, values))
    return Picture(sheet.finish(f"{title}, {values.low:g} (dark) to {values.high:g} dBFS"), axes)


def draw_tiles(path: Path, title: str, budget: Budget) -> Iterator[Picture]:
    """Draw a sound of any length as pictures of equal stretches, none of them squeezed.

    Raises:
        BadInput: the budget holds no picture.
        MediaRejected: the file can't be decoded or holds nothing.
    """
    stream: Stream = open_stream(path)
    for crop in tiles(stream.seconds, stream.sample_rate_hz, budget):
        yield draw_for_eyes(path, title, budget, crop)


def value_range(levels: Floats) -> ValueRange:
    """The levels of the darkest and the lightest colour: from under the noise to the highest."""
    known = levels[np.isfinite(levels)]
    top = float(known.max(initial=_SILENT_DB))
    high = 0.0 if top <= _SILENT_DB else 5.0 * math.ceil(top / 5)
    floor = float(np.percentile(known, 5)) if known.size else _SILENT_DB
    low = 5.0 * math.floor((floor - _UNDER_FLOOR_DB) / 5)
    low = min(max(low, high - MOST_SPAN_DB), high - LEAST_SPAN_DB)
    return ValueRange(low=low, high=high, unit="dBFS")


def _coloured(levels: Floats, values: ValueRange) -> Bytes:
    """Levels as colours, and paper where there can be no sound."""
    plot = paint(np.nan_to_num(levels, nan=values.low), values.low, values.high)
    plot[~np.isfinite(levels)] = PAPER
    return plot


class _Sheet:
    """A sheet of whole patches, with ticks between the plot and its labels."""

    def __init__(self, layout: Layout, axes: Axes) -> None:
        self._layout, self._axes, self._plot = layout, axes, axes.plot
        self._image = Image.new("RGB", (layout.width, layout.height), PAPER)
        self._draw = ImageDraw.Draw(self._image)
        self._text = ImageFont.load_default(round(layout.patch_pixels * _LETTER))

    def put(self, plot: Bytes) -> None:
        """Put the plot in its place."""
        self._image.paste(Image.fromarray(plot), (self._plot.left, self._plot.top))

    def finish(self, title: str) -> bytes:
        """Draw labels and title, and return the PNG with its axes in it."""
        patch, plot, axes = self._layout.patch_pixels, self._plot, self._axes
        bottom, right = plot.top + plot.height, plot.left + plot.width
        self._draw.rectangle((plot.left - 1, plot.top - 1, right, bottom), outline=INK)
        for tick in ticks_of(axes.x, plot.width, self._gap(self._layout.across, 2)):
            x = axes.pixel_at(tick.value, axes.y.low).x
            self._draw.line((x, bottom, x, bottom + patch // 5), fill=INK, width=2)
            label = f"{tick.label} s" if tick.value == axes.x.low else tick.label
            self._draw.text((x, bottom + patch // 4), label, INK, self._text, anchor="mt")
        for value, label in _frequency_labels(self._layout):
            y = axes.pixel_at(axes.x.low, value).y
            self._draw.line((plot.left - patch // 5, y, plot.left - 1, y), fill=INK, width=2)
            self._draw.text((plot.left - patch // 4, y), label, INK, self._text, anchor="rm")
        self._write(title)
        return to_png(self._image, axes)

    def _gap(self, cells: Cells, least_patches: int) -> int:
        return max(cells.patches, least_patches) * self._layout.patch_pixels

    def _write(self, title: str) -> None:
        line = drawable(title)
        room = self._layout.width - self._plot.left
        while line and self._draw.textlength(line, self._text) > room:
            line = line[1:]
        middle = self._layout.patch_pixels / 2
        self._draw.text((self._plot.left, middle), line, INK, self._text, anchor="lm")


def _frequency_labels(layout: Layout) -> list[tuple[float, str]]:
    """The edges of the cells, in hertz, and what stands beside them."""
    axis, count = layout.up.axis, layout.up.number
    edges = [axis.value(index / count) for index in range(count + 1)]
    every = 1 if layout.up.patches > 1 else 2
    return [(edge, _hertz(edge)) for edge in edges[::every]]


def _hertz(hertz: float) -> str:
    near = float(f"{hertz:.4g}")
    return f"{near / 1000:g}k" if near >= 1000 else f"{round(near, 1):g}"
