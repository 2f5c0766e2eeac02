"""The project's notes as a score for the user: of a MusicXML file, a MIDI file, or a recording."""

from collections.abc import Mapping
from pathlib import Path

import mido
from pydantic import JsonValue

from audio.aspects import is_number
from audio.assets import AssetRef
from audio.engraving import Head, Sounding, engrave, musicxml_of, read_musicxml
from audio.measure import measure
from audio.midi_files import midi_seconds
from grym_synth.errors import BadInput, MediaRejected

MELODY = ("melody.notes", "tempo.bpm", "key", "meter", "downbeats")
"""What is measured of a recording to write its melody down."""


def score_pages(asset: AssetRef, path: Path) -> list[bytes]:
    """The score of a file, a PNG for each page.

    Raises:
        BadInput: there are no notes in it.
        MediaRejected: it can't be read.
        ModelUnavailable: the engraver is not installed.
    """
    match asset.kind:
        case "score":
            return engrave(read_musicxml(path, asset.name), asset.name)
        case "midi":
            notes, head = _midi(path, asset.name)
        case _:
            notes, head = _melody(path, asset.name)
    if not notes:
        raise BadInput(f"engraving {asset.name}", "there are no notes in it", "Give another file")
    return engrave(musicxml_of(notes, head), asset.name)


def _midi(path: Path, name: str) -> tuple[list[Sounding], Head]:
    """The notes of a MIDI file in one voice: the highest of those that sound together."""
    try:
        midi_seconds(path)
    except ValueError as fault:
        raise MediaRejected(f"reading {name}", str(fault), "Give another MIDI file") from fault
    file, tempo, beats, unit = mido.MidiFile(path), None, 4, 4
    if file.type == 2 or file.ticks_per_beat <= 0:
        why = "its ticks are not counted in quarter notes"
        raise BadInput(f"engraving {name}", why, "Give a MIDI file of type 0 or 1")
    began: dict[tuple[int, int], int] = {}
    notes: dict[float, Sounding] = {}
    ticks = 0
    for message in mido.merge_tracks(file.tracks):
        ticks += message.time
        if message.type == "set_tempo" and tempo is None:
            tempo = round(mido.tempo2bpm(message.tempo), 2)
        elif message.type == "time_signature":
            beats, unit = message.numerator, message.denominator
        elif message.type == "note_on" and message.velocity and message.channel != 9:
            began[message.channel, message.note] = ticks
        elif message.type in ("note_on", "note_off"):
            start = began.pop((message.channel, message.note), None)
            if start is not None and ticks > start:
                at = start / file.ticks_per_beat
                length = (ticks - start) / file.ticks_per_beat
                if at not in notes or notes[at].pitch < message.note:
                    notes[at] = Sounding(at, length, message.note)
    return [*notes.values()], Head(beats=beats, unit=unit, bpm=tempo)


def _melody(path: Path, name: str) -> tuple[list[Sounding], Head]:
    """The melody of a recording as it was measured, at its measured tempo."""
    found: Mapping[str, JsonValue] = {one.aspect: one.value for one in measure(path, MELODY)}
    bpm, held = found["tempo.bpm"], found["melody.notes"]
    if not is_number(bpm) or not isinstance(held, list):
        why = "no steady tempo" if not is_number(bpm) else "no melody"
        raise BadInput(f"engraving {name}", f"{why} can be told", "Give a MIDI or MusicXML file")
    bars = found["downbeats"]
    times = [one for one in bars if is_number(one)] if isinstance(bars, list) else []
    first, pace = (times[0] if times else 0.0), bpm / 60
    notes = [
        Sounding((start - first) * pace, (end - start) * pace, round(pitch))
        for start, end, pitch in _triples(held)
    ]
    earliest = min((one.start for one in notes), default=0.0)
    meter = str(found["meter"] or "4/4").split("/")
    beats, unit = (int(meter[0]), int(meter[1])) if len(meter) == 2 else (4, 4)
    shift = -(earliest // beats) * beats if earliest < 0 else 0.0
    moved = [Sounding(one.start + shift, one.quarters, one.pitch) for one in notes]
    return moved, Head(key=str(found["key"] or ""), beats=beats, unit=unit, bpm=bpm)


def _triples(held: list[JsonValue]) -> list[tuple[float, float, float]]:
    found = []
    for one in held:
        numbers = [float(part) for part in one if is_number(part)] if isinstance(one, list) else []
        if len(numbers) == 3:
            found.append((numbers[0], numbers[1], numbers[2]))
    return found
