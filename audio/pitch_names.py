"""Notes as names, MIDI numbers and hertz, in twelve-tone equal temperament.

MIDI 69 is A4; a semitone is a ratio of 2^(1/12), a cent of 2^(1/1200). Octaves are numbered as in
scientific pitch notation: middle C is C4, MIDI 60 (some makers call it C3).
"""

import math
import re
from typing import Literal, NamedTuple

from audio.aspects import NOTE_CLASSES
from grym_synth.errors import BadInput

A4_HZ = 440.0
"""Concert pitch by ISO 16."""

SHARPS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
FLATS = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")

_A4_MIDI = 69
_NOTE = re.compile(r"\s*([A-Ga-g])((?:#|♯|b|♭|x|-?\s?sharp|-?\s?flat){0,2})\s*(-?\d{1,2})\s*")
_SHIFTS = {"#": 1, "♯": 1, "sharp": 1, "x": 2, "b": -1, "♭": -1, "flat": -1}
_SIGN = re.compile(r"#|♯|b|♭|x|sharp|flat")


class Pitch(NamedTuple):
    """A frequency as the nearest note and the distance from it."""

    midi: int
    """MIDI number of the note; 60 is middle C. May lie outside 0..127."""
    cents: float
    """Distance from that note, at least -50 and below 50; positive is higher."""


def midi_of_note(name: str) -> int:
    """The MIDI number of a note such as ``A4``, ``F#3``, ``Bb-1`` or ``E flat 2``.

    Raises:
        BadInput: it is no note with an octave.
    """
    found = _NOTE.fullmatch(name)
    if found is None:
        raise BadInput(f"reading the note {name!r}", "it is none", "Write it as in A4, F#3 or Bb2")
    letter, signs, octave = found.groups()
    shift = sum(_SHIFTS[sign] for sign in _SIGN.findall(signs))
    return 12 * (int(octave) + 1) + NOTE_CLASSES[letter.upper()] + shift


def note_of_midi(midi: int, spelling: Literal["sharps", "flats"] = "sharps") -> str:
    """The name of a MIDI number, such as ``C#4`` for 61."""
    names = FLATS if spelling == "flats" else SHARPS
    return f"{names[midi % 12]}{midi // 12 - 1}"


def hertz_of_midi(midi: float, a4_hz: float = A4_HZ) -> float:
    """The frequency of a MIDI number; parts of a number are parts of a semitone."""
    return float(_tuned(a4_hz) * 2.0 ** ((midi - _A4_MIDI) / 12))


def midi_of_hertz(hertz: float, a4_hz: float = A4_HZ) -> float:
    """The MIDI number of a frequency, with its fraction.

    Raises:
        BadInput: the frequency is not above 0 Hz.
    """
    if not (hertz > 0 and math.isfinite(hertz)):
        raise BadInput(f"naming the pitch of {hertz:g} Hz", "it is none", "Give more than 0 Hz")
    return _A4_MIDI + 12 * math.log2(hertz / _tuned(a4_hz))


def pitch_of_hertz(hertz: float, a4_hz: float = A4_HZ) -> Pitch:
    """The note nearest to a frequency, and how far that is off."""
    exact = midi_of_hertz(hertz, a4_hz)
    midi = math.floor(exact + 0.5)
    return Pitch(midi, 100 * (exact - midi))


def hertz_of_note(name: str, a4_hz: float = A4_HZ) -> float:
    """The frequency of a note such as ``A4``."""
    return hertz_of_midi(midi_of_note(name), a4_hz)


def name_of_hertz(hertz: float, a4_hz: float = A4_HZ) -> str:
    """A frequency in a musician's words, such as ``A4`` or ``A4 +12 cents``."""
    pitch = pitch_of_hertz(hertz, a4_hz)
    cents = round(pitch.cents)
    return note_of_midi(pitch.midi) + (f" {cents:+d} cents" if cents else "")


def cents_between(low_hz: float, high_hz: float) -> float:
    """The interval between two frequencies: 1200 for an octave, negative when it falls."""
    return 100 * (midi_of_hertz(high_hz) - midi_of_hertz(low_hz))


def _tuned(a4_hz: float) -> float:
    if not (a4_hz > 0 and math.isfinite(a4_hz)):
        raise BadInput(f"tuning A4 to {a4_hz:g} Hz", "that is no pitch", "Give more than 0 Hz")
    return a4_hz
