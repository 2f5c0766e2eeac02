"""The rhythm of a file: tempo and its alternatives, beats, downbeats, meter and onsets."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from audio.accents import musical_accents, odd_accents, strength_at
from audio.backbeat import find_backbeat
from audio.bars import find_bars
from audio.beats import Beats, find_beats, place_beats
from audio.blocks import SHORT_FRAMES_PER_SECOND, Block, Floats, Stream
from audio.harmonic_change import chroma_filters
from audio.offbeats import settle_phase
from audio.onsets import Doubles, OnsetStrength, mel_filters, onset_strength, pick_onsets
from audio.tempo import Level, loop_bpm, metrical_levels, metronome_bpm

_FEWEST_ONSETS = 4
_FEWEST_BEATS = 3
_LEAST_RECURRENCE = 0.01
_CLEAR_RECURRENCE = 0.2
_FARTHEST = 0.06
_STILL = 0.05
"""First samples of a sound that begins, against the loudest of its first 5 ms."""
_QUIET = 0.01
"""First 5 ms of a file that begins before its music, against its loudest sample."""
_OCTAVE = 0.04
"""Two levels are an octave apart within this share."""
_CERTAINTY = 3.0
"""Turns differences of scores into odds: with it, the confidence is as high as the hit rate."""
_TEMPO_METHOD = "autocorrelation times Fourier tempogram of 7-band spectral flux, log-normal prior"
_ONSETS_METHOD = "peaks of the spectral flux, 10 ms steps"


@dataclass(frozen=True)
class Rhythm:
    """What was measured; where it can't be told, the value is None or empty and the method why."""

    bpm: float | None
    """Beats per minute."""
    confidence: float
    """0..1, how sure the tempo is, its octave included."""
    alternatives_bpm: list[float]
    """Other tempos that fit, the likeliest first."""
    octave_confidence: float
    """0..1, how likely the first alternative at half or twice the tempo is the beat instead."""
    tempo_method: str
    beats: list[float]
    """Beat times in seconds."""
    beats_confidence: float
    """0..1."""
    beats_method: str
    downbeats: list[float]
    """Times of the first beats of the bars, in seconds."""
    downbeats_confidence: float
    """0..1."""
    meter: str | None
    """``3/4`` or ``4/4``: three or four beats in a bar."""
    meter_confidence: float
    """0..1."""
    meter_method: str
    """How the bars were found, for the downbeats too."""
    onset_times: list[float]
    """Times at which notes begin, in seconds."""
    onsets_per_second: float
    onsets_method: str


class RhythmMeter:
    """Watches the blocks of a file, then says its rhythm; it keeps about 9 kB per second."""

    def __init__(self, stream: Stream) -> None:
        self._seconds = stream.seconds
        self._mel = mel_filters(stream.frequencies(stream.short_fft))
        self._pitch = chroma_filters(stream.frequencies(stream.long_fft))
        self._levels: list[NDArray[np.float16]] = []
        self._chroma: list[Floats] = []
        self._rate = stream.sample_rate_hz
        self._rises, self._opening, self._loudest = True, 0.0, 0.0

    def push(self, block: Block) -> None:
        """Take the next block."""
        if block.start == 0:
            opening = np.abs(block.samples[:, : max(4, self._rate // 200)])
            self._opening = float(opening.max(initial=0.0))
            self._rises = float(opening[:, :3].max(initial=0.0)) <= _STILL * self._opening
        self._loudest = max(self._loudest, float(np.abs(block.samples).max(initial=0.0)))
        power = np.maximum(block.short @ self._mel, 1e-12)
        self._levels.append((10 * np.log10(power)).astype(np.float16))
        self._chroma.append(np.sqrt(block.long) @ self._pitch)

    def finish(self) -> Rhythm:
        """Say what the rhythm is."""
        strength = onset_strength(np.concatenate(self._levels))
        onsets = pick_onsets(strength)
        plain = _onsets_alone(onsets, self._seconds)
        if len(onsets) < _FEWEST_ONSETS:
            return _no_pulse(plain, f"{len(onsets)} note onsets are too few for a pulse")
        metronome = metronome_bpm(onsets, strength_at(onsets, strength.rise_db))
        density = plain.onsets_per_second
        backbeat = find_backbeat(strength.bursts)
        levels = metrical_levels(strength.groups, density, self._seconds, metronome, backbeat)
        if not levels or levels[0].recurrence < _LEAST_RECURRENCE:
            return _no_pulse(plain, "no pulse recurs among the note onsets")
        chroma = np.concatenate(self._chroma)
        beats = _beats_of(strength, onsets, levels[0].bpm)
        if len(beats.times) < _FEWEST_BEATS:
            return _no_pulse(plain, f"{len(beats.times)} beats are too few for a tempo")
        beginning = float(onsets[0]) if self._begins() else None
        times = settle_phase(beats.times, strength, backbeat, chroma, beginning)
        beats = replace(beats, times=times)
        timed = _with_beats(plain, beats, levels, self._seconds)
        if metronome is None:
            accents = musical_accents(beats.times, strength.bass(), chroma)
        else:
            accents = odd_accents(beats.times, strength.groups)
        return _with_bars(timed, beats, accents)

    def _begins(self) -> bool:
        """Whether the music begins in the file, which is not cut out of the midst of it."""
        return self._rises or self._opening <= _QUIET * self._loudest


def _onsets_alone(onsets: Doubles, seconds: float) -> Rhythm:
    return Rhythm(
        bpm=None,
        confidence=0.0,
        alternatives_bpm=[],
        octave_confidence=0.0,
        tempo_method=_TEMPO_METHOD,
        beats=[],
        beats_confidence=0.0,
        beats_method="",
        downbeats=[],
        downbeats_confidence=0.0,
        meter=None,
        meter_confidence=0.0,
        meter_method="",
        onset_times=[round(float(time), 3) for time in onsets],
        onsets_per_second=round(len(onsets) / seconds, 3) if seconds > 0 else 0.0,
        onsets_method=_ONSETS_METHOD,
    )


def _no_pulse(plain: Rhythm, why: str) -> Rhythm:
    return replace(plain, tempo_method=why, beats_method=why, meter_method=why)


def _beats_of(strength: OnsetStrength, onsets: Doubles, bpm: float) -> Beats:
    """Find the beats and drop those before the first and after the last sound."""
    combined = strength.combined()
    period = 60 * SHORT_FRAMES_PER_SECOND / bpm
    frames = find_beats(combined, period)
    first, last = onsets[0] * SHORT_FRAMES_PER_SECOND, onsets[-1] * SHORT_FRAMES_PER_SECOND
    frames = frames[(frames > first - period / 4) & (frames < last + period / 2)]
    if len(frames) < _FEWEST_BEATS:
        return Beats(np.zeros(0), bpm, False)
    return place_beats(frames, combined)


def _tempo_of(beats: Beats, level_bpm: float, seconds: float) -> tuple[float, str]:
    """The value of the tempo and where it comes from."""
    if abs(beats.bpm / level_bpm - 1) > _FARTHEST:
        return level_bpm, "highest of the tempogram, as the beats wander"
    if not beats.steady:
        return beats.bpm, "median over spans of 16 beats"
    looped = loop_bpm(beats.bpm, seconds)
    whole = ", whole bars fill the file" if looped != beats.bpm else ""
    return looped, f"even grid through the beats{whole}"


def _with_beats(plain: Rhythm, beats: Beats, levels: list[Level], seconds: float) -> Rhythm:
    shares = np.exp([_CERTAINTY * (level.score - levels[0].score) for level in levels])
    clear = min(1.0, levels[0].recurrence / _CLEAR_RECURRENCE) ** 0.5
    bpm, way = _tempo_of(beats, levels[0].bpm, seconds)
    octave = next((level for level in levels[1:] if _is_octave(level, levels[0])), None)
    others = levels[1:4] + [octave for octave in (octave,) if octave and octave not in levels[1:4]]
    return replace(
        plain,
        bpm=round(bpm, 2),
        confidence=round(float(clear * shares[0] / shares.sum()), 3),
        alternatives_bpm=[round(level.bpm * bpm / levels[0].bpm, 2) for level in others],
        octave_confidence=_chance(octave, levels[0]) if octave else 0.0,
        tempo_method=f"{_TEMPO_METHOD}; value: {way}",
        beats=[round(float(time), 3) for time in beats.times],
        beats_confidence=round(float(clear), 3),
        beats_method="semi-Markov chain of beats through the spectral flux, tempo may drift"
        + (", even grid" if beats.steady else ""),
    )


def _is_octave(level: Level, told: Level) -> bool:
    """Whether a level is half or twice the one that is told."""
    return any(abs(level.bpm / told.bpm * by - 1) < _OCTAVE for by in (0.5, 2.0))


def _chance(level: Level, told: Level) -> float:
    """How likely it is this level rather than the one that is told, 0..0.5."""
    return round(float(1 / (1 + np.exp(_CERTAINTY * (told.score - level.score)))), 3)


def _with_bars(timed: Rhythm, beats: Beats, accents: Doubles) -> Rhythm:
    bars = find_bars(beats.times, accents)
    told = f"{bars.beats_per_bar}/4" if bars.beats_per_bar else None
    return replace(
        timed,
        downbeats=[timed.beats[at] for at in bars.downbeats],
        downbeats_confidence=round(bars.phase_confidence * timed.beats_confidence, 3),
        meter=told,
        meter_confidence=round(bars.confidence, 3),
        meter_method=bars.method,
    )
