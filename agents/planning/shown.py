"""What a picture shows, where its user says so: "this is the spectrogram of mix.wav"."""

import re

from agents.planning.languages import Understood
from agents.planning.subjects import mentioned
from agents.planning.text import fold
from audio.aspects import SHOWS
from audio.media import AssetKind
from memory.context import Claim, ProjectContext

_SHOWN = re.compile(
    r"\b(?:spectrograms?|spectrum|waveforms?|screen ?shots?|pictures?|images?|plots?|analy[sz]er|"
    r"analysis|meters?|curve|scores?|sheet music|notation|lead ?sheets?|pages?|scans?|"
    r"spektrogramm|wellenform|bild|noten(?:blatt)?|partitur|seite|espectrograma|partitura|"
    r"spectrogramme|partition)\b"
    r".{0,40}?\b(?:of|from|for|shows?|showing|von|vom|zu|de|du)\b|"
    r"\b(?:shows?|drawn from|made from|taken from|belongs to|goes with|"
    r"(?:pages?|scores?|sheet music|notation|scans?|pictures?|images?|this|it)\b.{0,20}?\b"
    r"(?:match(?:es)?|agrees? with|same as)|"
    r"(?:check|compare|hold|proof-?read|vergleiche?|prüfe?)\b.{0,60}?\b(?:against|with|to|mit))\b",
    re.IGNORECASE,
)
_KINDS: tuple[AssetKind, ...] = ("audio", "score", "midi")
"""What a picture may show, the likeliest first; symbols first where a score is spoken of."""
_WRITTEN = re.compile(
    r"\b(?:scores?|sheet music|notation|lead ?sheets?|notes|noten\w*|partitur\w*|partition)\b",
    re.IGNORECASE,
)


def shown_of(context: ProjectContext, understood: Understood) -> tuple[Claim, ...]:
    """What the attached pictures show, as claims whose value is the id of a sound or of notes.

    A picture shows the one file that the request names, or the one that came with it; a score
    rather shows notes that came with it than a sound.
    """
    here = [one for one in context.assets if one.id in context.attached]
    pictures = [one for one in here if one.kind == "image"]
    words = understood.text.words
    if not pictures or not _SHOWN.search(words):
        return ()
    known = {one.id: one.name for one in context.assets if one.kind in _KINDS}
    files = {fold(one) for one in understood.text.files}
    named = frozenset(id_ for id_, name in known.items() if fold(name) in files)
    named = named or mentioned(known, understood.text)
    kinds = ("score", "midi", "audio") if _WRITTEN.search(words) else _KINDS
    pool = [one for one in context.assets if one.id in (named or context.attached)]
    by_kind = (frozenset(one.id for one in pool if one.kind == kind) for kind in kinds)
    named = next((ids for ids in by_kind if ids), frozenset())
    if len(named) != 1:
        return ()
    (music,) = named
    return tuple(Claim(aspect=SHOWS, value=music, about=one.name) for one in pictures)


def reads_alone(context: ProjectContext, understood: Understood) -> bool:
    """Whether pictures are to be read, and the music that they show is only what they show.

    That is so where notes are spoken of, or a file is named; a screenshot beside a song is not.
    """
    text = understood.text
    tied = _WRITTEN.search(text.words) is not None or bool(text.files)
    return tied and bool(shown_of(context, understood))
