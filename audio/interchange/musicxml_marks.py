"""What stands above a score's first part: sections, tempo and chord symbols."""

from xml.etree.ElementTree import Element

from audio.interchange.xml_trees import add
from audio.songs.harmony import NO_CHORD, Chord, chord_of
from audio.songs.song import ChordSpan, Song

NO_CHORD_TEXT = "N.C."
"""How a score says that no chord sounds."""


def add_marks(measure: Element, song: Song, bar: int) -> None:
    """Add a bar's rehearsal marks, tempos and chords, each with its offset from the bar's start."""
    start, end = song.timeline.tick_of_bar(bar), song.timeline.tick_of_bar(bar + 1)
    for section in song.sections:
        if section.first_bar == bar:
            direction = add(measure, "direction", placement="above")
            add(add(direction, "direction-type"), "rehearsal", section.name)
    for mark in song.tempos:
        if start <= mark.tick < end:
            _add_tempo(measure, mark.bpm, mark.tick - start)
    for tick, chord in _chord_starts(song):
        if start <= tick < end:
            _add_chord(measure, chord, tick - start)


def _add_tempo(measure: Element, bpm: float, offset: int) -> None:
    direction = add(measure, "direction", placement="above")
    metronome = add(add(direction, "direction-type"), "metronome")
    add(metronome, "beat-unit", "quarter")
    add(metronome, "per-minute", bpm)
    if offset:
        add(direction, "offset", offset)
    add(direction, "sound", tempo=bpm)


def _chord_starts(song: Song) -> list[tuple[int, ChordSpan | None]]:
    """Where each chord begins, and None where one ends and none follows."""
    starts: list[tuple[int, ChordSpan | None]] = []
    for place, chord in enumerate(song.chords):
        starts.append((chord.start, chord))
        following = song.chords[place + 1].start if place + 1 < len(song.chords) else song.ticks
        if following > chord.end:
            starts.append((chord.end, None))
    return starts


def _add_chord(measure: Element, span: ChordSpan | None, offset: int) -> None:
    harmony = add(measure, "harmony")
    if span is None or span.name == NO_CHORD:
        add(add(harmony, "root"), "root-step", "C", text="")
        text = NO_CHORD_TEXT if span is not None else ""
        add(harmony, "kind", "none", text=text)
    else:
        _add_named(harmony, chord_of(span.name))
    if offset:
        add(harmony, "offset", offset)


def _add_named(harmony: Element, chord: Chord) -> None:
    _add_note(add(harmony, "root"), "root", chord.name)
    add(harmony, "kind", chord.quality.kind, text=chord.quality.suffix)
    if chord.bass != chord.root:
        _add_note(add(harmony, "bass"), "bass", chord.name.rpartition("/")[2])
    for one in chord.quality.degrees:
        degree = add(harmony, "degree")
        add(degree, "degree-value", one.value)
        add(degree, "degree-alter", one.alter)
        add(degree, "degree-type", one.how)


def _add_note(parent: Element, what: str, written: str) -> None:
    """Write the note that a text begins with."""
    signs = written[1:3].replace("♯", "#").replace("♭", "b")
    alter = next((i for i, sign in enumerate(signs) if sign not in "#b"), len(signs))
    add(parent, f"{what}-step", written[0])
    if alter:
        add(parent, f"{what}-alter", alter if signs[0] == "#" else -alter)
