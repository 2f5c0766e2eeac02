"""Transcribe a recording: its notes by voice, with the best instrument that is there."""

from pathlib import Path

import numpy as np

from audio.blocks import LONG_FRAMES_PER_SECOND, Floats, open_stream, read_blocks
from audio.chroma import LOWEST_MIDI as LOWEST_SALIENCE
from audio.chroma import NOTES, Chromagram, PitchMeter
from audio.transcribing import network
from audio.transcribing.low_register import find_low_notes
from audio.transcribing.mono import read_mono
from audio.transcribing.notes import HeardNote, HeardWord
from audio.transcribing.posteriors import LOWEST_MIDI, Posteriors, find_notes
from audio.transcribing.spectral import hear_spectrally
from audio.transcribing.voices import split_voices

_LONG_SECONDS = 0.2
"""Notes at least so long are held: speech and noise have few of them."""
_UNSURE = 0.15
"""What the network says where nothing sounds."""


class Transcript(HeardWord):
    """The pitched notes of a recording."""

    melody: tuple[HeardNote, ...]
    """One note at a time."""
    bass: tuple[HeardNote, ...]
    """One note at a time."""
    harmony: tuple[HeardNote, ...]
    """What else sounds."""
    solo: bool
    """One line is all that sounds."""
    held: float
    """How many held notes sound on average: at least 0.5 in most music, below 0.4 in speech."""
    source: str
    """The instrument that heard them, in words."""


class Hearing:
    """One recording as it was heard: its notes, and what chords are told from."""

    def __init__(self, path: Path) -> None:
        """Listen to a file; with the network where that is installed.

        Raises:
            MediaRejected: nothing of the file can be decoded.
        """
        self._path = path
        self._mono = read_mono(path, network.RATE_HZ) if network.is_there() else None
        heard = hear_spectrally(path) if self._mono is None else network.hear(self._mono)
        self._heard: Posteriors = heard

    def transcript(self) -> Transcript:
        """The notes, by voice."""
        notes = find_notes(self._heard)
        low = tuple(one for one in notes if one.pitch < 60)
        if self._mono is not None:
            low = find_low_notes(self._mono, network.RATE_HZ, network.hear)
        seconds = max(len(self._heard.sounding) / self._heard.frames_per_second, 1e-9)
        held = sum(one.seconds for one in notes if one.seconds >= _LONG_SECONDS) / seconds
        voices = split_voices(notes, low, held)
        return Transcript(
            melody=voices.melody,
            bass=voices.bass,
            harmony=voices.harmony,
            solo=voices.solo,
            held=held,
            source=self._heard.source,
        )

    def chromagram(self) -> Chromagram:
        """What sounds when, told from the spectrum and the network in equal parts."""
        stream = open_stream(self._path)
        meter = PitchMeter(stream)
        for block in read_blocks(self._path, stream, short=False):
            meter.push(block)
        plain = meter.finish()
        return plain if self._mono is None else _mixed(plain, self._heard)


def _mixed(plain: Chromagram, heard: Posteriors) -> Chromagram:
    """The salience of a chromagram, half of it from what an instrument heard."""
    frames = len(plain.notes)
    edges = (np.arange(frames + 1) - 0.5) / LONG_FRAMES_PER_SECOND * heard.frames_per_second
    places = np.clip(np.rint(edges), 0, len(heard.sounding)).astype(int)
    first = LOWEST_SALIENCE - LOWEST_MIDI
    sure = np.maximum(heard.sounding[:, first : first + NOTES] - _UNSURE, 0)
    total = np.vstack((np.zeros((1, sure.shape[1])), np.cumsum(sure, axis=0)))
    lengths = np.maximum(np.diff(places), 1)[:, None]
    notes = np.zeros_like(plain.notes)
    notes[:, : sure.shape[1]] = (total[places[1:]] - total[places[:-1]]) / lengths
    mixed = (_levelled(plain.notes) + _levelled(notes)) / 2
    return Chromagram(
        notes=mixed.astype(np.float32),
        tuning_hz=plain.tuning_hz,
        tuned=plain.tuned,
        contrast=plain.contrast,
        seconds=plain.seconds,
    )


def _levelled(notes: Floats) -> Floats:
    """Salience on the scale of the file's own loud moments."""
    usual = float(np.percentile(notes.sum(axis=1), 90)) + 1e-9
    levelled: Floats = notes / np.float32(usual)
    return levelled
