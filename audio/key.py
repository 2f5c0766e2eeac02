"""The key of a file: tonic and mode.

Five cues speak for a key, added as in a logistic model whose weights were fitted to 128 pieces
and rounded (which pieces, and what it is worth on others: ``docs/decisions/0006-key-weights.md``):

- the windows of the file in which it is the key whose profiles fit best;
- how well its profiles fit the opening, since a piece mostly states its key first;
- how much of the time its tonic triad sounds, and all the triads of its scale;
- whether the first chord is its tonic.

The profiles say how much each scale step is heard in a key. Both sets were counted on music:
Albrecht and Shanahan, "The use of large corpora to train a new type of key-finding algorithm",
Music Perception 31 (2013); Bellman, "About the determination of key of a musical excerpt" (CMMR
2005), from Budge's counts of chords (1943).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from audio.blocks import LONG_FRAMES_PER_SECOND, Floats
from audio.chroma import Chromagram
from audio.triads import MAJOR_NAMES, MINOR_NAMES, Matrix, standard, triad_fits

_PROFILES = (
    (
        (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081),
        (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052),
    ),
    (
        (16.80, 0.86, 12.95, 1.41, 13.49, 11.93, 1.25, 20.28, 1.80, 8.04, 0.62, 10.57),
        (18.16, 0.69, 12.99, 13.34, 1.07, 11.15, 1.38, 21.07, 7.49, 1.53, 0.92, 10.21),
    ),
)
"""Major and minor profile of each source, from the tonic upwards in semitones."""

KEYS = (*(f"{name} major" for name in MAJOR_NAMES), *(f"{name} minor" for name in MINOR_NAMES))
"""The 24 keys, each under its usual name."""

_SCALE_TRIADS = ((0, 14, 16, 5, 7, 21), (12, 3, 17, 7, 19, 8, 10))
"""Triads of C major and of C minor (with its major dominant), as places among the 24."""

_LEAST_FIT = 0.45
_LEAST_CLASSES = 4
_TELLING_SECONDS = 8.0
_WINDOW_SECONDS = 16
_SHARPNESS = 10.0
_OPENING_SECONDS = 10
_STEP_SECONDS = 0.25
_FIRST_STEPS = 4
_FIT_SHARPNESS, _BASS_SHARPNESS = 12.0, 2.0
_VOTE_WEIGHT, _OPENING_WEIGHT = 0.25, 3.0
_TONIC_WEIGHT, _SCALE_WEIGHT, _FIRST_WEIGHT = 5.0, 6.0, 2.5


@dataclass(frozen=True)
class Tonality:
    """What can be said of the key."""

    key: str | None
    """Such as ``F# minor``; None when it can't be told."""
    confidence: float
    """Probability of the key under the model, 0..1, less for files shorter than 8 s."""
    second: str | None
    """The next best key."""
    reason: str
    """Why the key can't be told; empty when it can."""


def find_key(chromagram: Chromagram) -> Tonality:
    """Say which key a file is in."""
    if chromagram.unpitched:
        return Tonality(None, 0.0, None, chromagram.unpitched)
    evened = _evened(chromagram.chroma)
    whole = evened.sum(axis=0)
    classes = int(np.count_nonzero(whole > 0.1 * whole.max()))
    if classes < _LEAST_CLASSES:
        return Tonality(None, 0.0, None, f"only {classes} different notes sound")
    fit = float(key_fits(whole).max())
    if fit < _LEAST_FIT:
        return Tonality(None, 0.0, None, f"the notes fit no key (best correlation {fit:.2f})")
    opening = evened[: _OPENING_SECONDS * LONG_FRAMES_PER_SECOND].sum(axis=0)
    scores = _VOTE_WEIGHT * np.log(_votes(evened)) + _OPENING_WEIGHT * key_fits(opening)
    scores += _chord_scores(chromagram)
    order = np.argsort(scores)[::-1]
    chance = float(1 / np.exp(scores - scores[order[0]]).sum())
    chance *= min(1.0, chromagram.seconds / _TELLING_SECONDS)
    return Tonality(KEYS[order[0]], chance, KEYS[order[1]], "")


def key_fits(chroma: NDArray[np.floating]) -> NDArray[np.float64]:
    """Correlate chroma with each key's profiles.

    Args:
        chroma: (..., 12), column 0 is C.

    Returns:
        Mean correlation over the profile sets, -1..1, (..., 24): majors from C, then minors.
    """
    profiles = np.mean(
        [
            [np.roll(standard(np.array(steps)), tonic) for steps in pair for tonic in range(12)]
            for pair in _PROFILES
        ],
        axis=0,
    )
    fits: NDArray[np.float64] = standard(np.asarray(chroma, np.float64)) @ profiles.T
    return fits


def _votes(evened: Floats) -> NDArray[np.float64]:
    """Share of the 16 s windows that each key holds, as a softmax over its fits: (24,), sum 1."""
    fps = LONG_FRAMES_PER_SECOND
    weights = np.hanning(_WINDOW_SECONDS * fps + 2)[1:-1]
    windows = ndimage.convolve1d(evened, weights, axis=0, mode="constant")[fps // 2 :: fps]
    windows = windows[windows.sum(axis=1) > 0]
    shares = _softmax(_SHARPNESS * key_fits(windows))
    votes: NDArray[np.float64] = shares.mean(axis=0)
    return votes


def _chord_scores(chromagram: Chromagram) -> NDArray[np.float64]:
    """What the chords say for each key: (24,)."""
    edges = np.append(np.arange(0, chromagram.seconds, _STEP_SECONDS), chromagram.seconds)
    triads = triad_fits(chromagram, edges)
    chords = _softmax(_FIT_SHARPNESS * triads.fit + _BASS_SHARPNESS * triads.bass)
    usual = chords.mean(axis=0)
    sounding = int(np.argmax(chromagram.chroma.any(axis=1)))
    first = int(sounding / LONG_FRAMES_PER_SECOND / _STEP_SECONDS)
    opening = chords[first : first + _FIRST_STEPS].mean(axis=0)
    scale = np.zeros(24)
    for key in range(24):
        scale[key] = sum(usual[_transposed(triad, key)] for triad in _SCALE_TRIADS[key // 12])
    scores: NDArray[np.float64] = (
        _TONIC_WEIGHT * usual + _SCALE_WEIGHT * scale + _FIRST_WEIGHT * opening
    )
    return scores


def _transposed(triad: int, semitones: int) -> int:
    return triad // 12 * 12 + (triad + semitones) % 12


def _softmax(scores: Matrix) -> Matrix:
    """Shares that grow by e with each unit of score; each row sums to 1."""
    grown = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Matrix = grown / grown.sum(axis=1, keepdims=True)
    return shares


def _evened(chroma: Floats) -> Floats:
    """Give each sounding frame the same weight, however loud: (frames, 12)."""
    strongest = chroma.max(axis=1, keepdims=True)
    evened: Floats = chroma / (strongest + 0.01 * float(chroma.max(initial=0.0)) + 1e-9)
    return evened
