"""Written notes parted into voices, in each of which one chord follows another."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from audio.interchange.quantising import Written
from audio.songs.song import Note


class Chord(NamedTuple):
    """Notes that begin and end together."""

    start: int
    """In ticks."""
    end: int
    """In ticks."""
    notes: tuple[Note, ...]
    """From the lowest one up."""


def voices_of(written: Iterable[Written]) -> tuple[tuple[Chord, ...], ...]:
    """Voices without overlaps, as few as there must be; the first one has the highest notes.

    Args:
        written: the notes of one staff.

    Returns:
        Each voice's chords in order of time.
    """
    together: dict[tuple[int, int], list[Note]] = defaultdict(list)
    for start, end, note in written:
        together[start, end].append(note)
    chords = [
        Chord(start, end, tuple(sorted(notes, key=lambda one: one.pitch)))
        for (start, end), notes in together.items()
    ]
    voices: list[list[Chord]] = []
    for chord in sorted(chords, key=lambda one: (one.start, -one.notes[-1].pitch, one.end)):
        free = next((voice for voice in voices if voice[-1].end <= chord.start), None)
        if free is None:
            voices.append([chord])
        else:
            free.append(chord)
    return tuple(map(tuple, voices))
