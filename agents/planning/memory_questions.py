"""Questions that only memory answers, whatever else the words could mean: files, names, people.

"Which files do we have?", "what is the song called?", "who plays the cello?", "what is in the
drop?": nothing in a sound file tells that.
"""

import re

from agents.planning.languages import Understood
from agents.planning.lexicon import Tag, lexicon
from agents.planning.places import places_of
from agents.planning.segments import CHANGES
from agents.planning.text import fold
from agents.reckoning.pixels import PIXELS, asks_for_pixels
from memory.context import ProjectContext

_BEGIN = r"^\W*(?:(?:and|so|ok|okay|please|thanks|hey|but|remind me|tell me)\b[\s,]*)*"
_THINGS = (
    r"(?:(?:audio|sound|source|other|image)\s+)?(?:files?|recordings?|takes|stems|versions|assets|"
    r"material|sounds?|samples|pictures|images|screenshots)"
)
_FILES = re.compile(
    rf"{_BEGIN}(?:(?:which|what|how many)\s+{_THINGS}\s+(?:do|did|have|has|are|were|is|does)\s+"
    r"(?:we|you|i|there|in|the project|this project|known|stored|here|at hand)\b|"
    rf"(?:list|show(?: me)?)\s+(?:all\s+)?(?:the|our|my|known)?\s*{_THINGS}(?:\s+(?:we have|"
    rf"you have|of (?:the|this) project|in (?:the|this) project|so far|you know))?[\s.?!]*$|"
    r"welche dateien\b.*\b(?:haben|hast|gibt|kennst)|qué archivos (?:tenemos|hay)|"
    r"quels fichiers\b)",
    re.IGNORECASE,
)
_PIECE = (
    r"(?:song|track|tune|piece|single|album|ep|record|project|band|act|artist|release|title|"
    r"episode|podcast|show|film|movie|game|opera|symphony|sonata|quartet)"
)
_NAME = re.compile(
    rf"{_BEGIN}(?:what(?:'s|\s+is|\s+was)?\s+(?:the\s+|our\s+|my\s+|this\s+)?{_PIECE}(?:'s)?\s+"
    r"(?:called|named|name|title)\b|"
    rf"(?:what(?:'s|\s+is|\s+was)?|which)\s+(?:the\s+)?(?:working\s+)?(?:title|name)\s+(?:of|for)\s+"
    rf"(?:the|our|my|this)\s+{_PIECE}\b|what(?:'s|\s+is)\s+(?:the|our)\s+(?:working\s+)?title\b|"
    rf"what (?:did|do) (?:we|i|you) (?:call|name)\s+(?:the|our|my|this)\s+{_PIECE}\b|"
    rf"wie heißt\s+(?:der|das|die|unser\w*)\b|cómo se llama\b|comment s'appelle\b)",
    re.IGNORECASE,
)
_WHO = re.compile(
    rf"{_BEGIN}(?:who|whom|whose|who's|wer|wem|wen|wessen|quién|quien|qui)\b(?!\s+are\s+you)",
    re.IGNORECASE,
)
_STATED: dict[str, tuple[str, ...]] = {
    "sections?|parts|movements|cues|scenes": ("section",),
    "elements?|instruments|tracks": ("element",),
    "goals?": ("goal",),
    "styles?|guidelines?": ("style",),
    "constraints?|rules?|limits|requirements": ("constraint",),
    "deadlines?|dates": ("deadline",),
    "notes|decisions": ("notes",),
    "(?:own )?(?:words|terms)": ("terms",),
}
_LISTED = {
    name: re.compile(
        rf"{_BEGIN}(?:(?:which|what|how many)\s+(?:{words})\s+(?:do|did|have|has|are|were)\s+"
        r"(?:we|you|i|there|stated|set|noted|known|in)\b|"
        rf"(?:list|show(?: me)?)\s+(?:all\s+)?(?:the|our|my)?\s*(?:{words})[\s.?!]*$)",
        re.IGNORECASE,
    )
    for words, (name,) in _STATED.items()
}
"""Questions for a list of what was stated, by what it is."""
_TARGET = re.compile(
    r"\b(?:target|limit|requirement|ceiling|spec)s?\b|\b(?:should|must) (?:it|the \w+) be\b",
    re.IGNORECASE,
)
_PROJECTS = re.compile(
    rf"{_BEGIN}(?:(?:which|what|how many)\s+(?:other\s+)?projects\s+(?:do|did|are|have|is)\b|"
    r"list\s+(?:all\s+)?(?:the|our|my)?\s*projects\b)",
    re.IGNORECASE,
)
_CONFLICTS = re.compile(
    rf"{_BEGIN}(?:(?:what|which|how many|are there|is there|do we have|have we|list|show(?: me)?|"
    r"any)\s+(?:(?:still|any|all|the|our|other|known|open|unsettled|unresolved|remaining|left|a|an)\s+)*"
    r"(?:conflicts?|contradictions?|disagreements?|discrepanc(?:y|ies)|disputes?)\b(?!\s+with\b)|"
    r"(?:what|which (?:facts|findings|values|measurements|results))\s+(?:still\s+)?"
    r"(?:disagrees?|contradicts?(?: (?:each other|itself|themselves))?)[\s?!.]*$|"
    r"(?:(?:welche|gibt es|haben wir|zeig\w*(?: mir)?|nenne\w*(?: mir)?)\s+(?:(?:noch|die|alle|"
    r"offene[nr]?|ungelöste[nr]?|ungeklärte[nr]?|irgendwelche)\s+)*"
    r"(?:widersprüche?|konflikte?|unstimmigkeiten))\b|"
    r"was widerspricht sich\b|"
    r"¿?(?:qué|cuáles|hay|muestra\w*)\s+(?:\w+\s+){{0,2}}(?:conflictos?|contradicci(?:ón|ones))\b|"
    r"(?:quels?|quelles?|y a-t-il|il y a|montre\w*)\s+(?:\w+\s+){{0,2}}"
    r"(?:conflits?|contradictions?)\b)",
    re.IGNORECASE,
)
"""Not "what conflicts with the vocal": that is about the sound."""
_SUMMARY = re.compile(
    rf"{_BEGIN}(?:(?:can you |could you )?(?:summari[sz]e|sum up|recap|give me (?:a summary|"
    r"an overview|a recap) of|overview of|status of|what(?:'s| is) the (?:status|state) of)\s+"
    r"(?:the|this|our)\s+(?:whole\s+)?project\b|where (?:are|do) we (?:now|stand)\b|"
    r"(?:project )?(?:recap|summary|status)[\s.?!]*$)",
    re.IGNORECASE,
)
PROJECTS = (
    "Each project has its memory to itself, and here I see this one alone. `grym project list` "
    "lists all of them."
)
_WORK = frozenset({"aspect", "operation", "effect", "quality", "picture", "band", "format"})
"""Groups of words by which a question about a section is one about its sound."""


def asks_for_projects(understood: Understood) -> bool:
    """Whether a question is about the projects of this home."""
    return _PROJECTS.search(understood.text.words) is not None


def memory_topics(context: ProjectContext, understood: Understood) -> tuple[str, ...]:
    """What of memory a question asks for: ``files``, ``name``, ``conflicts``, a setting …

    Empty for any other request, and for one that comes with a file, unless it asks of its pixels.
    """
    words = understood.text.words.strip()
    if asks_for_pixels(understood.text) and not _draws(understood):
        return (PIXELS,)
    if context.attached or not understood.text.tokens or "\n" in words:
        return ()
    if _FILES.search(words):
        return ("files",)
    if _CONFLICTS.search(words):
        return ("conflicts",)
    if _SUMMARY.search(words):
        return ("project",)
    if _NAME.search(words):
        return ("name",)
    if _WHO.search(words) and not understood.reading.steps:
        return ("words",)
    if listed := [name for name, form in _LISTED.items() if form.search(words)]:
        return tuple(listed)
    is_asked = words.endswith("?") and not understood.text.files
    if is_asked and _TARGET.search(words) and context.settings:
        return ("goal", "constraint")
    return ("places",) if _asks_of_place(context, understood) else ()


def _draws(understood: Understood) -> bool:
    """Whether a request wants something drawn or changed, beside what it asks."""
    tags = lexicon(understood.language).tags(understood.text.tokens)
    return any(tag.group == "verb" and tag.name in (*CHANGES, "show") for tag in tags)


def _asks_of_place(context: ProjectContext, understood: Understood) -> bool:
    """Whether a question is about a part of the piece and not about its sound."""
    tags = lexicon(understood.language).tags(understood.text.tokens)
    opens = {tag.name for tag in tags if tag.start == 0 and tag.group == "grammar"}
    asks = understood.text.tokens[-1].text == "?" or bool({"question", "definition"} & opens)
    if not asks or "polite" in opens or understood.text.files:
        return False
    named = {
        word
        for place in places_of(context, understood.text.words)
        for word in re.findall(r"\w+", fold(place.name))
    }
    texts = [token.text for token in understood.text.tokens]
    other = (tag for tag in tags if not named.issuperset(texts[tag.start : tag.end]))
    return bool(named) and not any(_is_work(tag) for tag in other)


def _is_work(tag: Tag) -> bool:
    return tag.group in _WORK or (tag.group == "verb" and tag.name in (*CHANGES, "measure", "show"))
