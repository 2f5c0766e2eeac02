"""Compressors: louder sounds come out less loud, all channels by the same gain.

With a side chain another sound, the key, says how loud it is; it comes in below the sound itself.

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
        sidechain: bool = False,
    ) -> None:
        """Make a compressor at rest; see ``Processor``.

        Args:
            sample_rate: in hertz.
            channels: they share one gain.
            parameters: of the roles ``threshold``, ``ratio``, ``knee``, ``attack``, ``release``,
                ``makeup`` and ``mix``.
            detection: which level counts.
            sidechain: a block has as many rows again, which are measured in place of the sound.
        """
        super().__init__(sample_rate, channels, parameters, channels * (2 if sidechain else 1))
        self._detector = Detector(self.sample_rate, detection)
        self._clear()

    def _clear(self) -> None:
        self._detector.clear()
        self._change_db = 0.0

    def _stretch(self, block: Samples) -> Samples:
        frames = block.shape[1]
        level = decibels(self._detector.level(block[-self.channels :]))
        wanted = reduction(
            level,
            self._curve("threshold", frames, -20.0),
            self._curve("ratio", frames, 4.0),
            self._curve("knee", frames),
        )
        attack = pole_of(self._now("attack", 10.0), self.sample_rate)
        release = pole_of(self._now("release", 100.0), self.sample_rate)
        change = glided(wanted, self._change_db, attack, release)
        self._change_db = float(change[-1])
        sound = block[: self.channels]
        wet = sound * amplitude(change + self._curve("makeup", frames))
        return sound + self._curve("mix", frames, 1.0) * (wet - sound)


def reduction(level: Curve, threshold: Curve, ratio: Curve, knee: Curve) -> Curve:
    """How many decibels the static curve takes away at each level; never above 0."""
    over, slope, soft = level - threshold, 1 / ratio - 1, np.maximum(knee, 1e-6)
    bend = slope * (over + soft / 2) ** 2 / (2 * soft)
    return np.where(2 * over < -soft, 0.0, np.where(2 * over > soft, slope * over, bend))
