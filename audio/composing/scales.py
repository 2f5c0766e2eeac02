"""Scales: a tonic and one of seven modes, as they are named in words."""

import re
from typing import NamedTuple

from audio.aspects import NOTE_CLASSES
from audio.songs.keys import Key, key_of_signature
from grym_synth.errors import BadInput

MODES = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "locrian": (0, 1, 3, 5, 6, 8, 10),
}
"""Semitones of each scale step above the tonic."""

_FIFTHS = {
    "lydian": 1, "major": 0, "mixolydian": -1, "dorian": -2, "minor": -3, "phrygian": -4,
    "locrian": -5,
}  # fmt: skip
"""How many fifths the signature of a mode lies from that of major on the same tonic."""

_SAME = {
    "maj": "major", "dur": "major", "ionian": "major", "ionisch": "major", "moll": "minor",
    "min": "minor", "aeolian": "minor", "äolisch": "minor", "dorisch": "dorian",
    "phrygisch": "phrygian", "lydisch": "lydian", "mixolydisch": "mixolydian",
    "lokrisch": "locrian",
}  # fmt: skip
_NAMES = "|".join(sorted((*MODES, *_SAME), key=len, reverse=True))
_SIGNS = r"#|♯|b|♭|is|es|s|[\s-]sharp|[\s-]flat"
KEY_WORDS = re.compile(
    rf"\b([A-Ha-h])({_SIGNS})?(?:[\s-]?(?:natural\s+|harmonic\s+|melodic\s+)?((?i:{_NAMES}))|(m))\b"
)
"""A key in words: tonic, accidental, mode; ``Am`` stands for A minor."""
_TONIC = re.compile(rf"([A-Ha-h])({_SIGNS})?()()")


class Scale(NamedTuple):
    """A tonic and a mode."""

    tonic: int
    """Pitch class, 0 is C."""
    mode: str
    """One of `MODES`."""

    @property
    def steps(self) -> tuple[int, ...]:
        """Semitones of the scale's seven steps above the tonic."""
        return MODES[self.mode]

    @property
    def classes(self) -> frozenset[int]:
        """Pitch classes of the scale."""
        return frozenset((self.tonic + step) % 12 for step in self.steps)

    def degree(self, step: int) -> int:
        """The pitch class of a scale step; 0 is the tonic, steps go round after seven."""
        return (self.tonic + self.steps[step % 7]) % 12

    @property
    def minor(self) -> bool:
        """Whether its tonic triad has a minor third."""
        return self.steps[2] == 3

    @property
    def signature(self) -> Key:
        """The major or minor key of the same signature: C major of D dorian's."""
        fifths = (7 * self.tonic + _FIFTHS[self.mode] + 5) % 12 - 5
        if fifths == 6 and self.minor:
            fifths = -6  # E flat minor is more usual than D sharp minor
        return key_of_signature(fifths, "minor" if self.mode == "minor" else "major")

    def spelled(self, pitch_class: int) -> str:
        """The usual name of a pitch class in this scale."""
        return self.signature.name_of(pitch_class % 12)

    @property
    def name(self) -> str:
        """Such as ``A minor`` or ``D dorian``."""
        return f"{self.spelled(self.tonic)} {self.mode}"


def scale_of(text: str) -> Scale:
    """Read a key such as ``A minor``, ``F# major``, ``D dorian``, ``Bbm`` or ``a-Moll``.

    Without a mode it is major.

    Raises:
        BadInput: it is none.
    """
    found = KEY_WORDS.fullmatch(text.strip()) or _TONIC.fullmatch(text.strip())
    if found is None:
        raise BadInput(
            f"reading the key {text!r}",
            "it is none that is known",
            f"Write a tonic and a mode: C, F# or Bb with {', '.join(MODES)}",
        )
    return scale_found(found)


def scale_found(found: re.Match[str]) -> Scale:
    """The scale that a match of `KEY_WORDS` tells."""
    letter, accidental, named, short = found.groups()
    mode = (named or ("minor" if short else "major")).casefold()
    sign = (accidental or "").strip(" -").casefold()
    if letter in "Hh" or (letter in "Bb" and mode in ("dur", "moll") and not sign):
        tonic = 11 if letter in "Hh" else 10  # H and B of German names
    else:
        tonic = NOTE_CLASSES[letter.upper()]
    shift = 1 if sign in ("#", "♯", "is", "sharp") else -1 if sign else 0
    return Scale((tonic + shift) % 12, _SAME.get(mode, mode))
