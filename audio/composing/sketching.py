"""Sketches: what a short MIDI file holds, made ready for a song to grow from it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from audio.composing.counting import top_line
from audio.composing.meters import Meter
from audio.composing.patterns import GRID
from audio.composing.plan import GivenNote, Motif, Role
from audio.composing.scales import Scale, scale_of
from audio.key import KEYS, key_fits
from audio.songs.song import Note, Song, Track
from audio.songs.timeline import PPQ
from grym_synth.errors import BadInput

_CHORDAL_SHARE = 0.4
"""A track is chordal where so many of its onsets have three notes and more."""
_LOW = 50
"""Lines whose mean pitch lies below this are basses, where another line lies above."""


class Sketch(NamedTuple):
    """A sketch, from its first bar with notes on."""

    parts: dict[Role, tuple[Note, ...]]
    """Its notes by what they do, in ticks from the start of that bar."""
    bars: int
    """How many bars it fills."""
    meter: Meter
    tempo: float
    """In quarters a minute."""
    scale: Scale
    """The key that its notes fit best."""

    def barred(self, meter: Meter) -> "Sketch":
        """The same notes in bars of another meter."""
        return self._replace(meter=meter, bars=_bars(self.parts, meter))

    @property
    def notes(self) -> int:
        """How many notes it has."""
        return sum(map(len, self.parts.values()))

    @property
    def chordal(self) -> bool:
        """Whether it tells chords, and not only lines."""
        return "harmony" in self.parts

    @property
    def line(self) -> tuple[Note, ...]:
        """What it is recognised by: its melody, else the top of its chords, else its bass."""
        for role in ("melody", "harmony", "bass", "counter"):
            if notes := self.parts.get(role):
                return tuple(top_line(notes))
        return ()


def sketch_of(song: Song) -> Sketch:
    """Read a sketch; onsets fall on the nearest 24th of a quarter.

    Raises:
        BadInput: there are no pitched notes in it.
    """
    pitched = [track for track in song.tracks if track.notes and not track.is_drums]
    if not pitched:
        raise BadInput("reading the sketch", "it has no pitched notes", "Give one with a melody")
    meter = Meter(song.meters[0].beats, song.meters[0].unit)
    first = min(track.notes[0].start for track in song.tracks if track.notes)
    start = first // meter.ticks * meter.ticks
    parts: dict[Role, tuple[Note, ...]] = {}
    for role, track in _roles(pitched):
        parts.setdefault(role, _snapped(track, start))
    for track in song.tracks:
        if track.is_drums and track.notes:
            parts.setdefault("drums", _snapped(track, start))
    return Sketch(
        parts=parts,
        bars=_bars(parts, meter),
        meter=meter,
        tempo=song.tempos[0].bpm,
        scale=_scale(pitched),
    )


def _bars(parts: dict[Role, tuple[Note, ...]], meter: Meter) -> int:
    """How many bars notes fill; what hangs over by less than the grid doesn't count."""
    end = max(note.end for notes in parts.values() for note in notes)
    return max(1, -(-(end - GRID) // meter.ticks))


def _roles(tracks: Sequence[Track]) -> list[tuple[Role, Track]]:
    """What each pitched track does, the melody found among the lines as the highest one."""
    chordal = [track for track in tracks if _chord_share(track) >= _CHORDAL_SHARE]
    lines = sorted((one for one in tracks if one not in chordal), key=_height, reverse=True)
    roles: list[tuple[Role, Track]] = [("harmony", track) for track in chordal]
    for place, track in enumerate(lines):
        low = _height(track) < _LOW and (place > 0 or bool(chordal))
        roles.append(("bass" if low else "melody" if place == 0 else "counter", track))
    return roles


def _chord_share(track: Track) -> float:
    counts: dict[int, int] = {}
    for note in track.notes:
        counts[note.start // (PPQ // 8)] = counts.get(note.start // (PPQ // 8), 0) + 1
    return sum(one >= 3 for one in counts.values()) / len(counts)


def _height(track: Track) -> float:
    return sum(note.pitch for note in track.notes) / len(track.notes)


def _snapped(track: Track, start: int) -> tuple[Note, ...]:
    made = []
    for note in track.notes:
        begin = round((note.start - start) / GRID) * GRID
        end = max(begin + GRID, round((note.end - start) / GRID) * GRID)
        made.append(note.model_copy(update={"start": begin, "length": end - begin}))
    return tuple(made)


def _scale(tracks: Sequence[Track]) -> Scale:
    """The major or minor key whose profile the notes fit best, each weighed by its length."""
    chroma = np.zeros(12)
    for track in tracks:
        for note in track.notes:
            chroma[note.pitch % 12] += note.length
    return scale_of(KEYS[int(np.argmax(key_fits(chroma)))])


def transposition(sketch: Sketch, scale: Scale) -> int:
    """Semitones, -6..5, that bring most of a sketch into a scale; of equal ones the smallest."""
    notes = [note for role, part in sketch.parts.items() if role != "drums" for note in part]

    def fit(shift: int) -> tuple[float, bool, int]:
        inside = sum(note.length for note in notes if (note.pitch + shift) % 12 in scale.classes)
        tonic = (sketch.scale.tonic + shift) % 12 == scale.tonic
        return (inside, tonic, -abs(shift))

    return max(range(-6, 6), key=fit)


def octave_for(notes: Sequence[Note], low: int, high: int) -> int:
    """The octave shift, in semitones, that brings most notes into an instrument's range."""

    def fit(shift: int) -> tuple[int, int]:
        return (sum(low <= note.pitch + shift <= high for note in notes), -abs(shift))

    return max(range(-48, 49, 12), key=fit)


def given(notes: Sequence[Note], shift: int, low: int, high: int) -> tuple[GivenNote, ...]:
    """Notes moved by some semitones, without those that then lie outside a range."""
    return tuple(
        GivenNote(
            start=note.start, length=note.length, pitch=note.pitch + shift, velocity=note.velocity
        )
        for note in notes
        if low <= note.pitch + shift <= high
    )


def motifs_of(sketch: Sketch, scale: Scale) -> tuple[Motif, ...]:
    """The first two bars of a sketch's line as motifs, for what the sketch does not fill."""
    ladder = [pitch for pitch in range(128) if pitch % 12 in scale.classes]
    made = []
    for bar in range(min(2, sketch.bars)):
        start = bar * sketch.meter.ticks
        inside = [one for one in sketch.line if start <= one.start < start + sketch.meter.ticks]
        if len(inside) < 2:
            continue
        steps = [_nearest(ladder, note.pitch) for note in inside[:24]]
        made.append(
            Motif(
                onsets=tuple((note.start - start) / PPQ for note in inside[:24]),
                contour=tuple(step - steps[0] for step in steps),
            )
        )
    return tuple(made)


def _nearest(ladder: list[int], pitch: int) -> int:
    return min(range(len(ladder)), key=lambda place: abs(ladder[place] - pitch))
