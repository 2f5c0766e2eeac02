"""Gates: what is quieter than a threshold is turned down."""

import numpy as np
from numpy.typing import NDArray

from agents.toolchain.sources.ballistics import Curve, Detector, decibels, glided
from agents.toolchain.sources.parameters import Parameter
from agents.toolchain.sources.processor import Processor, Samples, amplitude, pole_of


class Gate(Processor):
    """One gate over all channels.

    It opens above the threshold and closes ``hysteresis`` below it, once ``hold`` has passed.
    """

    def __init__(
        self,
        sample_rate: float,
        channels: int,
        parameters: tuple[Parameter, ...],
        *,
        sidechain: bool = False,
    ) -> None:
        """Make a closed gate; see ``Processor``.

        Args:
            sample_rate: in hertz.
            channels: they share one gain.
            parameters: of the roles ``threshold``, ``hysteresis``, ``range``, ``attack``,
                ``hold`` and ``release``.
            sidechain: a block has as many rows again, which are measured in place of the sound.
        """
        super().__init__(sample_rate, channels, parameters, channels * (2 if sidechain else 1))
        self._detector = Detector(self.sample_rate, "peak")
        self._clear()

    def _clear(self) -> None:
        self._detector.clear()
        self._gain = float(amplitude(self._now("range", -80.0)))
        self._left = 0  # samples for which it stays open

    def _stretch(self, block: Samples) -> Samples:
        level = decibels(self._detector.level(block[-self.channels :]))
        closed = amplitude(self._curve("range", len(level), -80.0))
        wanted = np.where(self._open(level), 1.0, closed)
        attack = pole_of(self._now("attack", 1.0), self.sample_rate)
        release = pole_of(self._now("release", 100.0), self.sample_rate)
        gain = glided(wanted, self._gain, falling=release, rising=attack)
        self._gain = float(gain[-1])
        return block[: self.channels] * gain

    def _open(self, level: Curve) -> NDArray[np.bool_]:
        """Whether the gate is open at each sample."""
        opens = self._curve("threshold", len(level), -40.0)
        closes = opens - self._curve("hysteresis", len(level), 3.0)
        hold = round(self._now("hold", 10.0) / 1000 * self.sample_rate) + 1
        left, states = self._left, []
        for loud, kept in zip((level > opens).tolist(), (level > closes).tolist(), strict=True):
            left = hold if loud or (kept and left > 0) else max(0, left - 1)
            states.append(left > 0)
        self._left = left
        return np.array(states)
