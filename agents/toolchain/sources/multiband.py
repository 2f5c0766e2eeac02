"""Multiband compressors: a crossover, a compressor in each band, and the sum of the bands."""

import numpy as np
from scipy import signal

from agents.toolchain.sources.ballistics import Detection, Detector, decibels, glided
from agents.toolchain.sources.compressor import reduction
from agents.toolchain.sources.crossover import band_chains
from agents.toolchain.sources.filter_designs import Sections
from agents.toolchain.sources.parameters import Parameter
from agents.toolchain.sources.processor import (
    Processor,
    Samples,
    amplitude,
    pole_of,
    without_denormals,
)


class MultibandCompressor(Processor):
    """Bands that add up to the sound again where none of them is turned down."""

    def __init__(
        self,
        sample_rate: float,
        channels: int,
        parameters: tuple[Parameter, ...],
        *,
        order: int = 4,
        detection: Detection = "peak",
    ) -> None:
        """Make a compressor at rest; see ``Processor``.

        Args:
            sample_rate: in hertz.
            channels: in each band they share one gain.
            parameters: of the roles ``frequency_1`` … in rising order; for each band, counted from
                1, ``threshold_1``, ``ratio_1`` and ``makeup_1`` …; for all of them ``knee``,
                ``attack``, ``release`` and ``mix``.
            order: of each split, even: 12 dB per octave at 2, 24 at 4, 48 at 8.
            detection: which level counts.
        """
        super().__init__(sample_rate, channels, parameters)
        self._order = order
        self._splits = [one.role for one in parameters if one.role.startswith("frequency_")]
        self._detectors = [Detector(self.sample_rate, detection) for _ in (0, *self._splits)]
        self._made_for: list[float] = []
        self._chains: list[Sections] = []
        self._design()
        self._clear()

    def _clear(self) -> None:
        self._states = [np.zeros((len(one), self.channels, 2)) for one in self._chains]
        self._changes_db = [0.0 for _ in self._chains]
        for one in self._detectors:
            one.clear()

    def _stretch(self, block: Samples) -> Samples:
        self._design()
        dry, wet = np.zeros_like(block), np.zeros_like(block)
        for band, chain in enumerate(self._chains):
            filtered, after = signal.sosfilt(chain, block, axis=1, zi=self._states[band])
            self._states[band] = without_denormals(after)
            sound = np.asarray(filtered)
            dry += sound
            wet += self._compressed(sound, band)
        return np.asarray(dry + self._curve("mix", block.shape[1], 1.0) * (wet - dry))

    def _compressed(self, sound: Samples, band: int) -> Samples:
        """One band's sound, turned down by its own curve."""
        frames, number = sound.shape[1], band + 1
        wanted = reduction(
            decibels(self._detectors[band].level(sound)),
            self._curve(f"threshold_{number}", frames, -20.0),
            self._curve(f"ratio_{number}", frames, 4.0),
            self._curve("knee", frames),
        )
        attack = pole_of(self._now("attack", 10.0), self.sample_rate)
        release = pole_of(self._now("release", 100.0), self.sample_rate)
        change = glided(wanted, self._changes_db[band], attack, release)
        self._changes_db[band] = float(change[-1])
        return sound * amplitude(change + self._curve(f"makeup_{number}", frames))

    def _design(self) -> None:
        """Make each band's chain of sections, if a frequency moved."""
        splits = [self._now(role) for role in self._splits]
        if splits != self._made_for:
            self._made_for = splits
            self._chains = band_chains(splits, self._order, self.sample_rate)
