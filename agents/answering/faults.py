"""What a sentence says of a fault that is measured: that it is there, or that it is not."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from memory.context import Finding

_FAULTS = {
    "clipping.samples": re.compile(
        r"(?:\b(?:clipping|clipped|(?<=it )clips|clippt|übersteuer\w*|écrêt\w*|saturaci[oó]n)|"
        r"(?:\bnot|n['’]t|\bnicht) clip)\b", re.IGNORECASE),
    "hum.hz": re.compile(
        r"\b(?:mains[ -])?(?:hum|(?:netz)?brummen|brummt|ronflement|zumbido)\b", re.IGNORECASE),
    "dropouts": re.compile(r"\b(?:drop-?outs?|aussetzer\w*)\b", re.IGNORECASE),
}  # fmt: skip
_CLAUSE = re.compile(r"[,;:–—]|\b(?:but|and|aber|und|mais|et|pero|y)\b", re.IGNORECASE)
_NONE = (
    r"(?:no|not|never|nothing|none|without|free (?:of|from)|zero|0|kein\w*|nicht\w*|ohne|"
    r"frei von|sans|aucun\w*|pas|sin|ning[uú]n\w*)"
)
_NEGATED = re.compile(rf"\b{_NONE}\b|n['’]t\b", re.IGNORECASE)
_NONE_BEFORE = re.compile(rf"(?:\b{_NONE}|n['’]t)(?:\s+[\w-]+){{0,2}}\s*$", re.IGNORECASE)
_NONE_IN = re.compile(r"^(?:not|n['’]t|nicht)\b", re.IGNORECASE)
_NONE_AFTER = re.compile(
    r"^(?:-free\b|\s+(?:\w+\s+)?(?:not|nicht|n['’]t)\s+(?:\w+\s+)?"
    r"(?:found|there|present|audible|heard|detected|measured|da|gefunden|vorhanden))",
    re.IGNORECASE,
)
_IS_THERE = re.compile(
    r"\b(?:is|are|it['’]s|there['’]s|has|have|yes|shows?|contains?|clips|hear|heard|found|"
    r"ja|ist|sind|hat|gibt|oui|est|sí|hay)\b",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"\b(?:removed?|repair(?:s|ed)?|gone|fix(?:e[sd])?|declip\w*|cuts?|filter\w*|entfern\w*|behoben|"
    r"limit(?:s|ed|ing)?|risk|prevent\w*|avoid\w*|distort\w*)\b",
    re.IGNORECASE,
)
"""Words of sentences that speak of work on a fault, or of another one."""
_PLACE = re.compile(
    r"\b(?:intro|verse|chorus|bridge|outro|solo|breakdown|drop|bars?|section|channel|strophe|refrain|"
    r"\d+:\d\d|(?:from|until|before|after|at|ab|bis|bei) \d+)\b",
    re.IGNORECASE,
)


class FaultClaim(NamedTuple):
    """That a whole file has a fault, or has it not."""

    aspect: str
    is_there: bool


def fault_claims(sentence: str) -> Iterator[FaultClaim]:
    """What a sentence claims of faults, but for those of a place and those that were mended."""
    if _CHANGED.search(sentence) or _PLACE.search(sentence):
        return
    for clause in _CLAUSE.split(sentence):
        for aspect, word in _FAULTS.items():
            if found := word.search(clause):
                before, after = clause[: found.start()], clause[found.end() :]
                if (
                    _NONE_BEFORE.search(before)
                    or _NONE_IN.search(found[0])
                    or _NONE_AFTER.search(after)
                ):
                    yield FaultClaim(aspect, is_there=False)
                elif not _NEGATED.search(sentence) and _IS_THERE.search(sentence):
                    yield FaultClaim(aspect, is_there=True)


def has_fault(finding: Finding) -> bool | None:
    """Whether a measurement found a fault; None where it could not tell."""
    if finding.value is None:
        return False if finding.absent else None
    return bool(finding.value)
