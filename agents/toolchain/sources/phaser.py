"""Phasers: a chain of all-passes whose frequency sweeps, mixed with the sound itself."""

import math
from itertools import repeat

import numpy as np

from agents.toolchain.sources.oscillator import Oscillator, Wave
from agents.toolchain.sources.parameters import Parameter
from agents.toolchain.sources.processor import Processor, Samples, without_denormals


class Phaser(Processor):
    """First-order all-passes in a row; each two of them make one notch."""

    def __init__(
        self,
        sample_rate: float,
        channels: int,
        parameters: tuple[Parameter, ...],
        *,
        stages: int = 4,
        spread: float = 0.0,
        wave: Wave = "sine",
    ) -> None:
        """Make a phaser at rest; see ``Processor``.

        Args:
            sample_rate: in hertz.
            channels: of the sound.
            parameters: of the roles ``rate``, ``depth`` (octaves up and down from the middle),
                ``frequency`` (the middle), ``feedback`` and ``mix``.
            stages: all-passes, an even number.
            spread: how far each channel is behind the one before, in periods.
            wave: how the frequency moves.
        """
        super().__init__(sample_rate, channels, parameters)
        self._oscillator = Oscillator(self.sample_rate, wave)
        self._stages, self._spread = stages, spread
        self._clear()

    def _clear(self) -> None:
        self._oscillator.clear()
        self._memory = [[0.0] * self._stages for _ in range(self.channels)]
        self._last = [0.0] * self.channels

    def _stretch(self, block: Samples) -> Samples:
        frames = block.shape[1]
        phases = self._oscillator.phases(self._curve("rate", frames, 0.5))
        depth = self._curve("depth", frames, 1.0)
        middle = self._curve("frequency", frames, 800.0)
        feedback = self._curve("feedback", frames).tolist()
        wet = np.empty_like(block)
        for channel in range(self.channels):
            swing = self._oscillator.wave(phases + channel * self._spread)
            hertz = np.clip(middle * 2 ** (depth * swing), 5.0, 0.45 * self.sample_rate)
            warped = np.tan(np.pi * hertz / self.sample_rate)
            coefficients = ((warped - 1) / (warped + 1)).tolist()
            wet[channel] = self._chain(channel, block[channel].tolist(), coefficients, feedback)
        mix = self._curve("mix", frames, 0.5)
        return block * (1 - mix) + wet * mix

    def _chain(
        self, channel: int, sound: list[float], coefficients: list[float], feedback: list[float]
    ) -> list[float]:
        """One channel through the all-passes, sample by sample: its end feeds its beginning."""
        memory, last, result = self._memory[channel], self._last[channel], []
        stages = range(len(memory))
        for sample, a, back in zip(sound, coefficients, feedback or repeat(0.0), strict=True):
            value = sample + back * last
            for stage in stages:
                passed = a * value + memory[stage]
                memory[stage] = value - a * passed
                value = passed
            last = value
            result.append(value)
        self._memory[channel] = without_denormals(np.array(memory)).tolist()
        self._last[channel] = last if math.fabs(last) > 1e-30 else 0.0
        return result
