"""What is sought in the library, as data: conditions on measured fields, names, and a likeness."""

from typing import Annotated, Literal

from pydantic import Field

from audio.library.sound import SoundKind
from memory.context import Word


class Range(Word):
    """A measured field lies in a range."""

    type: Literal["range"] = "range"
    field: str
    """Of ``memory.library.fields.FIELDS``."""
    low: float | None = None
    high: float | None = None
    around: bool = False
    """Whether the middle is best, and what lies beside it still counts."""
    reach: float = 0.0
    """How far beside it, as a share of it."""
    negated: bool = False
    strict: bool = True
    """Whether sounds without that field are left out; else they only come later."""


class InKey(Word):
    """The sound is in one of some keys, or tuned to the tonic of one."""

    type: Literal["key"] = "key"
    keys: tuple[str, ...]
    """Such as ``F minor``, the wanted one first; ``F`` for either mode."""
    negated: bool = False
    strict: bool = True


class OfKind(Word):
    """One-shot, loop, song or recording."""

    type: Literal["kind"] = "kind"
    kinds: tuple[SoundKind, ...]
    negated: bool = False


class IsA(Word):
    """It is a kind of sound, such as a kick: by its name, or by what it measures as."""

    type: Literal["is"] = "is"
    sound: str
    """Name of a ``memory.library.wordbook.SoundWord``."""
    member: str = ""
    """The one of its members that is meant; empty for all."""
    either: "IsA | None" = None
    """What it may be instead: a clap or a snare."""
    negated: bool = False


class Named(Word):
    """Its name, its folders or its tags hold a word or phrase."""

    type: Literal["named"] = "named"
    words: str
    """Folded, with single blanks."""
    negated: bool = False
    strict: bool = True
    """Whether it counts where no name in the library holds it; else it is passed over then."""


class Quality(Word):
    """Much or little of a measured field, against the rest of the library."""

    type: Literal["quality"] = "quality"
    field: str
    high: bool
    word: str
    """As it was said."""


class Format(Word):
    """A file format."""

    type: Literal["format"] = "format"
    formats: tuple[str, ...]
    negated: bool = False


Condition = Annotated[
    Range | InKey | OfKind | IsA | Named | Quality | Format, Field(discriminator="type")
]


class Query(Word):
    """Everything that is sought at once."""

    conditions: tuple[Condition, ...] = ()
    folder: str = ""
    """Absolute path below which it lies; empty for everywhere."""
    not_understood: tuple[str, ...] = ()
    """Words of the request that say nothing that can be sought."""
    remarks: tuple[str, ...] = ()
    """What the searcher should know, such as what can't be measured."""
