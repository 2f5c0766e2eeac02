"""The rows of a table of parameters as the words of a specification fill them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from agents.toolchain.kinds.kind import Role
from agents.toolchain.quantities import Quantity
from agents.toolchain.rows import Row
from grym_synth.errors import BadInput


@dataclass
class Reading:
    """The rows that a text was found to hold, by role."""

    rows: dict[str, Row] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    """Numbers that could not be given to any parameter."""

    def put(
        self, role: str, name: str, one: Quantity, is_default: bool, meant: Role, is_most: bool
    ) -> None:
        """Take a quantity for a parameter's range, greatest value or default.

        Raises:
            BadInput: another value or range of it was read before.
        """
        row = self.rows.get(role, Row(name, None, role=role))
        row, one = _in_one_unit(row, one, meant.units)
        if one.high is not None and not is_default:
            if row.minimum not in (None, one.low) or row.maximum not in (None, one.high):
                raise _contradicting(row, f"{row.minimum:g} to {row.maximum:g}", name, one)
            row = replace(row, minimum=one.low, maximum=one.high)
        elif is_most and row.maximum is None:
            row = replace(row, maximum=one.low)
        elif row.default is None or is_default:
            row = replace(row, default=one.low)
        elif row.default != one.low:
            raise _contradicting(row, f"{row.default:g}", name, one)
        self.rows[role] = row


def _in_one_unit(row: Row, one: Quantity, units: Mapping[str, float]) -> tuple[Row, Quantity]:
    """A row and a quantity for it in one unit: a range's, else that which was named first.

    Args:
        row: what was read before.
        one: the quantity.
        units: that the parameter may have, with what one of them is in the first one.
    """
    numbers = [each for each in (row.minimum, row.maximum, row.default) if each is not None]
    if not numbers or not one.unit:
        return replace(row, unit=one.unit or row.unit), one
    unit = row.unit
    if not unit:
        shares = "%" in units and any(abs(each) > 1 for each in numbers)
        unit = "%" if shares else next(iter(units))
    if one.unit not in units or unit not in units:
        return replace(row, unit=one.unit), one
    times = units[one.unit] / units[unit]
    if one.high is not None and row.default is not None and row.minimum is None:
        return replace(row, unit=one.unit, default=row.default / times), one
    high = None if one.high is None else one.high * times
    return replace(row, unit=unit), replace(one, low=one.low * times, high=high, unit=unit)


def _contradicting(row: Row, held: str, name: str, one: Quantity) -> BadInput:
    said = f"{one.low:g}" if one.high is None else f"{one.low:g} to {one.high:g}"
    unit = f" {row.unit}" if row.unit and row.unit != ":1" else row.unit or ""
    first, second = row.name.replace("_", " "), name.replace("_", " ")
    return BadInput(
        "reading the specification",
        f"it contradicts itself: {first} {held}{unit} and {second} {said}{unit}",
        f"Name one {first}",
    )
