"""Requests whose result shall hit as its source does: "louder, but keep the punch"."""

from agents.planning.languages import Understood
from agents.planning.lexicon import lexicon
from agents.planning.segments import Segment, cut


def keeps_punch(understood: Understood) -> bool:
    """Whether punch, transients or dynamics shall stay: "keep the punch", "don't squash it"."""
    tokens = understood.text.tokens
    parts = cut(tokens, lexicon(understood.language).tags(tokens))
    return any(_keeps_punch(part) for part in parts)


def _keeps_punch(part: Segment) -> bool:
    keeps, denied = (
        {tag.start for tag in part.tags if tag.group == "grammar" and tag.name in names}
        for names in (("keep", "preserve"), ("negation",))
    )
    named = part.has("grammar", "punch")
    spared = part.has("grammar", "squashes") or (named and part.has("grammar", "loses"))
    return bool(denied and spared) or (named and bool(keeps) and denied <= keeps)
