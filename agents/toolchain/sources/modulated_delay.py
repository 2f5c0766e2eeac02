"""Vibrato, chorus and flanger: a short delay whose time goes up and down."""

import numpy as np

from agents.toolchain.sources.delay_line import PART, DelayLine, parts_before_echo
from agents.toolchain.sources.oscillator import Oscillator, Wave
from agents.toolchain.sources.parameters import Parameter
from agents.toolchain.sources.processor import Processor, Samples


class ModulatedDelay(Processor):
    """Voices that are delayed by ``delay`` and up to ``depth`` more, beside the sound itself."""

    def __init__(
        self,
        sample_rate: float,
        channels: int,
        parameters: tuple[Parameter, ...],
        *,
        voices: int = 1,
        spread: float = 0.0,
        wave: Wave = "sine",
        delay_ms: float = 5.0,
        mix: float = 0.5,
    ) -> None:
        """Make an effect at rest; see ``Processor``.

        Args:
            sample_rate: in hertz.
            channels: of the sound.
            parameters: of the roles ``rate``, ``depth``, ``delay``, ``feedback`` and ``mix``.
            voices: delayed copies, evenly apart in the oscillator's period.
            spread: how far each channel is behind the one before, in periods.
            wave: how the time moves.
            delay_ms: the shortest delay where it is no parameter.
            mix: share of the voices where it is no parameter; 1 for nothing else.
        """
        super().__init__(sample_rate, channels, parameters)
        self._oscillator = Oscillator(self.sample_rate, wave)
        self._delay_ms, self._mix = delay_ms, mix
        most = {one.role: one.maximum * one.factor for one in parameters}
        longest = most.get("delay", delay_ms) + most.get("depth", 0.0)
        self._line = DelayLine(channels, longest / 1000 * self.sample_rate + 2)
        shifts = np.arange(channels)[:, np.newaxis] * spread
        self._shifts = [shifts + voice / voices for voice in range(voices)]
        self._returns = "feedback" in most

    def _clear(self) -> None:
        self._oscillator.clear()
        self._line.clear()

    def _stretch(self, block: Samples) -> Samples:
        frames = block.shape[1]
        delays = self._delays(frames)
        mix = self._curve("mix", frames, self._mix)
        wet = np.empty_like(block)
        if self._returns:
            feedback = self._curve("feedback", frames)
            for part in parts_before_echo(np.min([one.min(axis=0) for one in delays], axis=0)):
                ahead = part.stop - part.start
                wet[:, part] = self._heard([one[:, part] for one in delays], ahead)
                self._line.push(block[:, part] + feedback[part] * wet[:, part])
        else:
            for start in range(0, frames, PART):
                part = slice(start, min(start + PART, frames))
                self._line.push(block[:, part])
                wet[:, part] = self._heard([one[:, part] for one in delays], 0)
        return block * (1 - mix) + wet * mix

    def _delays(self, frames: int) -> list[Samples]:
        """The delay of each voice in samples: (channels, frames) each."""
        phases = self._oscillator.phases(self._curve("rate", frames, 1.0))
        shortest = self._curve("delay", frames, self._delay_ms)
        depth = self._curve("depth", frames, 0.0)
        swings = ((1 + self._oscillator.wave(phases + shift)) / 2 for shift in self._shifts)
        return [
            np.maximum((shortest + depth * swing) / 1000 * self.sample_rate, 1.0)
            for swing in swings
        ]

    def _heard(self, delays: list[Samples], ahead: int) -> Samples:
        """The mean of the voices."""
        return np.asarray(sum(self._line.read(one, ahead) for one in delays) / len(delays))
