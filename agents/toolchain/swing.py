"""A swing of pitch in cents as the swing of a delay that makes it."""

import math
from collections.abc import Mapping
from dataclasses import replace

from pydantic import JsonValue

from agents.toolchain.kinds.kind import Role
from agents.toolchain.making import impossible
from agents.toolchain.rows import Row

_STEEPEST = {"sine": math.pi, "triangle": 2.0}
"""Largest slope of a delay that goes up and down by one a period, by the wave."""


def depth_in_time(
    rows: Mapping[str, Row], roles: Mapping[str, Role], options: Mapping[str, JsonValue]
) -> tuple[dict[str, Row], list[str]]:
    """The rows with a depth of delay in milliseconds, and a note on it.

    A delay that changes by s seconds a second shifts the pitch by the ratio 1 + s; a swing of d
    at the rate f changes by at most π d f, with a triangle 2 d f.

    Args:
        rows: by role.
        roles: those that the processor has.
        options: how it is made; its wave counts.

    Raises:
        BadInput: its wave jumps.
    """
    row, wave = rows.get("depth"), str(options.get("wave", "sine"))
    swings = "ms" in roles["depth"].units if "depth" in roles else False
    if row is None or row.unit != "cents" or not swings:
        return dict(rows), []
    if wave not in _STEEPEST:
        raise impossible(f"a {wave} shifts no pitch by cents", "Give depth in ms, or name a sine")
    rate = rows.get("rate")
    hertz = roles["rate"].default if rate is None or rate.default is None else rate.default

    def in_time(cents: float | None) -> float | None:
        if cents is None:
            return None
        return float(f"{(2 ** (cents / 1200) - 1) / (_STEEPEST[wave] * hertz) * 1000:.4g}")

    least, most, default = in_time(row.minimum), in_time(row.maximum), in_time(row.default)
    meant = replace(row, unit="ms", minimum=least, maximum=most, default=default)
    said = next(one for one in (row.default, row.maximum, row.minimum) if one is not None)
    note = f"{row.name}: {said:g} cents at {hertz:g} Hz are {in_time(said):g} ms of delay"
    return {**rows, "depth": meant}, [note]
