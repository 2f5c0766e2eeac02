"""Sentences that ask for no work: settings, questions to memory, about us, about the field."""

import re
from typing import Literal

from agents.planning.reading import Situation
from agents.planning.segments import CHANGES, Segment

Kind = Literal["forget", "setting", "recall", "meta", "general", "work"]

_OPENING = 3
"""What a sentence defines is named within so many first words."""
_FAR = 5
_THAT = frozenset({"that", "dass", "que"})
_DECIDED = frozenset({"decided", "agreed", "chose", "beschlossen", "decidimos", "decide", "agree"})
_DROPPING = frozenset(
    {"forget", "delete", "remove", "drop", "erase", "wipe", "vergiss", "vergesst", "losch",
     "losche", "streich", "streiche", "olvida", "borra", "elimina", "oublie", "efface", "supprime"}
)  # fmt: skip
"""Verbs that give up what was said, where they stand before a setting."""
_MEMORY = frozenset(
    {"know", "remember", "said", "say", "told", "tell", "noted", "decide", "agree", "decided"}
)
"""Verbs by which people ask what was told."""
_JOINS = frozenset({":", "is", "are", "=", "runs", "spans", "covers", "from", "goes"})
"""What stands between a section's name and its bars."""
_STYLE = frozenset({"style", "genre", "aesthetic", "vibe", "stil", "estilo", "genero"})
"""Words that name the style itself; "reference" may also be a file."""
_TO = frozenset({":", "is", "to", "=", "ist", "auf", "zu", "es", "est"})
"""What stands between a setting and its value."""
_CLOCK = re.compile(r"\d{1,3}:\d\d(?:[.,]\d+)?")
_MUST = frozenset({"must", "should", "muss", "soll", "sollte", "debe", "doit"})
"""Words of a lasting demand."""
_BEFORE = frozenset({"before", "bevor", "antes", "avant"})
_US = frozenset({"you", "we", "du", "ihr", "sie", "wir", "tu", "vous", "on"})


def kind_of(whole: Segment, situation: Situation) -> Kind:
    """What a sentence is for.

    Args:
        whole: the sentence as one segment.
        situation: what came with the request.
    """
    if (
        drops(whole)
        or forgets_fact(whole)
        or (whole.has("verb", "forget") and not whole.has("talk", "cancel"))
    ):
        return "forget"
    if _sets(whole, situation):
        return "setting"
    if _recalls(whole, situation):
        return "recall"
    if _is_meta(whole, situation):
        return "meta"
    return "general" if _is_general(whole, situation) else "work"


def drops(whole: Segment) -> bool:
    """Whether a setting shall be given up: "forget that deadline", "delete the style"."""
    verbs = _DROPPING & {token.text for token in whole.tokens[:_OPENING]}
    field = whole.first("setting", "deadline", "goal", "style", "constraint")
    only = not whole.has_any("aspect", "operation", "effect", "band")
    kept = whole.has("verb", "remember") or whole.has("grammar", "negation")
    return bool(verbs) and field <= _FAR and only and not (kept or whole.asks)


def forgets_fact(whole: Segment) -> bool:
    """Whether something told shall be forgotten: "forget that the singer is called Mara"."""
    words = [token.text for token in whole.tokens if token.text != "please"]
    named = words[:1] and words[0] in _DROPPING and words[1:2] and words[1] in _THAT
    return bool(named) and len(words) > _FAR and "," not in words[:_OPENING]


def _is_meta(whole: Segment, situation: Situation) -> bool:
    """Whether it asks about the team itself, not for work on a picture or on a program."""
    if _asks_us(whole, situation):
        return True
    if not whole.has("talk", "meta"):
        return False
    about_us = any(tag.name == "meta" and tag.end - tag.start > 1 for tag in whole.tags)
    if not about_us and whole.has_any("picture", "operation", "effect", "aspect", "band"):
        return False  # one word such as "help" in a request for work
    pictured = whole.has("media", "image") and (situation.image or whole.has("grammar", "file"))
    broken = whole.has("media", "code") and whole.has("grammar", "fails")
    asks = whole.opens_with("grammar", "auxiliary", "question", "polite", "definition")
    commands = whole.opens_with("verb", *CHANGES, "measure", "draw") and not asks
    return not (pictured or broken or commands)


def _asks_us(whole: Segment, situation: Situation) -> bool:
    """Whether it asks what we do, and speaks of no file: "which tempos do you understand?"."""
    files = situation.audio or situation.image or whole.has("grammar", "file", "here", "want")
    if files or not (whole.asks and whole.opens_with("grammar", "question")):
        return False
    return any(token.text in _US for token in whole.tokens[1:_FAR]) and not whole.has("talk")


def field_of(whole: Segment) -> str:
    """The project field that a sentence sets; ``note`` or ``name`` where it is none."""
    names = ("deadline", "constraint", "goal", "style", "section", "rule")
    if labels := [name for name in names[:4] if name in _labels(whole)]:
        return labels[0]
    fields = [name for name in names if whole.has("setting", name)]
    if "section" in fields and not is_section(whole):
        fields.remove("section")
    if not fields and is_section(whole):
        return "section"
    if _forbids(whole) or _demands(whole) or fields[:1] == ["rule"]:
        return "constraint"
    if fields:
        return fields[0]
    if _is_element(whole):
        return "element"
    return "name" if whole.has("setting", "name") else "note"


def _labels(whole: Segment) -> set[str]:
    """Settings that a sentence opens with as a label: "Constraint: out on vinyl only"."""
    texts = [token.text for token in whole.tokens]
    return {
        tag.name
        for tag in whole.tags
        if tag.group == "setting" and tag.start <= 1 and texts[tag.end : tag.end + 1] == [":"]
    }


def only_notes(whole: Segment) -> bool:
    """Whether a sentence says no more than to remember the one before it."""
    fields = whole.has("setting", "goal", "style", "deadline", "constraint", "section")
    return whole.has("verb", "remember") and not (
        fields or whole.has_any("aspect", "quality", "operation")
    )


def _sets(whole: Segment, situation: Situation) -> bool:
    if whole.asks or whole.opens_with("grammar", "question", "auxiliary", "polite"):
        return False
    if whole.opens_with("verb", "tell", "show") and not whole.has("grammar", "state"):
        return False
    words = [token.text for token in whole.tokens[:_OPENING]]
    if _US.union(("i",)) & {*words[:1]} and _DECIDED & {*words[1:]}:
        return True
    if whole.has("verb", "remember"):
        return not _writes_down(whole, situation)
    if whole.has("setting", "deadline", "constraint"):
        return True
    if whole.has("setting", "goal") and not _comes_after_work(whole, "goal"):
        return True
    if _is_early(whole, "rule"):
        return True
    if _assigns_style(whole):
        return True
    if _is_early(whole, "style") and not whole.has_any("effect", "operation"):
        assigned = whole.opens_with("grammar", "assign") or whole.opens_with("setting", "style")
        return assigned or not whole.has("verb", *CHANGES)
    named = whole.has("setting", "name") and not whole.has("media", "code")
    if named or _forbids(whole):
        return True
    if _demands(whole) and not situation.at_hand:
        return True
    return is_section(whole) or _is_element(whole)


def _demands(whole: Segment) -> bool:
    """Whether something measured must have a value: "loudness must be -16", and nothing is done."""
    words = [token.text for token in whole.tokens]
    must = min((words.index(word) for word in _MUST & {*words}), default=len(words))
    valued = any(word.strip("-+")[:1].isdigit() for word in words[must:])
    return valued and whole.first("aspect") < must and not whole.has_any("verb", "operation")


def _comes_after_work(whole: Segment, name: str) -> bool:
    """Whether a command stands before the setting: "make it loop, it's for a game"."""
    opens = whole.opens_with("verb", *CHANGES, "measure", "show") or whole.opens_with("operation")
    return opens and whole.first("setting", name) > _FAR


def _is_early(whole: Segment, name: str) -> bool:
    return whole.has("setting", name) and whole.first("setting", name) < _OPENING


def _assigns_style(whole: Segment) -> bool:
    """Whether the style is given its value: "change the style to clean and airy"."""
    texts = [token.text for token in whole.tokens]
    places = [place for place, text in enumerate(texts[:_OPENING]) if text in _STYLE]
    return any({*texts[place + 1 : place + 2]} & _TO for place in places)


def _writes_down(whole: Segment, situation: Situation) -> bool:
    """Whether values of the sound are to be noted down, not something the user says."""
    opens = whole.opens_with("verb", "remember") and whole.opens_with("verb", "measure")
    stated = whole.has("grammar", "state") or any(t.text[0].isdigit() for t in whole.tokens)
    return opens and situation.audio > 0 and whole.has("aspect") and not stated


def is_section(whole: Segment) -> bool:
    """A sentence such as ``the chorus is bars 17-32``."""
    if _spans_bars(whole) or _spans_times(whole):
        return True
    begins = whole.first("setting", "section")
    if begins > _OPENING or whole.first("verb", *CHANGES, "measure", "show") < begins:
        return False
    has_number = any(token.text[0].isdigit() for token in whole.tokens)
    return whole.has("setting", "span") and has_number


def _spans_bars(whole: Segment) -> bool:
    """Whether it names something and its bars: "second movement: bars 121-200"."""
    words = [token.text for token in whole.tokens]
    places = [i for i, word in enumerate(words[: _FAR + 2]) if word in ("bar", "bars", "measures")]
    if not places or whole.asks or whole.has_any("verb", "operation", "aspect", "effect"):
        return False
    at = places[0]
    joined = at > 1 and words[at - 1] in _JOINS
    return joined and words[at + 1 : at + 2] != [] and words[at + 1][0].isdigit()


def _spans_times(whole: Segment) -> bool:
    """Whether it names something and from when to when it lasts: "cue 1m2: 3:10 to 5:00"."""
    words = [token.text for token in whole.tokens]
    clocks = [i for i, word in enumerate(words) if _CLOCK.fullmatch(word)]
    if len(clocks) < 2 or clocks[0] > _FAR + 1 or whole.asks:
        return False
    if whole.has_any("verb", "operation", "aspect", "effect"):
        return False
    before = words[: clocks[0]]
    joined = before[-2:-1] if before[-1:] == ["from"] else before[-1:]
    return len(before) > 1 and bool(joined) and joined[0] in _JOINS - {"from"}


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


def searches(whole: Segment) -> bool:
    """Whether memory is asked about words that no list holds: "what do you know about Mara?"."""
    words = [token.text for token in whole.tokens]
    about = "about" in words and not {"file", "this", "it"} & set(words[words.index("about") :])
    verbs = [place for place, word in enumerate(words) if word in _MEMORY]
    asks = _US.union(("i",)) & set(words) and verbs
    about = about and (words[0] == "about" or words.index("about") > min(verbs, default=0))
    about = about or bool(_DECIDED & {*words})
    looks = words[:1] and words[0] in ("search", "find") and {"notes", "memory"} & set(words[:_FAR])
    own = whole.has("aspect") or whole.has("setting", "goal", "style", "deadline", "constraint")
    return bool(looks or (about and asks and not own))


def _recalls(whole: Segment, situation: Situation) -> bool:
    if searches(whole) and not (situation.audio or situation.image):
        return True
    if whole.has("talk", "quoted") and not whole.has("verb", "make", "fix", "remove"):
        return True
    asks = (
        whole.asks
        or whole.has("grammar", "question")
        or whole.has("verb", "tell")
        or whole.opens_with("grammar", "auxiliary")
        or (whole.opens_with("talk", "told") and not whole.opens_with("grammar", "subject"))
    )
    if not asks or whole.has("talk", "unmeasured") or _goes_before(whole):
        return False
    if whole.has("talk", "told") and not whole.opens_with("verb", "show", "make", "raise"):
        speaks_of_us = any(token.text in _US for token in whole.tokens)
        return speaks_of_us or not situation.audio
    files = situation.audio or situation.image
    if whole.has("setting", "deadline", "goal", "constraint") and whole.asks:
        return True
    if whole.opens_with("verb", *CHANGES, "measure", "draw"):
        return False
    if whole.has("setting", "style", "project") and not (files or whole.has("media", "audio")):
        return True
    wanted = whole.has("grammar", "polite") and whole.has("verb")
    return whole.has("talk", "past") and not (files or wanted)


def _goes_before(whole: Segment) -> bool:
    """Whether it says what comes before the work: "before you change anything, tell me …"."""
    return whole.tokens[0].text in _BEFORE and whole.opens_with("grammar", "first")


def _is_general(whole: Segment, situation: Situation) -> bool:
    """Whether it asks about the field, not about a file."""
    if situation.image or whole.has("grammar", "file", "polite") or whole.has("media", "code"):
        return False
    if any(token.text == "filename" for token in whole.tokens):
        return False
    if whole.has("talk", "earlier") or not whole.opens_with("grammar"):
        return False
    if whole.has("grammar", "explain"):
        return True
    if situation.audio or whole.has("grammar", "here"):
        return False
    if (
        situation.at_hand
        and whole.has_any("aspect", "quality")
        and not whole.has("grammar", "definition")
    ):
        return False
    opens = whole.opens_with("grammar", "question", "auxiliary", "definition")
    return opens and whole.has("grammar", "definition", "indefinite")
