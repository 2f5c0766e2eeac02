"""A processor of the documented family as one Faust source that needs nothing but ``maths.lib``."""

import json
import math
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from agents.toolchain.family import KINDS
from agents.toolchain.faust import dynamics, filters, moving, shaping
from agents.toolchain.faust.body import Body, number
from agents.toolchain.specification import ParameterSpec, Specification
from agents.toolchain.writing import VERSION, described

_MEMBERS: dict[str, Callable[[Specification], Body]] = {
    "filters": filters.filter_body,
    "crossover": filters.crossover_body,
    "compressor": dynamics.compressor_body,
    "multiband": dynamics.multiband_body,
    "limiter": dynamics.limiter_body,
    "gate": dynamics.gate_body,
    "envelope": dynamics.envelope_body,
    "delay": moving.delay_body,
    "modulated_delay": moving.modulated_delay_body,
    "phaser": moving.phaser_body,
    "tremolo": moving.tremolo_body,
    "waveshaper": shaping.waveshaper_body,
}


def has_faust(specification: Specification) -> bool:
    """Whether the kind has a form in Faust."""
    kind = KINDS.get(specification.kind)
    return kind is not None and kind.module in _MEMBERS


def faust_source(specification: Specification) -> str:
    """The source of a member of the family that has a form in Faust.

    Args:
        specification: of a kind for which ``has_faust`` holds.
    """
    body = _MEMBERS[KINDS[specification.kind].module](specification)
    head = {
        "name": plain(specification.title),
        "version": VERSION,
        "description": plain(described(specification)),
    }
    lines = [f"declare {key} {json.dumps(text, ensure_ascii=False)};" for key, text in head.items()]
    parts = [
        "\n".join(lines),
        *(fragment(one) for one in dict.fromkeys(("base", *body.fragments))),
        "// What can be set.\n" + "\n".join(map(slider, specification.parameters)),
        body.text.strip(),
    ]
    return "\n\n".join(one.strip() for one in parts) + "\n"


def label_of(one: ParameterSpec) -> str:
    """A parameter's name as Faust takes it: its own marks for groups and metadata left out."""
    return plain(one.name)


def plain(text: str) -> str:
    """A text that may stand in a Faust string, in one line."""
    return re.sub(r"[^\w .,:;()+°%-]+", "_", text.replace("\n", " ")).strip() or "_"


def slider(one: ParameterSpec) -> str:
    """The line that makes a slider, and the value that glides after it."""
    marks = {
        "unit": one.unit,
        "scale": "log" if one.scale == "log" else "",
        "role": one.role,
        "smoothing_ms": f"{one.smoothing_ms:g}",
    }
    told = "".join(f"[{key}:{value}]" for key, value in marks.items() if value)
    step = 10.0 ** math.floor(math.log10((one.maximum - one.minimum) / 1000))
    ends = ", ".join(number(value) for value in (one.default, one.minimum, one.maximum, step))
    factor = "" if one.factor == 1 else f" * {number(one.factor)}"
    if not one.smoothing_ms:
        glide = ""
    elif one.scale == "log":
        glide = f" : in_ratios({number(one.smoothing_ms)})"
    else:
        near = (one.maximum - one.minimum) * one.factor * 1e-6
        glide = f" : in_steps({number(one.smoothing_ms)}, {number(near)})"
    return f'{one.role} = hslider("{label_of(one)}{told}", {ends}){factor}{glide};'


@cache
def fragment(name: str) -> str:
    """A part of the source that several kinds share."""
    path = Path(__file__).with_name("fragments").joinpath(f"{name}.dsp")
    return path.read_text(encoding="utf-8")
