"""Tremolo: the level goes up and down."""

import numpy as np

from agents.toolchain.sources.oscillator import Oscillator, Wave
from agents.toolchain.sources.parameters import Parameter
from agents.toolchain.sources.processor import Processor, Samples


class Tremolo(Processor):
    """A gain between 1 and 1 - depth, or with two channels from side to side."""

    def __init__(
        self,
        sample_rate: float,
        channels: int,
        parameters: tuple[Parameter, ...],
        *,
        wave: Wave = "sine",
        panning: bool = False,
    ) -> None:
        """Make a tremolo at rest; see ``Processor``.

        Args:
            sample_rate: in hertz.
            channels: of the sound.
            parameters: of the roles ``rate`` and ``depth``.
            wave: how the level moves.
            panning: every second channel moves against the others.
        """
        super().__init__(sample_rate, channels, parameters)
        self._oscillator = Oscillator(self.sample_rate, wave)
        against = np.arange(channels) % 2 if panning else np.zeros(channels)
        self._shift = against[:, np.newaxis] / 2

    def _clear(self) -> None:
        self._oscillator.clear()

    def _stretch(self, block: Samples) -> Samples:
        frames = block.shape[1]
        phases = self._oscillator.phases(self._curve("rate", frames, 5.0))
        low = (1 - self._oscillator.wave(phases + 0.5 + self._shift)) / 2
        return block * (1 - self._curve("depth", frames, 0.5) * low)
