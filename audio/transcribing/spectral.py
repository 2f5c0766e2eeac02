"""Notes heard without a network: what the chromagram explains, timed by the short spectra.

The note salience of `audio.chroma` says which pitches sound; the window behind it blurs time, so
the level of each pitch's own partials in the short spectra says when: a pitch is struck where that
level rises fast, and sounds while it is near its loudest moment around.
"""

from pathlib import Path

import numpy as np
from scipy import ndimage

from audio.blocks import (
    LONG_FRAMES_PER_SECOND,
    SHORT_FRAMES_PER_SECOND,
    Block,
    Floats,
    Stream,
    open_stream,
    read_blocks,
)
from audio.chroma import LOWEST_MIDI as LOWEST_SALIENCE
from audio.chroma import NOTES, Chromagram, PitchMeter
from audio.transcribing.posteriors import LOWEST_MIDI, PITCHES, Posteriors

NAME = "harmonic sums"
_PARTIALS = (1, 2, 3)
_LOUD_SHARE = 0.6
"""Share of the usual strongest salience at which a pitch surely sounds."""
_FADE_DB, _FADE_REACH = 8.0, 31
_RISE_DB, _RISE_FRAMES = 14.0, 4
_AHEAD_FRAMES = 15
_FLOOR = 1e-10


def hear_spectrally(path: Path) -> Posteriors:
    """Say which pitches sound and are struck in a file.

    Raises:
        MediaRejected: nothing of it can be decoded.
    """
    stream = open_stream(path)
    pitch, levels = PitchMeter(stream), _Levels(stream)
    for block in read_blocks(path, stream):
        pitch.push(block)
        levels.push(block)
    return _posteriors(pitch.finish(), levels.finish())


class _Levels:
    """Level of the first partials of each pitch, a hundred times a second."""

    def __init__(self, stream: Stream) -> None:
        hertz = 440.0 * 2 ** ((np.arange(LOWEST_SALIENCE, LOWEST_SALIENCE + NOTES) - 69) / 12)
        bins = np.round(np.outer(_PARTIALS, hertz) * stream.short_fft / stream.sample_rate_hz)
        self._bins = np.minimum(bins, stream.short_fft // 2).astype(int)
        self._pieces = [np.zeros((0, NOTES), np.float32)]

    def push(self, block: Block) -> None:
        self._pieces.append(block.short[:, self._bins].sum(axis=1))

    def finish(self) -> Floats:
        """In dB: float32, (frames, 84)."""
        levels: Floats = 10 * np.log10(np.concatenate(self._pieces) + np.float32(_FLOOR))
        return levels


def _posteriors(chromagram: Chromagram, level: Floats) -> Posteriors:
    usual = float(np.percentile(chromagram.notes.max(axis=1), 90)) + 1e-9
    frames = np.arange(len(level)) * LONG_FRAMES_PER_SECOND / SHORT_FRAMES_PER_SECOND
    salience = ndimage.map_coordinates(
        chromagram.notes, np.meshgrid(frames, np.arange(NOTES), indexing="ij"), order=1,
        mode="nearest",
    )  # fmt: skip
    share = np.minimum(salience / (_LOUD_SHARE * usual), 1.0)
    loudest = ndimage.maximum_filter1d(level, _FADE_REACH, axis=0)
    sounding = share * np.exp((level - loudest) / np.float32(_FADE_DB))
    rise = level - np.pad(level, ((_RISE_FRAMES, 0), (0, 0)), mode="edge")[: len(level)]
    soon = ndimage.maximum_filter1d(share, 2 * _AHEAD_FRAMES + 1, axis=0)
    struck = np.clip(rise / _RISE_DB, 0, 1) * np.sqrt(soon)
    return Posteriors(
        sounding=_on_piano(sounding),
        struck=_on_piano(ndimage.uniform_filter1d(struck, 3, axis=0)),
        frames_per_second=float(SHORT_FRAMES_PER_SECOND),
        source="harmonic sums of the spectrum",
    )


def _on_piano(notes: Floats) -> Floats:
    """Move the columns from C1 … B7 to the keys of a piano: float32, (frames, 88)."""
    first = LOWEST_SALIENCE - LOWEST_MIDI
    moved = np.zeros((len(notes), PITCHES), np.float32)
    moved[:, first : first + NOTES] = notes
    return moved
