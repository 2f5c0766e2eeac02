"""Requests to take back what was stated last: "undo that", "go back to the previous style"."""

import re

from agents.planning.languages import Understood
from agents.planning.lexicon import lexicon

_BEGIN = r"^\W*(?:(?:please|ok|okay|no|wait|hmm|sorry|actually|oh|can you|could you)\b[\s,!]*)*"
_WHAT = (
    r"(?:that|this|it|the last (?:change|one|thing|statement)|my last (?:change|one|statement)|"
    r"the (?:change|new) ?(?:of|to)? ?(?:the|our)? ?(?:\w+)?|what i (?:just )?said|last change)"
)
_UNDO = re.compile(
    rf"{_BEGIN}(?:(?:undo|revert|roll back|take back)(?:\s+{_WHAT})?|"
    r"(?:take|roll)\s+(?:that|it|this)\s+back|"
    r"(?:go|change it|switch|set it)\s+back(?:\s+to\s+(?:the\s+)?(?:previous|old|older|earlier|"
    r"former|last|original)\s+(?:\w+\s*){0,2})?|"
    r"(?:restore|use)\s+the\s+(?:previous|old|older|former)\s+(?:goal|style|constraint|deadline|"
    r"section|element|one|version)|"
    r"mach das rückgängig|rückgängig(?: machen)?|deshaz(?:lo)?(?: eso)?|annule ça)"
    r"(?:\s+(?:please|again|now|bitte))?[\s.!?]*$",
    re.IGNORECASE,
)
FIELDS = ("goal", "style", "constraint", "deadline", "section", "element")


def takes_back(understood: Understood) -> bool:
    """Whether a request wants what was stated last undone, and nothing else."""
    return _UNDO.match(understood.text.words) is not None


def fields_named(understood: Understood) -> frozenset[str]:
    """The settings that such a request names; none means whatever was stated last."""
    tags = lexicon(understood.language).tags(understood.text.tokens)
    return frozenset(tag.name for tag in tags if tag.group == "setting" and tag.name in FIELDS)
