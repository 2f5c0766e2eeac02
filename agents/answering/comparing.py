"""One file against another at equal loudness, or its bands against what is usual."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from agents.answering.plain_words import Values
from agents.planning.judgements import Judgement, Sense
from agents.planning.text import Text
from agents.wording import value_text
from audio.aspects import ASPECTS, BAND_EDGES_HZ, is_number
from audio.balance import JUDGED, NOTABLE_DB, SLOPE_DB, excess_db

REFERENCE = re.compile(
    r"(?<![^\W_])(?:ref|reference|referenz|referencia|référence|original)(?![^\W_])", re.I
)
"""A file of such a name is somebody else's music."""
_MATCHED = " at equal loudness"
_LOUDNESS = "loudness.integrated_lufs"
_BAND = "spectrum.band_db."


class _Thing(NamedTuple):
    """What is compared, and how its difference is told."""

    aspect: str
    unit: str
    matched: bool = False
    """Whether the difference in loudness is taken out first."""


def _band(name: str) -> _Thing:
    return _Thing(_BAND + name, "dB", matched=True)


_THINGS: Mapping[str, _Thing] = {
    "sub bass": _band("sub"),
    "bass": _band("bass"),
    "low mids": _band("low_mid"),
    "mids": _band("mid"),
    "high mids": _band("high_mid"),
    "presence": _band("presence"),
    "highs": _band("brilliance"),
    "width": _Thing("stereo.width", ""),
    "dynamics": _Thing("dynamics.crest_db", "dB"),
    "loudness": _Thing(_LOUDNESS, "LU"),
}
SPOKEN: Mapping[str, str] = {name: thing.aspect for name, thing in _THINGS.items()}
"""The aspect that tells of a thing."""
_Files = Mapping[str, Values]


def against_reference(judged: Judgement, text: Text, files: _Files) -> Iterator[str]:
    """How each file differs from the reference in what is asked, in the request's own sense."""
    reference = _reference(text, tuple(files))
    for name, values in files.items() if reference else ():
        if name == reference:
            continue
        told = [_compared(one, judged.sense, values, files[reference]) for one in judged.things]
        lines = [f"{head}the {line}" for head, line in filter(None, told)]
        if len(lines) == 1:
            yield f"{lines[0]} ({name} against {reference})."
        elif lines:
            yield f"**{name}** against {reference}, levels of bands at equal loudness:"
            yield from (f"- {line.replace(_MATCHED, '')}" for line in lines)


def against_usual(judged: Judgement, name: str, values: Values) -> Iterator[str]:
    """Whether a band stands out of the usual slope, where no other file is named."""
    if judged.against or judged.sense == "open":
        return
    levels = {one: values[_BAND + one].value for one in JUDGED if _BAND + one in values}
    excess = excess_db({one: float(level) for one, level in levels.items() if is_number(level)})
    for thing in judged.things:
        band = _THINGS[thing].aspect.removeprefix(_BAND)
        if band not in excess:
            continue
        off = excess[band]
        is_so = {"more": off >= NOTABLE_DB, "less": off <= -NOTABLE_DB, "enough": off > -NOTABLE_DB}
        yes = is_so[judged.sense]
        side = "above" if off > 0 else "below"
        yield (
            f"**{'Yes' if yes else 'No'}**: the {thing} ({_edges(band)}) of {name} "
            f"{_verb(thing)} {abs(off):.1f} dB {side} the usual slope of music "
            f"({SLOPE_DB:g} dB an octave); up to {NOTABLE_DB:g} dB is usual."
        )


def _compared(thing: str, sense: Sense, values: Values, others: Values) -> tuple[str, str] | None:
    """One thing of two files: yes or no where that is asked; by how much, and both values."""
    how = _THINGS[thing]
    if not {how.aspect, _LOUDNESS} <= values.keys() & others.keys():
        return None
    off, same = _number(values, how) - _number(others, how), ASPECTS[how.aspect].absolute
    is_so = {"more": off > same, "less": off < -same, "enough": off >= -same, "open": True}
    head = "" if sense == "open" else f"**{'Yes' if is_so[sense] else 'No'}**: "
    what = f"{thing} ({_edges(how.aspect.removeprefix(_BAND))})" if how.matched else thing
    amount = f"{abs(off):.1f} {how.unit}" if how.unit else f"{abs(off):.2f}"
    way = f"{amount} {'higher' if off > 0 else 'lower'}"
    if abs(off) <= same:
        way = f"the same within {same:g} {how.unit}".rstrip()
    told = [value_text(held[how.aspect].value, held[how.aspect].unit) for held in (values, others)]
    at = _MATCHED if how.matched else ""
    return head, f"{what} {_verb(thing)} {way}{at}, measured {told[0]} against {told[1]}"


def _verb(thing: str) -> str:
    return "are" if thing in ("low mids", "mids", "high mids", "highs", "dynamics") else "is"


def _number(values: Values, how: _Thing) -> float:
    value, loudness = values[how.aspect].value, values[_LOUDNESS].value
    assert is_number(value) and is_number(loudness)
    return float(value) - (float(loudness) if how.matched else 0.0)


def _edges(band: str) -> str:
    low, high = BAND_EDGES_HZ[band]
    return f"{low:g}–{high:g} Hz"


def _reference(text: Text, names: Sequence[str]) -> str:
    """The file that the others are held against: so called, named last, or else the last one."""
    called = [name for name in names if REFERENCE.search(name)]
    if len(called) == 1:
        return called[0]
    named = [one for one in text.files if one in names]
    return named[-1] if named else names[-1] if len(names) > 1 else ""
