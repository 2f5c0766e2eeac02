"""The frequency response of a program that a model wrote, measured by running it on noise.

Welch's averaged periodograms (1967) give the transfer function of what is linear and does not
change in time, and the coherence says how much of the result that explains (Bendat and Piersol,
Random Data, section 9.2).
"""

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from agents.coding.rehearsal import Rehearsal
from audio.assets import AssetRef
from audio.probing.signals import noise

PROBE_SECONDS = 6.0
LINEAR = 0.9
"""Coherence from which on a result follows from its source by a fixed response."""
FLAT_DB = 0.5
"""A response that varies less is a gain."""

_LEVEL = 0.1
"""RMS of the probe; its peaks stay below full scale, and louder effects have room."""
_WINDOW = 16_384
_PER_OCTAVE = 3
_LOWEST_HZ = 20.0
_AUDIBLE = 1e-8
"""Power of the result against its highest band, below which nothing is told."""


@dataclass(frozen=True)
class Response:
    """What a program does to each band of a third of an octave."""

    hertz: NDArray[np.float64]
    """Their centres."""
    decibels: NDArray[np.float64]
    coherence: float
    """Share of the result's power that a short response explains, 0..1."""

    @property
    def is_fixed(self) -> bool:
        """Whether there is such a response at all."""
        return self.coherence >= LINEAR

    @property
    def is_flat(self) -> bool:
        """Whether it treats all frequencies alike."""
        return float(np.ptp(self.decibels)) < FLAT_DB

    @property
    def table(self) -> str:
        """As comma-separated values."""
        rows = (f"{f:.1f},{level:.2f}" for f, level in zip(self.hertz, self.decibels, strict=True))
        return "\n".join(["hz,db", *rows, ""])

    @property
    def told(self) -> str:
        """In one sentence."""
        if not self.is_fixed:
            share = f"{100 * self.coherence:.0f} %"
            return f"run on noise, {share} of its result follows from a short fixed response"
        if self.is_flat:
            return f"run on noise, its response is flat at {np.mean(self.decibels):+.1f} dB"
        top = int(np.argmax(self.decibels))
        parts = [f"highest at {_hz(self.hertz[top])} ({self.decibels[top]:+.1f} dB)"]
        for side, corner in (("below", self._corner(top, -1)), ("above", self._corner(top, 1))):
            parts += [f"3 dB less {side} {_hz(corner)}"] if corner else []
        parts.append(f"lowest at {_hz(self.hertz[np.argmin(self.decibels)])} "
                     f"({self.decibels.min():+.1f} dB)")  # fmt: skip
        return f"run on noise, its response is {', '.join(parts)}"

    def _corner(self, top: int, way: int) -> float | None:
        """Where it first is 3 dB below its highest, going one way; between bands by a line."""
        level, at = self.decibels[top] - 3.0, top
        while 0 <= at + way < len(self.hertz):
            if self.decibels[at + way] <= level:
                far = (self.decibels[at] - level) / (self.decibels[at] - self.decibels[at + way])
                return float(self.hertz[at] * (self.hertz[at + way] / self.hertz[at]) ** far)
            at += way
        return None


def probed(rehearsal: Rehearsal) -> Response | None:
    """Run a program on noise in place of its first sound; None where no such sound comes of it."""
    source = rehearsal.sources[0]
    rate = source.sample_rate_hz or 48_000
    given = noise(source.channels or 1, round(PROBE_SECONDS * rate), seed=1, level=_LEVEL)
    probe = _stored(rehearsal, given, rate)
    with replace(rehearsal, sources=(probe,) * len(rehearsal.sources)).run() as run:
        sounds = [path for path in run.outputs.values() if path.suffix in (".wav", ".flac")]
        if run.fault or len(sounds) != 1:
            return None
        try:
            made, rate_made = soundfile.read(sounds[0], always_2d=True)
        except soundfile.SoundFileError:
            return None
    shorter = min(len(made), given.shape[1])
    if rate_made != rate or shorter < 2 * _WINDOW or not np.all(np.isfinite(made)):
        return None
    return response_of(given[0, :shorter].astype(np.float64), made[:shorter, 0], rate)


def response_of(
    given: NDArray[np.float64], made: NDArray[np.float64], rate: int
) -> Response | None:
    """The response between two signals.

    Args:
        given: what went in: (frames,).
        made: what came out: (frames,).
        rate: sample rate in hertz.
    """
    from scipy import signal

    hertz, power = signal.welch(given, rate, nperseg=_WINDOW)
    _, power_made = signal.welch(made, rate, nperseg=_WINDOW)
    _, cross = signal.csd(given, made, rate, nperseg=_WINDOW)
    explained = np.abs(cross) ** 2 / np.maximum(power, 1e-30)
    whole = float(power_made.sum())
    if whole < 1e-20:
        return None
    count = int(_PER_OCTAVE * np.log2(0.45 * rate / _LOWEST_HZ))
    centres = _LOWEST_HZ * 2.0 ** (np.arange(count + 1) / _PER_OCTAVE)
    half = 2.0 ** (0.5 / _PER_OCTAVE)
    bands = [(hertz >= one / half) & (hertz < one * half) for one in centres]
    levels = np.array([_mean(explained[band]) / _mean(power[band]) for band in bands])
    kept = levels > _AUDIBLE * levels.max(initial=0.0)
    decibels = 10 * np.log10(levels[kept])
    return Response(centres[kept], decibels, min(1.0, float(explained.sum()) / whole))


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else 1e-30


def _stored(rehearsal: Rehearsal, samples: NDArray[np.float64], rate: int) -> AssetRef:
    with tempfile.TemporaryDirectory(prefix="grym-code-") as folder:
        path = Path(folder) / "probe.wav"
        soundfile.write(path, samples.T, rate, subtype="PCM_24")
        return rehearsal.assets.add(path, "audio", path.name)


def _hz(value: float) -> str:
    return f"{value / 1000:.3g} kHz" if value >= 1000 else f"{value:.3g} Hz"
