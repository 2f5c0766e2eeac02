"""The levels that services and broadcasters publish, and which of them a text names."""

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict


class PublishedTarget(BaseModel):
    """What one service plays at, or takes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: Literal["playback", "delivery"]
    """``playback``: it adjusts the level itself; ``delivery``: what is off is rejected."""
    lufs: float
    """Integrated loudness, in LUFS."""
    within: float = 0.0
    """How far a delivery may be off, in LU."""
    dbtp: float
    """Highest true peak, in dBTP."""
    quieter: str = ""
    """What becomes of a quieter recording at playback."""
    measured: Literal["programme", "dialogue"] = "programme"
    """Of what the loudness is taken."""
    names: tuple[str, ...]
    """Patterns of what it is called."""
    source: str
    """Where it is published."""


class _Published(BaseModel):
    """The file of published targets."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    target: tuple[PublishedTarget, ...]
    group: dict[str, tuple[str, ...]]
    members: dict[str, tuple[str, ...]]


@cache
def _published() -> _Published:
    text = resources.files("agents.judging").joinpath("targets.toml").read_text(encoding="utf-8")
    return _Published.model_validate(tomllib.loads(text))


def published() -> tuple[PublishedTarget, ...]:
    """All published targets, those of most listeners first."""
    return _published().target


def named_in(text: str) -> tuple[PublishedTarget, ...]:
    """The targets that a text names, in the file's order; a word such as "broadcast" means several.

    A group's word beside one of its members only describes it: "Netflix streaming".
    """
    known = _published()
    named = {one.name for one in known.target if _says(text, one.names)}
    if not named:
        groups = [name for name, words in known.group.items() if _says(text, words)]
        named = {one for group in groups for one in known.members[group]}
    return tuple(one for one in known.target if one.name in named)


def services_in(text: str) -> tuple[PublishedTarget, ...]:
    """The targets that a text names one by one; words for several of them don't count."""
    return tuple(one for one in published() if _says(text, one.names))


def groups_of(target: PublishedTarget) -> frozenset[str]:
    """The words for several targets, such as "broadcast", that mean this one too."""
    return frozenset(group for group, of in _published().members.items() if target.name in of)


def target_called(name: str) -> PublishedTarget | None:
    """The target of which this is a name, such as "Apple Music" or "apple-music"."""
    spelt = " ".join(re.split(r"[\s_-]+", name.strip()))
    for one in published():
        if any(re.fullmatch(word, spelt, re.IGNORECASE) for word in (*one.names, one.name)):
            return one
    return None


def _says(text: str, words: tuple[str, ...]) -> bool:
    pattern = rf"(?<![\w-])(?:{'|'.join(words)})(?:'s|s)?(?![\w-])"
    return re.search(pattern, text, re.IGNORECASE) is not None
