"""Tempo from onset strengths: which pulse rates recur, and which of them is the beat.

The autocorrelation of the onset strength is high at the beat period and its multiples, its Fourier
spectrum at the beat rate and its multiples; their product is high at the metrical levels alone
(Peeters, "Template-based estimation of time-varying tempo", EURASIP JASP 2007). Among the levels, a
log-normal preference decides (McKinney and Moelants, ISMIR 2004), which is higher for dense music,
and a snare that falls on every second beat speaks for it.
A short file is probably a loop: levels with 4, 8, 16 … beats in it are preferred.
"""

from dataclasses import dataclass

import numpy as np
from scipy import fft

from audio.backbeat import Backbeat
from audio.blocks import SHORT_FRAMES_PER_SECOND, Floats
from audio.onsets import BEAT_WEIGHTS, Doubles

SLOWEST_BPM, FASTEST_BPM, _STEPS_PER_OCTAVE = 30.0, 320.0, 96
_STEPS = np.arange(int(np.log2(FASTEST_BPM / SLOWEST_BPM) * _STEPS_PER_OCTAVE) + 1)
GRID_BPM: Doubles = SLOWEST_BPM * 2.0 ** (_STEPS / _STEPS_PER_OCTAVE)
"""The tempos that are tried, (tempos,)."""

_WINDOW_SECONDS = 8.0
_FFT_SIZE = 8192
_MOST_WINDOWS = 600
_MULTIPLES = {1: 1.0, 2: 0.8, 3: 0.5, 4: 0.6}
"""Multiples of a period at which it must recur, with their weights."""
_LEAST_RECURRENCE = 0.02
_PERIODICITY_WEIGHT = 0.3
_USUAL_DENSITY = 4.0
"""Onsets per second at which the preferred tempo is the one below."""
_EVEN_TOLERANCE, _ALIKE_TOLERANCE = 0.06, 0.15
_METRONOME_BPM = (38.0, 220.0)
_METRONOME_BONUS = 3.0
_BACKBEAT_BONUS = 0.85
_LOOP_SECONDS = 20.0
_LOOP_CUT = 0.005
_LOOP_BONUS, _LOOP_TOLERANCE = 1.5, 0.025


@dataclass(frozen=True)
class Level:
    """One metrical level: a tempo at which the music pulses."""

    bpm: float
    recurrence: float
    """Mean autocorrelation at the first multiples of the period, at most 1."""
    score: float
    """Log of how much it looks like the beat."""


@dataclass(frozen=True)
class _Preference:
    """Log-normal preference of tempos."""

    bpm: float
    octaves: float
    per_density: float
    """Octaves by which it rises when the onsets double."""


_MUSIC = _Preference(105.0, 0.8, 0.3)
_LOOP = _Preference(130.0, 0.6, 0.3)


def metronome_bpm(onsets: Doubles, strengths: Doubles) -> float | None:
    """The rate of onsets that are evenly spaced and mostly alike: such a pulse is the beat itself.

    Args:
        onsets: times in seconds, at least two.
        strengths: how strong each of them is.

    Returns:
        Onsets per minute; None when they are no such pulse.
    """
    intervals = np.diff(onsets)
    usual = float(np.median(intervals))
    even = np.mean(np.abs(intervals / usual - 1) < _EVEN_TOLERANCE)
    alike = np.mean(np.abs(strengths / np.median(strengths) - 1) < _ALIKE_TOLERANCE)
    bpm = 60 / usual
    is_beat = even >= 0.9 and alike >= 0.5 and _METRONOME_BPM[0] <= bpm <= _METRONOME_BPM[1]
    return bpm if is_beat else None


def loop_bpm(bpm: float, seconds: float) -> float:
    """The tempo at which a short file holds whole bars of four, when it is within half a percent.

    A loop is cut more exactly than its few beats can be measured.
    """
    bars = round(seconds * bpm / 240)
    if seconds >= _LOOP_SECONDS or bars < 1:
        return bpm
    whole = 240 * bars / seconds
    return whole if abs(whole / bpm - 1) < _LOOP_CUT else bpm


def metrical_levels(
    groups: Floats,
    density: float,
    seconds: float,
    metronome: float | None = None,
    backbeat: Backbeat | None = None,
) -> list[Level]:
    """Find the tempos at which the music pulses, the most beat-like first.

    Args:
        groups: onset strength per band group, (frames, groups), 100 frames per second.
        density: onsets per second.
        seconds: length of the file.
        metronome: what ``metronome_bpm`` says.
        backbeat: how the strokes of a snare recur, where that was measured.
    """
    recurrence, periodicity = _mean_pulses(groups)
    pulse = np.maximum(recurrence, _LEAST_RECURRENCE) * periodicity
    inner = (pulse[1:-1] >= pulse[:-2]) & (pulse[1:-1] > pulse[2:])
    peaks = np.flatnonzero(inner & (GRID_BPM[1:-1] > 36) & (GRID_BPM[1:-1] < 300)) + 1
    peaks = peaks[np.argsort(-pulse[peaks])][:8]
    levels = [
        Level(
            bpm=float(GRID_BPM[at]),
            recurrence=float(recurrence[at]),
            score=float(
                np.log(max(recurrence[at], _LEAST_RECURRENCE))
                + _PERIODICITY_WEIGHT * np.log(periodicity[at] + 1e-9)
                + _preference(float(GRID_BPM[at]), density, seconds)
                + _METRONOME_BONUS * _is_near(float(GRID_BPM[at]), metronome)
                + _BACKBEAT_BONUS * (backbeat.at(float(GRID_BPM[at])) if backbeat else 0.0)
            ),
        )
        for at in peaks
        if pulse[at] > 0.08 * pulse[peaks[0]]
    ]
    return sorted(levels, key=lambda level: -level.score)


def _is_near(bpm: float, metronome: float | None) -> bool:
    return metronome is not None and abs(bpm / metronome - 1) < 0.04


def _preference(bpm: float, density: float, seconds: float) -> float:
    prefer = _LOOP if seconds < _LOOP_SECONDS else _MUSIC
    denser = float(np.clip(np.log2(max(density, 0.01) / _USUAL_DENSITY), -1.2, 1.2))
    away = np.log2(bpm / prefer.bpm) - prefer.per_density * denser
    log_prior = -0.5 * (away / prefer.octaves) ** 2
    beats = seconds * bpm / 60
    whole = 2.0 ** np.round(np.log2(beats))
    if seconds < _LOOP_SECONDS and whole >= 4:
        fit = np.log(beats / whole) / _LOOP_TOLERANCE
        log_prior += _LOOP_BONUS * np.exp(-0.5 * fit**2)
    return float(log_prior)


def _mean_pulses(groups: Floats) -> tuple[Doubles, Doubles]:
    """Recurrence and periodicity of every tempo, each (tempos,), over windows of 8 s."""
    size = min(len(groups), int(_WINDOW_SECONDS * SHORT_FRAMES_PER_SECOND))
    hop = max(SHORT_FRAMES_PER_SECOND, (len(groups) - size) // _MOST_WINDOWS)
    correlation, spectrum, windows = np.zeros(size), np.zeros(_FFT_SIZE // 2 + 1), 0
    taper = np.hanning(size)[:, None]
    for start in range(0, len(groups) - size + 1, hop):
        window = groups[start : start + size].astype(np.float64)
        centred = (window - window.mean(axis=0)) * BEAT_WEIGHTS
        energy = float((centred**2).sum())
        if energy <= 1e-9:
            continue
        power = np.abs(fft.rfft(centred, 2 * size, axis=0)) ** 2
        correlation += fft.irfft(power.sum(axis=1))[:size] / energy
        magnitude = np.abs(fft.rfft(centred * taper, _FFT_SIZE, axis=0)).sum(axis=1)
        spectrum += magnitude / np.sqrt(energy * size)
        windows += 1
    correlation /= max(windows, 1) * np.maximum(1 - np.arange(size) / size, 0.2)
    rates_bpm = np.arange(len(spectrum)) * 60 * SHORT_FRAMES_PER_SECOND / _FFT_SIZE
    return _comb(correlation), np.interp(GRID_BPM, rates_bpm, spectrum / max(windows, 1))


def _comb(correlation: Doubles) -> Doubles:
    """Weighted mean of the autocorrelation at the first multiples of each tempo's period."""
    lags = np.arange(len(correlation))
    period = 60 * SHORT_FRAMES_PER_SECOND / GRID_BPM
    total, weights = np.zeros(len(GRID_BPM)), np.full(len(GRID_BPM), 1e-9)
    for multiple, weight in _MULTIPLES.items():
        inside = multiple * period < len(correlation) - 1
        total += weight * inside * np.interp(multiple * period, lags, correlation)
        weights += weight * inside
    mean: Doubles = total / weights
    return mean
