"""Keys: their signature, their scale, and how notes are spelt in them."""

import re
from typing import Literal, NamedTuple

from audio.aspects import NOTE_CLASSES
from grym_synth.errors import BadInput

Mode = Literal["major", "minor"]

_KEY = re.compile(r"\s*([A-G])([#b♯♭]?)\s*(major|minor|maj|min|m)?\s*", re.IGNORECASE)
_LETTER_FIFTHS = {"F": -1, "C": 0, "G": 1, "D": 2, "A": 3, "E": 4, "B": 5}
"""Place of each letter in the line of fifths, from C."""
_SCALES: dict[Mode, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
}
_MOST_SIGNS = 7
"""Key signatures go from seven flats to seven sharps."""
_FLATTEST: dict[Mode, int] = {"major": -4, "minor": -3}
"""Twelve neighbours on the line of fifths name the pitch classes: from so far below the signature's
major tonic, so that C major has a flat sixth and A minor a leading note."""


class Key(NamedTuple):
    """A major or minor key."""

    tonic: int
    """Pitch class, 0 = C."""
    mode: Mode
    fifths: int
    """Sharps of its signature; flats are negative: -7..7."""

    @property
    def name(self) -> str:
        """Such as ``F# minor``."""
        place = self.fifths + (3 if self.mode == "minor" else 0)
        return f"{_name_at(place)} {self.mode}"

    @property
    def scale(self) -> tuple[int, ...]:
        """Pitch classes of its scale (in minor: the natural one), from the tonic up."""
        return tuple((self.tonic + step) % 12 for step in _SCALES[self.mode])

    def spell(self, pitch_class: int) -> tuple[str, int]:
        """Letter and alteration of a pitch class: sharps count up, flats down."""
        lowest = self.fifths + _FLATTEST[self.mode]
        place = lowest + (7 * pitch_class - lowest) % 12
        return letter_at(place)

    def name_of(self, pitch_class: int) -> str:
        """The name of a pitch class in this key, such as ``Bb``."""
        letter, alter = self.spell(pitch_class)
        return letter + ("#" * alter if alter > 0 else "b" * -alter)


def letter_at(place: int) -> tuple[str, int]:
    """Letter and alteration of a place on the line of fifths, from C."""
    alter, index = divmod(place + 1, 7)
    return "FCGDAEB"[index], alter


def _name_at(place: int) -> str:
    letter, alter = letter_at(place)
    return letter + ("#" * alter if alter > 0 else "b" * -alter)


def key_of(name: str) -> Key:
    """The key of a name such as ``A minor``, ``F# major``, ``Bbm`` or ``C``.

    Keys of more than seven signs (``G# major``) become the ones that sound the same.

    Raises:
        BadInput: it is none.
    """
    found = _KEY.fullmatch(name)
    if found is None:
        raise BadInput(f"reading the key {name!r}", "it is none", "Write it as in `A minor`")
    letter, sign, word = found[1].upper(), found[2], found[3] or ""
    minor = word == "m" or word.lower() in ("min", "minor")
    place = _LETTER_FIFTHS[letter] + {"#": 7, "♯": 7, "b": -7, "♭": -7}.get(sign, 0)
    fifths = place - (3 if minor else 0)
    if abs(fifths) > _MOST_SIGNS:
        fifths -= 12 if fifths > 0 else -12
    return Key(7 * place % 12, "minor" if minor else "major", fifths)


def key_of_signature(fifths: int, mode: Mode) -> Key:
    """The key of a signature: sharps count up, flats down.

    Raises:
        BadInput: there is no such signature.
    """
    if abs(fifths) > _MOST_SIGNS:
        raise BadInput(f"reading {fifths} signs", "a key has seven at most", "Give -7 to 7")
    return Key(7 * (fifths + (3 if mode == "minor" else 0)) % 12, mode, fifths)


def pitch_of(letter: str, alter: int, octave: int) -> int:
    """The MIDI number of a spelt note: ``B``, 1, 3 is middle C."""
    return 12 * (octave + 1) + NOTE_CLASSES[letter] + alter


def octave_of(pitch: int, letter: str, alter: int) -> int:
    """The written octave of a MIDI number that is spelt so: that of 60 as ``B`` sharp is 3."""
    return (pitch - NOTE_CLASSES[letter] - alter) // 12 - 1
