"""Which of the notes that were heard are the melody, which the bass, and which the harmony."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from audio.transcribing.lines import Doubles, best_line
from audio.transcribing.notes import HeardNote

_SOLO_SHARE = 0.7
"""Where one line and its octaves are this share of all that sounds, the sound is a solo."""
_LEAST_HELD = 0.4
_DOUBLED = (12, 19, 24)
"""Semitones between a note and what is heard of its overtones, or of an octave coupler."""
_FAINT = 0.85
"""What is heard of an overtone is fainter than this, against its note."""
_TOGETHER_SECONDS = 0.06
_REGISTER, _REGISTER_WIDTH = 76.0, 10.0
"""Melodies mostly lie about E5, as seen in MIDI pitches."""
_BASS_TOP, _BASS_WIDTH = 48.0, 4.0
"""Bass lines mostly lie below C3."""


@dataclass(frozen=True)
class Voices:
    """Notes by voice, each in order of time."""

    melody: tuple[HeardNote, ...]
    """One note at a time."""
    bass: tuple[HeardNote, ...]
    """One note at a time."""
    harmony: tuple[HeardNote, ...]
    """What else sounds."""
    solo: bool
    """One line is all that sounds: there is no bass and no harmony."""


def split_voices(notes: Sequence[HeardNote], low: Sequence[HeardNote], held: float = 1.0) -> Voices:
    """Tell the voices of a sound.

    Args:
        notes: all that was heard, by start.
        low: what was heard in the low register alone, by start; it tells the bass.
        held: how many held notes sound on average; few of them are no solo.
    """
    if not notes:
        return Voices((), best_line(low, _bass_weights(low)), (), solo=False)
    line = best_line(notes, _lengths(notes))
    if held >= _LEAST_HELD and _share(line, notes) >= _SOLO_SHARE:
        return Voices(line, (), (), solo=True)
    bass = best_line(low, _bass_weights(low))
    melody = best_line(notes, _melody_weights(notes))
    return Voices(melody, bass, _rest(notes, melody, bass), solo=False)


def _lengths(notes: Sequence[HeardNote]) -> Doubles:
    """Strength times the root of the length, at most a second: (notes,)."""
    return np.array([one.strength * min(one.seconds, 1.0) ** 0.5 for one in notes])


def _melody_weights(notes: Sequence[HeardNote]) -> Doubles:
    strengths = np.array([one.strength for one in notes])
    pitches = np.array([one.pitch for one in notes])
    register = np.exp(-0.5 * ((pitches - _REGISTER) / _REGISTER_WIDTH) ** 2)
    weights: Doubles = _lengths(notes) * strengths * register
    return weights


def _bass_weights(notes: Sequence[HeardNote]) -> Doubles:
    pitches = np.array([one.pitch for one in notes])
    weights: Doubles = _lengths(notes) / (1 + np.exp((pitches - _BASS_TOP) / _BASS_WIDTH))
    return weights


def _share(line: Sequence[HeardNote], notes: Sequence[HeardNote]) -> float:
    """How much of all that sounds belongs to a line: its notes and what sounds as their octaves."""
    starts = np.array([one.start for one in line])
    belongs = 0.0
    for note in notes:
        near = np.flatnonzero(np.abs(starts - note.start) < _TOGETHER_SECONDS)
        apart = {abs(line[int(at)].pitch - note.pitch) for at in near}
        belongs += _amount(note) * (0 in apart or not apart.isdisjoint(_DOUBLED))
    return belongs / sum(_amount(note) for note in notes)


def _amount(note: HeardNote) -> float:
    return note.strength * note.seconds


def _is_of(note: HeardNote, line: HeardNote) -> bool:
    """Whether a note is one of a line's, or a faint overtone of it."""
    apart = note.pitch - line.pitch
    return apart == 0 or (apart in _DOUBLED and note.strength < _FAINT * line.strength)


def _rest(
    notes: Sequence[HeardNote], melody: Sequence[HeardNote], bass: Sequence[HeardNote]
) -> tuple[HeardNote, ...]:
    """What neither melody nor bass plays, without what is heard of their overtones."""
    taken = sorted((*melody, *bass), key=lambda one: one.start)
    starts = np.array([one.start for one in taken])
    rest = []
    for note in notes:
        near = range(
            int(np.searchsorted(starts, note.start - _TOGETHER_SECONDS)),
            int(np.searchsorted(starts, note.start + _TOGETHER_SECONDS)),
        )
        if not any(_is_of(note, taken[at]) for at in near):
            rest.append(note)
    return tuple(rest)
