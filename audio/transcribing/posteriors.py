"""How likely each pitch sounds and is struck in each moment, and the notes that follow from it."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from audio.blocks import Floats
from audio.transcribing.notes import HeardNote

Marks = NDArray[np.bool_]

LOWEST_MIDI = 21
"""MIDI number of the first column: A0, the lowest key of a piano."""
PITCHES = 88
_BEFORE = 6
"""Frames before a stroke in which a pitch that sounds already has not paused."""


@dataclass(frozen=True)
class Posteriors:
    """What an instrument says of every key of a piano over time."""

    sounding: Floats
    """How surely the pitch sounds, 0..1: float32, (frames, 88)."""
    struck: Floats
    """How surely the pitch begins here, 0..1: float32, (frames, 88)."""
    frames_per_second: float
    source: str
    """The instrument, in words for a report."""


@dataclass(frozen=True)
class Thresholds:
    """When a pitch counts as struck and as sounding."""

    struck: float = 0.55
    struck_again: float = 0.7
    """Where the pitch sounds already: vibrato and beating voices look like weak strokes."""
    sounding: float = 0.3
    shortest_seconds: float = 0.06
    gap_seconds: float = 0.1
    """Shorter dips don't end a note."""


def find_notes(heard: Posteriors, limits: Thresholds | None = None) -> tuple[HeardNote, ...]:
    """The notes of all voices, by start and pitch.

    A note begins where its pitch is struck, or begins to sound all the same, and lasts until it
    sounds no more or is struck again.
    """
    limits = limits or Thresholds()
    struck = np.maximum(heard.struck, _rises(heard))
    earlier = np.pad(struck, ((1, 0), (0, 0)))[:-1]
    later = np.pad(struck, ((0, 1), (0, 0)))[1:]
    peaks = (struck >= earlier) & (struck > later) & (struck >= limits.struck)
    notes: list[HeardNote] = []
    for column in np.flatnonzero(peaks.any(axis=0)):
        notes += _notes_of(heard, struck[:, column], peaks[:, column], int(column), limits)
    return tuple(sorted(notes, key=lambda one: (one.start, one.pitch)))


def _rises(heard: Posteriors) -> Floats:
    """Where a pitch begins to sound within two frames, on the scale of the strokes."""
    sounding = heard.sounding
    padded = np.pad(sounding, ((2, 0), (0, 0)))
    rise = np.maximum(np.minimum(sounding - padded[1:-1], sounding - padded[:-2]), 0)
    rise[:2] = 0
    scaled: Floats = rise * (heard.struck.max(initial=0.0) / max(float(rise.max(initial=0)), 1e-9))
    return scaled


def _notes_of(
    heard: Posteriors, struck: Floats, peaks: Marks, column: int, limits: Thresholds
) -> list[HeardNote]:
    """The notes of one pitch."""
    fps = heard.frames_per_second
    sounding = heard.sounding[:, column]
    starts = [
        start
        for start in np.flatnonzero(peaks).tolist()
        if struck[start] >= limits.struck_again
        or sounding[max(0, start - _BEFORE) : start + 1].min() < limits.sounding
    ]
    gap, shortest = round(limits.gap_seconds * fps), limits.shortest_seconds * fps
    notes = []
    for start, limit in pairwise((*starts, len(sounding))):
        end = _end(sounding[start:limit] >= limits.sounding, gap) + start
        if end - start < shortest:
            continue
        strength = 0.5 * float(sounding[start:end].mean()) + 0.5 * float(struck[start])
        note = HeardNote(
            start=start / fps,
            end=end / fps,
            pitch=LOWEST_MIDI + column,
            strength=min(max(strength, 0.0), 1.0),
        )
        notes.append(note)
    return notes


def _end(sounds: Marks, gap: int) -> int:
    """After how many frames a note ends: where it is silent for longer than a gap."""
    frames = np.flatnonzero(sounds)
    if not len(frames) or frames[0] > gap:
        return 0
    breaks = np.flatnonzero(np.diff(frames) > gap)
    return int(frames[breaks[0]] if len(breaks) else frames[-1]) + 1
