"""What a segment does: request, question, statement, condition or refusal."""

from agents.planning.segments import Act, Segment

_WORK = frozenset({"verb", "operation"})
_PRONOUNS = frozenset({"you", "we", "i", "they", "it", "this", "these", "those", "he", "she"})
"""What follows a verb such as "do" or "have" when it opens an English question."""


def act_of(segment: Segment, previous: Act) -> Act:
    """What a segment does.

    Args:
        segment: the segment.
        previous: the act of the segment before it in the same sentence; ``none`` at its start.
    """
    start = _start(segment)
    opening = {(tag.group, tag.name) for tag in segment.tags if tag.start == start}
    work = _first_work(segment)
    asks_what = {("grammar", "question"), ("grammar", "definition"), ("grammar", "explain")}
    if segment.first("grammar", "polite") < segment.first("grammar", "question"):
        return "request"
    if _refuses(segment) or _preserves(segment):
        return "refuse"
    if previous == "refuse" and segment.joined and not segment.has("grammar", "contrast", "want"):
        return "refuse"
    if ("grammar", "purpose") in opening:
        return "state"
    if segment.has("grammar", "skip"):
        return "refuse"
    if ("grammar", "condition") in opening:
        return "request" if _wishes(segment, start) else "condition"
    wants = segment.first("grammar", "want")
    if wants < len(segment.tokens) and wants <= min(work, segment.first("grammar", "question")):
        return "request"
    if ("grammar", "negation") in opening and not segment.asks and previous != "none":
        return "refuse"
    if _is_relative(segment, opening, previous):
        return "state"
    if opening & asks_what or _is_inverted(segment, start, opening):
        return "question"
    if ("grammar", "subject") in opening and not segment.has("talk", "unmeasured"):
        return "state"
    states = _first_statement(segment)
    if any(group in _WORK for group, _ in opening) and work < states:
        return "request"
    if segment.asks and previous in ("none", "question") and not segment.has("verb", "tell"):
        return "question"
    if states <= min(work, len(segment.tokens)):
        return "request" if wants <= len(segment.tokens) else "state"
    if wants < len(segment.tokens):
        return "request"
    if work <= len(segment.tokens):
        return "request" if previous != "state" else previous
    return previous


_YOU = frozenset({"you", "du", "ihr", "tu", "vous"})


def _wishes(segment: Segment, start: int) -> bool:
    """Whether it only asks politely for something to see: "if you draw me the spectrum too"."""
    you = any(token.text in _YOU for token in segment.tokens[start : start + 2])
    return you and segment.has("verb", "draw", "show")


def _first_statement(segment: Segment) -> int:
    """Index of the first word that states; "its" does so in "its too loud", not in "its key"."""
    things = {tag.start for tag in segment.tags if tag.group in ("aspect", "picture")}
    owns = {tag.start for tag in segment.tags if tag.name == "determiner" and tag.end in things}
    return min(
        (
            tag.start
            for tag in segment.tags
            if (tag.group, tag.name) == ("grammar", "state") and tag.start not in owns
        ),
        default=len(segment.tokens) + 1,
    )


def _is_relative(segment: Segment, opening: set[tuple[str, str]], previous: Act) -> bool:
    """Whether it only describes a thing named before: ", which is lovely", ", where it hums"."""
    if segment.asks or segment.joined:
        return False
    if previous == "request":
        return ("grammar", "place") in opening and not segment.has_any("aspect", "verb")
    return previous == "state" and any(one.text == "which" for one in segment.tokens[:1])


_LEADING = frozenset(
    {("grammar", "filler"), ("grammar", "join"), ("talk", "greeting"), ("talk", "correction"),
     ("talk", "agree")}
)  # fmt: skip
"""What may stand before a sentence's first word of content."""


def _start(segment: Segment) -> int:
    """Index of the first token of content."""
    ordered = sorted(segment.tags, key=lambda tag: tag.end)
    leading = {tag.start: tag.end for tag in ordered if (tag.group, tag.name) in _LEADING}
    content = {
        tag.start
        for tag in segment.tags
        if tag.group in _WORK
        or tag.name == "question"
        or (tag.name == "condition" and len(segment.tokens) > 1)
    }
    index = 0
    while index in leading and index not in content:
        index = leading[index]
    return index


def _first_work(segment: Segment) -> int:
    """Index of the first word of work; no noun that is spoken of: "this transfer seems fast"."""
    states = {tag.start for tag in segment.tags if (tag.group, tag.name) == ("grammar", "state")}
    named = any(tag.start == 0 and tag.name == "determiner" for tag in segment.tags)
    return min(
        (
            tag.start
            for tag in segment.tags
            if tag.group in _WORK and not (named and tag.start > 0 and tag.end in states)
        ),
        default=len(segment.tokens) + 1,
    )


def _refuses(segment: Segment) -> bool:
    """Whether it forbids work: a negation before a verb or a thing, outside of a question."""
    place = segment.first("grammar", "negation")
    if place > len(segment.tokens) or segment.first("grammar", "question") < place:
        return False
    if segment.has("vague", "whole"):
        return False
    rest = segment.after(place)
    return any(rest.has(group) for group in (*_WORK, "aspect", "picture", "effect", "media"))


def _preserves(segment: Segment) -> bool:
    """Whether it only says what must stay as it is."""
    keeps = segment.has("grammar", "keep") and (
        segment.has("aspect") or segment.has("media", "midi")
    )
    asks = segment.has("grammar", "question") or (
        segment.asks and segment.opens_with("grammar", "auxiliary")
    )
    return (segment.has("grammar", "preserve") or keeps) and not asks


def _is_inverted(segment: Segment, start: int, opening: set[tuple[str, str]]) -> bool:
    """Whether it opens as a question does: ``is it``, ``does this`` — not ``do a fade``."""
    if ("grammar", "auxiliary") not in opening:
        return False
    works = ("verb", "make") in opening or any(group == "operation" for group, _ in opening)
    if segment.asks or not works:
        return True
    following = segment.tokens[start + 1 : start + 2]
    return bool(following) and following[0].text in _PRONOUNS
