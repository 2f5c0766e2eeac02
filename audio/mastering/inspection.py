"""One pass over a recording: all that its faults and its place among the others need."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio.blocks import Stream, open_stream, read_blocks
from audio.clipping import ClippingMeter
from audio.cutoff import CutoffMeter
from audio.hum import HumMeter, SteadyLine
from audio.levels import LevelMeter
from audio.loudness import LoudnessMeter
from audio.mastering.leaning import LeanMeter
from audio.mastering.likeness import Shape, ShapeKeeper
from audio.mastering.moments import MomentMeter, Offsets, Windows
from audio.mastering.pulse import OnsetKeeper, Onsets
from audio.measurement import Measurement
from audio.stereo import StereoMeter
from audio.true_peak import TruePeakMeter
from audio.truncation import missing_seconds

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Heard:
    """What was heard of one recording."""

    stream: Stream
    """Its ``frames`` are those that could be decoded."""
    promised: int
    """Frames that the header gives."""
    not_numbers: int
    """Samples that are no number or infinite, and count as silence."""
    measured: dict[str, Measurement]
    """By aspect: loudness, true peak, crest, clipping, hum, cut-off, stereo."""
    rms: Doubles
    """Root mean square of each channel without its offset, full scale 1: (channels,)."""
    peak: float
    """Highest sample without the channel's offset, full scale 1."""
    offsets: Offsets
    windows: Windows
    onsets: Onsets
    shape: Shape
    lean: LeanMeter
    """Which has watched all of it."""
    hum: tuple[SteadyLine, ...]
    """The lines of the hum that was found."""
    piled: int
    """Samples that clipping piled up at a ceiling, at any level."""

    def number(self, aspect: str) -> float | None:
        """The value of an aspect; None where it can't be told."""
        value = self.measured[aspect].value
        return float(value) if isinstance(value, int | float) else None


def inspect(path: Path) -> Heard:
    """Measure a recording once through.

    Raises:
        MediaRejected: nothing of it can be decoded.
    """
    stream = open_stream(path)
    moments, onsets, shape = MomentMeter(stream), OnsetKeeper(stream), ShapeKeeper(stream)
    lean = LeanMeter(stream)
    extremes = _Extremes(stream.channels)
    hum, clipping = HumMeter(stream), ClippingMeter(stream)
    meters = (
        LoudnessMeter(stream),
        TruePeakMeter(stream),
        LevelMeter(stream),
        clipping,
        CutoffMeter(stream),
        StereoMeter(stream),
        hum,
    )
    frames = not_numbers = 0
    for block in read_blocks(path, stream, long=False):
        for meter in (*meters, moments, onsets, shape, lean):
            meter.push(block)
        extremes.push(block.samples)
        frames += block.samples.shape[1]
        not_numbers += block.not_numbers
    measured = {one.aspect: one for meter in meters for one in meter.finish()}
    return Heard(
        stream=replace(stream, frames=frames),
        promised=stream.frames + round(missing_seconds(path) * stream.sample_rate_hz),
        not_numbers=not_numbers,
        measured=measured,
        rms=extremes.rms(),
        peak=extremes.peak(),
        offsets=moments.offsets(),
        windows=moments.windows(),
        onsets=onsets.finish(),
        shape=shape.finish(),
        lean=lean,
        hum=hum.lines,
        piled=clipping.piled,
    )


class _Extremes:
    """Mean, power and extremes of each channel."""

    def __init__(self, channels: int) -> None:
        self._frames = 0
        self._sums, self._squares = np.zeros(channels), np.zeros(channels)
        self._low, self._high = np.zeros(channels), np.zeros(channels)

    def push(self, samples: NDArray[np.float32]) -> None:
        if samples.shape[1] == 0:
            return
        self._frames += samples.shape[1]
        self._sums += samples.sum(axis=1, dtype=np.float64)
        self._squares += np.einsum("ij,ij->i", samples, samples, dtype=np.float64)
        self._low = np.minimum(self._low, samples.min(axis=1))
        self._high = np.maximum(self._high, samples.max(axis=1))

    def rms(self) -> Doubles:
        count = max(self._frames, 1)
        power = np.maximum(self._squares / count - (self._sums / count) ** 2, 0.0)
        return np.asarray(np.sqrt(power))

    def peak(self) -> float:
        means = self._sums / max(self._frames, 1)
        return float(np.maximum(self._high - means, means - self._low).max(initial=0.0))
