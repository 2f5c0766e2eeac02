"""Segments of a sentence: its parts that each do one thing."""

from dataclasses import dataclass
from typing import Literal

from agents.planning.lexicon import Tag
from agents.planning.text import Token

Act = Literal["request", "question", "state", "refuse", "condition", "none"]

CHANGES = ("make", "raise", "lower", "remove", "fix", "write")
"""Verbs that want something changed or made."""

_BREAKS = frozenset({",", ":", "(", ")", "-", "/", "+", "&", "."})
_ENDS = frozenset({".", "?", "!", ";", "\n", "..."})
_LOOKS = frozenset({"measure", "tell", "show", "find", "read", "listen"})
"""Verbs after which "if" begins a question: "check if it clips"."""
_OBJECTS = ("aspect", "quality", "band", "operation", "picture", "effect", "format")
_AMOUNT = 5
"""Most words of a segment that only gives an amount."""


@dataclass(frozen=True)
class Segment:
    """A part of a sentence with one act."""

    tokens: tuple[Token, ...]
    tags: tuple[Tag, ...]
    """Concepts in it; their indexes count from its first token."""
    joined: bool
    """Whether a word such as ``and`` ties it to the segment before, without a comma."""
    asks: bool
    """Whether its sentence ends in a question mark."""

    def has(self, group: str, *names: str) -> bool:
        """Whether one of the concepts (any of the group without names) is in it."""
        return any(tag.group == group and (not names or tag.name in names) for tag in self.tags)

    def names(self, group: str) -> tuple[str, ...]:
        """The concepts of a group, in order, each once."""
        found = sorted((tag for tag in self.tags if tag.group == group), key=lambda tag: tag.start)
        return tuple(dict.fromkeys(tag.name for tag in found))

    def has_any(self, *groups: str) -> bool:
        """Whether a concept of one of the groups is in it."""
        return any(tag.group in groups for tag in self.tags)

    def opens_with(self, group: str, *names: str) -> bool:
        """Whether the first word that is no filler carries the concept."""
        fillers = {tag.start for tag in self.tags if tag.name in ("filler", "greeting", "join")}
        for index in range(len(self.tokens)):
            opening = [tag for tag in self.tags if tag.start == index and tag.group == group]
            if any(not names or tag.name in names for tag in opening):
                return True
            if index not in fillers:
                return False
        return False

    def first(self, group: str, *names: str) -> int:
        """Index of the first token of a concept; a number beyond the end when it is not there."""
        places = (
            tag.start
            for tag in self.tags
            if tag.group == group and (not names or tag.name in names)
        )
        return min(places, default=len(self.tokens) + 1)

    def after(self, index: int) -> "Segment":
        """The rest of the segment from a token on."""
        return self._part(index, len(self.tokens))

    def before(self, index: int) -> "Segment":
        """The segment up to a token."""
        return self._part(0, index)

    def covers(self, start: int, end: int) -> bool:
        """Whether a stretch of the request's characters touches this segment."""
        begin, finish = self.span
        return start < finish and begin < end

    @property
    def span(self) -> tuple[int, int]:
        """Index of its first character and after its last, in the request."""
        return (self.tokens[0].start, self.tokens[-1].end) if self.tokens else (0, 0)

    def _part(self, begin: int, end: int) -> "Segment":
        tags = tuple(
            Tag(tag.group, tag.name, tag.start - begin, tag.end - begin)
            for tag in self.tags
            if begin <= tag.start and tag.end <= end
        )
        return Segment(self.tokens[begin:end], tags, self.joined, self.asks)


def cut(tokens: tuple[Token, ...], tags: tuple[Tag, ...]) -> list[Segment]:
    """Cut a sentence at commas, brackets and words that join.

    Args:
        tokens: the sentence.
        tags: its concepts, with indexes into ``tokens``.
    """
    asks = any(token.text == "?" for token in tokens[-2:])
    joins = {
        tag.start: tag.end
        for tag in tags
        if tag.group == "grammar"
        and (
            tag.name in ("join", "purpose") or (tag.name == "condition" and _works(tags, tag.start))
        )
    }
    inside = {
        index for tag in tags if tag.group != "grammar" for index in range(tag.start + 1, tag.end)
    }
    segments: list[Segment] = []
    begin, joined = 0, False
    for index, token in enumerate((*tokens, Token(".", 0, 0))):
        is_join = index in joins and index not in inside and not _closes(tokens, joins[index])
        if index < len(tokens) and not is_join and token.text not in _BREAKS | _ENDS:
            continue
        if token.text == "+" and _is_sign(tokens, index):
            continue
        if token.text == "," and _leads_in(tokens[begin:index], tags, begin, index):
            continue
        part = _segment(tokens, tags, begin, index, joined, asks)
        if part is not None:
            segments.append(part)
            joined = is_join
        begin = index if is_join else index + 1
        if is_join and part is None:
            joined = joined or is_join
    return _completed(segments)


def _closes(tokens: tuple[Token, ...], index: int) -> bool:
    """Whether a sentence ends there, so that the word before joins nothing: "… after that"."""
    return all(token.text in _ENDS for token in tokens[index : index + 1])


def _is_sign(tokens: tuple[Token, ...], index: int) -> bool:
    """Whether a plus belongs to the number behind it: "a shelf of +3 dB"."""
    behind = tokens[index + 1 : index + 2]
    return any(one.text[0].isdigit() and one.start == tokens[index].end for one in behind)


def _works(tags: tuple[Tag, ...], end: int) -> bool:
    """Whether work stands before a place, so that "if" there begins its condition."""
    before = [tag for tag in tags if tag.end <= end]
    looks = any(tag.group == "verb" and tag.name in _LOOKS for tag in before)
    return not looks and any(
        tag.group == "operation" or (tag.group == "verb" and tag.name in CHANGES) for tag in before
    )


def _completed(segments: list[Segment]) -> list[Segment]:
    """Join "the start" with "and end cut off": a thing whose verb stands in the next segment."""
    found: list[Segment] = []
    for segment in segments:
        last = found[-1] if found else None
        if last is not None and (_completes(last, segment) or _specifies(last, segment)):
            shift = len(last.tokens)
            moved = (Tag(t.group, t.name, t.start + shift, t.end + shift) for t in segment.tags)
            found[-1] = Segment(
                last.tokens + segment.tokens, (*last.tags, *moved), last.joined, last.asks
            )
        else:
            found.append(segment)
    return found


def _completes(last: Segment, segment: Segment) -> bool:
    return segment.joined and _lacks_verb(last) and _lacks_object(segment)


def _specifies(last: Segment, segment: Segment) -> bool:
    """Whether it only says how far a change goes: "shift it | so that it lands in D minor".

    Without a joining word too, where no amount was said yet: "it must go, the first 4 seconds".
    """
    bare = not last.has_any(*_OBJECTS) and not any(one.text[0].isdigit() for one in last.tokens)
    if not last.has("verb", *CHANGES) or not (segment.joined or bare):
        return False
    if segment.joined and segment.opens_with("grammar", "purpose"):
        return not last.has_any(*_OBJECTS)
    is_short = len(segment.tokens) <= _AMOUNT and not segment.has_any("verb", *_OBJECTS)
    return is_short and any(token.text[0].isdigit() for token in segment.tokens)


def _lacks_verb(segment: Segment) -> bool:
    acts = ("question", "state", "auxiliary", "polite", "negation", "definition")
    return not (segment.has("verb") or segment.has("operation") or segment.has("grammar", *acts))


def _lacks_object(segment: Segment) -> bool:
    if segment.opens_with("grammar", "condition"):
        return False
    changes = segment.has("verb", "remove", "raise", "lower", "fix")
    opens = changes and segment.first("verb", "remove", "raise", "lower", "fix") <= 1
    return changes and not opens and not segment.has_any(*_OBJECTS)


def _leads_in(part: tuple[Token, ...], tags: tuple[Tag, ...], begin: int, end: int) -> bool:
    """Whether the words before a comma only announce what follows: "show me, …"."""
    says = any(
        tag.group == "verb" and tag.name in ("tell", "show") and begin <= tag.start < end
        for tag in tags
    )
    return says and len(part) <= 2


def _segment(
    tokens: tuple[Token, ...], tags: tuple[Tag, ...], begin: int, end: int, joined: bool, asks: bool
) -> Segment | None:
    if not any(token.text not in _BREAKS | _ENDS for token in tokens[begin:end]):
        return None
    return Segment(tokens, tags, joined, asks)._part(begin, end)
