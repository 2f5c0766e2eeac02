"""Sentences that ask for no work: settings, questions to memory, about us, about the field."""

from typing import Literal

from agents.planning.reading import Situation
from agents.planning.segments import CHANGES, Segment

Kind = Literal["forget", "setting", "recall", "meta", "general", "work"]

_OPENING = 3
"""What a sentence defines is named within so many first words."""
_US = frozenset({"you", "we", "du", "ihr", "sie", "wir", "tu", "vous", "on"})


def kind_of(whole: Segment, situation: Situation) -> Kind:
    """What a sentence is for.

    Args:
        whole: the sentence as one segment.
        situation: what came with the request.
    """
    if whole.has("verb", "forget") and not whole.has("talk", "cancel"):
        return "forget"
    if _sets(whole):
        return "setting"
    if _recalls(whole, situation):
        return "recall"
    if whole.has("talk", "meta") and not (situation.image and whole.has("media", "image")):
        return "meta"
    return "general" if _is_general(whole, situation) else "work"


def field_of(whole: Segment) -> str:
    """The project field that a sentence sets; ``note`` or ``name`` where it is none."""
    names = ("deadline", "constraint", "goal", "style", "section", "rule")
    fields = [name for name in names if whole.has("setting", name)]
    if "section" in fields and not _is_section(whole):
        fields.remove("section")
    if _forbids(whole) or fields[:1] == ["rule"]:
        return "constraint"
    if fields:
        return fields[0]
    if _is_element(whole):
        return "element"
    return "name" if whole.has("setting", "name") else "note"


def only_notes(whole: Segment) -> bool:
    """Whether a sentence says no more than to remember the one before it."""
    fields = whole.has("setting", "goal", "style", "deadline", "constraint", "section")
    return whole.has("verb", "remember") and not (
        fields or whole.has_any("aspect", "quality", "operation")
    )


def _sets(whole: Segment) -> bool:
    if whole.asks or whole.opens_with("grammar", "question", "auxiliary", "polite"):
        return False
    if whole.has("verb", "remember") or whole.has("setting", "deadline", "goal", "constraint"):
        return True
    if whole.first("setting", "rule") < _OPENING:
        return True
    if whole.first("setting", "style") < _OPENING and not whole.has_any("effect", "operation"):
        return not whole.has("verb", *CHANGES) or whole.opens_with("setting", "style")
    if whole.has("setting", "name") or _forbids(whole):
        return True
    return _is_section(whole) or _is_element(whole)


def _is_section(whole: Segment) -> bool:
    """A sentence such as ``the chorus is bars 17-32``."""
    begins = whole.first("setting", "section")
    if begins > _OPENING or whole.first("verb", *CHANGES, "measure", "show") < begins:
        return False
    has_number = any(token.text[0].isdigit() for token in whole.tokens)
    return whole.has("setting", "span") and has_number


def _is_element(whole: Segment) -> bool:
    """A sentence such as ``the bass is a Moog``: an element of the project, and what it is."""
    things = [tag for tag in whole.tags if tag.group == "media" and tag.name == "instrument"]
    if not things or whole.has_any("quality", "verb", "vague"):
        return False
    ends = things[0].end
    states = [tag for tag in whole.tags if tag.name == "state" and ends <= tag.start <= ends + 1]
    articles = {tag.start for tag in whole.tags if tag.name == "indefinite"}
    return any(state.end in articles for state in states)


def _forbids(whole: Segment) -> bool:
    """A lasting wish such as ``no reverb on vocals``: no verb, and a part of the music."""
    return (
        whole.opens_with("grammar", "negation")
        and whole.has("media", "instrument")
        and whole.has_any("operation", "quality", "effect", "band")
        and not whole.has_any("verb", "aspect")
    )


def _recalls(whole: Segment, situation: Situation) -> bool:
    if whole.has("talk", "quoted") and not whole.has("verb", "make", "fix", "remove"):
        return True
    asks = (
        whole.asks
        or whole.has("grammar", "question")
        or whole.has("verb", "tell")
        or whole.opens_with("grammar", "auxiliary")
        or whole.opens_with("talk", "told")
    )
    if not asks or whole.has("talk", "unmeasured"):
        return False
    if whole.has("talk", "told") and not whole.opens_with("verb", "show", "make", "raise"):
        speaks_of_us = any(token.text in _US for token in whole.tokens)
        return speaks_of_us or not situation.audio
    if whole.has("setting", "deadline", "goal", "constraint", "style") and whole.asks:
        return True
    return whole.has("talk", "past") and not (situation.audio or situation.image)


def _is_general(whole: Segment, situation: Situation) -> bool:
    """Whether it asks about the field, not about a file."""
    if situation.image or whole.has("grammar", "file", "polite") or whole.has("media", "code"):
        return False
    if whole.has("talk", "earlier") or not whole.opens_with("grammar"):
        return False
    if whole.has("grammar", "explain"):
        return True
    if situation.audio or whole.has("grammar", "here"):
        return False
    opens = whole.opens_with("grammar", "question", "auxiliary", "definition")
    return opens and whole.has("grammar", "definition", "indefinite")
