"""What a compiled Faust source tells of its controls, held against the specification."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence

from pydantic import JsonValue

from agents.toolchain.faust.source import label_of
from agents.toolchain.specification import ParameterSpec, Specification
from agents.workflows.checks import Check, held

_NEAR = 1e-6
"""Faust writes numbers with at least six digits."""


def same_interface(specification: Specification, interface: str) -> Check:
    """Whether the sliders are the parameters: names, units, ranges, defaults, scale and glide.

    Args:
        specification: what they have to be.
        interface: the JSON that the compiler wrote.
    """
    told = {str(one["label"]): one for one in _sliders(json.loads(interface)["ui"])}
    wanted = {label_of(one): one for one in specification.parameters}
    wrong = [name for name in told if name not in wanted]
    wrong += [name for name, one in wanted.items() if not _agrees(one, told.get(name))]
    return held(
        "faust.parameters",
        "its sliders have the names, units, ranges, defaults and glides of the specification",
        not wrong,
        "compared with the JSON that the compiler writes of the source",
        measured=len(told),
        why=f"{', '.join(wrong)} differ" if wrong else "",
    )


def _sliders(items: Sequence[Mapping[str, JsonValue]]) -> Iterator[Mapping[str, JsonValue]]:
    for one in items:
        inner = one.get("items")
        if isinstance(inner, list):
            yield from _sliders([part for part in inner if isinstance(part, dict)])
        elif one.get("type") in ("hslider", "vslider", "nentry"):
            yield one


def _agrees(one: ParameterSpec, told: Mapping[str, JsonValue] | None) -> bool:
    if told is None:
        return False
    marks: dict[str, JsonValue] = {}
    listed = told.get("meta", [])
    for pair in listed if isinstance(listed, list) else []:
        marks |= pair if isinstance(pair, dict) else {}
    numbers = (("min", one.minimum), ("max", one.maximum), ("init", one.default))
    return (
        marks.get("unit", "") == one.unit
        and all(
            math.isclose(_real(told.get(key)), value, rel_tol=_NEAR, abs_tol=1e-9)
            for key, value in numbers
        )
        and marks.get("role") == one.role
        and marks.get("scale", "linear") == one.scale
        and math.isclose(_real(marks.get("smoothing_ms")), one.smoothing_ms, rel_tol=1e-5)
    )


def _real(value: JsonValue) -> float:
    try:
        return float(str(value))
    except ValueError:
        return math.nan
