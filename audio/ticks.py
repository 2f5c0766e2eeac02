"""Where an axis gets its ticks, and what stands beside them."""

import math
from dataclasses import dataclass

from audio.axes import Axis

_HERTZ = (20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000)
_MEL_HERTZ = (0, 250, 500, 1000, 1500, 2000, 3000, 4000, 6000, 8000, 12000, 16000, 20000, 30000,
              40000, 60000, 80000)  # fmt: skip
_TIME_STEPS = (
    *(10.0**power * step for power in range(-6, 0) for step in (1, 2, 5)),
    *(1.0, 2.0, 5.0, 10.0, 15.0, 30.0),
    *(60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0),
)
CLOCK_FROM_SECONDS = 120.0
"""A longer time axis reads minutes:seconds."""


@dataclass(frozen=True)
class Tick:
    """One labelled place on an axis."""

    value: float
    label: str


def ticks_of(axis: Axis, pixels: int, gap: int) -> list[Tick]:
    """The ticks of an axis that is ``pixels`` long, at least ``gap`` pixels apart."""
    if axis.scale == "classes":
        return [Tick(index + 0.5, name) for index, name in enumerate(axis.classes)]
    if axis.scale != "linear":
        marks = _HERTZ if axis.scale == "log" else _MEL_HERTZ
        found = [Tick(mark, _hertz(mark)) for mark in marks if axis.low <= mark <= axis.high]
        return _apart(found, axis, pixels, gap)
    most = max(pixels // gap, 1)
    if axis.quantity == "time":
        span = axis.high - axis.low
        step = next((step for step in _TIME_STEPS if span / step <= most), span)
        return [
            Tick(at, _time(at, step, axis.high)) for at in _multiples(axis.low, axis.high, step)
        ]
    return level_ticks(axis.low, axis.high, most)


def level_ticks(low: float, high: float, most: int) -> list[Tick]:
    """At most ``most`` ticks on round numbers between two levels."""
    scale = 10 ** math.floor(math.log10((high - low) / most))
    step = next(scale * n for n in (1, 2, 5, 10, 20) if (high - low) / (scale * n) <= most)
    return [Tick(at, f"{at:g}") for at in _multiples(low, high, step)]


def title_of(axis: Axis) -> str:
    """What stands along an axis: its quantity and unit."""
    if axis.quantity == "time":
        return "Time (min:s)" if axis.high >= CLOCK_FROM_SECONDS else "Time (s)"
    name = axis.quantity.capitalize()
    return f"{name} ({axis.unit})" if axis.unit else name


def _multiples(low: float, high: float, step: float) -> list[float]:
    first = math.ceil(low / step - 1e-9)
    return [round(n * step, 9) for n in range(first, math.floor(high / step + 1e-9) + 1)]


def _apart(ticks: list[Tick], axis: Axis, pixels: int, gap: int) -> list[Tick]:
    kept: list[Tick] = []
    for tick in ticks:
        if not kept or (axis.fraction(tick.value) - axis.fraction(kept[-1].value)) * pixels >= gap:
            kept.append(tick)
    return kept


def _hertz(hertz: float) -> str:
    return f"{hertz / 1000:g}k" if hertz >= 1000 else f"{hertz:g}"


def _time(seconds: float, step: float, longest: float) -> str:
    if longest < CLOCK_FROM_SECONDS:
        decimals = max(0, -math.floor(math.log10(step) + 1e-9))
        return f"{seconds:.{decimals}f}"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
