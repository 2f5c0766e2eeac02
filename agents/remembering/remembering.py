"""What the memory holds in general, or about the words of a question."""

import re
from collections.abc import Iterator, Mapping

from agents.planning.text import fold, read_text
from agents.wording import aspect_text, listed, value_text
from audio.assets import AssetRef
from memory.context import Finding, ProjectContext
from memory.language.stopwords import STOPWORDS

MOST = 6
"""Most entries that an answer tells about the words of a question."""
_MAIN = ("tempo.bpm", "key", "loudness.integrated_lufs", "duration.seconds")
"""What is told of each file."""
_ASKING = frozenset(
    {"know", "knows", "knew", "remember", "recall", "memory", "project", "note", "notes", "noted",
     "search", "find", "look", "said", "told", "mention", "mentioned", "talk", "talked", "discuss",
     "discussed", "anything", "something", "everything", "must", "need", "needs", "did", "does",
     "there", "been", "happened", "weiß", "wissen", "sagen", "gesagt", "sabes",
     "sabe", "dicho", "dit", "sais"}
)  # fmt: skip
"""Words by which people ask; they don't tell about what."""
_SHORTEST = 3
_COMMON = 4
"""Letters that two forms of one word begin with: vocal, vocals."""


def overview(context: ProjectContext, names: Mapping[str, str]) -> Iterator[str]:
    """What is known of the project: what was stated, its files, what was told.

    Args:
        context: what the project knows.
        names: file names by asset id.
    """
    for setting in context.settings:
        yield f"{setting.field}: {setting.value}"
    yield from (f"{note.kind}: {note.text}" for note in context.facts)
    yield from (f"“{term.name}” means {term.means}" for term in context.terms)
    for asset in context.assets:
        if asset.kind == "audio":
            facts = [*facts_line(context, asset)]
            yield f"{names.get(asset.id, asset.name)}: {', '.join(facts)}"
    worked = [f"{turn.turn} ({turn.thread})" for turn in context.history if turn.tasks]
    if worked:
        yield f"work in turn{'s' if len(worked) > 1 else ''} {listed(worked[-MOST:])}"


def about_words(context: ProjectContext) -> tuple[str, ...]:
    """What the memory holds about the words of the request, the best match first."""
    words = _telling(context.request)
    if not words:
        return ()
    scored = [(_shared(words, text), line) for text, line in _told(context)]
    best = max((score for score, _ in scored), default=0)
    if 2 * best < len(words):
        return ()
    return tuple(dict.fromkeys(line for score, line in scored if score == best))[:MOST]


def _told(context: ProjectContext) -> Iterator[tuple[str, str]]:
    """Each thing that the user told, as text to look in and as a line of an answer."""
    for note in context.facts:
        yield note.text, f"{note.kind}: {note.text}"
    for setting in context.settings:
        yield setting.value, f"{setting.field}: {setting.value}"
    for turn in context.history:
        said = " ".join(turn.request.split())
        if said and not said.endswith("?") and not _is_kept(said, context):
            yield said, f"turn {turn.turn} ({turn.thread}): you said “{said[:200]}”"


def _is_kept(said: str, context: ProjectContext) -> bool:
    """Whether what was said stands in a setting or a note, which tells it better."""
    kept = (*(one.value for one in context.settings), *(one.text for one in context.facts))
    return any(one.casefold() in said.casefold() for one in kept)


def facts_line(context: ProjectContext, asset: AssetRef) -> Iterator[str]:
    """What is known of a file, most important first; for a picture its size."""
    if asset.width and asset.height:
        yield f"{asset.width} × {asset.height} pixels"
    if asset.kind == "audio":
        told = [*_facts(context, asset.id)]
        length = [f"length {asset.seconds:.6g} s"] if asset.seconds else []
        yield from told or [*length, "not measured yet"]


def _facts(context: ProjectContext, asset: str) -> Iterator[str]:
    held: dict[str, Finding] = {
        one.aspect: one
        for one in context.findings
        if one.subject.id == asset and one.evidence != "user" and one.subject.start is None
    }
    for aspect in _MAIN:
        if aspect in held and held[aspect].value is not None:
            one = held[aspect]
            yield f"{aspect_text(aspect).lower()} {value_text(one.value, one.unit, aspect)}"


def _telling(request: str) -> set[str]:
    """The words of a question that tell what it is about."""
    return {
        token.text
        for token in read_text(request).tokens
        if len(token.text) >= _SHORTEST
        and token.text.isalnum()
        and token.text not in STOPWORDS | _ASKING
    }


def _shared(words: set[str], text: str) -> int:
    held = re.findall(r"\w+", fold(text))
    return sum(any(_is_form(word, one) for one in held) for word in words)


def _is_form(one: str, other: str) -> bool:
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    return len(short) >= _COMMON and long.startswith(short) and len(long) - len(short) <= 2
