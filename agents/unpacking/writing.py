"""Write what was found: analysis, transcription, lead sheet and session."""

import json
from io import BytesIO
from pathlib import Path

import numpy as np
import soundfile

from agents.recipes.sound import read_sound
from agents.unpacking.analysis import Analysis
from agents.unpacking.listening import Heard
from agents.unpacking.session import grid_of, lead_sheet, played_song
from audio.assets import AssetRef, AssetStore
from audio.interchange.dawproject import AudioTrack, write_dawproject
from audio.interchange.midi import write_midi
from audio.interchange.musicxml import write_musicxml
from memory.context import Word

_SESSION_FORMATS = ("wav", "flac")
"""What sessions hold as it is; other sounds are stored in them as FLAC."""


class Written(Word):
    """The files that were written."""

    analysis: AssetRef
    """``analysis.json``."""
    session: AssetRef
    """``song.dawproject``."""
    midi: AssetRef | None = None
    """``transcription.mid``."""
    score: AssetRef | None = None
    """``leadsheet.musicxml``."""
    no_midi: str = ""
    """Why there is no transcription."""
    no_score: str = ""
    """Why there is no lead sheet."""


def write(
    ref: AssetRef, analysis: Analysis, heard: Heard, title: str, assets: AssetStore
) -> Written:
    """Store the files in the asset store.

    Args:
        ref: the recording.
        analysis: what is told of the recording.
        heard: its notes.
        title: of the song.
        assets: where files go.
    """
    told = assets.add_bytes(analysis_json(analysis, heard), "text", "analysis.json")
    midi, no_midi = None, heard.reason
    if heard.melody or heard.bass or heard.harmony or heard.drums:
        song = played_song(analysis, heard, title, on_grid=False)
        midi, no_midi = assets.add_bytes(write_midi(song), "midi", "transcription.mid"), ""
    score, no_score = None, _why_no_score(analysis, heard)
    if not no_score:
        content = write_musicxml(lead_sheet(analysis, heard, title))
        score = assets.add_bytes(content, "score", "leadsheet.musicxml")
    song = played_song(analysis, heard, title, on_grid=True)
    content = write_dawproject(song, (_sound(ref, analysis, assets),))
    session = assets.add_bytes(content, "archive", "song.dawproject")
    return Written(
        analysis=told, session=session, midi=midi, score=score, no_midi=no_midi, no_score=no_score
    )


def _sound(ref: AssetRef, analysis: Analysis, assets: AssetStore) -> AudioTrack:
    """The recording as a track of the session, with its first beat on the grid."""
    suffix, content = ref.suffix, assets.path(ref).read_bytes()
    if suffix not in _SESSION_FORMATS:
        suffix, content = "flac", _as_flac(assets.path(ref))
    held = soundfile.info(BytesIO(content))
    grid = grid_of(analysis)
    return AudioTrack(
        name="Recording",
        file_name=f"recording.{suffix}",
        content=content,
        sample_rate_hz=held.samplerate,
        channels=held.channels,
        frames=held.frames,
        start_tick=max(0, round(grid.timeline.tick_at(-grid.offset))),
        skipped=max(0.0, grid.offset),
    )


def _as_flac(path: Path) -> bytes:
    """A sound file of another format as 24-bit FLAC, the same bytes for the same sound."""
    sound, content = read_sound(path), BytesIO()
    blocks = np.concatenate(list(sound.blocks()))
    np.clip(blocks, -1.0, 1.0, out=blocks)
    soundfile.write(content, blocks, sound.rate, subtype="PCM_24", format="FLAC")
    return content.getvalue()


def analysis_json(analysis: Analysis, heard: Heard) -> bytes:
    """The content of ``analysis.json``: the same bytes for the same facts."""
    told = analysis.model_dump(mode="json")
    told |= told.pop("facts")
    told["transcription"] = {
        "instrument": heard.source,
        "solo": heard.solo,
        "notes": {
            "melody": len(heard.melody),
            "bass": len(heard.bass),
            "harmony": len(heard.harmony),
            "drums": len(heard.drums),
        },
        "reason": heard.reason or None,
    }
    text = json.dumps(told, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    return text.encode()


def _why_no_score(analysis: Analysis, heard: Heard) -> str:
    """Why no lead sheet can be written; empty where it can."""
    if not analysis.times("beats"):
        return f"there are no bars to write in: {analysis.facts['beats'].method}"
    if not heard.melody and not analysis.spans("chords"):
        return heard.reason or "neither melody nor chords can be told"
    return ""
