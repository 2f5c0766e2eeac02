"""How much of a file is tone and how much is drum: harmonic over percussive energy.

Tones are ridges along time, drums are ridges along frequency, and a median across a ridge removes
it (FitzGerald, "Harmonic/percussive separation using median filtering", DAFx 2010). The median of
27 neighbours is taken as three medians of three, each of the last (the remedian of Rousseeuw and
Bassett, 1990), which needs no sorting.
"""

from dataclasses import dataclass

import numpy as np

from audio.blocks import Block, Floats, Stream

_HIGHEST_HZ = 8000.0
_LARGEST_DB = 60.0
_SILENCE_POWER = 1e-9
_LEAST_FRAMES = 25


@dataclass(frozen=True)
class HarmonicRatio:
    """The share of tones and drums in a file's energy."""

    ratio_db: float | None
    """Harmonic over percussive energy in dB, -60..60; None when it can't be told."""
    reason: str
    """Why it can't be told; empty when it can."""


class HarmonicRatioMeter:
    """Split every other short spectrum, below 8 kHz, by soft masks and add up both parts."""

    def __init__(self, stream: Stream) -> None:
        frequencies = stream.frequencies(stream.short_fft)
        self._bins = int(np.searchsorted(frequencies, _HIGHEST_HZ))
        self._harmonic = 0.0
        self._percussive = 0.0
        self._frames = 0

    def push(self, block: Block) -> None:
        """Take the next block; its median windows end at its ends."""
        power = np.ascontiguousarray(block.short[::2, : self._bins])
        if not len(power):
            return
        tones, drums = _remedian(power, 0) ** 2, _remedian(power, 1) ** 2
        mask = tones / (tones + drums + np.float32(1e-24))
        whole, harmonic = float(power.sum()), float((power * mask).sum())
        self._harmonic += harmonic
        self._percussive += whole - harmonic
        self._frames += len(power)

    def finish(self) -> HarmonicRatio:
        """Say the ratio of both parts."""
        whole = self._harmonic + self._percussive
        if whole <= _SILENCE_POWER * max(self._frames, 1):
            return HarmonicRatio(None, "the file is silent")
        if self._frames < _LEAST_FRAMES:
            return HarmonicRatio(None, "too short: half a second is needed")
        ratio = (self._harmonic + 1e-9 * whole) / (self._percussive + 1e-9 * whole)
        return HarmonicRatio(float(np.clip(10 * np.log10(ratio), -_LARGEST_DB, _LARGEST_DB)), "")


def _remedian(power: Floats, axis: int) -> Floats:
    """About the median of 27 neighbours along an axis (0.54 s, 580 Hz), the ends repeated."""
    for step in (1, 3, 9):
        pads = [(0, 0), (0, 0)]
        pads[axis] = (step, step)
        wide = np.pad(power, pads, mode="edge")
        size = power.shape[axis]
        first, middle, last = (
            wide[start : start + size] if axis == 0 else wide[:, start : start + size]
            for start in (0, step, 2 * step)
        )
        low, high = np.minimum(first, middle), np.maximum(first, middle)
        power = np.maximum(low, np.minimum(high, last))
    return power
