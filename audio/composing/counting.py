"""What can be counted in a song: notes in key, chord tones, ranges, melodies that are the same."""

import itertools
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from audio.composing.meters import Meter
from audio.composing.scales import Scale
from audio.composing.voicing import parallel_count
from audio.songs.harmony import NO_CHORD, chord_of
from audio.songs.instruments import INSTRUMENTS
from audio.songs.song import Note, Song, Track


class Share(NamedTuple):
    """So many of so many."""

    part: int
    of: int

    @property
    def value(self) -> float:
        """0..1; 1 of nothing."""
        return self.part / self.of if self.of else 1.0


Pattern = tuple[tuple[int, int], ...]
"""A melody's shape: semitones from note to note, and from onset to onset in ticks."""


def pitched(song: Song) -> tuple[Track, ...]:
    """The tracks whose notes are pitches."""
    return tuple(one for one in song.tracks if not one.is_drums)


def in_key(song: Song, scale: Scale) -> Share:
    """Notes whose pitch class belongs to the scale, of all notes but drums."""
    notes = [note for track in pitched(song) for note in track.notes]
    return Share(sum(note.pitch % 12 in scale.classes for note in notes), len(notes))


def in_key_or_chord(song: Song, scale: Scale) -> Share:
    """Notes that belong to the scale, or to the chord that is written where they begin."""
    spans = _Spans(song)
    notes = [note for track in pitched(song) for note in track.notes]
    fitting = sum(
        note.pitch % 12 in scale.classes or note.pitch % 12 in spans.classes(note.start)
        for note in notes
    )
    return Share(fitting, len(notes))


def chord_tones(song: Song, meter: Meter) -> Share:
    """Notes that belong to the written chord, of those that begin on a strong beat."""
    spans = _Spans(song)
    notes = [
        note
        for track in pitched(song)
        for note in track.notes
        if note.start % meter.ticks in meter.strong_ticks and spans.classes(note.start)
    ]
    return Share(sum(note.pitch % 12 in spans.classes(note.start) for note in notes), len(notes))


def out_of_range(song: Song) -> list[tuple[str, Note]]:
    """Notes that their instrument can't play, with the names of their tracks."""
    return [
        (track.name, note)
        for track in song.tracks
        if track.instrument in INSTRUMENTS
        for note in track.notes
        if not INSTRUMENTS[track.instrument].can_play(note.pitch)
    ]


def four_bar_melodies(notes: tuple[Note, ...], bar_ticks: int) -> set[Pattern]:
    """The shapes of all four-bar windows of a melody that begin with a bar and have four notes.

    Args:
        notes: one line, by start; of notes that begin together the highest counts.
        bar_ticks: ticks in a bar.
    """
    line = top_line(notes)
    windows = {}
    for bar in range(max((one.start for one in line), default=-1) // bar_ticks + 1):
        begin = bar * bar_ticks
        inside = [one for one in line if begin <= one.start < begin + 4 * bar_ticks]
        if len(inside) >= 4:
            windows[begin] = shape(inside)
    return set(windows.values())


def top_line(notes: tuple[Note, ...]) -> list[Note]:
    """The highest note of each onset, in order of time."""
    highest: dict[int, Note] = {}
    for note in notes:
        if note.start not in highest or note.pitch > highest[note.start].pitch:
            highest[note.start] = note
    return [highest[start] for start in sorted(highest)]


def shape(line: list[Note]) -> Pattern:
    """A line's steps: semitones and ticks from each note to the next, whatever its key."""
    return tuple(
        (after.pitch - before.pitch, after.start - before.start)
        for before, after in itertools.pairwise(line)
    )


def shared_steps(sketch: list[Note], result: Sequence[Note], length: int = 4) -> Share:
    """Runs of so many notes of a sketch that a result has: same intervals, same rhythm.

    A run is there where each of its notes is, moved together in time and pitch, whatever else
    sounds with them.
    """
    there = {(note.start, note.pitch) for note in result}
    span = max(1, min(length, len(sketch)))
    runs = [sketch[place : place + span] for place in range(len(sketch) - span + 1)]
    found = 0
    for run in runs:
        ways = [(one.start - run[0].start, one.pitch - run[0].pitch) for one in run]
        found += any(
            all((start + time, pitch + step) in there for time, step in ways)
            for start, pitch in there
        )
    return Share(found, len(runs))


class Motion(NamedTuple):
    """How the voices of a track of chords move."""

    semitones: float
    """Mean way of a voice from chord to chord."""
    parallels: int
    """Pairs of voices that moved in parallel fifths or octaves."""
    changes: int
    """How many changes of chord were looked at."""


def voice_motion(track: Track) -> Motion:
    """Measure the way from each group of notes that begin together to the next."""
    groups: dict[int, list[int]] = {}
    for note in track.notes:
        groups.setdefault(note.start, []).append(note.pitch)
    chords = [tuple(sorted(one)) for _, one in sorted(groups.items()) if len(one) > 2]
    pairs = [(a, b) for a, b in itertools.pairwise(chords) if len(a) == len(b) and a != b]
    moved = [sum(abs(x - y) for x, y in zip(a, b, strict=True)) / len(a) for a, b in pairs]
    parallels = sum(parallel_count(a, b) for a, b in pairs)
    return Motion(sum(moved) / len(moved) if moved else 0.0, parallels, len(pairs))


class _Spans:
    """The chords of a song, to be asked by tick."""

    def __init__(self, song: Song) -> None:
        self._spans = song.chords
        self._starts = [one.start for one in song.chords]
        self._classes = [
            frozenset() if one.name == NO_CHORD else _classes(one.name) for one in song.chords
        ]

    def classes(self, tick: int) -> frozenset[int]:
        place = bisect_right(self._starts, tick) - 1
        if place < 0 or tick >= self._spans[place].end:
            return frozenset()
        return self._classes[place]


def _classes(name: str) -> frozenset[int]:
    chord = chord_of(name)
    return frozenset((*chord.pitch_classes, chord.bass))
