"""Questions about pitch: which note a frequency is, which frequency a note has, how far apart."""

import re
from collections.abc import Sequence

from agents.planning.quantities import Quantity
from audio.pitch_names import (
    cents_between,
    hertz_of_midi,
    hertz_of_note,
    midi_of_note,
    name_of_hertz,
    note_of_midi,
    pitch_of_hertz,
)

_NOTE = re.compile(r"(?<![\w#.-])([A-Ga-g](?:#|b)?-?\d)(?![\w.,]\w|\w)")
_PITCHED = re.compile(r"\b(?:notes?|pitch|pitches|tones?|midi|ton|töne|nota|noten)\b", re.I)
_FREQUENCY = re.compile(
    r"\b(?:hz|hertz|freq\w*|frequenz\w*|frecuencia|fréquence|midi|pitch)\b", re.IGNORECASE
)
_APART = re.compile(r"\b(?:intervals?|apart|cents?|semitones?|how far)\b", re.IGNORECASE)
_NUMBERED = re.compile(
    r"\bmidi\s*(?:note|key|number|pitch|no\.?)*\s*(?:number\s*)?#?(?P<midi>\d{1,3})\b", re.I
)
_HIGHEST = 127
"""Last MIDI note number."""


def pitch_answer(words: str, quantities: Sequence[Quantity]) -> str:
    """What a question about pitch comes to; empty where it is none.

    Args:
        words: the question, without quoted words and file names.
        quantities: its numbers.
    """
    notes = [found[1] for found in _NOTE.finditer(words)]
    hertz = [one.value for one in quantities if one.unit == "hz" and one.value > 0]
    numbered = _NUMBERED.search(words)
    if len(notes) + len(hertz) == 2 and _APART.search(words):
        return _distance([*map(hertz_of_note, notes), *hertz], notes, hertz)
    if hertz and _PITCHED.search(words):
        return "; ".join(map(_named, hertz)) + "."
    if notes and _FREQUENCY.search(words):
        return "; ".join(map(_heard, notes)) + "."
    if numbered is not None and int(numbered["midi"]) <= _HIGHEST:
        midi = int(numbered["midi"])
        return f"MIDI {midi} is {note_of_midi(midi)}, {hertz_of_midi(midi):.6g} Hz."
    return ""


def _named(hertz: float) -> str:
    pitch = pitch_of_hertz(hertz)
    exact = hertz_of_midi(pitch.midi)
    beside = "" if round(pitch.cents) == 0 else f"; {note_of_midi(pitch.midi)} is {exact:.6g} Hz"
    return f"{hertz:g} Hz is {name_of_hertz(hertz)} (MIDI {pitch.midi}{beside})"


def _heard(note: str) -> str:
    return f"{_written(note)} is {hertz_of_note(note):.6g} Hz (MIDI {midi_of_note(note)})"


def _distance(ends: list[float], notes: Sequence[str], hertz: Sequence[float]) -> str:
    first, second = [*map(_written, notes), *(f"{one:g} Hz" for one in hertz)]
    cents = cents_between(*ends)
    semitones = f"{abs(cents) / 100:.4g} semitones ({abs(cents):.4g} cents)"
    where = "above" if cents > 0 else "below"
    return f"{second} lies {semitones} {where} {first}."


def _written(note: str) -> str:
    return note[0].upper() + note[1:]
