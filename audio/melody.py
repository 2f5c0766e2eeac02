"""The dominant melody of a mix, as notes.

What could be the melody is the note salience of the chromagram, weighted towards the register in
which melodies mostly lie. The 0.37 s window behind it blurs time, so the short spectra say when:
a pitch whose own level is far below its level a moment ago or hence isn't sounding now. The
smoothest strong line is found by Viterbi's method, and cut again where its level jumps.
"""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, signal

from audio.blocks import LONG_FRAMES_PER_SECOND, SHORT_FRAMES_PER_SECOND, Block, Floats, Stream
from audio.chroma import LOWEST_MIDI, Chromagram

_LOW, _HIGH = 48, 96
"""MIDI pitches of C3 and C7: the lowest told, and the first that isn't."""
_PITCHES = _HIGH - _LOW
_FPS = 50
_REGISTER, _REGISTER_WIDTH = 72.0, 9.0
_FADE_DB = 8.0
_FADE_REACH_SECONDS = 0.3
_REST = 0.2
_CHANGE_COST, _SEMITONE_COST = 1.25, 0.1
_ATTACK_DB = 12.0
_SHORTEST_SECONDS = 0.08
_SPAN = 300 * _FPS
"""Frames that are searched at once, which bounds the memory for long files."""


@dataclass(frozen=True)
class Note:
    """One note of the melody."""

    start: float
    """In seconds."""
    end: float
    """In seconds."""
    midi: int
    """MIDI pitch, 60 = C4."""


@dataclass(frozen=True)
class Melody:
    """The dominant melody."""

    notes: tuple[Note, ...]
    """In order, never overlapping; empty when none can be told."""
    confidence: float
    """Share of the salience that the melody holds where it sounds, 0..1."""
    reason: str
    """Why no melody can be told; empty when it can."""


class MelodyMeter:
    """Keep the level of each semitone's bin a hundred times a second."""

    def __init__(self, stream: Stream) -> None:
        hertz = 440.0 * 2 ** ((np.arange(_LOW, _HIGH + 12) - 69) / 12)
        bins = np.round(hertz * stream.short_fft / stream.sample_rate_hz).astype(int)
        self._bins = np.minimum(bins, stream.short_fft // 2)
        self._pieces: list[NDArray[np.float16]] = []
        self._frames = 0

    def push(self, block: Block) -> None:
        """Take the next block."""
        every = SHORT_FRAMES_PER_SECOND // _FPS
        power = block.short[-self._frames % every :: every, self._bins]
        self._pieces.append((10 * np.log10(power + 1e-10)).astype(np.float16))
        self._frames += len(block.short)

    def finish(self, chromagram: Chromagram) -> Melody:
        """Say the melody, given the notes over time of the same file."""
        if chromagram.unpitched:
            return Melody((), 0.0, chromagram.unpitched)
        salience = _weighted(chromagram)
        level = np.concatenate(self._pieces)
        notes: list[Note] = []
        sung, all_heard = 0.0, 0.0
        for first in range(0, len(level), _SPAN):
            piece = level[first : first + _SPAN].astype(np.float32)
            own: Floats = (2 * piece[:, :_PITCHES] + piece[:, 12 : 12 + _PITCHES]) / np.float32(3)
            near = _at_frames(salience, np.arange(first, first + len(own)))
            path = _smoothest_line(near * _gate(own))
            notes += _notes(path, own, first)
            sounding = np.flatnonzero(path < _PITCHES)
            sung += float(near[sounding, path[sounding]].sum())
            all_heard += float(near[sounding].sum())
        if not notes:
            return Melody((), 0.0, "no line of notes stands out")
        return Melody(tuple(notes), min(1.0, sung / max(all_heard, 1e-9)), "")


def _weighted(chromagram: Chromagram) -> Floats:
    """Salience weighted towards the melody register, about 0..1: (chroma frames, 48)."""
    register = np.exp(-0.5 * ((np.arange(_LOW, _HIGH) - _REGISTER) / _REGISTER_WIDTH) ** 2)
    weighted = chromagram.notes[:, _LOW - LOWEST_MIDI : _HIGH - LOWEST_MIDI] * register
    usual = float(np.percentile(weighted.max(axis=1), 90)) + 1e-9
    salience: Floats = np.minimum(weighted / usual, 1.5).astype(np.float32)
    return salience


def _at_frames(salience: Floats, frames: NDArray[np.int64]) -> Floats:
    """Read the salience between its frames at 50 frames per second: (frames, 48)."""
    place = np.minimum(frames * LONG_FRAMES_PER_SECOND / _FPS, len(salience) - 1)
    lower = place.astype(int)
    upper = np.minimum(lower + 1, len(salience) - 1)
    share = (place - lower).astype(np.float32)[:, None]
    between: Floats = salience[lower] * (1 - share) + salience[upper] * share
    return between


def _gate(level: Floats) -> Floats:
    """Fall by e with each 8 dB that a pitch lies below its own loudest moment nearby."""
    reach = round(_FADE_REACH_SECONDS * _FPS) | 1
    loudest = ndimage.maximum_filter1d(level, reach, axis=0)
    gate: Floats = np.exp((level - loudest) / np.float32(_FADE_DB))
    return gate


def _smoothest_line(heard: Floats) -> NDArray[np.int64]:
    """The line with the most salience less the cost of its leaps; 48 is a rest: (frames,)."""
    leaps = np.abs(np.arange(_PITCHES)[:, None] - np.arange(_PITCHES))
    cost = np.full((_PITCHES + 1, _PITCHES + 1), _CHANGE_COST, np.float32)
    cost[:-1, :-1] = _CHANGE_COST * (leaps > 0) + _SEMITONE_COST * np.minimum(leaps, 12)
    cost[-1, -1] = 0
    rest = np.full((len(heard), 1), _REST, np.float32)
    scores = np.hstack((heard, rest))
    came_from = np.zeros(scores.shape, np.int16)
    total = scores[0].copy()
    states = np.arange(_PITCHES + 1)
    for frame in range(1, len(scores)):
        reached = total - cost
        best = reached.argmax(axis=1)
        came_from[frame] = best
        total = reached[states, best] + scores[frame]
    path = np.zeros(len(scores), np.int64)
    path[-1] = total.argmax()
    for frame in range(len(scores) - 1, 0, -1):
        path[frame - 1] = came_from[frame, path[frame]]
    return path


def _notes(path: NDArray[np.int64], level: Floats, offset: int) -> list[Note]:
    """A note for each run of one pitch, cut where the pitch is struck again.

    Args:
        path: the pitch of each frame, 48 for a rest.
        level: the level of each pitch in dB, (frames, 48).
        offset: the frame of the file at which the path begins.
    """
    starts = np.flatnonzero(np.diff(path, prepend=-1))
    ends = np.append(starts[1:], len(path))
    notes = []
    for start, end in zip(starts, ends, strict=True):
        pitch = int(path[start])
        if pitch == _PITCHES:
            continue
        cuts = [int(start), *(start + _attacks(level[start:end, pitch])).tolist(), int(end)]
        for first, last in itertools.pairwise(cuts):
            if last - first >= _SHORTEST_SECONDS * _FPS:
                times = (offset + first) / _FPS, (offset + last) / _FPS
                notes.append(Note(*times, _LOW + pitch))
    return notes


def _attacks(level: Floats) -> NDArray[np.int64]:
    """Frames, a tenth of a second apart or more, at which the level jumps by 12 dB in 60 ms."""
    if len(level) < 2 * _FPS // 10:
        return np.zeros(0, np.int64)
    rise = np.zeros_like(level)
    rise[2:-1] = level[3:] - level[:-3]
    struck, _ = signal.find_peaks(rise, height=_ATTACK_DB, distance=_FPS // 10)
    inside: NDArray[np.int64] = struck[(struck > 4) & (struck < len(level) - 4)]
    return inside
