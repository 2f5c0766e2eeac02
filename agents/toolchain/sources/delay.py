"""Delays: echoes that repeat, straight or from side to side."""

import numpy as np

from agents.toolchain.sources.delay_line import DelayLine, parts_before_echo
from agents.toolchain.sources.parameters import Parameter
from agents.toolchain.sources.processor import Processor, Samples


class Delay(Processor):
    """One delay; each channel has its own echoes unless they go from side to side."""

    def __init__(
        self,
        sample_rate: float,
        channels: int,
        parameters: tuple[Parameter, ...],
        *,
        ping_pong: bool = False,
    ) -> None:
        """Make a delay at rest; see ``Processor``.

        Args:
            sample_rate: in hertz.
            channels: two for a ping-pong delay.
            parameters: of the roles ``time``, ``feedback`` and ``mix``.
            ping_pong: the sum of the channels echoes left, then right, then left …

        Raises:
            ValueError: a ping-pong delay of another number of channels.
        """
        super().__init__(sample_rate, channels, parameters)
        if ping_pong and channels != 2:
            raise ValueError("a ping-pong delay has two channels")
        longest = next(one.maximum * one.factor for one in parameters if one.role == "time")
        self._line = DelayLine(channels, longest / 1000 * sample_rate + 2)
        self._ping_pong = ping_pong

    def _clear(self) -> None:
        self._line.clear()

    def _stretch(self, block: Samples) -> Samples:
        frames = block.shape[1]
        times = np.maximum(self._curve("time", frames, 300.0) / 1000 * self.sample_rate, 1.0)
        feedback = self._curve("feedback", frames)
        mix = self._curve("mix", frames, 0.5)
        echoes = np.empty_like(block)
        for part in parts_before_echo(times):
            heard = self._line.read(times[part], ahead=part.stop - part.start)
            echoes[:, part] = heard
            self._line.push(self._fed(block[:, part], heard * feedback[part]))
        return block * (1 - mix) + echoes * mix

    def _fed(self, block: Samples, back: Samples) -> Samples:
        """What goes into the line: the sound, and what comes back of its echoes."""
        if not self._ping_pong:
            return block + back
        return np.stack([block.mean(axis=0) + back[1], back[0]])
