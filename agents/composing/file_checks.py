"""What is checked of a song's files: read again, they tell the same song."""

import zipfile
from io import BytesIO
from pathlib import PurePosixPath

import numpy as np
import soundfile

from agents.composing.rendering import Exported, Rendered
from agents.workflows.checks import Check, held
from audio.assets import AssetStore
from audio.interchange.comparing import Agreement, agreements, note_differences
from audio.interchange.dawproject_reading import read_dawproject
from audio.interchange.dawproject_validation import problems_of
from audio.interchange.midi import write_midi
from audio.interchange.midi_reading import read_midi
from audio.interchange.musicxml import write_musicxml
from audio.interchange.musicxml_reading import read_musicxml
from audio.songs.song import Song

_WHATS = {
    "tempo": "The tempo is the same in MIDI, MusicXML and DAWproject.",
    "meter": "The meter is the same in MIDI, MusicXML and DAWproject.",
    "bars": "MIDI, MusicXML and DAWproject have the same number of bars.",
    "markers": "Section markers are the same in MIDI, MusicXML and DAWproject.",
    "notes": "MIDI, MusicXML and DAWproject have the same notes.",
}
_METHOD = "all three files read again and held against the song"


def file_checks(song: Song, files: Exported, assets: AssetStore) -> tuple[Check, ...]:
    """Read every file again, and hold it against the song."""
    midi = assets.path(files.midi).read_bytes()
    score = assets.path(files.score).read_bytes()
    daw = assets.path(files.daw).read_bytes()
    readings = {
        "MIDI": read_midi(midi),
        "MusicXML": read_musicxml(score),
        "DAWproject": read_dawproject(daw).song,
    }
    agreed = agreements(song, readings)
    return (
        *map(_agreement_check, agreed),
        _round_trip(midi),
        _session_check(daw),
    )


def _agreement_check(one: Agreement) -> Check:
    return held(
        f"formats.{one.name}",
        _WHATS[one.name],
        one.holds,
        _METHOD,
        measured=_said(one) if one.name in ("bars", "notes") else one.said["song"],
        why=" ".join(one.differences[:3]),
    )


def _said(one: Agreement) -> str:
    return ", ".join(f"{name} {value}" for name, value in one.said.items())


def _round_trip(midi: bytes) -> Check:
    """MIDI to MusicXML and back to MIDI."""
    first = read_midi(midi)
    second = read_midi(write_midi(read_musicxml(write_musicxml(first))))
    differences = note_differences(first, second)
    count = sum(len(track.notes) for track in first.tracks)
    return held(
        "formats.round_trip",
        "MIDI written as MusicXML and read back to MIDI keeps every note.",
        not differences,
        "multisets of pitch, onset and length of each track, to 1/48 of a quarter",
        measured=f"{count - len(differences)} of {count} notes",
        why=" ".join(differences[:3]),
    )


def session_audio_check(files: Exported, made: Rendered, assets: AssetStore) -> Check:
    """Whether the DAW's session holds every stem, as it was rendered."""
    content = assets.path(files.daw).read_bytes()
    held_there = {PurePosixPath(one.path).stem: one.path for one in read_dawproject(content).audio}
    missing = []
    with zipfile.ZipFile(BytesIO(content)) as file:
        for stem in made.stems:
            path = held_there.get(PurePosixPath(stem.ref.name).stem, "")
            inside = soundfile.read(BytesIO(file.read(path)), dtype="int32")[0] if path else None
            own = soundfile.read(str(assets.path(stem.ref)), dtype="int32")[0]
            if inside is None or not np.array_equal(inside, own):
                missing.append(stem.track)
    return held(
        "dawproject.audio",
        "The DAWproject session holds every stem on a muted track, sample for sample.",
        not missing,
        "the session's sound files decoded and held against the stems",
        measured=f"{len(made.stems) - len(missing)} of {len(made.stems)}",
        why=f"missing or different: {', '.join(missing)}",
    )


def _session_check(daw: bytes) -> Check:
    problems = problems_of(daw, "song.dawproject")
    return held(
        "dawproject.valid",
        "The DAWproject session follows the format.",
        not problems,
        "zip, both documents, elements, attributes, ids and references, as DAWproject 1.0 wants",
        why=" ".join(problems[:3]),
    )
