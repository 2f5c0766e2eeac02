"""The library's own words: what sounds are called, and how they are."""

import tomllib
from functools import cache
from importlib import resources

from pydantic import Field

from memory.context import Word

Ramp = tuple[float, float, float, float]
"""None below, full from, full to, none above."""


class SoundWord(Word):
    """One kind of sound: what it is called, and what it measures as."""

    name: str
    words: tuple[str, ...]
    """Words and phrases for it, folded."""
    members: tuple[str, ...] = ()
    """Sounds of this kind that are not meant by one another: the flute among woodwinds."""
    kinds: tuple[str, ...] = ()
    """Of ``audio.library.sound.SoundKind``; empty for any."""
    family: str
    fits: dict[str, Ramp] = Field(default_factory=dict)
    """By measured field; empty where only a name can tell."""

    @property
    def phrases(self) -> tuple[str, ...]:
        """All that say that a sound is of this kind, the longest first."""
        return tuple(sorted((*self.words, *self.members), key=len, reverse=True))

    def meant_by(self, member: str) -> tuple[str, ...]:
        """The phrases that say the same as a member: its singular and its plural."""
        return tuple(one for one in self.phrases if one.rstrip("s") == member.rstrip("s"))


class QualityWord(Word):
    """One way in which sounds differ, by one measured field."""

    words: tuple[str, ...]
    field: str
    high: bool


class Wordbook(Word):
    """All of them."""

    idle: frozenset[str]
    """Words of a request that say nothing of a sound."""
    sound: tuple[SoundWord, ...]
    quality: tuple[QualityWord, ...]


@cache
def wordbook() -> Wordbook:
    """The words, read once."""
    text = resources.files("memory.library").joinpath("words.toml").read_text(encoding="utf-8")
    return Wordbook.model_validate(tomllib.loads(text))


@cache
def sound_word(name: str) -> SoundWord | None:
    """A kind of sound by its name."""
    return next((one for one in wordbook().sound if one.name == name), None)
