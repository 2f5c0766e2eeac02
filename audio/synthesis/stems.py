"""One track as sound: section by section, so that a change of one leaves the others as they are.

Each section is played for itself, from silence, and what rings after its last note is laid over the
next one for up to `TAIL_SECONDS`, faded out at the end of that. A stem is therefore the same, bit
for bit, wherever no note of the section or of the tail of the one before it has changed.
"""

from bisect import bisect_right
from collections.abc import Mapping

import numpy as np

from audio.songs.song import Song, Track
from audio.synthesis.staging import Stage
from audio.synthesis.synthesiser import RATE_HZ, Sound, Synthesiser, TimedNote

TAIL_SECONDS = 3.0
"""How long a section may ring after its end, and the song after its last bar."""
_FADE_SECONDS = 1.0
"""The end of the tail, over which it is faded out."""
FULL_SCALE = 2**23
"""A 24-bit sample of this size would be 1."""

Passage = tuple[TimedNote, ...]
"""What a track plays in one section, from the section's start."""


def stem_frames(song: Song) -> int:
    """The length of all stems of a song: its bars and the tail."""
    return _frame(song, song.ticks) + round(TAIL_SECONDS * RATE_HZ)


def render_stem(song: Song, track: Track, stage: Stage, synthesiser: Synthesiser) -> Sound:
    """A track of a song at its place in the mix: float32, (frames, 2).

    Sections in which it plays the same are rendered once.
    """
    stem = np.zeros((stem_frames(song), 2), np.float32)
    gains = np.array(stage.gains, np.float32)
    played: dict[Passage, Sound] = {}
    for start, passage in _passages(song, track).items():
        if passage not in played:
            frames = max(note.end for note in passage) + round(TAIL_SECONDS * RATE_HZ)
            sound = synthesiser.play(track.program, track.is_drums, passage, frames)
            played[passage] = _faded(sound) * gains
        sound = played[passage][: len(stem) - start]
        stem[start : start + len(sound)] += sound
    stem[-round(_FADE_SECONDS * RATE_HZ) :] *= _fade()[:, None]
    return stem


def _passages(song: Song, track: Track) -> Mapping[int, Passage]:
    """What the track plays in each section, by the frame at which the section starts."""
    time = song.timeline
    cuts = sorted({0, *(time.tick_of_bar(one.first_bar) for one in song.sections)})
    passages: dict[int, list[TimedNote]] = {}
    for note in track.notes:
        cut = cuts[bisect_right(cuts, note.start) - 1]
        start, end = (
            round((time.seconds_at(tick) - time.seconds_at(cut)) * RATE_HZ)
            for tick in (note.start, note.end)
        )
        passage = passages.setdefault(_frame(song, cut), [])
        passage.append(TimedNote(start, end, note.pitch, note.velocity))
    return {frame: tuple(notes) for frame, notes in passages.items()}


def _faded(sound: Sound) -> Sound:
    """A sound that is silent at its end."""
    faded = sound.copy()
    faded[-round(_FADE_SECONDS * RATE_HZ) :] *= _fade()[:, None]
    return faded


def _fade() -> Sound:
    """A raised cosine from 1 to 0: float32, (frames of the fade,)."""
    turn = np.linspace(0, np.pi, round(_FADE_SECONDS * RATE_HZ))
    return (0.5 + 0.5 * np.cos(turn)).astype(np.float32)


def _frame(song: Song, tick: int) -> int:
    """The sample at which a tick sounds."""
    return round(song.timeline.seconds_at(tick) * RATE_HZ)
