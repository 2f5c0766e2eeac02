"""A song as a score: MusicXML 4.0, one part for each track.

Note values are those of `audio.interchange.quantising`; where a note is played beside its written
place, the attributes ``attack`` and ``release`` say by how much, so that nothing is lost. A
division is a tick. Elements are in the order that the format's definition asks for
(https://www.w3.org/2021/06/musicxml40/).
"""

from xml.etree.ElementTree import Element

from audio.interchange.musicxml_bars import BarWriter, instrument_id
from audio.interchange.musicxml_marks import add_marks
from audio.interchange.quantising import written_notes
from audio.interchange.voices import voices_of
from audio.interchange.xml_trees import add, written
from audio.songs.instruments import DRUM_SOUNDS, INSTRUMENTS, Clef
from audio.songs.keys import key_of
from audio.songs.song import PPQ, Song, Track

CHORDS_PART = "chords"
"""The id of the part that holds chords and marks where a song has no tracks."""

_DOCTYPE = (
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
    '"http://www.musicxml.org/dtds/partwise.dtd">'
)
_CLEFS: dict[Clef, tuple[str, int, int]] = {
    "treble": ("G", 2, 0), "bass": ("F", 4, 0), "treble 8vb": ("G", 2, -1),
    "bass 8vb": ("F", 4, -1), "percussion": ("percussion", 2, 0),
}  # fmt: skip
"""Sign, line, and octaves by which it sounds lower."""
_MIDDLE_C = 60
_DRUM_CHANNEL = 10


def write_musicxml(song: Song) -> bytes:
    """A song as the content of an uncompressed MusicXML file, the same bytes for the same song.

    Tempo, chords and rehearsal marks, one for each section, stand in the first part. Pitches are
    written as they sound; guitars and basses get clefs that sound an octave lower.
    """
    root = Element("score-partwise", {"version": "4.0"})
    add(add(root, "work"), "work-title", song.title)
    add(add(add(root, "identification"), "encoding"), "software", "grym-synth")
    part_list = add(root, "part-list")
    tracks = song.tracks or (Track(name="Chords"),)
    channels = iter([one for one in range(1, 17) if one != _DRUM_CHANNEL] * (len(tracks) // 15 + 1))
    for index, track in enumerate(tracks):
        part_id = f"P{index + 1}" if song.tracks else CHORDS_PART
        channel = _DRUM_CHANNEL if track.is_drums else next(channels)
        _list_part(part_list, part_id, track, channel)
        _write_part(add(root, "part", id=part_id), song, track, with_marks=index == 0)
    return written(root, _DOCTYPE)


def _list_part(part_list: Element, part_id: str, track: Track, channel: int) -> None:
    part = add(part_list, "score-part", id=part_id)
    add(part, "part-name", track.name)
    names = {instrument_id(part_id): track.instrument}
    if track.is_drums:
        for pitch in sorted({note.pitch for note in track.notes}):
            names[instrument_id(part_id, pitch)] = DRUM_SOUNDS.get(pitch, f"Sound {pitch}")
    for key, name in names.items():
        add(add(part, "score-instrument", id=key), "instrument-name", name)
    for key in names:
        midi = add(part, "midi-instrument", id=key)
        add(midi, "midi-channel", channel)
        add(midi, "midi-program", track.program + 1)
        if drum := key.partition("-D")[2]:
            add(midi, "midi-unpitched", int(drum) + 1)


def _write_part(part: Element, song: Song, track: Track, *, with_marks: bool) -> None:
    voices = voices_of(written_notes(track.notes, song.timeline, song.ticks))
    bars = BarWriter(part.attrib["id"], track, voices, song)
    for bar in range(1, song.bars + 1):
        measure = add(part, "measure", number=bar)
        _add_attributes(measure, song, track, bar)
        if with_marks:
            add_marks(measure, song, bar)
        bars.write(measure, bar)


def _add_attributes(measure: Element, song: Song, track: Track, bar: int) -> None:
    """Divisions, key and clef in the first bar, the meter where it changes."""
    meter = next((one for one in song.meters if one.bar == bar), None)
    if meter is None:
        return
    attributes = add(measure, "attributes")
    if bar == 1:
        add(attributes, "divisions", PPQ)
        if song.key:
            key = key_of(song.key)
            signature = add(attributes, "key")
            add(signature, "fifths", key.fifths)
            add(signature, "mode", key.mode)
    time = add(attributes, "time")
    add(time, "beats", meter.beats)
    add(time, "beat-type", meter.unit)
    if bar == 1:
        sign, line, octaves = _CLEFS[_clef(track)]
        clef = add(attributes, "clef")
        add(clef, "sign", sign)
        add(clef, "line", line)
        if octaves:
            add(clef, "clef-octave-change", octaves)


def _clef(track: Track) -> Clef:
    """The instrument's clef; of an unknown one, by the middle of what it plays."""
    known = INSTRUMENTS.get(track.instrument)
    if track.is_drums:
        return "percussion"
    if known is not None:
        return known.clef
    pitches = sorted(note.pitch for note in track.notes)
    return "bass" if pitches and pitches[len(pitches) // 2] < _MIDDLE_C else "treble"
