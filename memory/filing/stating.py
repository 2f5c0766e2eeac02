"""Read what users state about a project as typed words: sections, elements, deadlines."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from audio.assets import AssetRef
from grym_synth.plain_text import without_runs
from memory.context import Deadline, Element, ProjectSetting, Section
from memory.filing.names import says
from memory.language.dates import read_day

Stated = ProjectSetting | Deadline | Section | Element
"""Project metadata as it is kept: goals, styles and constraints stay as they were said."""

_TO = r"\s*(?:-|–|—|\bto\b|\bthrough\b|\buntil\b|\btill\b|\bbis\b)\s*"
_TIME = r"(?:\d+:)?\d{1,3}:\d{2}(?:\.\d+)?|\d+(?:\.\d+)?"
_SECONDS = r"\s*(?:s|secs?|seconds?)\b"
_BARS = re.compile(rf"\b(?:bars?|measures?)\s*(\d+)(?:{_TO}(?:bar\s*)?(\d+))?", re.I)
_FIRST_BARS = re.compile(r"\bfirst\s+(\d+)\s+(?:bars|measures)\b", re.I)
_SPAN = re.compile(rf"(?<![\d.:])({_TIME})({_SECONDS})?{_TO}({_TIME})({_SECONDS})?", re.I)
_FROM = re.compile(rf"\b(?:from|at)\s+({_TIME})({_SECONDS})?", re.I)
_NAMED = re.compile(r"\s*(?:(?<!\d):|:(?!\d)|=)\s*|\s+(?:is|are|runs|spans|starts|goes)\s+", re.I)
_LEFT_OVER = re.compile(
    r"^\W*(?:(?:the|my|our)\s+)?|[\s,(]*\b(?:from|at|in|on|over|of|for|by|due)?\W*$", re.I
)
_INTRODUCTION = re.compile(r"\bintro(?:duction)?\b|\bopening\b|\bopener\b", re.I)
_CONCLUSION = re.compile(r"\boutro\b|\bconclusion\b|\bcoda\b|\bending\b|\bfinale?\b", re.I)
_CHAIN = re.compile(r"\bchains?\b|\bfx\b|\beffects?\b|\binserts?\b|\bbus\b|\bplug-?ins?\b", re.I)
_SAMPLE = re.compile(r"\bsamples?\b|\bloops?\b|\bone-?shots?\b|\bbreak\b", re.I)
_PARAMETERS = re.compile(r"\bparameters?\b|\bsettings\b|\bpresets?\b|\bautomation\b", re.I)
_FILE = re.compile(r"[\w.-]+\.\w{2,8}\b")
_STAGE = re.compile(
    r"\b(mix|master|demo|draft|recording|vocals?|arrangement|score|stems?|artwork|video|release|"
    r"delivery|review|session|edit)(?:ing|es|s)?\b",
    re.I,
)


def read_setting(
    said: ProjectSetting, today: date, sections: Sequence[Section], assets: Iterable[AssetRef]
) -> Stated:
    """The typed word that a setting states.

    Args:
        said: the field and the user's words.
        today: the day on which it was said.
        sections: the project's sections, which an element may belong to.
        assets: the project's files, which an element may name.
    """
    if said.field == "section":
        return read_section(said.value)
    if said.field == "element":
        return read_element(said.value, sections, assets)
    if said.field == "deadline":
        return read_deadline(said.value, today)
    return said


def read_section(text: str) -> Section:
    """A section from words such as ``chorus: bars 17-32`` or ``bridge from 1:04 to 1:20``."""
    told = without_runs(text)
    first_bar, last_bar = _bars(told)
    start, end = _seconds(told)
    return Section(
        name=name_of(told),
        role=_role(told),
        start=start,
        end=end,
        first_bar=first_bar,
        last_bar=last_bar,
        text=text,
    )


def read_element(
    text: str, sections: Sequence[Section] = (), assets: Iterable[AssetRef] = ()
) -> Element:
    """An element from words such as ``drums: loop.wav, in the chorus``."""
    within = [one.name for one in sections if says(text, one.name)]
    told = without_runs(text)
    return Element(
        name=name_of(told),
        kind=_kind(told),
        section=max(within, key=len, default=""),
        assets=tuple(one.id for one in assets if says(text, one.name)),
        text=text,
    )


def read_deadline(text: str, today: date) -> Deadline:
    """A deadline from words such as ``mix by 1 December`` or ``next Friday``."""
    told = without_runs(text)
    day = read_day(told, today)
    stage = _STAGE.search(told)
    return Deadline(
        what=stage[1].casefold() if stage else "",
        date=day.isoformat() if day else None,
        text=text,
    )


def name_of(text: str) -> str:
    """What a section or element is called: the words before ``:``, ``=``, ``is`` or its span."""
    spans = [one.start() for one in (_BARS.search(text), _SPAN.search(text)) if one]
    spans += [one.start() for one in (_FIRST_BARS.search(text), _FROM.search(text)) if one]
    spans += [one.start() for one in (_NAMED.search(text),) if one]
    head = text[: min((at for at in spans if at > 0), default=len(text))]
    name = _LEFT_OVER.sub("", head).strip()
    return name[:100] or text.strip()[:100]


def _bars(text: str) -> tuple[int | None, int | None]:
    if found := _FIRST_BARS.search(text):
        return 1, int(found[1])
    if not (found := _BARS.search(text)):
        return None, None
    first, last = int(found[1]), int(found[2] or found[1])
    return min(first, last), max(first, last)


def _seconds(text: str) -> tuple[float | None, float | None]:
    for found in _SPAN.finditer(text):
        if found[2] or found[4] or ":" in found[1] + found[3]:
            times = _time(found[1]), _time(found[3])
            return min(times), max(times)
    if (begun := _FROM.search(text)) and (begun[2] or ":" in begun[1]):
        return _time(begun[1]), None
    return None, None


def _time(text: str) -> float:
    """Seconds of ``64``, ``1:04`` or ``0:01:04.5``."""
    seconds = 0.0
    for part in text.split(":"):
        seconds = 60 * seconds + float(part)
    return seconds


def _role(text: str) -> Literal["introduction", "main", "conclusion"]:
    if _INTRODUCTION.search(text):
        return "introduction"
    return "conclusion" if _CONCLUSION.search(text) else "main"


def _kind(text: str) -> Literal["track", "sample", "effects_chain", "parameters"]:
    for words in (name_of(text), _FILE.sub("", text)):
        if _CHAIN.search(words):
            return "effects_chain"
        if _PARAMETERS.search(words):
            return "parameters"
        if _SAMPLE.search(words):
            return "sample"
    return "track"
