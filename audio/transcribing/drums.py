"""Strokes of bass drum, snare and cymbals, told from the rise of bands in the percussive part.

A stroke is a sudden rise above 1.5 kHz, where a stick or beater always sounds. Of what kind it is,
a logistic model tells for each kind by itself, since they are struck together: from the rise of
five bands, from their levels against one another, and against the file's other strokes.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from audio.blocks import SHORT_FRAMES_PER_SECOND, Floats, open_stream, read_blocks
from audio.transcribing.notes import Drum, HeardStroke

Doubles = NDArray[np.float64]
Marks = NDArray[np.bool_]

_BANDS_HZ = ((30, 110), (120, 300), (300, 1500), (1500, 5000), (7000, 16000))
"""Lowest, body, middle, stick, and highest."""
_LOW, _BODY, _MIDDLE, _STICK, _HIGH = range(5)
_FLOOR = 1e-9
_BEFORE, _AFTER = 5, 6
_APART_FRAMES = 5
_LEAST_RISE_DB = 9.0
_MOST_DB = 40.0
"""Larger differences of level tell no more."""
_WEIGHTS: tuple[tuple[Drum, int, Doubles], ...] = (
    ("kick", _BODY, np.array([1.6, -1.9, 1.1, -0.1, 0.0, -0.3, 0.3, -1.7, 0.3, -1.0,
                              1.5, 1.3, -1.8, 0.7, 0.0, -1.9])),
    ("snare", _MIDDLE, np.array([-0.4, 0.9, -1.4, 1.4, -0.6, -0.5, 1.5, 1.7, 1.5, 0.0,
                                 -1.3, -0.1, 3.8, 0.4, 0.9, 1.7])),
    ("hat", _HIGH, np.array([-0.4, 0.2, 0.2, -0.4, 0.9, -0.6, 1.4, -0.5, -0.3, 0.9,
                             1.2, -1.6, 0.6, -0.6, 0.4, 1.2])),
)  # fmt: skip
"""For each kind: the band that tells how loud it is, and what each band's rise, its level against
the stroke's loudest band, and its level against the file's loud strokes say for it, per 10 dB; last
the usual odds. A logistic model, fitted to 22 songs played on two synthetic kits and rounded."""
_BOOM_DB = 3.0
"""Where the lowest band is that near to the body, a bass drum may sound together with a snare."""
_LEAST_BRIGHT_DB = -15.5
"""A fifth of the strokes of a kit are at least so bright: the highest band against the loudest
of the others. Of pianos and plucked strings they are not."""
_FEWEST_A_SECOND = 0.75
"""Snares and cymbals, on average; fewer are accidents."""
_RANGE_DB = 18.0
"""Strokes of one kind lie within so much of the loudest of them."""
_AUDIBLE_DB = 42.0
"""Strokes so far below the file's loudest are none."""


def find_strokes(percussive: Path) -> tuple[HeardStroke, ...]:
    """The strokes of a kit, in order of time; none where nothing sounds like one.

    Args:
        percussive: the percussive part of a recording; of a whole recording, plucked notes and
            consonants are told as strokes too.

    Raises:
        MediaRejected: nothing of it can be decoded.
    """
    level = _band_levels(percussive)
    frames = _strokes(level)
    if not len(frames):
        return ()
    loud = np.stack([level[at : at + _AFTER].max(axis=0) for at in frames])
    brightness = loud[:, _HIGH] - loud[:, :_HIGH].max(axis=1)
    if float(np.percentile(brightness, 80)) < _LEAST_BRIGHT_DB:
        return ()
    quiet = np.stack([level[max(0, at - _BEFORE) : max(at, 1)].mean(axis=0) for at in frames])
    strokes: list[HeardStroke] = []
    for drum, is_it, band in _kinds(loud, loud - quiet):
        strongest = float(np.percentile(loud[is_it, band], 95)) if is_it.any() else 0.0
        heard = is_it & (loud[:, band] > strongest - _RANGE_DB)
        strokes += [
            _stroke(int(frames[index]), drum, float(loud[index, band]) - strongest)
            for index in np.flatnonzero(heard)
        ]
    bright = sum(one.drum != "kick" for one in strokes)
    if bright < _FEWEST_A_SECOND * len(level) / SHORT_FRAMES_PER_SECOND:
        return ()
    return tuple(sorted(strokes, key=lambda one: (one.at, one.drum)))


def _band_levels(path: Path) -> Floats:
    """In dB, a hundred times a second: float32, (frames, 5)."""
    stream = open_stream(path)
    hertz = stream.frequencies(stream.short_fft)
    inside = [(hertz >= low) & (hertz < high) for low, high in _BANDS_HZ]
    pieces = [
        np.stack([block.short[:, band].sum(axis=1) for band in inside], axis=1)
        for block in read_blocks(path, stream, long=False)
    ]
    levels: Floats = 10 * np.log10(np.concatenate(pieces) + np.float32(_FLOOR))
    return levels


def _strokes(level: Floats) -> NDArray[np.int64]:
    """Frames at which the stick or the cymbal rises fast: peaks, 50 ms apart or more."""
    padded = np.pad(level, ((3, 0), (0, 0)), mode="edge")
    rise = np.maximum(level - padded[:-3], 0)
    strength = np.maximum(rise[:, _STICK], rise[:, _HIGH])
    highest = ndimage.maximum_filter1d(strength, 2 * _APART_FRAMES + 1)
    top = np.maximum(level[:, _STICK], level[:, _HIGH])
    audible = ndimage.maximum_filter1d(top, _AFTER) > float(np.percentile(top, 99)) - _AUDIBLE_DB
    peaks: NDArray[np.int64] = np.flatnonzero(
        (strength == highest) & (strength >= _LEAST_RISE_DB) & audible
    )
    return peaks


def _kinds(loud: Floats, rise: Floats) -> list[tuple[Drum, Marks, int]]:
    """Which strokes are of each kind, and the band that tells how loud.

    Args:
        loud: level of each stroke's bands in dB, (strokes, 5).
        rise: by how much each rose, in dB, (strokes, 5).
    """
    shape = loud - loud.max(axis=1, keepdims=True)
    height = loud - np.percentile(loud, 95, axis=0)
    features = np.hstack(
        (
            np.clip(rise, -10, _MOST_DB) / 10,
            np.clip(shape, -_MOST_DB, 0) / 10,
            np.clip(height, -_MOST_DB, 5) / 10,
            np.ones((len(loud), 1)),
        )
    )
    says = {drum: features @ weights for drum, _, weights in _WEIGHTS}
    booms = loud[:, _LOW] >= loud[:, _BODY] - _BOOM_DB
    is_it = {drum: score > 0 for drum, score in says.items()}
    is_it["kick"] &= booms | (says["kick"] > says["snare"])
    return [(drum, is_it[drum], band) for drum, band, _ in _WEIGHTS]


def _stroke(frame: int, drum: Drum, below_db: float) -> HeardStroke:
    strength = min(1.0, 10 ** (below_db / 40))
    return HeardStroke(at=frame / SHORT_FRAMES_PER_SECOND, drum=drum, strength=strength)
