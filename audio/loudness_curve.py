"""Loudness over time as curves on a canvas."""

import math
from dataclasses import dataclass

import numpy as np

from audio.canvas import Canvas, Colour
from audio.loudness import ABSOLUTE_GATE_LUFS, SLICES_PER_SECOND, Doubles, LoudnessCurve

MOMENTARY, SHORT_TERM, INTEGRATED = (150, 185, 222), (28, 72, 134), (196, 78, 30)
"""Colours of the two curves and of the line at the integrated loudness."""

_LEAST_SPAN_LU = 20.0


@dataclass(frozen=True)
class Curve:
    """Loudness at points in time."""

    seconds: Doubles
    """float64, (points,): the centres of the windows."""
    lufs: Doubles
    """float64, (points,)."""


def centred(curve: LoudnessCurve, slices: int) -> Curve:
    """The loudness of each window of so many slices of 100 ms, at the window's centre."""
    lufs = curve.lufs(slices)
    return Curve((np.arange(len(lufs)) + slices / 2) / SLICES_PER_SECOND, lufs)


def loudness_range(lufs: Doubles) -> tuple[float, float]:
    """Lower and upper edge of the plot in LUFS: the quietest 2 % of the music may lie below it."""
    heard = lufs[lufs > ABSOLUTE_GATE_LUFS]
    if len(heard) == 0:
        return ABSOLUTE_GATE_LUFS, 0.0
    high = 5.0 * math.ceil((float(heard.max()) + 0.5) / 5)
    low = 5.0 * math.floor((float(np.percentile(heard, 2)) - 2) / 5)
    return max(min(low, high - _LEAST_SPAN_LU), ABSOLUTE_GATE_LUFS), high


def draw_curves(canvas: Canvas, momentary: Curve, short_term: Curve) -> list[tuple[str, Colour]]:
    """Draw both curves and return what the key must say of them."""
    key: list[tuple[str, Colour]] = [("momentary (0.4 s)", MOMENTARY)]
    _draw(canvas, momentary, MOMENTARY, 2)
    if len(short_term.lufs):
        _draw(canvas, short_term, SHORT_TERM, 4)
        key.append(("short-term (3 s)", SHORT_TERM))
    return key


def _draw(canvas: Canvas, curve: Curve, colour: Colour, width: int) -> None:
    axes = canvas.axes
    plot, low, high = axes.plot, axes.y.low, axes.y.high
    x = plot.left + curve.seconds / axes.x.high * plot.width
    levels = np.clip(curve.lufs, low, high)
    canvas.draw_curve(x, plot.top + (high - levels) / (high - low) * plot.height, colour, width)
