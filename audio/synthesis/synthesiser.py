"""The synthesiser: notes of one General MIDI program as sound.

It is libsonare (Apache-2.0), which plays General MIDI by physical models, without any samples, or a
SoundFont of the user's. The same notes give the same samples, bit for bit, and a note changes
nothing before it.
"""

from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import mido
import numpy as np
from numpy.typing import NDArray

from grym_synth.errors import MediaRejected

RATE_HZ = 48_000
"""The sample rate of everything that is rendered."""

Sound = NDArray[np.float32]
"""Samples of left and right: float32, (frames, 2), mostly within -1..1."""

_DRUM_CHANNEL = 9
_TICKS_PER_BEAT = 24_000
"""At 120 BPM a tick is then one sample."""
_MOST_BYTES = 2_000_000_000


class TimedNote(NamedTuple):
    """A note in samples."""

    start: int
    """Frame at which it begins."""
    end: int
    """Frame at which its key is let go."""
    pitch: int
    """MIDI number."""
    velocity: int
    """1..127."""


class Synthesiser:
    """Plays one program at a time."""

    def __init__(self, soundfont: Path | None = None) -> None:
        """Choose what to play on.

        Args:
            soundfont: an ``.sf2`` file to play from; programs that it lacks, and None, are played
                by physical models.

        Raises:
            MediaRejected: the file can't be read.
        """
        self._soundfont = b""
        self._name = soundfont.name if soundfont is not None else ""
        if soundfont is not None:
            self._soundfont = _read(soundfont.expanduser())

    @cached_property
    def name(self) -> str:
        """What plays, with its version, for reports."""
        told = f"libsonare {version('libsonare')}"
        return f"{told} with {self._name}" if self._name else f"{told}, physical models"

    def play(self, program: int, is_drums: bool, notes: Sequence[TimedNote], frames: int) -> Sound:
        """The sound of notes.

        Args:
            program: General MIDI program from 0; of drums: the kit.
            is_drums: whether pitches are sounds of a kit.
            notes: what to play; notes of one pitch don't overlap.
            frames: how long it is; what still sounds then is cut off.
        """
        from libsonare import Project

        project = Project()
        try:
            project.import_smf(_performance(program, is_drums, notes))
            if self._soundfont:
                project.load_soundfont(self._soundfont)
                sound = project.bounce_with_sf2_instrument(
                    total_frames=frames, sample_rate=RATE_HZ, num_channels=2
                )
            else:
                sound = project.bounce_with_synth_instrument(
                    auto_select_gm=True, total_frames=frames, sample_rate=RATE_HZ, num_channels=2
                )
        finally:
            project.close()
        return np.asarray(sound, np.float32)


def _read(soundfont: Path) -> bytes:
    """The content of a SoundFont that can be played."""
    from libsonare import Project, SonareError

    tried, do = f"reading the SoundFont {soundfont}", "Name an .sf2 file, or none"
    try:
        if soundfont.stat().st_size > _MOST_BYTES:
            raise MediaRejected(tried, f"it has more than {_MOST_BYTES:,} bytes", do)
        content = soundfont.read_bytes()
    except OSError as fault:
        raise MediaRejected(tried, fault.strerror or "it can't be read", do) from fault
    project = Project()
    try:
        project.load_soundfont(content)
        if project.soundfont_preset_count() == 0:
            raise MediaRejected(tried, "there is no instrument in it", do)
    except SonareError as fault:
        raise MediaRejected(tried, "it is no SoundFont 2 file", do) from fault
    finally:
        project.close()
    return content


def _performance(program: int, is_drums: bool, notes: Sequence[TimedNote]) -> bytes:
    """Notes as a MIDI file whose ticks are samples."""
    channel = _DRUM_CHANNEL if is_drums else 0
    events = [
        (frame, order, mido.Message(kind, channel=channel, note=note.pitch, velocity=velocity))
        for note in notes
        for frame, order, kind, velocity in (
            (note.start, 1, "note_on", note.velocity),
            (max(note.end, note.start + 1), 0, "note_off", 0),
        )
    ]
    track = mido.MidiTrack(
        [
            mido.MetaMessage("set_tempo", tempo=500_000),
            mido.Message("program_change", channel=channel, program=program),
        ]
    )
    now = 0
    for frame, _, message in sorted(events, key=lambda one: (one[0], one[1], one[2].note)):
        track.append(message.copy(time=frame - now))
        now = frame
    content = BytesIO()
    mido.MidiFile(type=1, ticks_per_beat=_TICKS_PER_BEAT, tracks=[track]).save(file=content)
    return content.getvalue()
