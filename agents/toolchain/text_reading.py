"""Reading a specification that is written in plain words, English or German."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from agents.toolchain.banding import BAND, spelt_bands
from agents.toolchain.family import KINDS
from agents.toolchain.kinds.kind import Role
from agents.toolchain.quantities import Quantity, quantities_in
from agents.toolchain.rows import Row
from grym_synth.errors import BadInput

_CLAUSE = re.compile(r";|\n|,(?!\d)|\s(?:and|und|with|mit|sowie|plus)\s|\.(?=\s|$)")
_DEFAULT = re.compile(
    r"(?:defaults?(?:\s+to)?|standard(?:wert|mäßig)?|vorgabe|initial(?:ly)?|voreingestellt|start)"
    r"\s*(?:=|:|is|of|at|auf|ist)?\s*$",
    re.I,
)
_BEYOND = re.compile(
    r"(?<!\w)(?:linear[ -]?phase|fir|"
    r"multi[ -]?band(?![ -]?(?:cross|compr|kompr|dyn))\w*|dynamic eq\w*|linearphas\w+|"
    r"convolution|faltung\w*|"
    r"mid[ /-]?side|tempo[ -]?sync\w*|spectral\w*|granular\w*|pitch[ -]?shift\w*|freeze|"
    r"reverse\w*|de-?ess\w*|expander|upward)(?!\w)",
    re.I,
)
"""What is often asked for beside a member of the family, and none of them does."""
_BY_UNIT = {
    "Hz": ("frequency", "rate"), "kHz": ("frequency",),
    "ms": ("time", "delay", "attack", "window"), "s": ("time", "release"),
    "dB": ("gain", "threshold", "ceiling", "drive"), "dBFS": ("threshold", "ceiling"),
    "dBTP": ("ceiling",), ":1": ("ratio",), "%": ("mix", "depth"), "octaves": ("depth",),
}  # fmt: skip
"""Which role a quantity means that stands without a word for it, by its unit."""


def kinds_in(text: str) -> list[str]:
    """The members of the family that a text names, in order; a longer name hides one inside it."""
    spans = [
        (one.start(), one.end(), name)
        for name, kind in KINDS.items()
        for one in re.finditer(rf"(?<!\w)(?:{kind.words})(?!\w)", text, re.I)
    ]
    own = [
        (start, name) for start, end, name in spans
        if not any(a <= start and end <= b and b - a > end - start for a, b, _ in spans)
    ]  # fmt: skip
    return list(dict.fromkeys(name for _, name in sorted(own)))


def kind_of(text: str) -> str:
    """The one member of the family that a text is about; empty where it names none or several.

    A word that is also a parameter of another member that the text names (the delay of a chorus)
    is taken for that parameter.
    """
    named = kinds_in(text)
    return next(iter(named_heads(named))) if len(named_heads(named)) == 1 else ""


def beyond_in(text: str) -> str:
    """What a text asks for that no member of the family does; empty where there is nothing."""
    found = _BEYOND.search(text)
    return found[0].strip() if found else ""


def named_heads(named: Sequence[str]) -> list[str]:
    """Those of some members that are no parameter of another one."""
    parted = any(KINDS[one].each_split and KINDS[one].each_band for one in named)
    return [
        one for one in named
        if not any(one in KINDS[other].roles for other in named if other != one)
        and not (parted and one == "crossover")
    ]  # fmt: skip


@dataclass
class Reading:
    """The rows that a text was found to hold, by role."""

    rows: dict[str, Row] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    """Quantities that could not be given to any parameter."""

    def put(self, role: str, name: str, one: Quantity, is_default: bool) -> None:
        """Take a quantity for a parameter's range or default."""
        row = self.rows.get(role, Row(name, None, role=role))
        unit = one.unit or row.unit
        if one.high is not None and not is_default:
            row = replace(row, unit=unit, minimum=one.low, maximum=one.high)
        elif row.default is None or is_default:
            row = replace(row, unit=unit, default=one.low)
        elif row.default != one.low:
            raise BadInput(
                "reading the specification",
                f"it contradicts itself: {name} {row.default:g} and {name} {one.low:g}",
                f"Name one {name}",
            )
        self.rows[role] = row


def rows_in(text: str, kind: str) -> Reading:
    """The parameters that a text gives numbers for.

    Args:
        text: without what says how the processor is made.
        kind: the member of the family.

    Raises:
        BadInput: it names two values for one parameter.
    """
    member, reading, last = KINDS[kind], Reading(), ""
    roles = member.roles
    for clause in _CLAUSE.split(spelt_bands(text) if member.each_band else text):
        found = quantities_in(clause)
        words = _words_in(clause, roles)
        for index, one in enumerate(found):
            before = clause[found[index - 1].end if index else 0 : one.start]
            is_default = bool(_DEFAULT.search(before.rstrip("( ")))
            base = last.partition("@")[0]
            listed = base in member.each_band and one.unit in ("", *roles[base].units)
            follows = not words and bool(last) and (is_default or index > 0 or listed)
            until = found[index + 1].start if index + 1 < len(found) else len(clause)
            role = base if follows else _role_of(one, until, words, roles, reading)
            if member.each_split and role in ("", "frequency") and "Hz" in one.unit:
                role = _split_of(one, is_default, reading, last)
            elif role in member.each_band:
                role = last if is_default and base == role else _band_of(role, before, reading)
            if not role:
                reading.left.append(clause[one.start : one.end].strip())
                continue
            name = next((clause[a:b] for a, b, word in words if word == role), role.split("@")[0])
            reading.put(
                role, _plain(name), one, is_default or _in_brackets(clause, one, role, reading)
            )
            last = role
    return reading


def _split_of(one: Quantity, is_default: bool, reading: Reading, last: str) -> str:
    """Which of the frequencies between bands a quantity is: each one after the other."""
    taken = sum(name.startswith("frequency_") for name in reading.rows)
    return last if is_default and last else f"frequency_{taken + 1}"


def _band_of(role: str, before: str, reading: Reading) -> str:
    """The role of a quantity that belongs to one band, where that is said: ``threshold@low``.

    Args:
        role: of each band.
        before: what stands between this quantity and the one before it.
        reading: what was read before.
    """
    named = re.search(rf"(?<![^\W\d_])(?:{BAND})(?![^\W\d_])", before, re.I)
    if named:
        return f"{role}@{named[0].casefold()}"
    taken = sum(name.partition("@")[0] == role for name in reading.rows)
    return f"{role}@{taken + 1}" if taken else role


def _words_in(clause: str, roles: dict[str, Role]) -> list[tuple[int, int, str]]:
    """Where a clause names parameters; a longer name wins over one inside of it."""
    spans = [
        (one.start(), one.end(), name)
        for name, role in roles.items()
        for one in re.finditer(rf"(?<![^\W\d_])(?:{role.words})s?(?![^\W_])", clause, re.I)
        if one.end() > one.start()
    ]
    return sorted(
        one for one in spans
        if not any(a <= one[0] and one[1] <= b and b - a > one[1] - one[0] for a, b, _ in spans)
    )  # fmt: skip


def _role_of(
    one: Quantity,
    until: int,
    words: Sequence[tuple[int, int, str]],
    roles: dict[str, Role],
    reading: Reading,
) -> str:
    """The parameter that a quantity belongs to: the word beside it, else what its unit says.

    Where a clause begins with a number its words follow their numbers, else they precede them.

    Args:
        one: the quantity.
        until: where the next one stands in its clause.
        words: where the clause names parameters.
        roles: of the member of the family.
        reading: what was read before.
    """
    fits = [(a, b, name) for a, b, name in words if not one.unit or one.unit in roles[name].units]
    before = [name for a, b, name in fits if b <= one.start]
    after = [name for a, b, name in fits if one.end <= a and b <= until]
    leads = bool(words) and words[0][0] >= one.start
    for near in (after[:1], before[-1:]) if leads else (before[-1:], after[:1]):
        if near:
            return near[0]
    likely = (name for name in _BY_UNIT.get(one.unit, ()) if name in roles)
    return next((name for name in likely if name not in reading.rows), words[0][2] if words else "")


def _in_brackets(clause: str, one: Quantity, role: str, reading: Reading) -> bool:
    """Whether a single number stands in brackets after its range."""
    row = reading.rows.get(role)
    opened = clause[: one.start].rstrip().endswith("(")
    return opened and one.high is None and row is not None and row.minimum is not None


def _plain(name: str) -> str:
    """A word of the text as a parameter's name."""
    return re.sub(r"[^\w]+", "_", name.strip().casefold()).strip("_")
