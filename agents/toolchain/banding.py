"""Which parameter each row of a specification is: once, for each split, or for each band."""

import re
from collections.abc import Sequence
from dataclasses import replace

from pydantic import JsonValue

from agents.toolchain.kinds.kind import Kind, Role
from agents.toolchain.making import impossible
from agents.toolchain.rows import Row

MOST_SPLITS = 4
_SPLITS = {1: (1000.0,), 2: (300.0, 3000.0), 3: (150.0, 1000.0, 5000.0),
           4: (100.0, 400.0, 1600.0, 6400.0)}  # fmt: skip
"""Frequencies of splits where the specification names none, by their number."""
_LOW = r"low(?:er|est)?|bass\w*|tief\w*|unter\w*"
_HIGH = r"high(?:er|est)?|treble|hoch\w*|höhen?|höchst\w*|ober\w*"
_MID = r"mids?|middle|mitte\w*|mittel\w*|mitten"
_NUMBERS = ("", "bandone", "bandtwo", "bandthree", "bandfour", "bandfive")
BAND = (
    rf"(?:{_LOW}|{_HIGH})[ _-]?(?:{_MID})|{_LOW}|{_HIGH}|{_MID}|{'|'.join(_NUMBERS[1:])}|"
    r"band[ _-]?\d|\d"
)
"""How a text says which band it means: a regular expression."""


def spelt_bands(text: str) -> str:
    """A text in which the numbers of bands are words, so that none is taken for a quantity."""
    spelt = re.compile(r"(?<!\w)band[ -]?([1-5])(?!\w)", re.I)
    return spelt.sub(lambda one: _NUMBERS[int(one[1])], text)


def role_named(name: str, roles: dict[str, Role]) -> str:
    """The role that a parameter's name means; empty where it means none."""
    plain = re.sub(r"(?<=[a-zäöü])(?=[A-Z])", " ", name)
    plain = re.sub(r"[_\s]+", " ", plain).strip().casefold()
    plain = re.sub(r" (?:hz|khz|ms|s|db|pct|percent)$", "", plain)
    if plain.replace(" ", "_") in roles:
        return plain.replace(" ", "_")
    for whole in (r"(?:{})", r".*(?<!\w)(?:{})(?!\w).*"):
        named = [key for key, one in roles.items() if re.fullmatch(whole.format(one.words), plain)]
        if len(named) == 1:
            return named[0]
    return ""


def numbered_roles(
    member: Kind, rows: Sequence[Row], options: dict[str, JsonValue]
) -> tuple[dict[str, Role], dict[str, Row]]:
    """The roles that a processor will have, in the family's order, and the rows by role.

    Args:
        member: of the family.
        rows: what is said of its parameters.
        options: how it is made; the number of bands is taken out.

    Raises:
        BadInput: a row means no parameter, or two mean one; bands and frequencies don't fit.
    """
    named = [(_base(member, one), one) for one in rows]
    splits = _splits(member, [base for base, _ in named], options)
    found: dict[str, Row] = {}
    for own, row in _settled(member, named, splits + 1):
        if own in found:
            raise impossible(
                f"{found[own].name} and {row.name} are the same parameter of a {member.label}",
                "Leave one out",
            )
        found[own] = row
    roles: dict[str, Role] = {}
    for name, role in member.roles.items():
        if name in member.each_split:
            usual = _SPLITS[splits]
            roles |= {f"{name}_{n + 1}": replace(role, default=usual[n]) for n in range(splits)}
        elif name in member.each_band:
            roles |= {f"{name}_{n + 1}": role for n in range(splits + 1)}
        else:
            roles[name] = role
    return {name: one for name, one in roles.items() if one.needed or name in found}, found


def _base(member: Kind, row: Row) -> str:
    """The role that a row is of, its band left aside.

    Raises:
        BadInput: it is of none.
    """
    base = row.role.partition("@")[0] if row.role else ""
    if re.fullmatch(r"\w+_\d", base) and base not in member.roles:
        base = base[:-2]
    base = base or ("frequency" if set(member.roles) == member.each_split else "")
    plain = row.name if not member.each_band else re.sub(rf"(?i)(?:{BAND})", " ", row.name)
    base = base or role_named(row.name, member.roles) or role_named(plain, member.roles)
    if not base:
        can = ", ".join(member.roles)
        raise impossible(f"a {member.label} has no parameter {row.name!r}", f"It can have {can}")
    return base


def _splits(member: Kind, bases: Sequence[str], options: dict[str, JsonValue]) -> int:
    """How many frequencies part the bands; 0 for what has none."""
    if not member.each_split:
        return 0
    bands = options.pop("bands", None)
    named = sum(one in member.each_split for one in bases)
    splits = named or (bands - 1 if isinstance(bands, int) else member.splits)
    if (bands not in (None, splits + 1)) or not 1 <= splits <= MOST_SPLITS:
        raise impossible(
            f"{bands or splits + 1} bands and {splits} crossover frequencies don't fit together",
            f"A {member.label} has 2 to 5 bands, and one frequency fewer than bands",
        )
    return splits


def _settled(member: Kind, named: Sequence[tuple[str, Row]], bands: int) -> list[tuple[str, Row]]:
    """Each row with the role that it is of; what is said of all bands is said of each."""
    found: list[tuple[str, Row]] = []
    splits = 0
    for base, row in named:
        if base in member.each_split:
            splits += 1
            found.append((f"{base}_{splits}", row))
        elif base not in member.each_band:
            found.append((base, row))
        else:
            several = sum(other == base for other, _ in named) > 1
            said = row.role.partition("@")[2] or ("" if row.role else row.name)
            before = sum(one.startswith(f"{base}_") for one, _ in found)
            band = _band(said, bands) or (before + 1 if several else 0)
            if band > bands:
                raise impossible(f"{row.name} is of band {band} of {bands}", "Name fewer")
            for number in (band,) if band else range(1, bands + 1):
                own = row.name if not row.role and band else f"{row.name}_{number}"
                found.append((f"{base}_{number}", replace(row, name=own)))
    return found


def _band(said: str, bands: int) -> int:
    """Which band some words mean, counted from 1; 0 for none."""
    plain = said.casefold()
    if plain in _NUMBERS[1:]:
        return _NUMBERS.index(plain)
    if digit := re.search(r"\d", plain):
        return int(digit[0])
    low, high, mid = (re.search(rf"(?<![a-zäöü])(?:{one})", plain) for one in (_LOW, _HIGH, _MID))
    if mid:
        return 2 if low or not high else bands - 1
    return 1 if low else bands if high else 0
