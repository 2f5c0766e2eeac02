"""Where notes begin: how fast the energy of each band rises, 100 times a second.

The onset strength is the spectral flux of compressed band energies, against the largest neighbour
band a moment ago so that vibrato doesn't count (Böck and Widmer, "Maximum filter vibrato
suppression for onset detection", DAFx 2013).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from audio.blocks import SHORT_FRAMES_PER_SECOND, Floats

MEL_BANDS = 40
LOWEST_HZ, HIGHEST_HZ = 30.0, 11_000.0
GROUP_EDGES = (0, 3, 6, 10, 16, 24, 32, MEL_BANDS)
"""Mel bands of each onset group, low frequencies first."""
BASS_GROUPS = 3
"""How many of the groups hold bass and bass drum; a snare sounds in all of the others."""
BEAT_WEIGHTS = np.array([2, 2, 1.5, 1, 1, 0.7, 0.5], np.float32)
"""How much each group says about the beat: bass first."""

_COMPRESSION = 10.0
_LAG_FRAMES = 2
_CHUNK_FRAMES = 20_000
_FLOOR = 1e-12
_SMOOTHING = np.hanning(7)[1:-1] / 3
_LEAST_RISE_DB = 0.2
_APART_FRAMES = 3

LATENCY_SECONDS = 0.01
"""How much later than the note the onset strength peaks: none for a click, 16 ms for a piano."""

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class OnsetStrength:
    """How strongly notes begin, per frame."""

    groups: Floats
    """(frames, groups), >= 0, low frequencies first, standard deviation about 1."""
    rise_db: Floats
    """(frames,): mean rise of the band levels within 20 ms, in compressed decibels."""
    bursts: Floats
    """(frames,): rise that all groups above the bass share, likewise, as of a snare."""

    def combined(self) -> Floats:
        """One onset strength that says where beats are, standard deviation 1, (frames,)."""
        combined = self.groups @ BEAT_WEIGHTS
        spread = float(combined.std())
        strength: Floats = combined / spread if spread > 0 else combined
        return strength

    def bass(self) -> Floats:
        """Onset strength of the lowest groups, (frames,)."""
        bass: Floats = self.groups[:, :BASS_GROUPS].sum(axis=1)
        return bass

    def high(self) -> Floats:
        """Onset strength of the other groups, (frames,)."""
        high: Floats = self.groups[:, BASS_GROUPS:].sum(axis=1)
        return high


def mel_filters(frequencies_hz: Floats) -> Floats:
    """Triangular filters, equally spaced on O'Shaughnessy's mel scale (2595 log10(1 + f / 700)).

    Args:
        frequencies_hz: bin centres of a power spectrum, (bins,).

    Returns:
        Weights 0..1, (bins, MEL_BANDS); bands above the highest bin are empty.
    """
    edges_mel = np.linspace(_mel(LOWEST_HZ), _mel(HIGHEST_HZ), MEL_BANDS + 2)
    edges = 700 * (10 ** (edges_mel / 2595) - 1)
    low, centre, high = edges[:-2], edges[1:-1], edges[2:]
    hz = frequencies_hz[:, None].astype(np.float64)
    weights = np.clip(np.minimum((hz - low) / (centre - low), (high - hz) / (high - centre)), 0, 1)
    for band in np.flatnonzero(weights.sum(axis=0) == 0):  # narrower than the bins
        nearest = int(np.argmin(np.abs(frequencies_hz - centre[band])))
        if centre[band] <= frequencies_hz[-1]:
            weights[nearest, band] = 1.0
    filters: Floats = weights.astype(np.float32)
    return filters


def onset_strength(level_db: NDArray[np.float16]) -> OnsetStrength:
    """Turn band levels into onset strengths.

    Args:
        level_db: mel band levels, (frames, MEL_BANDS), 100 frames per second.
    """
    reference = max(_mean_power(level_db), _FLOOR)
    flux = np.concatenate(list(_flux(level_db, reference)))
    rise = ndimage.convolve1d(flux.mean(axis=1), _SMOOTHING)
    bursts = ndimage.maximum_filter1d(flux[:, BASS_GROUPS:], 3, axis=0).min(axis=1)
    groups = flux - ndimage.uniform_filter1d(flux, SHORT_FRAMES_PER_SECOND, axis=0)
    np.maximum(groups, 0, out=groups)
    spread = groups.std(axis=0)
    groups /= 0.7 * spread + 0.3 * spread.mean() + 1e-9
    smooth = ndimage.convolve1d(groups, _SMOOTHING, axis=0)
    return OnsetStrength(smooth.astype(np.float32), rise.astype(np.float32), bursts)


def pick_onsets(strength: OnsetStrength) -> Doubles:
    """Times at which notes begin, in seconds: peaks of the rise, at least 40 ms apart."""
    rise = strength.rise_db
    highest = ndimage.maximum_filter1d(rise, 2 * _APART_FRAMES + 1)
    frames = np.flatnonzero((rise == highest) & (rise > _LEAST_RISE_DB))
    times: Doubles = np.maximum(frames / SHORT_FRAMES_PER_SECOND - LATENCY_SECONDS, 0.0)
    return times


def _mel(hz: float) -> float:
    return float(2595 * np.log10(1 + hz / 700))


def _mean_power(level_db: NDArray[np.float16]) -> float:
    pieces = [
        np.power(10.0, level_db[start : start + _CHUNK_FRAMES].astype(np.float32) / 10).sum()
        for start in range(0, len(level_db), _CHUNK_FRAMES)
    ]
    return float(sum(pieces)) / max(level_db.size, 1)


def _flux(level_db: NDArray[np.float16], reference: float) -> Iterator[Floats]:
    """Rise of each group, chunk by chunk, (n, groups)."""
    before = np.zeros((_LAG_FRAMES, MEL_BANDS), np.float32)  # silence ahead of the file
    for start in range(0, len(level_db), _CHUNK_FRAMES):
        power = np.power(10.0, level_db[start : start + _CHUNK_FRAMES].astype(np.float32) / 10)
        level = np.concatenate((before, 10 * np.log10(1 + _COMPRESSION * power / reference)))
        around = ndimage.maximum_filter1d(level[:-_LAG_FRAMES], 3, axis=1)
        rise = np.maximum(level[_LAG_FRAMES:] - around, 0)
        before = level[-_LAG_FRAMES:]
        groups = [rise[:, low:high].mean(axis=1) for low, high in pairwise(GROUP_EDGES)]
        yield np.stack(groups, axis=1)
