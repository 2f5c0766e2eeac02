"""What a segment wants by its wording: work or a value, a thing made or a thing named."""

from itertools import pairwise

from agents.planning.glossary import INTERVALS
from agents.planning.lexicon import Tag
from agents.planning.segments import CHANGES, Segment

_AMOUNTS = frozenset(
    {"a", "an", "by", "minor", "major", "perfect", "um", "eine", "einen", "una", "un", "une", "d"}
)
"""Words before an interval that is an amount, not an ordinal."""
_ENDS = frozenset(
    {"first", "last", "ersten", "letzten", "primeros", "ultimos", "premieres", "dernieres"}
)
_SHORT = 5
_INTO = frozenset({"as", "to", "into", "als", "nach", "zu", "como", "a", "en"})
_GIVING = frozenset({"give", "gimme", "gib", "gebt", "dame", "deme", "donne", "donnez"})
_NOUNS = frozenset(
    {"master", "fade", "click_track", "gain", "peak_eq", "limit", "other", "trim", "resample",
     "highpass", "lowpass", "shelf", "time_stretch", "pitch_shift", "convert", "normalise_loudness"}
)  # fmt: skip
"""Words of work that can also name a thing."""


def asks_for_work(segment: Segment) -> bool:
    """Whether a recipe or a program is named in the segment."""
    operations = [tag for tag in segment.tags if tag.group == "operation"]
    return segment.has("media", "code") or any(not is_reference(segment, tag) for tag in operations)


def asks_value(segment: Segment) -> bool:
    """Whether it wants to know something: "tell me how loud", "check whether the hiss is gone"."""
    asked = segment.first("grammar", "question")
    looks = min(segment.first("verb", "measure", "find"), len(segment.tokens))
    return asked < len(segment.tokens) and (segment.has("verb", "tell") or looks < asked)


def opens_with_work(segment: Segment) -> bool:
    """Whether a segment begins with a command."""
    return segment.opens_with("verb", *CHANGES, "measure", "show") or segment.opens_with(
        "operation"
    )


def is_reference(segment: Segment, tag: Tag, drawn: bool = False) -> bool:
    """Whether a word of work names a thing: ``my master``, ``the fade`` — not ``master it``."""
    if tag.name == "mono" and _judged_in_mono(segment, tag):
        return True
    if not drawn and (tag.end - tag.start > 1 or tag.name not in _NOUNS):
        return False
    ends = {tag.start, tag.start - 1} if _describes(segment, tag) else {tag.start}
    return any(
        other.group == "grammar" and other.name == "determiner" and other.end in ends
        for other in segment.tags
    )


def is_measured(segment: Segment, tag: Tag) -> bool:
    """Whether a word of work is what shall be measured: "measure the stereo width"."""
    looks = segment.opens_with("verb", "measure", "tell") and not segment.has("verb", *CHANGES)
    return looks and any(
        (one.group, one.start, one.end) == ("aspect", tag.start, tag.end) for one in segment.tags
    )


def _judged_in_mono(segment: Segment, tag: Tag) -> bool:
    """Whether "in mono" only says how to listen: "does it hold up in mono"."""
    inside = tag.start > 0 and segment.tokens[tag.start - 1].text in ("in", "en")
    wants = segment.has("verb", "make") or segment.has("grammar", "want", "polite")
    return inside and (
        segment.has("verb", "measure", "tell", "listen", "compare", "show") or not wants
    )


def into(segment: Segment) -> bool:
    """Whether a format is what a file shall become: "as an mp3", "nach FLAC"."""
    starts = {tag.start for tag in segment.tags if tag.group == "format"}
    before = [token.text for i in starts for token in segment.tokens[max(0, i - 2) : i]]
    return bool(_INTO.intersection(before))


def orders_it(segment: Segment) -> bool:
    """Whether it is a short command by a verb that no list holds: "perk it up"."""
    tagged = {i for tag in segment.tags for i in range(tag.start, tag.end)}
    it = [tag.start for tag in segment.tags if (tag.group, tag.name) == ("vague", "it")]
    return len(segment.tokens) <= _SHORT and 0 not in tagged and 1 in it


def takes_part(segment: Segment) -> bool:
    """Whether an end of the file is wanted: "give me the last 20 seconds only"."""
    words = {token.text for token in segment.tokens}
    wants = segment.has("verb", "make", "tell") or segment.has("grammar", "want", "contrast")
    return wants and bool(words & _ENDS)


def has_interval(segment: Segment) -> bool:
    """Whether an interval is named as an amount: "down a fourth", "by an octave"."""
    words = [token.text for token in segment.tokens]
    return any(word in INTERVALS and before in _AMOUNTS for before, word in pairwise(words))


def _describes(segment: Segment, noun: Tag) -> bool:
    """Whether the word before only describes a noun: "the quietest stretch", "my cello excerpt"."""
    index = noun.start - 1
    before = {(tag.group, tag.name) for tag in segment.tags if tag.start <= index < tag.end}
    before -= {("media", "instrument")} if noun.name == "trim" else set()
    return index > 0 and not {group for group, _ in before} - {"aspect", "quality"}


def gives(segment: Segment) -> bool:
    """Whether a thing is to be handed over, not told: "give me the part where … at half speed"."""
    gives = any(token.text in _GIVING for token in segment.tokens)
    return gives and segment.has_any("operation", "effect")


def writes(segment: Segment) -> bool:
    """Whether a verb of programming is in it: "code it", but not the noun in "my code"."""
    nouns = {tag.start for tag in segment.tags if tag.group == "media" and tag.name == "code"}
    return any(
        tag.group == "verb" and tag.name == "write" and (tag.start == 0 or tag.start not in nouns)
        for tag in segment.tags
    )


def stops(segment: Segment) -> bool:
    """Whether something just named shall end: "make it stop"."""
    return segment.has("verb", "fix") and segment.has("grammar", "negation")
