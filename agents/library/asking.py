"""Whether a request wants sounds out of the user's library, and the task that finds them."""

import re

from agents.planning.drafts import Draft
from agents.planning.languages import Understood
from agents.planning.subjects import files_of
from memory.context import Operation, Plan, ProjectContext

FIND = "find_sounds"
"""The operation that searches the library; its ``request`` says for what."""

_OWN = (
    r"(?:my|our|the|this|own|whole|entire|local|sample|samples|sound|sounds|loop|drum|music|audio)"
)
_PLACE = re.compile(
    rf"\b(?:in|from|through|of|inside|across|out of|within|on)\s+(?:{_OWN}[\s-]+){{1,4}}"
    r"(?:library|libraries|collection|sample folders?|samples? packs?)\b|"
    rf"\b(?:my|our)\s+(?:{_OWN}[\s-]+){{0,3}}(?:library|collection)\b|\bsample library\b|"
    r"\b(?:in|aus)\s+(?:meiner|unserer|der)\s+(?:sample-?|sound-?|klang)?(?:bibliothek|sammlung)\b|"
    r"\b(?:en|de)\s+(?:mi|nuestra|la)\s+(?:biblioteca|colección)(?:\s+de\s+(?:samples|sonidos))?\b|"
    r"\b(?:dans|de)\s+(?:ma|notre|la)\s+(?:bibliothèque|collection|banque de sons)\b",
    re.IGNORECASE,
)
_WANTS = re.compile(
    r"\b(?:find|search|look|get|give|show|list|pick|choose|suggest|fetch|dig|pull|which|what|any|"
    r"have|got|there|need|want|looking|finde?|such\w*|zeig\w*|gib|welche|habe\w*|busca\w*|"
    r"encuentra\w*|muestra\w*|dame|hay|tengo|trouve\w*|cherche\w*|montre\w*|donne\w*|quels?|quelles?)\b",
    re.IGNORECASE,
)
_LIKE = re.compile(
    r"\b(?:like (?:this|that|it|the|my)|similar|sounds? like|alike|ähnlich\w*|wie (?:das|dies\w*)|"
    r"parecid\w*|como est\w*|semblable\w*|comme)\b",
    re.IGNORECASE,
)


def sought_in_library(context: ProjectContext, understood: Understood) -> Draft | None:
    """The search of the library that a request asks for; None where it asks for none.

    Args:
        context: what the project knows.
        understood: what was read from the request.
    """
    words = understood.text.raw
    place = _PLACE.search(words)
    if place is None or not _WANTS.search(words):
        return None
    rest = " ".join(f"{words[: place.start()]} {words[place.end() :]}".split())
    audio = files_of(context, understood.text, "audio")
    like = audio[:1] if audio and _LIKE.search(rest) else ()
    return Draft(
        "gama",
        "Find sounds in the library",
        "the request asks for it",
        like,
        (Operation(name=FIND, parameters={"request": _LIKE.sub(" ", rest) if like else rest}),),
    )


def only_searches(plan: Plan) -> bool:
    """Whether all that a plan does is to search the library: nothing in it is to be decided."""
    return bool(plan.tasks) and all(
        one.operations and all(step.name == FIND for step in one.operations) for one in plan.tasks
    )
