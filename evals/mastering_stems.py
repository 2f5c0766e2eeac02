"""Random sessions of stems as a producer hands them in, and faults that are planted into them.

All stems of a session share tempo, key and chords. Every kind is clean by itself: also the quiet,
the wide, the hard-panned, the doubled, the limited and the dull ones.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import signal

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Made:
    """A stem that was made."""

    name: str
    rate: int
    samples: Doubles
    """(channels, frames), full scale 1."""


@dataclass(frozen=True)
class Song:
    """What the stems of a session share."""

    rate: int
    seconds: float
    beat: float
    """Seconds."""
    roots: tuple[int, ...]
    """MIDI note of each bar's chord."""
    random: np.random.Generator

    def frames(self) -> int:
        """Length in samples."""
        return round(self.seconds * self.rate)


def random_session(seed: int, stems: int = 5, seconds: float = 16.0, rate: int = 0) -> list[Made]:
    """A clean session.

    Args:
        seed: of everything in it.
        stems: how many.
        seconds: how long.
        rate: sample rate in hertz; 0 picks one.
    """
    random = np.random.default_rng(seed)
    rate = rate or int(random.choice([44100, 48000]))
    key = int(random.integers(36, 48))
    steps = random.choice([0, 5, 7, 9, 2, 4], 4)
    song = Song(rate, seconds, 60 / random.uniform(70, 170), tuple(key + steps), random)
    kinds = random.choice(len(KINDS), stems, replace=stems > len(KINDS))
    return [_finished(KINDS[int(kind)], song, number) for number, kind in enumerate(kinds)]


def _finished(kind: Callable[[Song], Doubles], song: Song, number: int) -> Made:
    """A stem with a level, a place and a finish."""
    random, mono = song.random, kind(song)
    samples = mono if mono.ndim == 2 else _placed(mono, song)
    level = 10 ** (random.uniform(-24, -1) / 20)
    if random.random() < 0.1:
        level *= 10 ** (-random.uniform(10, 30) / 20)
    samples = samples / max(float(np.abs(samples).max()), 1e-9) * level
    if random.random() < 0.15:  # a limited stem
        drive = 10 ** (random.uniform(3, 9) / 20)
        samples = level * np.tanh(drive * samples / level) / np.tanh(drive)
        block = signal.butter(1, 8, "high", fs=song.rate, output="sos")
        samples = signal.sosfilt(block, samples, axis=1)
    if random.random() < 0.15:  # tape
        sos = signal.butter(2, random.uniform(7000, 14000), fs=song.rate, output="sos")
        samples = signal.sosfilt(sos, samples, axis=1)
    noise = 10 ** (random.uniform(-110, -75) / 20) * random.random()
    samples = samples + noise * level * random.standard_normal(samples.shape)
    return Made(f"{number + 1}-{kind.__name__.strip('_')}", song.rate, samples)


def _placed(mono: Doubles, song: Song) -> Doubles:
    """Mono, in the middle, panned, hard-panned, wide, or with a room about it."""
    random = song.random
    place = random.choice(["mono", "middle", "panned", "hard", "wide", "room", "doubled"])
    if place == "mono":
        return mono[None]
    angle = {"panned": random.uniform(0.15, 0.85), "hard": float(random.integers(0, 2))}
    turn = angle.get(str(place), 0.5) * np.pi / 2
    pair = np.stack((np.cos(turn) * mono, np.sin(turn) * mono))
    if place == "wide":
        return pair + 0.5 * np.stack([_diffuse(mono, song, 0.02) for _ in range(2)])
    if place in ("room", "panned") and random.random() < 0.7:
        return pair + 0.25 * np.stack([_diffuse(mono, song, 0.3) for _ in range(2)])
    if place == "doubled":
        late = int(random.uniform(0.008, 0.03) * song.rate)
        return np.stack((mono, 0.9 * np.concatenate((np.zeros(late), mono[:-late]))))
    return pair


def _diffuse(mono: Doubles, song: Song, seconds: float) -> Doubles:
    """The sound in a room of noise that decays."""
    length = int(3 * seconds * song.rate)
    tail = song.random.standard_normal(length) * np.exp(-np.arange(length) / (seconds * song.rate))
    tail /= np.sqrt(np.sum(tail**2))
    return np.asarray(signal.oaconvolve(mono, tail)[: len(mono)])


def _notes(
    song: Song, beats: Doubles, voice: Callable[[float, float], Doubles], pitches: list[float]
) -> Doubles:
    """Play notes: each at a beat, with a pitch in hertz, as the voice sounds for so long."""
    out, humane = np.zeros(song.frames()), song.random.uniform(0, 0.006)
    for number, beat in enumerate(beats):
        at = max(round((beat * song.beat + song.random.normal(0, humane)) * song.rate), 0)
        following = beats[number + 1] if number + 1 < len(beats) else beat + 1
        note = voice(pitches[number % len(pitches)], float(following - beat) * song.beat)
        note = note[: max(song.frames() - at, 0)] * song.random.uniform(0.7, 1.0)
        out[at : at + len(note)] += note
    return out


def _beats(song: Song, step: float, keep: float = 1.0) -> Doubles:
    """Every so many beats, some left out."""
    beats = np.arange(0, song.seconds / song.beat - 0.5, step)
    kept = song.random.random(len(beats)) < keep
    kept[0] = True
    return np.asarray(beats[kept])


def _hertz(note: float) -> float:
    return float(440 * 2 ** ((note - 69) / 12))


def _decay(song: Song, seconds: float, length: float) -> Doubles:
    time = np.arange(int(length * song.rate)) / song.rate
    return np.asarray(np.exp(-time / seconds))


def _kick(song: Song) -> Doubles:
    tone, fall = song.random.uniform(42, 60), song.random.uniform(0.08, 0.25)

    def voice(pitch: float, length: float) -> Doubles:
        time = np.arange(int(0.5 * song.rate)) / song.rate
        sweep = tone * time + 4 * (1 - np.exp(-time / 0.03))
        fade = np.minimum(1, (time[-1] - time) / 0.05)
        return np.asarray(np.sin(2 * np.pi * sweep) * np.exp(-time / fall) * fade)

    return _notes(song, _beats(song, float(song.random.choice([1, 2])), 0.9), voice, [1.0])


def _snare(song: Song) -> Doubles:
    def voice(pitch: float, length: float) -> Doubles:
        noise = (
            song.random.standard_normal(int(0.3 * song.rate))
            * _decay(song, 0.06, 0.3)[: int(0.3 * song.rate)]
        )
        time = np.arange(len(noise)) / song.rate
        return np.asarray(noise + np.sin(2 * np.pi * 190 * time) * np.exp(-time / 0.05))

    return _notes(song, _beats(song, 2) + 1, voice, [1.0])


def _hat(song: Song) -> Doubles:
    sos = signal.butter(4, 6000, "high", fs=song.rate, output="sos")

    def voice(pitch: float, length: float) -> Doubles:
        noise = song.random.standard_normal(int(0.12 * song.rate))
        return np.asarray(signal.sosfilt(sos, noise) * _decay(song, 0.03, 0.12)[: len(noise)])

    off = float(song.random.choice([0.0, 0.5]))
    step = 1.0 if off else float(song.random.choice([0.5, 0.25]))
    return _notes(song, _beats(song, step) + off, voice, [1.0])


def _drums(song: Song) -> Doubles:
    parts = [_kick(song), _snare(song), 0.4 * _hat(song)]
    sides = [0.0, 0.1, song.random.uniform(-0.4, 0.4)]
    placed = zip(parts, sides, strict=True)
    return np.asarray(sum(np.stack(((1 - side) * one, (1 + side) * one)) for one, side in placed))


def _bass(song: Song) -> Doubles:
    rich = song.random.uniform(0.0, 0.8)

    def voice(pitch: float, length: float) -> Doubles:
        time = np.arange(int(length * 0.9 * song.rate)) / song.rate
        wave = sum(rich**n / n * np.sin(2 * np.pi * n * pitch * time) for n in range(1, 9))
        fade = np.minimum(1, np.minimum(time, time[-1] - time) / 0.01)
        return np.asarray(wave * fade * np.exp(-time / 0.8))

    step = float(song.random.choice([0.5, 1.0, 2.0]))
    bars = [_hertz(root - 12) for root in song.roots for _ in range(int(4 / step))]
    return _notes(song, _beats(song, step, 0.9), voice, bars)


def _sub_fifty(song: Song) -> Doubles:
    """A bass line on exactly 50 or 60 Hz, with pauses."""
    pitch = float(song.random.choice([50.0, 60.0]))

    def voice(_: float, length: float) -> Doubles:
        time = np.arange(int(length * 0.8 * song.rate)) / song.rate
        fade = np.minimum(1, np.minimum(time, time[-1] - time) / 0.02)
        return np.asarray(np.sin(2 * np.pi * pitch * time) * fade)

    return _notes(song, _beats(song, 1.0, 0.9), voice, [pitch])


def _pad(song: Song) -> Doubles:
    """Slow chords of detuned saws, wide."""
    bar = 4 * song.beat
    out = np.zeros((2, song.frames() + song.rate))
    rise = song.random.uniform(0.05, 0.6)
    for number in range(int(song.seconds / bar) + 1):
        at, length = round(number * bar * song.rate), int((bar + 0.3) * song.rate)
        time = np.arange(length) / song.rate
        shape = np.minimum(1, time / rise) * np.minimum(1, np.maximum(bar + 0.3 - time, 0) / 0.3)
        for side in range(2):
            chord = np.zeros(length)
            for note in (0, 4, 7):
                pitch = _hertz(song.roots[number % 4] + 12 + note) * song.random.uniform(
                    0.997, 1.003
                )
                phase = song.random.random()
                chord += signal.sawtooth(2 * np.pi * (pitch * time + phase))
            end = min(at + length, out.shape[1])
            out[side, at:end] += (chord * shape)[: end - at]
    sos = signal.butter(2, song.random.uniform(1500, 9000), fs=song.rate, output="sos")
    return np.asarray(signal.sosfilt(sos, out[:, : song.frames()], axis=1))


def _keys(song: Song) -> Doubles:
    def voice(pitch: float, length: float) -> Doubles:
        time = np.arange(int(1.2 * song.rate)) / song.rate
        wave = sum(
            0.6**n * np.sin(2 * np.pi * n * pitch * interval * time)
            for interval in (1, 1.26, 1.5)
            for n in range(1, 6)
        )
        return np.asarray(wave * np.exp(-time / 0.5) * np.minimum(1, time / 0.003))

    step = float(song.random.choice([0.5, 1.0, 1.5]))
    bars = [_hertz(root + 12) for root in song.roots for _ in range(max(int(4 / step), 1))]
    return _notes(song, _beats(song, step, 0.8), voice, bars)


def _voice(song: Song) -> Doubles:
    """A voice-like line with vibrato, formants, breath and pauses, free in its timing."""

    def voice(pitch: float, length: float) -> Doubles:
        time = np.arange(int(max(length * 0.85, 0.1) * song.rate)) / song.rate
        depth = 0.006 * np.sin(2 * np.pi * 5.5 * time + song.random.random())
        phase = np.cumsum(pitch * (1 + depth)) / song.rate
        pulse = np.sum([np.cos(2 * np.pi * n * phase) / n for n in range(1, 25)], axis=0)
        for centre in (600, 1200, 2600):
            b, a = signal.iirpeak(centre * song.random.uniform(0.8, 1.2), 4, fs=song.rate)
            pulse = pulse + 2 * signal.lfilter(b, a, pulse)
        breath = 0.03 * song.random.standard_normal(len(time))
        fade = np.minimum(1, np.minimum(time, time[-1] - time) / 0.05)
        return np.asarray((pulse + breath) * fade)

    scale = [_hertz(root + 24 + one) for root in song.roots for one in (0, 2, 4, 7)]
    beats = _beats(song, 1.0, 0.6)
    beats = beats + song.random.uniform(-0.12, 0.2, len(beats))
    return _notes(song, np.maximum(beats, 0), voice, scale)


def _sparse(song: Song) -> Doubles:
    """A few hits in much silence."""
    out = np.zeros(song.frames())
    for _ in range(int(song.random.integers(1, 4))):
        at = round(song.random.integers(0, int(song.seconds / song.beat)) * song.beat * song.rate)
        time = np.arange(int(2 * song.rate)) / song.rate
        ratios = np.array([[1], [2.76], [5.4]])
        bell = np.sum(np.sin(2 * np.pi * 900 * ratios * time) * np.exp(-time * ratios), axis=0)
        end = min(at + len(bell), len(out))
        out[at:end] += bell[: end - at]
    return out


def _noise(song: Song) -> Doubles:
    """A riser, or the sound of a room."""
    shape = np.linspace(0.01, 1, song.frames()) if song.random.random() < 0.5 else 1.0
    return np.asarray(song.random.standard_normal(song.frames()) * shape)


def _guitar(song: Song) -> Doubles:
    """Plucked strings (Karplus and Strong, 1983), strummed in eighths."""

    @cache
    def string(pitch: float) -> Doubles:
        period = max(int(song.rate / pitch), 2)
        burst = np.zeros(int(1.0 * song.rate))
        burst[:period] = song.random.uniform(-1, 1, period)
        burst[:period] -= burst[:period].mean()
        a = np.zeros(period + 2)
        a[0], a[period], a[period + 1] = 1, -0.498, -0.498
        return np.asarray(signal.lfilter([1.0], a, burst))

    bars = [_hertz(root + 12) for root in song.roots for _ in range(8)]
    return _notes(song, _beats(song, 0.5, 0.85), lambda pitch, _: string(pitch), bars)


def _square_lead(song: Song) -> Doubles:
    """Pulse waves of a chip, with an even mean."""
    duty = float(song.random.choice([0.125, 0.25, 0.5]))

    def voice(pitch: float, length: float) -> Doubles:
        time = np.arange(int(length * 0.9 * song.rate)) / song.rate
        wave = signal.square(2 * np.pi * pitch * time, duty)
        return np.asarray((wave - (2 * duty - 1)) * np.exp(-time / 0.7))

    scale = [_hertz(root + 24 + one) for root in song.roots for one in (0, 4, 7, 12)]
    return _notes(song, _beats(song, 0.5, 0.7), voice, scale)


KINDS: tuple[Callable[[Song], Doubles], ...] = (
    _kick, _snare, _hat, _drums, _bass, _sub_fifty, _pad, _keys, _voice, _sparse, _noise, _guitar,
    _square_lead,
)  # fmt: skip


def plant(kind: str, stem: Made, random: np.random.Generator) -> Made:
    """The stem with a fault of one kind."""
    samples, rate = stem.samples.copy(), stem.rate
    if kind == "clipping":
        limit = float(np.quantile(np.abs(samples[np.abs(samples) > 1e-4]), 0.99))
        samples = np.clip(samples, -limit, limit)
        if random.random() < 0.5:
            samples = samples / limit
    elif kind == "dc":
        samples = samples + random.choice([-1, 1]) * random.uniform(0.005, 0.03)
    elif kind == "polarity":
        samples[1] = -samples[1]
    elif kind == "imbalance":
        samples[int(random.integers(0, 2))] *= 10 ** (-random.uniform(5.5, 9) / 20)
    elif kind == "hum":
        samples = samples + _hum(rate, samples.shape[1], random)
    elif kind == "offset":
        late = round(random.uniform(0.1, 0.6) * rate)
        silence = np.zeros((len(samples), late))
        samples = np.concatenate((silence, samples), axis=1)[:, : samples.shape[1]]
    elif kind == "silent":
        samples = samples * 0 + 10 ** (-96 / 20) * random.standard_normal(samples.shape)
    elif kind == "sample_rate":
        other = 48000 if rate == 44100 else 44100
        return Made(stem.name, other, signal.resample_poly(samples, other // 300, rate // 300, 1))
    elif kind == "cutoff":
        edge = random.uniform(15000, 17500)
        taps = signal.firwin(1023, edge, fs=rate, window=("kaiser", 9.0))
        samples = signal.oaconvolve(samples, taps[None], mode="same", axes=1)
    return replace(stem, samples=samples)


def _hum(rate: int, frames: int, random: np.random.Generator) -> Doubles:
    time = np.arange(frames) / rate
    mains = float(random.choice([50, 60])) * random.uniform(0.999, 1.001)
    level = 10 ** (random.uniform(-46, -30) / 20)
    strengths = [1.0, *random.uniform(0.05, 0.5, 5)]
    return np.asarray(
        level * sum(
            one * np.sin(2 * np.pi * mains * (n + 1) * time + n) for n, one in enumerate(strengths)
        )
    )  # fmt: skip
