"""The wish to see music written down: "show me the score"."""

import re

from agents.planning.drafts import Draft
from agents.planning.languages import Understood
from agents.planning.subjects import files_of
from audio.media import AssetKind
from memory.context import Operation, ProjectContext

_SCORE = re.compile(
    r"\b(?:show|see|engrave|print|draw|display|typeset|zeig\w*|druck\w*|muestra\w*|"
    r"ens[eé][nñ]a\w*|montre\w*|affiche\w*)\b.{0,40}?"
    r"\b(?:scores?|sheet music|staff notation|notation|lead ?sheet|noten(?:blatt)?|partitur|"
    r"partitura|partition)\b(?!\s+(?:out )?of\s+\d)",
    re.IGNORECASE,
)
_KINDS: tuple[AssetKind, ...] = ("score", "midi", "audio")
"""What a score is engraved from, the surest first."""


def score_of(context: ProjectContext, understood: Understood) -> Draft | None:
    """The task that engraves the notes of a file; None where no score is wanted.

    A picture that came with the request is the score that it speaks of: it is read, not made.
    """
    sent = [one for one in context.assets if one.id in context.attached]
    if not _SCORE.search(understood.text.words) or any(one.kind == "image" for one in sent):
        return None
    attached = next((one.kind for kind in _KINDS for one in sent if one.kind == kind), None)
    kinds = (attached,) if attached is not None else _KINDS
    found = (files_of(context, understood.text, kind) for kind in kinds)
    files = next((one for one in found if one), ())
    names = " and ".join(one.name for one in files) or "the music"
    return Draft(
        "qwen_vl",
        f"Engrave the score of {names}",
        "the request wants to see it written down",
        files,
        (Operation(name="score"),),
    )
