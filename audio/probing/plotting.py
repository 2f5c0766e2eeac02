"""Measured curves as a picture with axes, and as a table."""

import csv
import io
import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from audio.axes import Axes, Axis
from audio.canvas import PLOT, Canvas, Colour

Reals = NDArray[np.float64]
Across = Literal["frequency", "input level", "time"]
Up = Literal["gain", "level", "delay", "amplitude"]

_UNITS: dict[str, Literal["Hz", "dB", "dBFS", "s", "ms", ""]] = {
    "frequency": "Hz", "input level": "dBFS", "time": "s", "gain": "dB", "level": "dBFS",
    "delay": "ms", "amplitude": "",
}  # fmt: skip
_COLOURS: tuple[Colour, ...] = ((28, 72, 134), (196, 78, 30), (46, 125, 80), (122, 62, 140),
                                (120, 120, 60))  # fmt: skip


@dataclass(frozen=True)
class MeasuredCurve:
    """One curve: a value at each place, not a number where there is none."""

    name: str
    values: Reals


@dataclass(frozen=True)
class View:
    """What was measured, to be looked at."""

    title: str
    subtitle: str
    across: Across
    up: Up
    places: Reals
    """Rising, the same for all curves."""
    curves: tuple[MeasuredCurve, ...]


def picture_of(view: View) -> bytes:
    """Draw a view as PNG, with its axes inside."""
    canvas = Canvas(Axes(kind="response", plot=PLOT, x=_across(view), y=_up(view)))
    canvas.draw_grid()
    axes = canvas.axes
    x = np.array([axes.pixel_at(one, axes.y.low).x for one in view.places.tolist()])
    for curve, colour in zip(view.curves, _COLOURS, strict=False):
        inside = (curve.values >= axes.y.low) & (curve.values <= axes.y.high)
        held = np.where(inside, curve.values, np.nan)
        y = np.array([axes.pixel_at(axes.x.low, one).y for one in held.tolist()])
        canvas.draw_curve(x, y, colour, 3)
    names = [one.name for one in view.curves]
    if len(names) > 1:
        canvas.draw_key(list(zip(names, _COLOURS, strict=False)))
    return canvas.finish(view.title, view.subtitle)


def table_of(view: View) -> str:
    """A view as CSV: a column for the places and one for each curve."""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\n")
    unit, up = _UNITS[view.across], _UNITS[view.up]
    heads = [f"{one.name} [{up}]" if up else one.name for one in view.curves]
    writer.writerow([f"{view.across} [{unit}]", *heads])
    for number, place in enumerate(view.places.tolist()):
        cells = [float(one.values[number]) for one in view.curves]
        writer.writerow(
            [f"{place:.6g}", *(f"{one:.4f}" if math.isfinite(one) else "" for one in cells)]
        )
    return held.getvalue()


def _across(view: View) -> Axis:
    low, high = float(view.places[0]), float(view.places[-1])
    scale: Literal["linear", "log"] = "log" if view.across == "frequency" else "linear"
    return Axis(quantity=view.across, unit=_UNITS[view.across], scale=scale, low=low, high=high)


def _up(view: View) -> Axis:
    """The y axis: round ends around what was measured, at most 96 dB below the highest."""
    values = np.concatenate([one.values[np.isfinite(one.values)] for one in view.curves])
    low, high = float(values.min(initial=0.0)), float(values.max(initial=0.0))
    if view.up in ("gain", "level"):
        high = 6.0 * math.ceil((high + 1) / 6)
        low = max(6.0 * math.floor((low - 1) / 6), high - 96.0)
        return Axis(quantity=view.up, unit=_UNITS[view.up], low=min(low, high - 24), high=high)
    room = 0.08 * max(high - low, 1e-3)
    bottom = low - room if low < 0 else 0.0
    return Axis(quantity=view.up, unit=_UNITS[view.up], low=bottom, high=high + room)
