"""A sheet with a title, labelled axes and a colour bar, on which a plot is put."""

import io
import unicodedata

import numpy as np
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

from audio.axes import CHUNK, Axes, PlotBox
from audio.colours import Bytes, level_colours
from audio.ticks import level_ticks, ticks_of, title_of

WIDTH, HEIGHT = 1280, 720
"""Size of every picture, in pixels."""

PLOT = PlotBox(left=92, top=64, width=1056, height=584)
"""Where a plot over time lies."""

SQUARE = PlotBox(left=348, top=64, width=584, height=584)
"""Where a plot of time against time lies."""

PAPER, INK, _FAINT, _GRID = (252, 252, 250), (32, 34, 38), (96, 100, 108), (226, 227, 230)
_BAR_GAP, _BAR_WIDTH = 24, 18

Colour = tuple[int, int, int]


class Canvas:
    """Draws what all pictures have in common."""

    def __init__(self, axes: Axes) -> None:
        self.axes, self._plot = axes, axes.plot
        self._right = axes.plot.left + axes.plot.width
        self._bottom = axes.plot.top + axes.plot.height
        self._image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
        self._draw = ImageDraw.Draw(self._image)
        self._text = ImageFont.load_default(15)

    def put_plot(self, plot: Bytes) -> None:
        """Put a finished picture into the plot: uint8, (plot height, plot width, 3)."""
        self._image.paste(Image.fromarray(plot), (self._plot.left, self._plot.top))

    def draw_grid(self) -> None:
        """Rule faint lines at the ticks, below curves that are drawn afterwards."""
        white = (self._plot.left, self._plot.top, self._right - 1, self._bottom - 1)
        self._draw.rectangle(white, fill=(255, 255, 255))
        for tick in ticks_of(self.axes.x, self._plot.width, 80):
            x = self._across(tick.value)
            self._draw.line((x, self._plot.top, x, self._bottom - 1), fill=_GRID)
        if self.axes.y.scale == "classes":
            return
        for tick in ticks_of(self.axes.y, self._plot.height, 26):
            y = self._down(tick.value)
            self._draw.line((self._plot.left, y, self._right - 1, y), fill=_GRID)

    def draw_curve(self, x: np.ndarray, y: np.ndarray, colour: Colour, width: int) -> None:
        """Draw a curve through pixel coordinates; a gap where ``y`` is not a number."""
        points: list[tuple[float, float]] = []
        for across, down in zip(x.tolist(), y.tolist(), strict=True):
            if np.isfinite(down):
                points.append((across, down))
                continue
            self._stroke(points, colour, width)
            points = []
        self._stroke(points, colour, width)

    def draw_level(self, value: float, colour: Colour) -> None:
        """Draw a dashed line across the plot at a value of the y axis."""
        y = self._down(value)
        for x in range(self._plot.left, self._right, 12):
            self._draw.line((x, y, min(x + 6, self._right - 1), y), fill=colour)

    def draw_lanes(self, low: float, high: float) -> None:
        """Part the bands of a y axis with classes, and write each band's own scale on the right."""
        lanes = len(self.axes.y.classes)
        most = max(2, min(8, self._plot.height // lanes // 36))
        for lane in range(lanes):
            top, bottom = self._down(lane + 1), self._down(lane)
            if lane:
                self._draw.line((self._plot.left, bottom, self._right - 1, bottom), fill=_FAINT)
            for tick in level_ticks(low, high, most):
                y = self._down(lane + (tick.value - low) / (high - low))
                inside = min(max(y, top + 9), bottom - 9)
                self._draw.line((self._right, y, self._right + 5, y), fill=INK)
                self._draw.text((self._right + 9, inside), tick.label, INK, self._text, anchor="lm")

    def draw_key(self, entries: list[tuple[str, Colour]]) -> None:
        """Name the curves above the right end of the plot."""
        x = float(self._right)
        for name, colour in reversed(entries):
            x -= self._draw.textlength(name, self._text)
            self._draw.text((x, self._plot.top - 10), name, INK, self._text, anchor="ls")
            self._draw.line(
                (x - 28, self._plot.top - 15, x - 8, self._plot.top - 15), fill=colour, width=4
            )
            x -= 46

    def draw_colour_bar(self, low: float, high: float, unit: str) -> None:
        """Draw the scale of the colours beside the plot, with its unit above."""
        ramp = level_colours()[np.linspace(255, 0, self._plot.height).round().astype(int)]
        bar = np.repeat(ramp[:, None], _BAR_WIDTH, axis=1)
        left = self._right + _BAR_GAP
        self._image.paste(Image.fromarray(bar), (left, self._plot.top))
        right = left + _BAR_WIDTH
        frame = (left - 1, self._plot.top - 1, right, self._bottom)
        self._draw.rectangle(frame, outline=INK)
        for tick in level_ticks(low, high, 10):
            y = self._plot.top + (1 - (tick.value - low) / (high - low)) * self._plot.height
            self._draw.line((right, y, right + 5, y), fill=INK)
            self._draw.text((right + 9, y), tick.label, INK, self._text, anchor="lm")
        middle = left + _BAR_WIDTH / 2
        self._draw.text((middle, self._plot.top - 10), unit, INK, self._text, anchor="ms")

    def finish(self, title: str, subtitle: str) -> bytes:
        """Draw frame, ticks and title, and return the PNG with its axes in it."""
        self._draw.rectangle(
            (self._plot.left - 1, self._plot.top - 1, self._right, self._bottom), outline=INK
        )
        for tick in ticks_of(self.axes.x, self._plot.width, 80):
            x = self._across(tick.value)
            self._draw.line((x, self._bottom, x, self._bottom + 6), fill=INK)
            self._draw.text((x, self._bottom + 11), tick.label, INK, self._text, anchor="mt")
        for tick in ticks_of(self.axes.y, self._plot.height, 22):
            y = self._down(tick.value)
            self._draw.line((self._plot.left - 6, y, self._plot.left - 1, y), fill=INK)
            self._draw.text((self._plot.left - 11, y), tick.label, INK, self._text, anchor="rm")
        self._name_axes()
        self._write_title(title, subtitle)
        return to_png(self._image, self.axes)

    def _name_axes(self) -> None:
        middle = self._plot.left + self._plot.width / 2
        self._draw.text(
            (middle, self._bottom + 56), title_of(self.axes.x), INK, self._text, anchor="ms"
        )
        name = title_of(self.axes.y)
        strip = Image.new("RGB", (round(self._draw.textlength(name, self._text)) + 4, 22), PAPER)
        ImageDraw.Draw(strip).text((2, 16), name, INK, self._text, anchor="ls")
        upright = strip.transpose(Image.Transpose.ROTATE_90)
        self._image.paste(
            upright,
            (self._plot.left - 84, self._plot.top + (self._plot.height - upright.height) // 2),
        )

    def _write_title(self, title: str, subtitle: str) -> None:
        large = ImageFont.load_default(22)
        line = drawable(title)
        while self._draw.textlength(line, large) > WIDTH - 2 * PLOT.left:
            line = line[: -max(2, len(line) // 20)].rstrip("…") + "…"
        self._draw.text((PLOT.left, 28), line, INK, large, anchor="ls")
        self._draw.text((PLOT.left, PLOT.top - 10), subtitle, _FAINT, self._text, anchor="ls")

    def _stroke(self, points: list[tuple[float, float]], colour: Colour, width: int) -> None:
        if len(points) > 1:
            self._draw.line(points, fill=colour, width=width, joint="curve")

    def _across(self, value: float) -> float:
        return self.axes.pixel_at(value, self.axes.y.low).x

    def _down(self, value: float) -> float:
        return self.axes.pixel_at(self.axes.x.low, value).y


def to_png(image: Image.Image, axes: Axes) -> bytes:
    """Encode a picture as PNG, with its axes inside."""
    notes = PngImagePlugin.PngInfo()
    notes.add_itxt(CHUNK, axes.model_dump_json())
    held = io.BytesIO()
    image.save(held, "PNG", pnginfo=notes, compress_level=3)
    return held.getvalue()


def drawable(text: str) -> str:
    """The text in the letters that Pillow's own font has: ASCII, accents dropped."""
    plain = unicodedata.normalize("NFKD", text)
    letters = (letter for letter in plain if not unicodedata.combining(letter))
    return "".join(letter if " " <= letter <= "~" else "?" for letter in letters)
