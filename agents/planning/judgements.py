"""What a request wants judged: a level against a target, clipping, or one file against another."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal, get_args

from agents.judging.targets import PublishedTarget, named_in
from agents.planning.languages import Understood
from agents.planning.lexicon import Tag, lexicon
from agents.planning.text import Text
from audio.assets import AssetRef
from memory.context import ProjectContext

Asked = Literal["loud", "quiet", "enough", "fits", "open"]
"""Too loud? Too quiet? Loud enough? Does it fit? How far off is it?"""
Sense = Literal["more", "less", "enough", "open"]
"""Whether it is asked to have more of a thing than another, less, enough, or how they differ."""

MEASURED: Mapping[str, tuple[str, ...]] = {
    "sub bass": ("spectrum",),
    "bass": ("spectrum",),
    "low mids": ("spectrum",),
    "mids": ("spectrum",),
    "high mids": ("spectrum",),
    "presence": ("spectrum",),
    "highs": ("spectrum",),
    "width": ("width",),
    "dynamics": ("range",),
    "loudness": ("true_peak",),
}
"""What must be measured to compare a thing, beside the loudness, in the planner's names."""
_LEVEL = ("loudness", "true_peak", "clipping")
_OF_LEVEL = frozenset({"fine", "buried", "distorted"})
"""Qualities of which a level tells: "too quiet", "it clips"."""
_LEVELLING = "normalise_loudness"
"""The step that words such as "Spotify's level" are read as."""


@dataclass(frozen=True)
class Judgement:
    """What is to be judged."""

    targets: tuple[PublishedTarget, ...] = ()
    """The published targets that are named."""
    asked: Asked | None = None
    """What is asked of the loudness of a whole file; None where nothing is."""
    clipping: bool = False
    """Whether it is asked if a file clips."""
    things: tuple[str, ...] = ()
    """What is compared: names of ``MEASURED``."""
    against: bool = False
    """Whether it is compared with another file, not with what is usual."""
    sense: Sense = "open"

    @property
    def measured(self) -> tuple[str, ...]:
        """What must be measured for it, in the planner's names."""
        names = list(_LEVEL if self.asked else ())
        names += ["clipping"] if self.clipping else []
        if self.things:
            names += ["loudness", *(one for thing in self.things for one in MEASURED[thing])]
        return tuple(dict.fromkeys(names))


def judgement_of(understood: Understood) -> Judgement | None:
    """What a request wants judged; None where it wants work, or only tells something."""
    reading, words = understood.reading, understood.text.words
    if reading.remembered and not reading.questions:
        return None
    if (reading.builds or reading.pictures) and not (reading.questions or _only_looks(understood)):
        return None
    targets, voices = named_in(words), _voices(understood)
    against = bool(_found(words, "compares", "against"))
    things = () if targets or voices else _things(understood, against)
    asked: Asked | None = None
    if targets:
        asked = _asked(words)
    elif reading.questions and not (voices or against) and set(things) <= {"loudness"}:
        asked = _asked(words)
        asked, things = (None if asked in ("fits", "open") else asked), ()
    judged = Judgement(
        targets=targets if asked else (),
        asked=asked,
        clipping=reading.questions and "clipping" in reading.aspects,
        things=things,
        against=against,
        sense=_sense(words),
    )
    return judged if judged.measured else None


def take_in(understood: Understood, judged: Judgement) -> None:
    """Let a reading ask for what a judgement needs, and for no more where that is all."""
    reading = understood.reading
    if _only_looks(understood):
        reading.steps.clear()
        reading.builds = False
    qualities = {tag.name for tag in _tags(understood) if tag.group == "quality"}
    if judged.things or qualities <= _OF_LEVEL:
        reading.complaints.clear()
        reading.aspects.extend(judged.measured)
    reading.measures = reading.questions = True


def compared(
    context: ProjectContext, text: Text, named: tuple[AssetRef, ...]
) -> tuple[AssetRef, ...]:
    """The files of a comparison: all that came with it, or the one that is named and the newest.

    Args:
        context: what the project knows.
        text: the request.
        named: the files that the request is about.
    """
    known = [one for one in context.assets if one.kind == "audio"]
    sent = tuple(one for one in known if one.id in context.attached)
    if len(sent) > 1 or len(named) > 1:
        return named if len(named) > 1 and text.files else sent or named
    others = [one for one in sent or known if one not in named]
    return (*others[-1:], *named)


def _only_looks(understood: Understood) -> bool:
    """Whether work was read from a target's name alone: "check it against Spotify's level"."""
    steps = understood.reading.steps
    names = steps and all(one.name == _LEVELLING and named_in(one.words) for one in steps)
    return bool(names) and bool(_found(understood.text.words, "compares", "looks"))


def _asked(words: str) -> Asked | None:
    found = _found(words, "asks")
    return next((one for one in get_args(Asked) if one in found), None)


def _things(understood: Understood, against: bool) -> tuple[str, ...]:
    """What is compared; how loud one thing is speaks of the thing, not of the whole."""
    reading, words = understood.reading, understood.text.words
    if not (reading.questions or against):
        return ()
    named = [one for one in MEASURED if one in _found(words, "things")]
    if against and not named and _found(words, "compares", "reference"):
        return tuple(one for one in MEASURED if one != "sub bass")
    return tuple(one for one in named if one != "loudness" or len(named) == 1)


def _sense(words: str) -> Sense:
    found = _found(words, "compares")
    return next((one for one in ("enough", "less", "more") if one in found), "open")


def _voices(understood: Understood) -> set[str]:
    """Instruments that are named and no measurement tells apart within a mix."""
    words, tokens = understood.text.words, understood.text.tokens
    named = {
        words[tokens[tag.start].start : tokens[tag.end - 1].end]
        for tag in _tags(understood)
        if (tag.group, tag.name) == ("media", "instrument")
    }
    return {one for one in named if not _found(one, "things")}


def _tags(understood: Understood) -> tuple[Tag, ...]:
    return lexicon(understood.language).tags(understood.text.tokens)


@cache
def _patterns(group: str) -> Mapping[str, re.Pattern[str]]:
    text = (
        resources.files("agents.planning.vocabulary").joinpath("verdicts.toml").read_text("utf-8")
    )
    words: Mapping[str, list[str]] = tomllib.loads(text)[group]
    return {
        name: re.compile(rf"(?<![^\W_])(?:{'|'.join(ones)})(?![^\W_])", re.IGNORECASE)
        for name, ones in words.items()
    }


def _found(words: str, group: str, *names: str) -> frozenset[str]:
    """The meanings of a group, or those of some names, that words have."""
    patterns = _patterns(group)
    return frozenset(one for one in names or patterns if patterns[one].search(words))
