"""The unit of a bare number by the measure that stands before it: "the loudness must be -16"."""

import re
from typing import Literal

Measured = Literal["lufs", "dbtp", "lu", "bpm"]
"""Units of which a number may be told by the measure's name alone."""

_NAMES: tuple[tuple[Measured, str, float, float], ...] = (
    ("lu", r"loudness[\s-]range|lra|lautheits(?:bereich|umfang)|rango de sonoridad", 0, 40),
    ("dbtp", r"true[\s-]?peaks?(?:[\s-]level)?", 0, 20),
    ("lufs", r"(?:integrated\s+|overall\s+|program(?:me)?\s+)?loudness|lautheit|lautstärke|"
             r"sonoridad|sonie", 4, 70),
    ("bpm", r"tempo", 20, 400),
)  # fmt: skip
"""A unit, the names of what is measured in it, and the sizes that such a number may have."""

_BETWEEN = (
    r"(?:[\s:=≈~]|\b(?:is|be|are|must|has|have|to|should|shall|needs?|at|around|about|exactly|roughly|"
    r"not|never|no|more|less|than|exceed|go|stay|remain|below|under|above|over|or|most|least|max|min|"
    r"maximum|minimum|target|value|level|integrated|of|the|(?:final\s+)?(?:master|mix|song|track|file)|"
    r"ist|muss|soll|sein|bei|auf|von|darf|nicht|über|unter|höchstens|mindestens|des|der|masters?|"
    r"debe|ser|de|la|del|el|como|mucho|menos|doit|être|à|du)\b)*"
)
_AFTER = re.compile(
    r"\s*(?:$|[.,;:!?)\n±]|\+/?-|(?:and|but|or|und|oder|aber|y|pero|o|et|mais|ou|for|on|please|max|min|"
    r"maximum|minimum|at|give|plus|sein|liegen|betragen|with|when|für|bitte)\b)",
    re.IGNORECASE,
)
_NAMED = tuple(
    (unit, re.compile(rf"\b(?:{names})\b{_BETWEEN}$", re.IGNORECASE), least, most)
    for unit, names, least, most in _NAMES
)
_NEAR = 80
"""Characters before a number in which its measure is looked for."""


def unit_named(words: str, start: int, end: int, value: float) -> Measured | None:
    """The unit of a bare number by the name of a measure before it; None where none tells.

    Args:
        words: the request.
        start: index of the number's first character.
        end: index after its last one.
        value: the number; one of another size counts something else.
    """
    if not _AFTER.match(words, end):
        return None
    before = words[max(0, start - _NEAR) : start]
    for unit, name, least, most in _NAMED:
        if name.search(before):
            return unit if least <= abs(value) <= most else None
    return None
