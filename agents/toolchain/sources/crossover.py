"""Crossovers: bands that add up to the sound again.

Linkwitz-Riley filters of even order part the sound at each frequency: -6 dB there on both sides and
in phase, so that their sum is an all-pass. Each band goes through the all-passes of the splits that
it did not take part in; without them the bands would not add up. Where half the order is odd, one
side is turned over.
"""

from collections.abc import Iterator
from typing import Literal

import numpy as np
from scipy import signal

from agents.toolchain.sources.filter_designs import (
    FLAT_Q,
    Sections,
    biquad,
    butterworth_qs,
    first_order,
    pass_sections,
)
from agents.toolchain.sources.parameters import Parameter
from agents.toolchain.sources.processor import Processor, Samples, without_denormals


class Crossover(Processor):
    """Parts a sound into bands.

    A block comes out with all channels of the lowest band first, then those of the next one:
    (bands * channels, frames).
    """

    def __init__(
        self,
        sample_rate: float,
        channels: int,
        parameters: tuple[Parameter, ...],
        *,
        order: int = 4,
    ) -> None:
        """Make a crossover at rest; see ``Processor``.

        Args:
            sample_rate: in hertz.
            channels: of the input.
            parameters: ``frequency``, or ``frequency_1``, ``frequency_2`` … in rising order.
            order: of each split, even: 12 dB per octave at 2, 24 at 4, 48 at 8.
        """
        super().__init__(sample_rate, channels, parameters)
        self._order = order
        self._roles = [one.role for one in parameters if one.role.startswith("frequency")]
        self.bands = len(self._roles) + 1
        self._made_for: list[float] = []
        self._chains: list[Sections] = []
        self._design()
        self._clear()

    def _clear(self) -> None:
        self._states = [np.zeros((len(one), self.channels, 2)) for one in self._chains]

    def _stretch(self, block: Samples) -> Samples:
        self._design()
        bands = []
        for band, (chain, state) in enumerate(zip(self._chains, self._states, strict=True)):
            filtered, after = signal.sosfilt(chain, block, axis=1, zi=state)
            self._states[band] = without_denormals(after)
            bands.append(np.asarray(filtered))
        return np.concatenate(bands)

    def _design(self) -> None:
        """Make each band's chain of sections, if a frequency moved."""
        splits = [self._now(role) for role in self._roles]
        if splits != self._made_for:
            self._made_for = splits
            self._chains = [np.concatenate(list(self._chain(band))) for band in range(self.bands)]

    def _chain(self, band: int) -> Iterator[Sections]:
        """What lies between the input and a band: its high-passes, its low-pass, all-passes."""
        turned = -1.0 if self._order % 4 == 2 else 1.0
        for split, frequency in enumerate(self._made_for):
            if split > band:
                yield self._allpass(frequency)
            elif split == band:
                yield self._side("lowpass", frequency, 1.0)
            else:
                yield self._side("highpass", frequency, turned)

    def _side(
        self, side: Literal["lowpass", "highpass"], frequency: float, sign: float
    ) -> Sections:
        sections = pass_sections(
            side, "linkwitz_riley", self._order, frequency, FLAT_Q, self.sample_rate
        )  # fmt: skip
        sections[0, :3] *= sign
        return sections

    def _allpass(self, frequency: float) -> Sections:
        """What both sides of a split add up to: an all-pass with the Butterworth filter's poles."""
        half = self._order // 2
        rows = [
            biquad("allpass", frequency, q, 0.0, self.sample_rate) for q in butterworth_qs(half)
        ]
        if half % 2:
            rows.append(first_order("allpass", frequency, 0.0, self.sample_rate))
        return np.array(rows)
