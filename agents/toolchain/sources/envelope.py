"""Envelope followers: how loud a sound is, from moment to moment."""

import numpy as np

from agents.toolchain.sources.ballistics import Detection, glided
from agents.toolchain.sources.parameters import Parameter
from agents.toolchain.sources.processor import Processor, Samples, pole_of


class EnvelopeFollower(Processor):
    """Puts out each channel's level, full scale 1, in place of its sound."""

    def __init__(
        self,
        sample_rate: float,
        channels: int,
        parameters: tuple[Parameter, ...],
        *,
        detection: Detection = "peak",
    ) -> None:
        """Make a follower at rest; see ``Processor``.

        Args:
            sample_rate: in hertz.
            channels: each is followed on its own.
            parameters: of the roles ``attack``, ``release`` and ``gain``.
            detection: what is smoothed: the size of the samples, or their square.
        """
        super().__init__(sample_rate, channels, parameters)
        self._squares = detection == "rms"
        self._clear()

    def _clear(self) -> None:
        self._levels = [0.0] * self.channels

    def _stretch(self, block: Samples) -> Samples:
        attack = pole_of(self._now("attack", 10.0), self.sample_rate)
        release = pole_of(self._now("release", 100.0), self.sample_rate)
        sizes = block * block if self._squares else np.abs(block)
        followed = np.empty_like(block)
        for channel, size in enumerate(sizes):
            followed[channel] = glided(size, self._levels[channel], release, attack)
            last = float(followed[channel, -1])
            self._levels[channel] = last if last > 1e-60 else 0.0
        levels = np.sqrt(followed) if self._squares else followed
        return levels * 10 ** (self._curve("gain", block.shape[1]) / 20)
