"""The notes that a file holds as symbols, as an eye would read them in a score of it."""

from collections import defaultdict
from pathlib import Path

from audio.assets import AssetRef
from audio.interchange.midi_reading import read_midi
from audio.score_files import read_musicxml
from audio.songs.keys import Key, key_of
from audio.songs.song import PPQ, Song, Track
from audio.songs.timeline import Timeline
from audio.written_music import Staff, WrittenMusic, WrittenNote, read_written
from grym_synth.errors import GrymError

_GRID = PPQ // 8
"""Played notes are read to the nearest 32nd."""
_MIDDLE_C = 60
_UNTOLD_METER, _UNTOLD_BPM = "4/4", 120.0
"""What a MIDI file that tells no meter or tempo has, by its standard: no word on the score."""


def symbols_of(asset: AssetRef, path: Path) -> WrittenMusic | None:
    """What is written in a MusicXML file, or played in a MIDI file; None where that can't be read.

    Args:
        asset: the file.
        path: where it lies.
    """
    try:
        if asset.kind == "score":
            return read_written(read_musicxml(path, asset.name))
        if asset.kind == "midi":
            return _of_song(read_midi(path.read_bytes(), asset.name))
    except GrymError:
        return None
    return None


def _of_song(song: Song) -> WrittenMusic:
    """A song's tracks as staves: all that a track plays, and what lies above the middle C."""
    key = key_of(song.key) if song.key else None
    staves = []
    for track in song.tracks:
        if track.is_drums or not track.notes:
            continue
        staves.append(_staff(track, song.timeline, key))
        lowest, highest = (pick(one.pitch for one in track.notes) for pick in (min, max))
        if lowest < _MIDDLE_C <= highest:
            staves.append(_staff(track, song.timeline, key, _MIDDLE_C))
    meter = f"{song.meters[0].beats}/{song.meters[0].unit}"
    bpm = song.tempos[0].bpm
    return WrittenMusic(
        staves=staves,
        fifths=key.fifths if key is not None else None,
        meter="" if meter == _UNTOLD_METER else meter,
        bpm=None if bpm == _UNTOLD_BPM else bpm,
        lengths=False,
    )


def _staff(track: Track, time: Timeline, key: Key | None, lowest: int = 0) -> Staff:
    bars: dict[int, list[WrittenNote]] = defaultdict(list)
    spelling = key or key_of("C major")
    for note in track.notes:
        if note.pitch < lowest:
            continue
        bar, at = time.place_at(round(note.start / _GRID) * _GRID)
        letter, alter = spelling.spell(note.pitch % 12)
        octave = (note.pitch - alter) // 12 - 1
        pitch = f"{letter}{'#' * alter}{'b' * -alter}{octave}"
        bars[bar].append(WrittenNote(at / PPQ, pitch, round(note.length / PPQ, 3)))
    for notes in bars.values():
        notes.sort(key=lambda one: (one.onset, one.midi))
    return Staff(track.name, bars)
