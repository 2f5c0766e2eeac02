"""What a specification says of its parameters, before it is known what they do."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.toolchain.quantities import in_unit, quantities_in, unit_of
from grym_synth.errors import BadInput

_HEADS = {
    "name": r"name|parameters?|param|control|regler|id|bezeichnung",
    "minimum": r"min(?:imum)?|low(?:est)?|from|von|kleinster?",
    "maximum": r"max(?:imum)?|high(?:est)?|to|bis|größter?",
    "range": r"range|bereich|wertebereich|limits?",
    "default": r"default(?:[ _]?value)?|standard(?:wert)?|vorgabe(?:wert)?|init(?:ial)?|value|wert",
    "unit": r"units?|einheit(?:en)?",
    "smoothing": r"smooth(?:ing)?(?:[ _]?ms)?|glättung|ramp",
    "text": r"description|text|notes?|beschreibung|meaning|comment|bemerkung",
}


@dataclass(frozen=True)
class Row:
    """One parameter, as far as the specification tells."""

    name: str
    """As it is written; a role's own name where only the text names it."""
    unit: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    default: float | None = None
    smoothing_ms: float | None = None
    text: str = ""
    role: str = ""
    """What it does, where that is known already."""


def row_of(cells: Mapping[str, str]) -> Row:
    """A row of a table, by its columns' headings.

    Raises:
        BadInput: a cell holds what can't be read.
    """
    known = {head_of(head): cell.strip() for head, cell in cells.items()}
    name = known.get("name", "").strip("`*_ ")
    if not name:
        raise BadInput("reading the parameter table", "a row has no name", "Name each parameter")
    told = known.get("unit", "")
    read = unit_of(told) if told else _beside(known)
    if told and read is None:
        raise BadInput(
            "reading the parameter table",
            f"{name}: the unit {told!r} is not known",
            "Use Hz, kHz, ms, s, dB, %, :1, octaves, or none",
        )
    low, high = _span(name, known, read)
    default = _number(name, "default", known, read)
    smoothing = _number(name, "smoothing", known, "ms")
    return Row(name, read, low, high, default, smoothing, known.get("text", ""))


def head_of(heading: str) -> str:
    """What a column holds; its own heading where that is not known."""
    plain = re.sub(r"[\[(].*", "", heading).strip("`*_ :").casefold()
    return next((key for key, words in _HEADS.items() if re.fullmatch(words, plain)), plain)


def table_rows(text: str) -> tuple[list[Row], str]:
    """The rows of a Markdown table, and the text without it.

    Raises:
        BadInput: a cell holds what can't be read.
    """
    lines = text.splitlines()
    rows: list[Row] = []
    rest, heads = list[str](), list[str]()
    for line in lines:
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.count("|") < 2:
            heads = []
            rest.append(line)
        elif not heads:
            heads = cells
        elif not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
            rows.append(row_of(dict(zip(heads, cells, strict=False))))
    return rows, "\n".join(rest)


def _span(
    name: str, known: Mapping[str, str], unit: str | None
) -> tuple[float | None, float | None]:
    """Both ends in the row's unit."""
    if not known.get("range"):
        return _number(name, "minimum", known, unit), _number(name, "maximum", known, unit)
    found = quantities_in(known["range"])
    if len(found) == 1 and found[0].high is not None:
        ends = found[0].low, found[0].high
    elif len(found) == 2:
        ends = found[0].low, found[1].low
    else:
        raise _unreadable(name, "range", known["range"])
    low, high = (
        in_unit(end, one.unit, unit or "")
        for end, one in zip(ends, (found[0], found[-1]), strict=True)
    )
    return low, high


def _beside(known: Mapping[str, str]) -> str | None:
    """The unit of a number in the cells, where they name one."""
    units = (one.unit for key in ("range", "maximum", "default", "minimum")
             for one in reversed(quantities_in(known.get(key, ""))))  # fmt: skip
    return next((unit for unit in units if unit), None)


def _number(name: str, key: str, known: Mapping[str, str], unit: str | None) -> float | None:
    cell = known.get(key, "")
    if cell in ("", "-", "–", "—"):
        return None
    found = quantities_in(cell)
    if len(found) != 1 or found[0].high is not None:
        raise _unreadable(name, key, cell)
    return in_unit(found[0].low, found[0].unit, unit or "")


def _unreadable(name: str, key: str, cell: str) -> BadInput:
    return BadInput(
        "reading the parameter table", f"{name}: the {key} {cell!r} is no number", "Write a number"
    )


def doubled(rows: Sequence[Row]) -> str:
    """A name that two rows have whose roles are not known yet; empty where there is none."""
    names = [one.name.casefold() for one in rows if not one.role]
    return next((one for one in names if names.count(one) > 1), "")
