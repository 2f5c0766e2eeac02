"""Reading a specification that is a table: TOML or JSON."""

import re
from collections.abc import Iterator, Mapping, Sequence

from pydantic import JsonValue, ValidationError

from agents.toolchain.designing import designed
from agents.toolchain.family import KINDS
from agents.toolchain.naming import beyond_in, kind_of
from agents.toolchain.outside import check_format, outside
from agents.toolchain.quantities import in_unit, quantities_in, unit_of
from agents.toolchain.rows import Row, head_of
from agents.toolchain.specification import Requirement, Specification
from agents.toolchain.structure import count_of, structure_of
from grym_synth.errors import BadInput

_WORDS = ("kind", "type", "response", "effect", "processor", "design", "filter_type", "mode",
          "algorithm", "topology", "detector", "detection", "curve", "shape", "wave", "waveform",
          "slope", "text", "channels")  # fmt: skip
_NUMBERS = {
    "order": "order {}", "poles": "order {}", "slope_db_per_octave": "{} dB/oct",
    "slope_db_oct": "{} dB/oct", "bands": "{} bands ;", "voices": "{} voices",
    "stages": "{} stages", "oversampling": "{}x oversampling",
    "lookahead_ms": "lookahead {} ms", "spread_degrees": "phase {} degrees",
}  # fmt: skip
_SWITCHES = {
    "ping_pong": "ping-pong", "panning": "auto-pan", "sidechain": "sidechain",
    "true_peak": "true peak",
}  # fmt: skip
_RATES = ("sample_rates", "sample_rate", "rates")
_PARAMETERS = ("parameters", "parameter", "params", "controls")
_CHECKS = ("checks", "check", "requirements", "requirement")
_WRAPPERS = ("processor", "spec", "specification", "filter", "effect", "plugin", "dsp", "tool")


def read_table(tables: Mapping[str, JsonValue], text: str) -> Specification:
    """Understand a table.

    Args:
        tables: its keys; ``kind`` and the options in words or numbers, ``parameters`` with their
            ranges, ``checks`` with what must be measured beside.
        text: as it was given.

    Raises:
        BadInput: it can't be read, contradicts itself or can't be built.
    """
    flat = _unwrapped(tables)
    title = str(flat.pop("title", flat.pop("name", "")))
    about = str(flat.pop("description", ""))
    words = " ; ".join(_words(flat))
    kind = _kind(flat, words, title, about)
    structure = structure_of(words)
    if structure.options.get("bands", 1) != 1:
        kind = KINDS[kind].in_bands or kind
    rates = _rates(flat)
    if rates:
        structure.sample_rates = rates
    rows = list(_rows(flat))
    requirements = tuple(_requirements(flat))
    if unknown := [key for key in flat if key not in _known()]:
        raise BadInput(
            "reading the specification",
            f"{', '.join(unknown)} is not known",
            f"Use title, kind, parameters, checks, sample_rates, channels, {', '.join(_NUMBERS)}",
        )
    return designed(kind, structure, rows, title=title, text=text, requirements=requirements)


def _unwrapped(tables: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """The keys without a table around those that describe the processor."""
    flat: dict[str, JsonValue] = {}
    for key, value in tables.items():
        if key.casefold() in _WRAPPERS and isinstance(value, Mapping):
            flat.update({inner.casefold(): one for inner, one in value.items()})
        else:
            flat[key.casefold()] = value
    return flat


def _known() -> set[str]:
    return {*_WORDS, *_NUMBERS, *_RATES, *_PARAMETERS, *_CHECKS, *_SWITCHES}


def _words(flat: Mapping[str, JsonValue]) -> Iterator[str]:
    """What says how it is made, as words of a text."""
    for key in _WORDS:
        value = flat.get(key)
        if key == "channels" and value not in (None, "stereo", "mono"):
            _check_number(key, value)
            yield f"{value} channels"
        elif isinstance(value, str):
            yield value.replace("_", "-")
    for key, said in _NUMBERS.items():
        if key in flat:
            _check_number(key, flat[key])
            yield said.format(flat[key])
    for key, said in _SWITCHES.items():
        if flat.get(key) is True:
            yield said
        elif flat.get(key) not in (None, False):
            raise _unreadable(f"{key} is {flat[key]!r}, and must be true or false")


def _check_number(key: str, value: JsonValue) -> None:
    """Refuse what is no number, and parts of what can only be counted.

    Raises:
        BadInput: it is one of both.
    """
    counted = key not in ("slope_db_per_octave", "slope_db_oct", "lookahead_ms", "spread_degrees")
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    if isinstance(value, str) and count_of(value) is not None:
        number = count_of(value)
    if number is None or (counted and number != round(number)):
        what = "whole number" if counted else "number"
        raise _unreadable(f"{key} is {value!r}, which is no {what}")


def _kind(flat: Mapping[str, JsonValue], words: str, title: str, about: str) -> str:
    """The member of the family: by a key that names it, else by all words, else by the title."""
    for said in (*(flat.get(key) for key in _WORDS[:5]), words, title, about):
        if not isinstance(said, str):
            continue
        plain = re.sub(r"[\s-]+", "_", said.strip().casefold())
        if plain in KINDS:
            return plain
        told = said.replace("_", " ")
        if found := kind_of(told):
            if beyond_in(told, found):
                break
            check_format(told)
            return found
    raise outside(f"{words} {title} {about}")


def _rates(flat: Mapping[str, JsonValue]) -> tuple[int, ...]:
    for key in _RATES:
        value = flat.get(key)
        if value is None:
            continue
        numbers = value if isinstance(value, list) else [value]
        rates = [one for one in numbers if isinstance(one, int | float)]
        if len(rates) != len(numbers) or not rates:
            raise BadInput(
                "reading the specification",
                f"{key} {value} are no sample rates",
                "Name rates from 8000 to 768000 Hz",
            )
        return tuple(sorted({round(one) for one in rates}))
    return ()


def _rows(flat: Mapping[str, JsonValue]) -> Iterator[Row]:
    for key in _PARAMETERS:
        value = flat.get(key)
        if isinstance(value, Mapping):
            for name, one in value.items():
                yield _row(name, one)
        elif isinstance(value, list):
            for one in value:
                yield _row("", one)


def _row(name: str, value: JsonValue) -> Row:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Row(name, None, default=float(value))
    if isinstance(value, str):
        found = quantities_in(value)
        if len(found) == 1 and found[0].high is None:
            return Row(name, found[0].unit or None, default=found[0].low)
    if not isinstance(value, Mapping):
        raise _unreadable(f"the parameter {name or value} is no table")
    cells = {head_of(key): one for key, one in value.items()}
    name = str(cells.get("name", name)).strip()
    if not name:
        raise _unreadable("a parameter has no name")
    span = cells.get("range")
    if isinstance(span, str):
        span = _ends(span)
    ends = list(span) if isinstance(span, Sequence) else []
    if span is not None and len(ends) != 2:
        raise _unreadable(f"the range of {name} is not two numbers")
    low, high = ends if ends else (cells.get("minimum"), cells.get("maximum"))
    said = str(cells["unit"]) if "unit" in cells else None
    unit = unit_of(said) if said is not None else _unit_beside((low, high, cells.get("default")))
    if said is not None and unit is None:
        raise BadInput(
            "reading the parameters",
            f"{name}: the unit {said!r} is not known",
            "Use Hz, kHz, ms, s, dB, %, :1, octaves, or none",
        )
    return Row(
        name,
        unit,
        _number(name, "minimum", low, unit),
        _number(name, "maximum", high, unit),
        _number(name, "default", cells.get("default"), unit),
        _number(name, "smoothing", cells.get("smoothing"), "ms"),
        str(cells.get("text", "")),
    )


def _ends(said: str) -> list[JsonValue]:
    """Both ends of a range that is written as text, each with its unit."""
    found = quantities_in(said)
    if len(found) == 1 and found[0].high is not None:
        return [f"{end:.12g} {found[0].unit}" for end in (found[0].low, found[0].high)]
    return [f"{one.low:.12g} {one.unit}" for one in found]


def _unit_beside(values: Sequence[JsonValue]) -> str | None:
    """The unit that a value names, where it is written as text."""
    units = (one.unit for value in values if isinstance(value, str)
             for one in quantities_in(value))  # fmt: skip
    return next((unit for unit in units if unit), None)


def _number(name: str, key: str, value: JsonValue, unit: str | None) -> float | None:
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    found = quantities_in(value) if isinstance(value, str) else []
    if len(found) != 1 or found[0].high is not None:
        raise _unreadable(f"the {key} of {name}, {value!r}, is no number")
    return in_unit(found[0].low, found[0].unit, unit or "")


def _requirements(flat: Mapping[str, JsonValue]) -> Iterator[Requirement]:
    for key in _CHECKS:
        value = flat.get(key)
        for one in value if isinstance(value, list) else []:
            try:
                yield Requirement.model_validate(one)
            except ValidationError as fault:
                first = fault.errors()[0]
                where = ".".join(map(str, first["loc"]))
                raise _unreadable(f"a check's {where}: {first['msg']}") from fault


def _unreadable(happened: str) -> BadInput:
    return BadInput("reading the specification", happened, "Mend it; docs/building.md has the form")
