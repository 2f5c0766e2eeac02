"""Chord names: the notes that they stand for, and their words in MusicXML."""

import re
from functools import cache
from typing import NamedTuple

from audio.songs.keys import Key
from grym_synth.errors import BadInput

NO_CHORD = "N"
"""The name where no chord sounds."""


class Degree(NamedTuple):
    """A note that a chord has beside those of its kind, as MusicXML writes it."""

    value: int
    """Scale step: 9 for the ninth."""
    alter: int
    """Semitones up; a seventh of 0 is the minor one, as in a dominant chord."""
    how: str
    """``add``, ``alter`` or ``subtract``."""


class Quality(NamedTuple):
    """What a chord is, but for its root."""

    suffix: str
    """As it is written after the root, such as ``maj7``."""
    intervals: tuple[int, ...]
    """Semitones above the root, rising from 0."""
    kind: str
    """The ``kind`` of MusicXML 4.0's list."""
    degrees: tuple[Degree, ...] = ()


class Chord(NamedTuple):
    """A chord name that has been read."""

    name: str
    """As it was written."""
    root: int
    """Pitch class, 0 = C."""
    bass: int
    """Pitch class of the lowest note: the root, or what stands after the slash."""
    quality: Quality

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """Its notes from the root up, without a foreign bass: 0 = C."""
        return tuple((self.root + step) % 12 for step in self.quality.intervals)

    @property
    def is_minor(self) -> bool:
        """Whether its third is minor."""
        return 3 in self.quality.intervals and 4 not in self.quality.intervals

    def moved(self, semitones: int, key: Key) -> "Chord":
        """The chord that lies higher by so many semitones, spelt as in a key."""
        root, bass = (self.root + semitones) % 12, (self.bass + semitones) % 12
        below = f"/{key.name_of(bass)}" if bass != root else ""
        return chord_of(f"{key.name_of(root)}{self.quality.suffix}{below}")


_ADD_9, _FLAT_9, _SHARP_9 = Degree(9, 0, "add"), Degree(9, -1, "add"), Degree(9, 1, "add")
_SHARP_11, _FLAT_13 = Degree(11, 1, "add"), Degree(13, -1, "add")

QUALITIES = (
    Quality("", (0, 4, 7), "major"),
    Quality("m", (0, 3, 7), "minor"),
    Quality("dim", (0, 3, 6), "diminished"),
    Quality("aug", (0, 4, 8), "augmented"),
    Quality("5", (0, 7), "power"),
    Quality("sus2", (0, 2, 7), "suspended-second"),
    Quality("sus4", (0, 5, 7), "suspended-fourth"),
    Quality("6", (0, 4, 7, 9), "major-sixth"),
    Quality("m6", (0, 3, 7, 9), "minor-sixth"),
    Quality("6/9", (0, 4, 7, 9, 14), "major-sixth", (_ADD_9,)),
    Quality("m6/9", (0, 3, 7, 9, 14), "minor-sixth", (_ADD_9,)),
    Quality("7", (0, 4, 7, 10), "dominant"),
    Quality("maj7", (0, 4, 7, 11), "major-seventh"),
    Quality("m7", (0, 3, 7, 10), "minor-seventh"),
    Quality("mMaj7", (0, 3, 7, 11), "major-minor"),
    Quality("m7b5", (0, 3, 6, 10), "half-diminished"),
    Quality("dim7", (0, 3, 6, 9), "diminished-seventh"),
    Quality("aug7", (0, 4, 8, 10), "augmented-seventh"),
    Quality("augMaj7", (0, 4, 8, 11), "major-seventh", (Degree(5, 1, "alter"),)),
    Quality("7sus4", (0, 5, 7, 10), "suspended-fourth", (Degree(7, 0, "add"),)),
    Quality("7sus2", (0, 2, 7, 10), "suspended-second", (Degree(7, 0, "add"),)),
    Quality("7b5", (0, 4, 6, 10), "dominant", (Degree(5, -1, "alter"),)),
    Quality("7b9", (0, 4, 7, 10, 13), "dominant", (_FLAT_9,)),
    Quality("7#9", (0, 4, 7, 10, 15), "dominant", (_SHARP_9,)),
    Quality("7#11", (0, 4, 7, 10, 18), "dominant", (_SHARP_11,)),
    Quality("7b13", (0, 4, 7, 10, 20), "dominant", (_FLAT_13,)),
    Quality("maj7#11", (0, 4, 7, 11, 18), "major-seventh", (_SHARP_11,)),
    Quality("add9", (0, 4, 7, 14), "major", (_ADD_9,)),
    Quality("madd9", (0, 3, 7, 14), "minor", (_ADD_9,)),
    Quality("add11", (0, 4, 7, 17), "major", (Degree(11, 0, "add"),)),
    Quality("madd11", (0, 3, 7, 17), "minor", (Degree(11, 0, "add"),)),
    Quality("9", (0, 4, 7, 10, 14), "dominant-ninth"),
    Quality("maj9", (0, 4, 7, 11, 14), "major-ninth"),
    Quality("m9", (0, 3, 7, 10, 14), "minor-ninth"),
    Quality("9sus4", (0, 5, 7, 10, 14), "suspended-fourth", (Degree(7, 0, "add"), _ADD_9)),
    Quality("11", (0, 4, 7, 10, 14, 17), "dominant-11th"),
    Quality("maj11", (0, 4, 7, 11, 14, 17), "major-11th"),
    Quality("m11", (0, 3, 7, 10, 14, 17), "minor-11th"),
    Quality("13", (0, 4, 7, 10, 14, 21), "dominant-13th"),
    Quality("maj13", (0, 4, 7, 11, 14, 21), "major-13th"),
    Quality("m13", (0, 3, 7, 10, 14, 21), "minor-13th"),
)
"""The chords that are known, each under its usual suffix."""

_OTHER_WORDS = {
    "maj": "", "M": "", "major": "", "Δ": "maj7", "Δ7": "maj7", "M7": "maj7", "Maj7": "maj7",
    "ma7": "maj7", "j7": "maj7", "min": "m", "minor": "m", "mi": "m", "-": "m", "-7": "m7",
    "min7": "m7", "mi7": "m7", "°": "dim", "o": "dim", "°7": "dim7", "o7": "dim7", "ø": "m7b5",
    "ø7": "m7b5", "-7b5": "m7b5", "min7b5": "m7b5", "m7-5": "m7b5", "+": "aug", "#5": "aug",
    "+7": "aug7", "7#5": "aug7", "7+": "aug7", "aug7": "aug7", "maj7#5": "augMaj7", "sus": "sus4",
    "7sus": "7sus4", "9sus": "9sus4", "69": "6/9", "m69": "m6/9", "2": "add9", "add2": "add9",
    "M9": "maj9", "min9": "m9", "-9": "m9", "-6": "m6", "min6": "m6", "mM7": "mMaj7",
    "mmaj7": "mMaj7", "min(maj7)": "mMaj7", "madd2": "madd9", "7alt": "7#9", "M13": "maj13",
    "min11": "m11", "min13": "m13", "7-9": "7b9", "7+9": "7#9", "4": "add11", "add4": "add11",
}  # fmt: skip
_BY_SUFFIX = {one.suffix: one for one in QUALITIES}
_NOTE = r"[A-G][#b♯♭]{0,2}"
_CHORD = re.compile(rf"({_NOTE})(.*?)(?:/({_NOTE}))?")
_LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


@cache
def chord_of(name: str) -> Chord:
    """The chord of a name such as ``Am``, ``F#maj7`` or ``G7/B``.

    Raises:
        BadInput: it is none that is known; ``N`` is none, too.
    """
    written = name.strip()
    found = _CHORD.fullmatch(written)
    suffix = re.sub(r"[() ,]", "", found[2]).replace("♯", "#").replace("♭", "b") if found else ""
    quality = _BY_SUFFIX.get(_OTHER_WORDS.get(suffix, suffix))
    if found is None or quality is None:
        raise BadInput(
            f"reading the chord {name!r}", "it is none that is known", "Write it as in Am or G7/B"
        )
    root = _class_of(found[1])
    return Chord(written, root, _class_of(found[3]) if found[3] else root, quality)


def is_chord(name: str) -> bool:
    """Whether a name is a chord's that is known."""
    try:
        chord_of(name)
    except BadInput:
        return False
    return True


def _class_of(note: str) -> int:
    signs = note[1:].replace("♯", "#").replace("♭", "b")
    return (_LETTERS[note[0]] + signs.count("#") - signs.count("b")) % 12
