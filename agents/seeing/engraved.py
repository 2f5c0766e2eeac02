"""The project's notes as a score for the user: of a MusicXML file, a MIDI file, or a recording."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import JsonValue

from audio.aspects import is_number
from audio.assets import AssetRef
from audio.engraving import engrave, engrave_song
from audio.interchange.midi_reading import read_midi
from audio.measure import measure
from audio.score_files import read_musicxml
from audio.songs.song import PPQ, MeterMark, Note, Song, TempoMark, Track
from grym_synth.errors import BadInput

MELODY = ("melody.notes", "tempo.bpm", "key", "meter", "downbeats")
"""What is measured of a recording to write its melody down."""


def score_pages(asset: AssetRef, path: Path) -> list[bytes]:
    """The score of a file, a PNG for each page.

    Raises:
        BadInput: there are no notes in it.
        MediaRejected: it can't be read.
    """
    match asset.kind:
        case "score":
            return engrave(read_musicxml(path, asset.name), asset.name)
        case "midi":
            song = read_midi(path.read_bytes(), asset.name)
        case _:
            song = _melody(path, asset.name)
    if not any(track.notes for track in song.tracks):
        raise BadInput(f"engraving {asset.name}", "there are no notes in it", "Give another file")
    return engrave_song(song, asset.name)


def _melody(path: Path, name: str) -> Song:
    """The melody of a recording as it was measured, at its measured tempo."""
    found: Mapping[str, JsonValue] = {one.aspect: one.value for one in measure(path, MELODY)}
    bpm, held = found["tempo.bpm"], found["melody.notes"]
    if not is_number(bpm) or not isinstance(held, list):
        why = "no steady tempo" if not is_number(bpm) else "no melody"
        raise BadInput(f"engraving {name}", f"{why} can be told", "Give a MIDI or MusicXML file")
    meter = str(found["meter"] or "4/4").split("/")
    beats, unit = (int(meter[0]), int(meter[1])) if len(meter) == 2 else (4, 4)
    notes = _notes(held, _first(found["downbeats"]), bpm, PPQ * 4 * beats // unit)
    last = max((note.end for note in notes), default=1)
    return Song(
        key=str(found["key"] or ""),
        bars=-(-last // (PPQ * 4 * beats // unit)),
        tempos=(TempoMark(bpm=bpm),),
        meters=(MeterMark(beats=beats, unit=unit),),
        tracks=(Track(name="Melody", notes=tuple(notes)),),
    )


def _notes(held: list[JsonValue], first: float, bpm: float, bar: int) -> list[Note]:
    """Measured notes in ticks from the bar in which the earliest begins.

    Args:
        held: start and end in seconds, and the MIDI number, of each note.
        first: where a bar begins, in seconds.
        bpm: quarters a minute.
        bar: ticks of a bar.
    """
    pace = bpm / 60 * PPQ
    placed = [
        (round((one[0] - first) * pace), round((one[1] - first) * pace), round(one[2]))
        for one in map(_numbers, held)
        if len(one) == 3
    ]
    begin = min((start for start, _, _ in placed), default=0) // bar * bar
    return [
        Note(start=start - begin, length=max(1, end - start), pitch=pitch)
        for start, end, pitch in placed
    ]


def _numbers(held: JsonValue) -> list[float]:
    return [float(part) for part in held if is_number(part)] if isinstance(held, list) else []


def _first(downbeats: JsonValue) -> float:
    times = _numbers(downbeats)
    return times[0] if times else 0.0
