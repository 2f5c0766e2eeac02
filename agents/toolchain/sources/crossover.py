"""Crossovers: bands that add up to the sound again.

Linkwitz-Riley filters of even order part the sound at each frequency: -6 dB there on both sides and
in phase, so that their sum is an all-pass. Each band goes through the all-passes of the splits that
it did not take part in; without them the bands would not add up. Where half the order is odd, one
side is turned over.
"""

from collections.abc import Iterator, Sequence
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
            self._chains = band_chains(splits, self._order, self.sample_rate)


def band_chains(splits: Sequence[float], order: int, rate: float) -> list[Sections]:
    """What lies between the input and each band, the lowest first.

    Args:
        splits: frequencies in hertz, rising.
        order: of each split, even.
        rate: sample rate in hertz.
    """
    return [
        np.concatenate(list(_chain(band, splits, order, rate))) for band in range(len(splits) + 1)
    ]


def _chain(band: int, splits: Sequence[float], order: int, rate: float) -> Iterator[Sections]:
    """A band's high-passes, its low-pass, and the all-passes of the splits above it."""
    turned = -1.0 if order % 4 == 2 else 1.0
    for split, frequency in enumerate(splits):
        if split > band:
            yield _allpass(frequency, order // 2, rate)
        elif split == band:
            yield _side("lowpass", frequency, order, rate, 1.0)
        else:
            yield _side("highpass", frequency, order, rate, turned)


def _side(
    side: Literal["lowpass", "highpass"], frequency: float, order: int, rate: float, sign: float
) -> Sections:
    sections = pass_sections(side, "linkwitz_riley", order, frequency, FLAT_Q, rate)
    sections[0, :3] *= sign
    return sections


def _allpass(frequency: float, half: int, rate: float) -> Sections:
    """What both sides of a split add up to: an all-pass with the Butterworth filter's poles."""
    rows = [biquad("allpass", frequency, q, 0.0, rate) for q in butterworth_qs(half)]
    if half % 2:
        rows.append(first_order("allpass", frequency, 0.0, rate))
    return np.array(rows)
