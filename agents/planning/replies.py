"""A short reply to the question about a contradiction: which of its sides the user means."""

from agents.answering.disputes import asked, sides_of
from agents.planning.languages import Understood
from agents.planning.lexicon import lexicon
from audio.agreement import agree
from audio.aspects import is_number
from memory.context import Claim, Finding, ProjectContext

_ORDER = (
    frozenset({"first", "former", "1st", "erste", "ersten", "erstere", "ersteres", "primero",
               "primera", "premier", "premiere"}),
    frozenset({"second", "latter", "2nd", "zweite", "zweiten", "letztere", "letzteres", "segundo",
               "segunda", "deuxieme", "seconde"}),
    frozenset({"third", "3rd", "dritte", "dritten", "tercero", "tercera", "troisieme"}),
)  # fmt: skip
"""Words that name a side by its place in the question."""
_WORK = frozenset({"verb", "operation", "effect", "picture", "media", "setting"})
"""Groups of words that make a message a request of its own."""
_LONGEST = 14
"""Words of the longest message that counts as a reply; a longer one is a request of its own."""


def replies_of(context: ProjectContext, understood: Understood) -> tuple[Claim, ...]:
    """What the user answers to the open question of the thread's last turn; mostly nothing."""
    tokens = understood.text.tokens
    if context.attached or not tokens or len(tokens) > _LONGEST or tokens[-1].text == "?":
        return ()
    if any(tag.group in _WORK for tag in lexicon(understood.language).tags(tokens)):
        return ()
    names = {asset.id: asset.name for asset in context.assets}
    conflict = asked(context, names)
    if conflict is None:
        return ()
    sides = sides_of(conflict, context.findings)
    meant = [side for side in sides if _names(understood, side)]
    words = {token.text for token in tokens}
    meant = meant or [side for side, order in zip(sides, _ORDER, strict=False) if words & order]
    if len(meant) != 1:
        return ()
    side = meant[0]
    about = names.get(side.subject.id, "")
    return (Claim(aspect=side.aspect, value=side.value, unit=side.unit, about=about),)


def _names(understood: Understood, side: Finding) -> bool:
    """Whether the reply gives a side's value."""
    for one in understood.quantities:
        value = one.text if isinstance(side.value, str) else one.value
        if one.text and not isinstance(side.value, str):
            continue
        if value and agree(side.aspect, side.value, value):
            return True
    is_text = isinstance(side.value, str) and not is_number(side.value)
    said = understood.text.raw.casefold()
    return is_text and len(str(side.value)) > 3 and str(side.value).casefold() in said
