"""A vector of how a sound sounds, so that near vectors mean like sounds; no model is in it.

Three parts, each scaled so that one unit is about what an ear calls another sound: timbre (which
bands are strong, and how much each moves), envelope (how it begins, holds and dies away), and
rhythm (how fast low, middle and high bands pulse, as the fluctuation patterns of Pampalk, Rauber
and Merkl, "Content-based organization and visualization of music archives", ACM MM 2002).
Loudness is in none of them.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from audio.blocks import SHORT_FRAMES_PER_SECOND, Block, Floats, Stream
from audio.library.envelope import ENVELOPE_PER_SECOND, Envelope
from audio.library.vectors import DIMENSIONS
from audio.onsets import MEL_BANDS, mel_filters

_BANDS = MEL_BANDS // 2
_RANGE_DB = 60.0
_LEVEL_DB, _MOTION_DB = 10.0, 6.0
"""One unit of the timbre parts."""
_SHAPE_STEPS = np.array([0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6])
"""Times after the peak at which a single event is read, in seconds."""
_FEW_EVENTS = 2
_SPREAD = np.array([98, 90, 80, 65, 50, 35, 20, 10])
"""Of sounds that are struck more often: percentiles of the level, from loud to quiet."""
_SHAPE_DB = 15.0
_PULSES_HZ = np.array([0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0])
_PULSE_GROUPS = ((0, 6), (6, 14), (14, 20))
_BLUR = 0.6
"""How much of a pulse rate counts for its neighbours, so that near tempos are alike."""
_RHYTHM_SECONDS = 1.2
_SPAN = 8 * SHORT_FRAMES_PER_SECOND
_TIMBRE, _MOTION, _SHAPE, _RHYTHM = 1.0, 0.7, 0.8, 1.2
"""Weights of the parts; the root mean square of each part is taken."""

Doubles = NDArray[np.float64]


class LikenessMeter:
    """Keep the levels of twenty bands, a hundred times a second, and the spectrum's flatness."""

    def __init__(self, stream: Stream) -> None:
        self._mel = mel_filters(stream.frequencies(stream.short_fft))
        frequencies = stream.frequencies(stream.short_fft)
        self._flat = slice(*np.searchsorted(frequencies, (100.0, 10_000.0)))
        self._levels: list[NDArray[np.float16]] = []
        self._flatness, self._weight = 0.0, 0.0

    def push(self, block: Block) -> None:
        """Take the next block."""
        if not len(block.short):
            return
        bands = (block.short @ self._mel).reshape(len(block.short), _BANDS, 2).sum(axis=2)
        self._levels.append((10 * np.log10(np.maximum(bands, 1e-9))).astype(np.float16))
        self._watch_flatness(block.short[:, self._flat])

    @property
    def noisiness(self) -> float | None:
        """Geometric over arithmetic mean of the power from 100 Hz to 10 kHz, by energy: 0..1."""
        return self._flatness / self._weight if self._weight > 0 else None

    def finish(self, envelope: Envelope) -> Floats:
        """The vector: float32, (DIMENSIONS,)."""
        pieces = [piece.astype(np.float32) for piece in self._levels]
        level = np.concatenate([*pieces, np.zeros((0, _BANDS), np.float32)])
        if not len(level):
            return np.zeros(DIMENSIONS, np.float32)
        (bands, motion), shape, rhythm = _timbre(level), _shape(envelope), _rhythm(level)
        weighed = (
            _TIMBRE * bands / np.sqrt(_BANDS),
            _MOTION * motion / np.sqrt(_BANDS),
            _SHAPE * shape / np.sqrt(len(shape)),
            _RHYTHM * rhythm / np.sqrt(len(_PULSE_GROUPS)),
        )
        return np.concatenate(weighed).astype(np.float32)

    def _watch_flatness(self, power: Floats) -> None:
        mean = power.mean(axis=1)
        loud = mean > 1e-10
        if not loud.any():
            return
        logs = np.log(np.maximum(power[loud], 1e-14)).mean(axis=1)
        flat = np.exp(logs) / mean[loud]
        self._flatness += float((flat * mean[loud]).sum())
        self._weight += float(mean[loud].sum())


def _timbre(level: Floats) -> tuple[Floats, Floats]:
    """Mean level of each band under the loudest, and its spread over time: each (bands,)."""
    power = 10 ** (level.astype(np.float64) / 10)
    total = power.sum(axis=1)
    sounding = total > 1e-4 * total.max()
    mean = 10 * np.log10(np.maximum(power[sounding].mean(axis=0), 1e-12))
    bands = np.maximum(mean - mean.max(), -_RANGE_DB) / _LEVEL_DB
    floor = level[sounding].max() - _RANGE_DB
    motion = np.maximum(level[sounding], floor).std(axis=0) / _MOTION_DB
    return bands.astype(np.float32), motion.astype(np.float32)


def _shape(envelope: Envelope) -> Floats:
    """How the level falls or is spread, attack, length, how often it is struck: (11,)."""
    level = envelope.level_db
    if not len(level):
        return np.zeros(len(_SHAPE_STEPS) + 3, np.float32)
    if envelope.events > _FEW_EVENTS:
        fallen = np.percentile(level, _SPREAD) - level.max()
    else:
        peak = int(level.argmax())
        at = peak + np.round(_SHAPE_STEPS * ENVELOPE_PER_SECOND).astype(int)
        padded = np.concatenate((level, np.full(int(at[-1]) + 2, -_RANGE_DB + level.max())))
        fallen = np.array([padded[one : one + 3].max() for one in at]) - level.max()
    shape = np.maximum(fallen, -_RANGE_DB) / _SHAPE_DB
    attack = np.log2(max(envelope.attack_seconds or 0.0, 0.005) / 0.005) / 4
    seconds = np.log2(max(len(level) / ENVELOPE_PER_SECOND, 0.05)) / 2
    struck = np.log2(max(envelope.events, 1))
    return np.array([*shape, attack, seconds, struck], np.float32)


def _rhythm(level: Floats) -> Floats:
    """Strength of each pulse rate in low, middle and high bands: (groups * rates,)."""
    wanted = len(_PULSES_HZ) * len(_PULSE_GROUPS)
    if len(level) < _RHYTHM_SECONDS * SHORT_FRAMES_PER_SECOND:
        return np.zeros(wanted, np.float32)
    rise = np.maximum(np.diff(np.maximum(level, level.max() - _RANGE_DB), axis=0), 0)
    groups = np.stack([rise[:, low:high].mean(axis=1) for low, high in _PULSE_GROUPS], axis=1)
    total = np.zeros((len(_PULSE_GROUPS), len(_PULSES_HZ)))
    spans = 0
    for start in range(0, max(len(groups) - _SPAN, 0) + 1, _SPAN):
        total += _pulses(groups[start : start + _SPAN])
        spans += 1
    strength = total / spans
    beside = np.pad(strength, ((0, 0), (1, 1)))
    strength = strength + _BLUR * (beside[:, :-2] + beside[:, 2:])
    strength /= np.linalg.norm(strength) + 1e-9
    return strength.astype(np.float32).ravel()


def _pulses(rises: Floats) -> Doubles:
    """Magnitude of the Fourier spectrum of the rises about each pulse rate: (groups, rates)."""
    centred = (rises - rises.mean(axis=0)) * np.hanning(len(rises))[:, None]
    size = max(1024, 1 << int(np.ceil(np.log2(len(rises)))))
    spectrum = np.abs(np.fft.rfft(centred, size, axis=0))
    rates = np.arange(len(spectrum)) * SHORT_FRAMES_PER_SECOND / size
    edges = np.sqrt(_PULSES_HZ[:-1] * _PULSES_HZ[1:])
    bounds = np.searchsorted(rates, np.concatenate(([0.35], edges, [16.0])))
    pulses = [spectrum[low:high].max(axis=0) for low, high in pairwise(bounds)]
    strengths: Doubles = np.stack(pulses, axis=1).astype(np.float64)
    return strengths
