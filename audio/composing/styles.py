"""Styles: what is usual in each, read from ``styles.toml``."""

import tomllib
from functools import cache
from importlib import resources
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]
Cells = Annotated[str, Field(pattern=r"^[-.RwaXxobt358]{16}$")]


class StyleWord(BaseModel):
    """Base of what a style is made of."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ChordHabits(StyleWord):
    """How a style moves from chord to chord."""

    slots: dict[str, float]
    """How many chords a bar, ``0.5`` to ``2``, with weights."""
    loop: Share
    """Share of sections in which four bars go round."""
    sevenths: Share
    applied: Share
    """Share of chords that a dominant of their own comes before."""
    borrowed: Share
    """Share of chords from the parallel mode."""
    plan: str = ""
    """Scale steps of the bars of a fixed form, such as twelve-bar blues; 0 is the tonic."""


class MelodyHabits(StyleWord):
    """How a style's melodies go."""

    density: float
    """Notes a beat."""
    syncopation: Share
    """Share of beats whose note comes before or after them."""
    leaps: Share
    rests: Share
    grid: Annotated[int, Field(ge=2, le=4)]
    """The finest notes: so many to a beat."""


class Style(StyleWord):
    """What is usual in a style; see ``styles.toml`` for the letters of its patterns."""

    names: tuple[str, ...]
    tempo: tuple[float, float, float]
    """Least, usual and greatest, in quarters a minute."""
    meter: str = "4/4"
    mode: dict[str, float]
    """Modes with weights."""
    band: tuple[str, ...]
    """Instruments where the brief names none."""
    form: tuple[tuple[str, int], ...]
    """Kinds of section and their bars."""
    chords: ChordHabits
    bass: tuple[Cells, ...]
    comp: tuple[Cells, ...]
    drums: tuple[dict[str, Cells], ...]
    melody: MelodyHabits
    swing: bool = False
    """Whether halves of a beat lie at two thirds of it."""
    parallels: bool = False
    """Whether voices may move in parallel fifths and octaves."""


@cache
def styles() -> dict[str, Style]:
    """All styles, by their id."""
    text = (resources.files("audio.composing") / "styles.toml").read_text(encoding="utf-8")
    return {name: Style.model_validate(one) for name, one in tomllib.loads(text).items()}


@cache
def style_words() -> dict[str, str]:
    """The id of a style by each of its names, the longest first."""
    words = {word: name for name, one in styles().items() for word in (name, *one.names)}
    return dict(sorted(words.items(), key=lambda pair: (-len(pair[0]), pair[0])))
