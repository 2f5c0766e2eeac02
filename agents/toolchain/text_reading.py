"""Reading the parameters of a specification that is written in plain words, English or German."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from agents.toolchain.banding import BAND, spelt_bands
from agents.toolchain.family import KINDS
from agents.toolchain.kinds.kind import Role
from agents.toolchain.quantities import Quantity, quantities_in
from agents.toolchain.row_reading import Reading
from grym_synth.errors import BadInput

_CLAUSE = re.compile(r";|\n|,(?!\d)|\s(?:and|und|with|mit|sowie|plus)\s|\.(?=\s|$)")
_DEFAULT = re.compile(
    r"(?:defaults?(?:\s+to)?|standard(?:wert|mäßig)?|vorgabe|initial(?:ly)?|voreingestellt|start)"
    r"\s*(?:=|:|is|of|at|auf|ist)?\s*$",
    re.I,
)
_SPAN = re.compile(
    r"(?:[(\[]\s*|(?:range|bereich|adjustable|einstellbar)\W*(?:from |von )?)$", re.I
)
"""What stands between a value and the range that it has."""
_UP_TO = re.compile(r"(?:\bup to|\bat most|\bmax(?:imum|imal|\.)?|\bbis(?: zu)?)\s*$", re.I)
"""What stands before the greatest value that can be set."""
_FOREIGN = re.compile(
    r"(?<!\w)(?:bandwidth|bandbreite|wide|breit|ripple|welligkeit|attenuation|sperr\w+|latency|latenz|"
    r"slope|steepness|flankensteilheit|headroom|tail|size|cpu|thd|noise(?: floor)?|left|right|"
    r"links|rechts|smoothing|glättung)(?:\s(?:of|is|von|ist))?\s*[:=]?\s*$",
    re.I,
)
"""What is no parameter of the family: a number behind it is none of theirs."""
_SAYS_VALUE = re.compile(r"(?:\b(?:at|bei|of|to|von|auf|um)|[=:@])\s*$", re.I)
_DIGITS = re.compile(r"[^\W_]*\d[\w.,/:]*")
_BY_UNIT = {
    "Hz": ("frequency", "rate"), "kHz": ("frequency",),
    "ms": ("time", "delay", "attack", "release", "window"), "s": ("time", "release"),
    "dB": ("gain", "threshold", "ceiling", "drive"), "dBFS": ("threshold", "ceiling"),
    "dBTP": ("ceiling",), ":1": ("ratio",), "%": ("mix", "depth"), "octaves": ("depth",),
    "cents": ("depth",),
}  # fmt: skip
"""Which role a quantity means that stands without a word for it, by its unit."""


class _Naming(NamedTuple):
    """Where a clause names a parameter."""

    start: int
    end: int
    role: str


@dataclass
class _Clause:
    """One part of a text, and what of it was used."""

    text: str
    roles: Mapping[str, Role]
    found: list[Quantity] = field(init=False)
    words: list[_Naming] = field(init=False)
    """Where it names parameters; each is taken out when its number was found."""
    leads: bool = field(init=False)
    """Whether numbers come before their words."""
    trails: bool = field(init=False)
    """Whether it ends with a word."""

    def __post_init__(self) -> None:
        self.found = quantities_in(self.text)
        self.words = _words_in(self.text, self.roles)
        ends = bool(self.words and self.found)
        self.trails = ends and self.words[-1].start >= self.found[-1].end
        self.leads = self.trails and self.words[0].start >= self.found[0].start

    def unread(self) -> list[str]:
        """Words with digits that are no quantity."""
        return [
            one[0] for one in _DIGITS.finditer(self.text)
            if not any(each.start <= one.start() < each.end for each in self.found)
        ]  # fmt: skip

    def before(self, index: int) -> str:
        """What stands between a quantity and the one before it."""
        return self.text[self.found[index - 1].end if index else 0 : self.found[index].start]

    def beside(self, index: int) -> str:
        """The role whose word stands beside a quantity; empty for none."""
        one = self.found[index]
        until = self.found[index + 1].start if index + 1 < len(self.found) else len(self.text)
        fits = [
            word for word in self.words if not one.unit or one.unit in self.roles[word.role].units
        ]
        before = [word for word in fits if word.end <= one.start]
        after = [word for word in fits if one.end <= word.start and word.end <= until]
        if not self.trails and until < len(self.text):
            after = []
        for near in (after[:1], before[-1:]) if self.leads else (before[-1:], after[:1]):
            if near:
                self.words.remove(near[0])
                return near[0].role
        return ""

    def name(self, role: str) -> str:
        """What it calls a role; the role's own name where it doesn't."""
        for one in _words_in(self.text, self.roles):
            if one.role == role:
                return _plain(self.text[one.start : one.end], self.roles[role])
        return role.partition("@")[0]


def rows_in(text: str, kind: str) -> Reading:
    """The parameters that a text gives numbers for.

    Args:
        text: without what says how the processor is made.
        kind: the member of the family.

    Raises:
        BadInput: it names two values for one parameter, or a quantity that belongs to none.
    """
    member, reading, last = KINDS[kind], Reading(), ""
    for part in _CLAUSE.split(spelt_bands(text) if member.each_band else text):
        clause = _Clause(part, member.roles)
        for index, one in enumerate(clause.found):
            before = clause.before(index)
            is_default = bool(_DEFAULT.search(before.rstrip("( ")))
            role = _role_of(clause, index, last, reading, kind)
            if member.each_split and role in ("", "frequency") and "Hz" in one.unit:
                role = _split_of(is_default, reading, last)
            elif role in member.each_band:
                base = last.partition("@")[0]
                role = last if is_default and base == role else _band_of(role, before, reading)
            if not role:
                reading.left.append(_left(one, part, before, kind))
                continue
            plain = "frequency" if role not in member.roles and "@" not in role else role
            meant = member.roles[plain.partition("@")[0]]
            default = is_default or _in_brackets(part, one, role, reading)
            most = one.high is None and not default and bool(_UP_TO.search(before))
            reading.put(role, clause.name(role), one, default, meant, most)
            last = role
        reading.left += clause.unread()
    return reading


def _role_of(clause: _Clause, index: int, last: str, reading: Reading, kind: str) -> str:
    """The parameter that a quantity belongs to; empty for none.

    It is that whose word stands beside it; else the one before, where this is its default or
    range; else what its unit says.
    """
    roles, one, base = KINDS[kind].roles, clause.found[index], last.partition("@")[0]
    before = clause.before(index)
    fits = base in roles and one.unit in ("", *roles[base].units)
    goes_on = bool(_DEFAULT.search(before.rstrip("( ")) or _SPAN.search(before))
    if fits and goes_on and not _words_in(before, roles):
        return base
    if (foreign := _FOREIGN.search(before)) and not _words_in(foreign[0], roles):
        return ""
    if named := clause.beside(index):
        return named
    words = _words_in(clause.text, roles)
    if fits and not words and base in KINDS[kind].each_band:
        return base
    likely = [name for name in _BY_UNIT.get(one.unit, ()) if name in roles]
    likely = [name for name in likely if _is_possible(one, roles[name])] or likely
    likely.sort(key=lambda name: not roles[name].needed and name != "q")
    untaken = [name for name in likely if name not in reading.rows]
    return next(iter([*untaken, *likely, *(word.role for word in words)]), "")


def _is_possible(one: Quantity, role: Role) -> bool:
    """Whether a quantity can be a value of a parameter."""
    low = one.low * role.units.get(one.unit, 1.0)
    return role.least <= low <= role.most


def _left(one: Quantity, text: str, before: str, kind: str) -> str:
    """A number that belongs to no parameter, where it may stand for something else.

    Raises:
        BadInput: it is said to be a value of the processor.
    """
    said = text[one.start : one.end].strip()
    if one.unit or _SAYS_VALUE.search(before) or _FOREIGN.search(before):
        can = ", ".join(name.replace("_", " ") for name in KINDS[kind].roles) or "no parameters"
        raise BadInput(
            "reading the specification",
            f"{said} belongs to no parameter of the {KINDS[kind].label}, which has {can}",
            "Say which of them it is of, or leave it out",
        )
    return said


def _split_of(is_default: bool, reading: Reading, last: str) -> str:
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


def _words_in(text: str, roles: Mapping[str, Role]) -> list[_Naming]:
    """Where a text names parameters; a longer name wins over one inside of it."""
    spans = [
        _Naming(one.start(), one.end(), name)
        for name, role in roles.items()
        for one in re.finditer(rf"(?<![^\W\d_])(?:{role.words})s?(?![^\W_])", text, re.I)
        if one.end() > one.start()
    ]
    return sorted(one for one in spans if not _is_inside(one, spans))


def _is_inside(one: _Naming, spans: Sequence[_Naming]) -> bool:
    long = one.end - one.start
    return any(
        other.start <= one.start and one.end <= other.end and other.end - other.start > long
        for other in spans
    )


def _in_brackets(clause: str, one: Quantity, role: str, reading: Reading) -> bool:
    """Whether a single number stands in brackets after its range."""
    row = reading.rows.get(role)
    opened = clause[: one.start].rstrip().endswith("(")
    return opened and one.high is None and row is not None and row.minimum is not None


def _plain(name: str, role: Role) -> str:
    """A word of the text as a parameter's name, without the ending of a plural."""
    plural = name[-1:] in "sS" and re.fullmatch(role.words, name[:-1], re.I)
    singular = name[:-1] if plural else name
    return re.sub(r"[^\w]+", "_", singular.strip().casefold()).strip("_")
