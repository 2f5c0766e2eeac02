"""The source of a package: the project's own processors, and the lines that make one of them."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import jinja2
from pydantic import JsonValue

from agents.toolchain.expectations import (
    expected_levels,
    expected_tones,
    inputs_of,
    ringing_seconds,
)
from agents.toolchain.family import KINDS
from agents.toolchain.specification import ParameterSpec, Specification

VERSION = "1.0.0"
_OURS = "agents.toolchain.sources."
_BASE = ("processor", "parameters")


@dataclass(frozen=True)
class PackageFile:
    """One file of a package."""

    path: str
    """Relative to the project's folder, with slashes."""
    text: str


def class_name(specification: Specification) -> str:
    """The class of the processor, after its package."""
    return "".join(part.capitalize() for part in specification.name.split("_"))


def write_package(specification: Specification) -> tuple[PackageFile, ...]:
    """The whole project of a processor of the documented family.

    Args:
        specification: a member of the family.
    """
    name, told = specification.name, _told(specification)
    own = (
        PackageFile(f"src/{name}/definition.py", _rendered("definition.py", told)),
        PackageFile(f"tests/test_{name}.py", _rendered("test_contract.py", told)),
    )
    return tuple(sorted((*own, *frame_files(specification)), key=lambda one: one.path))


def frame_files(specification: Specification) -> tuple[PackageFile, ...]:
    """What a package has beside its definition and its tests."""
    name, told = specification.name, _told(specification)
    files = {
        "pyproject.toml": _rendered("pyproject.toml", told),
        "README.md": _rendered("readme.md", told),
        f"src/{name}/__init__.py": _rendered("init.py", told),
        f"src/{name}/specification.json": interface_text(specification),
        f"src/{name}/py.typed": "",
    }
    kind = KINDS.get(specification.kind)
    modules = _modules([kind.module] if kind is not None else [])
    files |= {
        f"src/{name}/{one}.py": source_of_module(one).replace(_OURS, f"{name}.") for one in modules
    }
    return tuple(PackageFile(path, text) for path, text in sorted(files.items()))


def interface_text(specification: Specification) -> str:
    """The parameters and the interface as JSON."""
    return json.dumps(interface_of(specification), indent=1, ensure_ascii=False) + "\n"


def interface_of(specification: Specification) -> dict[str, JsonValue]:
    """The parameters and the interface: what another program must know to use the processor."""
    outputs = specification.channels
    if specification.kind == "crossover":
        outputs *= len(specification.parameters) + 1
    return {
        "title": specification.title,
        "package": specification.name,
        "version": VERSION,
        "class": class_name(specification),
        "kind": specification.kind,
        "options": specification.options,
        "channels": {"inputs": inputs_of(specification), "outputs": outputs},
        "sample_rates_hz": list(specification.sample_rates),
        "parameters": [_parameter(one) for one in specification.parameters],
        "methods": {
            "process(block)": "(inputs, frames) float64 to (outputs, frames)",
            "set(name, value)": "a parameter in its unit; ValueError out of range",
            "get(name)": "what a parameter is set to",
            "reset()": "forget all sound, end all glides",
            **({"read()": "readings by name"} if specification.kind == "meter" else {}),
        },
        "attributes": {"latency_samples": "how much later the sound comes out"},
    }


def _parameter(one: ParameterSpec) -> dict[str, JsonValue]:
    return {
        "name": one.name,
        "role": one.role,
        "unit": one.unit,
        "minimum": one.minimum,
        "maximum": one.maximum,
        "default": one.default,
        "scale": one.scale,
        "smoothing_ms": one.smoothing_ms,
    }


def _told(specification: Specification) -> dict[str, object]:
    """What the templates know."""
    kind = KINDS.get(specification.kind)
    says = f"A processor for streams of sound: {specification.title}"
    if kind is not None:
        article = "An" if kind.label[0] in "aeiou" else "A"
        says = f"{article} {kind.label} for streams of sound"
    return {
        "title": specification.title.replace("\\", "/").replace('"', "'"),
        "package": specification.name,
        "name": class_name(specification),
        "base": kind.processor if kind is not None else "Processor",
        "module": kind.module if kind is not None else "processor",
        "kind": specification.kind,
        "says": says.replace("\\", "/").replace('"', "'"),
        "described": described(specification),
        "parameters": specification.parameters,
        "channels": specification.channels,
        "inputs": inputs_of(specification),
        "options": _call(specification.options),
        "version": VERSION,
        "wheel": f"{specification.name}-{VERSION}-py3-none-any.whl",
        "notes": specification.notes,
        "rates": list(specification.sample_rates),
        "tones": expected_tones(specification),
        "levels": expected_levels(specification),
        "seconds": ringing_seconds(specification),
    }  # fmt: skip


def described(specification: Specification) -> str:
    """How a processor is made, in one sentence."""
    parts = [
        f"{name.replace('_', ' ')} {str(value).replace('_', ' ')}"
        for name, value in specification.options.items()
        if value not in (None, False) and name != "response"
    ]
    channels = {1: "mono", 2: "stereo"}.get(
        specification.channels, f"{specification.channels} channels"
    )
    return f"Made as: {', '.join([channels, *parts])}."


def _call(options: dict[str, JsonValue]) -> str:
    """The options as further arguments of a call."""
    plain = "".join(f", {name}={_literal(value)}" for name, value in options.items())
    if len(plain) <= 40:
        return plain
    lines = [f"            {name}={_literal(value)}," for name, value in options.items()]
    return "\n".join((",", *lines)) + "\n        "


def _literal(value: JsonValue) -> str:
    return json.dumps(value) if isinstance(value, str) else repr(value)


@cache
def source_of_module(module: str) -> str:
    """The source of one module of the processors."""
    return Path(__file__).with_name("sources").joinpath(f"{module}.py").read_text(encoding="utf-8")


def _modules(first: Sequence[str]) -> list[str]:
    """Modules of the processors with all that they import."""
    found: list[str] = []
    queue = [*first, *_BASE]
    while queue:
        name = queue.pop()
        if name not in found:
            found.append(name)
            queue += re.findall(
                rf"^from {re.escape(_OURS)}(\w+) import", source_of_module(name), re.M
            )
    return sorted(found)


def _rendered(template: str, told: dict[str, object]) -> str:
    text = _templates().get_template(f"{template}.jinja").render(told)
    return text.rstrip() + "\n"


@cache
def _templates() -> jinja2.Environment:
    folder = resources.files("agents.toolchain").joinpath("templates")
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(str(folder)), undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True, autoescape=False,
    )  # fmt: skip
    made.filters |= {"repr": repr, "quoted": json.dumps, "short": lambda one: f"{one:.6g}"}
    made.filters["readable"] = lambda one: json.dumps(one, ensure_ascii=False)
    return made
