"""From what was read to a checked specification: every number in range, every option possible."""

import math
import re
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from keyword import iskeyword

from agents.toolchain.banding import numbered_roles
from agents.toolchain.family import KINDS
from agents.toolchain.kinds.kind import Role
from agents.toolchain.making import impossible, settled_options
from agents.toolchain.quantities import with_unit
from agents.toolchain.rows import Row, doubled
from agents.toolchain.specification import SAMPLE_RATES, ParameterSpec, Requirement, Specification
from agents.toolchain.structure import Structure
from agents.toolchain.swing import depth_in_time

NOT_BUILT = "not understood, and not built: "
"""How notes on what was left out begin."""
_TAKEN = frozenset((*sys.stdlib_module_names, "numpy", "scipy", "tests"))


def designed(
    kind: str,
    structure: Structure,
    rows: Sequence[Row],
    *,
    title: str,
    text: str,
    requirements: tuple[Requirement, ...] = (),
    unread: Sequence[str] = (),
) -> Specification:
    """Fill in what was left open, and check that all of it is possible.

    Args:
        kind: the member of the family.
        structure: how it is made.
        rows: what is said of its parameters.
        title: what it is called; empty for the kind's own name.
        text: the specification as it was given.
        requirements: what must be measured of it beside.
        unread: numbers that belong to no parameter.

    Raises:
        BadInput: something contradicts itself or can't be made.
    """
    if twice := doubled(rows):
        raise impossible(f"the parameter {twice} is listed twice", "Name each parameter once")
    member = KINDS[kind]
    rates = structure.sample_rates or SAMPLE_RATES
    if any(not 8000 <= one <= 768_000 for one in rates):
        told = ", ".join(f"{one} Hz" for one in rates)
        raise impossible(f"{told} are no sample rates", "Name rates from 8000 to 768000 Hz")
    channels = 2 if structure.channels is None else structure.channels
    if not 1 <= channels <= 64:
        raise impossible(f"{channels} channels can't be built", "Choose 1 to 64")
    asked = dict(structure.options)
    roles, by_role = numbered_roles(member, rows, asked)
    by_role, notes = depth_in_time(by_role, roles, asked)
    options, usual = settled_options(kind, asked, by_role, channels)
    parameters = tuple(
        _parameter(role_name, role, by_role.get(role_name), rates)
        for role_name, role in roles.items()
    )
    _check_requirements(requirements, parameters)
    open_ = [*(f"{NOT_BUILT}{one}" for one in unread), *notes, *usual]
    open_ += [
        _filled(one, by_role.get(one.role)) for one in parameters if _is_open(by_role.get(one.role))
    ]
    label = title or member.label[0].upper() + member.label[1:]
    return Specification(
        title=label,
        name=package_name(label, kind),
        kind=kind,
        options={**member.fixed, **options},
        channels=channels,
        sample_rates=tuple(rates),
        parameters=parameters,
        requirements=requirements,
        text=text,
        notes=tuple(open_),
    )  # fmt: skip


def _check_requirements(
    requirements: Sequence[Requirement], parameters: Sequence[ParameterSpec]
) -> None:
    """Refuse what can't be measured.

    Raises:
        BadInput: a frequency is too high, or a setting is none of the parameters or out of range.
    """
    ranges = {one.name: one for one in parameters}
    for one in requirements:
        if one.at_hz >= one.sample_rate / 2:
            raise impossible(
                f"{one.measure} can't be measured at {one.at_hz:g} Hz, which is not below half of "
                f"the sample rate of {one.sample_rate} Hz",
                "Choose a lower frequency, or give the check a higher sample_rate",
            )
        for name, value in one.settings.items():
            meant = ranges.get(name)
            if meant is None or not meant.minimum <= value <= meant.maximum:
                has = "; ".join(
                    f"{each.name} {each.minimum:g} to {with_unit(each.maximum, each.unit)}"
                    for each in parameters
                )
                raise impossible(
                    f"a check sets {name} to {value:g}", f"It can set {has or 'nothing'}"
                )


def package_name(title: str, kind: str) -> str:
    """A name for a Python package, from a title."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].strip("_")
    if not name or not name[0].isalpha():
        name = f"{kind}_{name}".strip("_")
    return f"{name}_processor" if name in _TAKEN or iskeyword(name) else name


def _parameter(role_name: str, role: Role, row: Row | None, rates: Sequence[int]) -> ParameterSpec:
    """One parameter with its range, what is open filled in with what is usual."""
    name = row.name if row is not None else role_name
    own = next(iter(role.units))
    if row is not None and row.role and row.minimum is None and row.unit in role.units:
        row = _in_own_unit(row, role)
    unit = row.unit if row is not None and row.unit is not None else _unit_for(role, row)
    if unit not in role.units:
        raise impossible(
            f"{name} has the unit {unit or 'none'}, and must be in {_said(role)}",
            f"Give {name} in {_said(role)}",
        )
    factor = role.units[unit]
    usual_top = role.maximum
    if own == "Hz" and usual_top > 1000:
        reach = 0.45 * min(rates)
        usual_top = reach if 2 * usual_top >= min(rates) else usual_top
    given = (
        [one for one in (row.minimum, row.maximum, row.default) if one is not None] if row else []
    )
    _check_value(name, unit, row, role, factor)
    low = row.minimum if row and row.minimum is not None else min([role.minimum / factor, *given])
    high = row.maximum if row and row.maximum is not None else max([usual_top / factor, *given])
    _check_range(name, unit, low, high, role, factor, rates)
    default = row.default if row and row.default is not None else _middle(role, low, high, factor)
    if not low <= default <= high:
        raise impossible(
            f"the default of {name}, {default:g} {unit}".rstrip()
            + f", lies outside of its range {low:g} to {high:g} {unit}".rstrip(),
            "Choose a default inside of the range",
        )
    smoothing = row.smoothing_ms if row and row.smoothing_ms is not None else _glide_ms(role_name)
    if not 0 <= smoothing <= 10_000:
        raise impossible(f"{name} can't glide for {smoothing:g} ms", "Choose 0 to 10000 ms")
    return ParameterSpec(
        name=name, role=role_name, unit=unit, minimum=low, maximum=high, default=default,
        scale="log" if role.scale == "log" and low > 0 else "linear",
        smoothing_ms=smoothing, factor=factor, text=row.text if row else "",
    )  # fmt: skip


def _glide_ms(role_name: str) -> float:
    """Time constant of a glide where none is named; a resonance takes longer to stay clean."""
    return 50.0 if role_name == "q" else 20.0


def _in_own_unit(row: Row, role: Role) -> Row:
    """A value without a range in the role's first unit, where both are of one kind (Hz and kHz)."""
    own = next(iter(role.units))
    if not own or row.default is None or row.unit not in ("kHz", "s", "us"):
        return row
    return replace(row, unit=own, default=row.default * role.units[row.unit])


def _unit_for(role: Role, row: Row | None) -> str:
    """The unit of numbers that name none: percent where they are too large for a share."""
    own = next(iter(role.units))
    numbers = [] if row is None else [one for one in (row.minimum, row.maximum, row.default) if one]
    if own == "" and "%" in role.units and any(abs(one) > 1 for one in numbers):
        return "%"
    return own


def _check_value(name: str, unit: str, row: Row | None, role: Role, factor: float) -> None:
    """Refuse a value that is named without a range, and that can't be built."""
    value = row.default if row and row.minimum is None and row.maximum is None else None
    if value is not None and not role.least * (1 - 1e-9) <= value * factor <= role.most + 1e-9:
        raise impossible(
            f"{name} can't be {with_unit(value, unit)}",
            f"Choose {role.least / factor:g} to {with_unit(role.most / factor, unit)}",
        )


def _check_range(
    name: str, unit: str, low: float, high: float, role: Role, factor: float, rates: Sequence[int]
) -> None:
    ends = f"{low:g} to {high:g} {unit}".rstrip()
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise impossible(
            f"the range of {name}, {ends}, is empty", "The minimum must lie below the maximum"
        )
    nyquist = min(rates) / 2
    if next(iter(role.units)) == "Hz" and high * factor >= nyquist:
        raise impossible(
            f"{name} reaches {high:g} {unit}, which is not below half of the lowest sample rate "
            f"({nyquist:g} Hz at {min(rates)} Hz)",
            f"Choose at most {0.45 * min(rates) / factor:g} {unit}, or higher sample rates",
        )
    if low * factor < role.least * (1 - 1e-9) - 1e-9 or high * factor > role.most + 1e-9:
        raise impossible(
            f"the range of {name}, {ends}, goes beyond what can be built "
            + f"({role.least / factor:g} to {role.most / factor:g} {unit}".rstrip()
            + ")",
            "Choose a range inside of it",
        )


def _middle(role: Role, low: float, high: float, factor: float) -> float:
    """A default where none is named: the usual one, else the middle of the range."""
    usual = role.default / factor
    if low <= usual <= high:
        return usual
    middle = math.sqrt(low * high) if role.scale == "log" and low > 0 else (low + high) / 2
    return float(f"{middle:.3g}")


def _said(role: Role) -> str:
    named = [unit if unit else "plain numbers" for unit in role.units]
    return " or ".join((", ".join(named[:-1]), named[-1])) if len(named) > 1 else named[0]


def _is_open(row: Row | None) -> bool:
    return row is None or row.minimum is None or row.default is None


def _filled(one: ParameterSpec, row: Row | None) -> str:
    ends = f"{one.minimum:g} to {one.maximum:g} {one.unit}".rstrip()
    if row is not None and row.minimum is not None:
        return f"{one.name}: no default is named; {one.default:g} {one.unit}".rstrip() + " is taken"
    if row is not None and row.maximum is not None:
        return f"{one.name}: {ends}, default {one.default:g} {one.unit}".rstrip() + " is taken"
    if row is not None and row.default is not None:
        return f"{one.name}: no range is named; {ends} is taken"
    return f"{one.name} is not named; {ends}, default {one.default:g} {one.unit}".rstrip()
