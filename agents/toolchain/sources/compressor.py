"""Compressors: louder sounds come out less loud, all channels by the same gain.

The curve is the one of D. Giannoulis, M. Massberg and J. D. Reiss, "Digital Dynamic Range
Compressor Design" (2012): straight lines with a parabola between them, as wide as the knee.
"""

import numpy as np

from agents.toolchain.sources.ballistics import Curve, Detection, Detector, decibels, glided
from agents.toolchain.sources.parameters import Parameter
from agents.toolchain.sources.processor import Processor, Samples, amplitude, pole_of


class Compressor(Processor):
    """One compressor over all channels."""

    def __init__(
        self,
        sample_rate: float,
        channels: int,
        parameters: tuple[Parameter, ...],
        *,
        detection: Detection = "peak",
    ) -> None:
        """Make a compressor at rest; see ``Processor``.

        Args:
            sample_rate: in hertz.
            channels: they share one gain.
            parameters: of the roles ``threshold``, ``ratio``, ``knee``, ``attack``, ``release``,
                ``makeup`` and ``mix``.
            detection: which level counts.
        """
        super().__init__(sample_rate, channels, parameters)
        self._detector = Detector(self.sample_rate, detection)
        self._clear()

    def _clear(self) -> None:
        self._detector.clear()
        self._change_db = 0.0

    def _stretch(self, block: Samples) -> Samples:
        frames = block.shape[1]
        wanted = self._wanted(decibels(self._detector.level(block)))
        attack = pole_of(self._now("attack", 10.0), self.sample_rate)
        release = pole_of(self._now("release", 100.0), self.sample_rate)
        change = glided(wanted, self._change_db, attack, release)
        self._change_db = float(change[-1])
        wet = block * amplitude(change + self._curve("makeup", frames))
        return block + self._curve("mix", frames, 1.0) * (wet - block)

    def _wanted(self, level: Curve) -> Curve:
        """How many decibels the static curve takes away at each level; never above 0."""
        frames = len(level)
        over = level - self._curve("threshold", frames, -20.0)
        slope = 1 / self._curve("ratio", frames, 4.0) - 1
        knee = np.maximum(self._curve("knee", frames), 1e-6)
        bend = slope * (over + knee / 2) ** 2 / (2 * knee)
        return np.where(2 * over < -knee, 0.0, np.where(2 * over > knee, slope * over, bend))
