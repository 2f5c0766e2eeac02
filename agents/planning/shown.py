"""Which sound a picture shows, where its user says so: "this is the spectrogram of mix.wav"."""

import re

from agents.planning.languages import Understood
from agents.planning.subjects import mentioned
from audio.aspects import SHOWS
from memory.context import Claim, ProjectContext

_SHOWN = re.compile(
    r"\b(?:spectrograms?|spectrum|waveforms?|screen ?shots?|pictures?|images?|plots?|analy[sz]er|"
    r"analysis|meters?|curve|spektrogramm|wellenform|bild|espectrograma|spectrogramme)\b"
    r".{0,40}?\b(?:of|from|for|shows?|showing|von|vom|zu|de|du)\b|"
    r"\b(?:shows?|drawn from|made from|taken from|belongs to|goes with)\b",
    re.IGNORECASE,
)


def shown_of(context: ProjectContext, understood: Understood) -> tuple[Claim, ...]:
    """What the attached pictures show, as claims whose value is the sound's id.

    A picture shows the one sound that came with it, or the one that the request names.
    """
    here = [one for one in context.assets if one.id in context.attached]
    pictures = [one for one in here if one.kind == "image"]
    if not pictures or not _SHOWN.search(understood.text.words):
        return ()
    sounds = {one.id: one.name for one in here if one.kind == "audio"}
    known = {one.id: one.name for one in context.assets if one.kind == "audio"}
    named = mentioned(known, understood.text) or frozenset(sounds)
    if len(named) != 1:
        return ()
    (sound,) = named
    return tuple(Claim(aspect=SHOWS, value=sound, about=one.name) for one in pictures)
