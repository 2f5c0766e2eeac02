"""Render the demo song and its truth: ``python -m demo.render`` from the repository's root.

The mix is left unmastered on purpose, and carries two mild faults: a mains hum and a DC offset.
"""

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy import signal

from demo import parts, score, voices
from demo.voices import Samples

HERE = Path(__file__).parent
SEED = 112
HUMAN_SECONDS = 0.004
"""No stroke or note is further from the grid than this."""
MIX_GAIN = 0.156
"""Sets the integrated loudness to about -21 LUFS."""
HUM_PARTIALS = {1: 1.0, 2: 0.3, 3: 0.5, 5: 0.25}
"""Amplitude of each harmonic of the hum."""


class Channel(NamedTuple):
    """One strip of the mixing desk."""

    voice: voices.Voice
    notes: list[score.Note]
    gain: float
    pan: float
    """-1 left .. 1 right"""
    send: float
    """Share that goes to the reverb."""


class Bus(NamedTuple):
    """Two stereo sums, float64, (2, frames)."""

    dry: Samples
    send: Samples

    def add(self, sound: Samples, start: float, pan: float, send: float) -> None:
        """Mix in a sound at ``start`` seconds; what lies beyond the end is dropped."""
        angle = (pan + 1) * np.pi / 4
        sides = np.sqrt(2) * np.array([[np.cos(angle)], [np.sin(angle)]])
        first = round(start * score.SAMPLE_RATE_HZ)
        last = min(first + sound.shape[-1], self.dry.shape[-1])
        placed = (np.atleast_2d(sound) * sides)[:, : last - first]
        self.dry[:, first:last] += placed
        self.send[:, first:last] += send * placed


def desk() -> list[Channel]:
    """The pitched instruments and how they are mixed."""
    return [
        Channel(voices.electric_piano, parts.play(parts.piano), 0.6, -0.2, 0.25),
        Channel(voices.pad, parts.play(parts.pad), 0.24, 0.0, 0.3),
        Channel(voices.bass, parts.play(parts.bass), 0.62, 0.0, 0.0),
        Channel(voices.guitar, parts.guitar(), 0.7, 0.25, 0.3),
        Channel(voices.lead, parts.lead(), 0.52, 0.1, 0.35),
    ]


KIT = {
    "kick": (1.28, 0.0, 0.02),
    "snare": (1.05, -0.05, 0.2),
    "hat": (0.45, 0.35, 0.05),
    "open hat": (0.38, 0.35, 0.08),
    "crash": (0.36, -0.35, 0.2),
}
"""Gain, pan and reverb send of each drum."""


def when(beat: float, rng: np.random.Generator) -> float:
    """A beat's time in the file, a little off as a player is; never in the silence."""
    swing = float(np.clip(rng.normal(0, HUMAN_SECONDS / 2), -HUMAN_SECONDS, HUMAN_SECONDS))
    return max(score.seconds(beat) + swing, score.SILENCE_START_SECONDS)


def reverb(send: Samples) -> Samples:
    """A small hall: decorrelated noise that falls by 60 dB in 1.2 s, after 18 ms."""
    time = voices.clock(1.2)
    tail = np.stack([voices.noise(1.2, 250, 5500, seed) for seed in (11, 12)])
    tail *= 10 ** (-3 * time / 1.2) * np.minimum(time / 0.01, 1)
    tail /= np.sqrt(np.sum(tail**2, axis=1, keepdims=True))
    late = np.pad(tail, ((0, 0), (round(0.018 * score.SAMPLE_RATE_HZ), 0)))
    return np.asarray(signal.fftconvolve(send, late, axes=1)[:, : send.shape[1]])


def music(frames: int) -> Samples:
    """The song without faults and without its last fade: float64, (2, frames)."""
    rng = np.random.default_rng(SEED)
    bus = Bus(np.zeros((2, frames)), np.zeros((2, frames)))
    for voice, notes, gain, pan, send in desk():
        played = cache(voice)
        for beat, beats, pitch, velocity in notes:
            sound = played(pitch, beats * 60 / score.BPM)
            bus.add(gain * velocity * sound, when(beat, rng), pan, send)
    kit = voices.drum_kit()
    for beat, drum, velocity in (hit for bar in parts.every_bar() for hit in parts.drums(bar)):
        gain, pan, send = KIT[drum]
        loudness = velocity * rng.uniform(0.92, 1.0)
        bus.add(gain * loudness * kit[drum], when(beat, rng), pan, send)
    rumble = signal.butter(2, 25, "highpass", fs=score.SAMPLE_RATE_HZ, output="sos")
    return np.asarray(MIX_GAIN * signal.sosfilt(rumble, bus.dry + reverb(bus.send), axis=1))


def faults(time: Samples) -> Samples:
    """The mains hum and the DC offset, faded over 5 ms at both ends."""
    hum = sum(
        amplitude * np.sin(2 * np.pi * score.HUM_HZ * k * time + k)
        for k, amplitude in HUM_PARTIALS.items()
    )
    rms = np.sqrt(sum(amplitude**2 for amplitude in HUM_PARTIALS.values()) / 2)
    level = 10 ** (score.HUM_DBFS / 20) / rms
    return np.asarray((level * hum + score.DC_OFFSET) * voices.edges(time, 0.005, 0.005))


def render() -> NDArray[np.int16]:
    """The finished file's samples: int16, (frames, 2), at 44.1 kHz."""
    rate = score.SAMPLE_RATE_HZ
    first, last = round(score.SILENCE_START_SECONDS * rate), round(score.end_seconds() * rate)
    frames = round((score.end_seconds() + score.SILENCE_END_SECONDS) * rate)
    time = np.arange(last - first) / rate
    sounding = music(frames)[:, first:last] * voices.edges(time, 1e-4, 0.5) + faults(time)
    if np.abs(sounding).max() >= 1:
        raise ValueError("The mix clips: lower MIX_GAIN.")
    mix = np.zeros((frames, 2), dtype=np.int16)
    mix[first:last] = np.round(sounding.T * 32767).astype(np.int16)
    return mix


def main() -> None:
    """Write ``mix.flac`` and ``truth.json`` beside this file."""
    soundfile.write(HERE / "mix.flac", render(), score.SAMPLE_RATE_HZ, subtype="PCM_16")
    truth = json.dumps(score.truth(), indent=1)
    (HERE / "truth.json").write_text(truth + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
