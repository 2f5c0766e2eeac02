"""Waveshapers: each sample goes through a curve, at a higher rate so that little folds back."""

from collections.abc import Callable
from typing import Literal

import numpy as np

from agents.toolchain.sources.oversampling import Oversampler
from agents.toolchain.sources.parameters import Parameter
from agents.toolchain.sources.processor import Processor, Samples, amplitude

CurveName = Literal["tanh", "arctan", "cubic", "hard"]


def tanh(x: Samples) -> Samples:
    """Soft from the start, never quite 1."""
    return np.tanh(x)


def arctan(x: Samples) -> Samples:
    """Softer still; its slope at 0 is 1."""
    return np.asarray(2 / np.pi * np.arctan(np.pi / 2 * x))


def cubic(x: Samples) -> Samples:
    """Straight at 0, 1 from 1.5 on: the gentlest third-degree polynomial that gets there flat."""
    within = np.clip(x, -1.5, 1.5)
    return np.asarray(within - 4 / 27 * within**3)


def hard(x: Samples) -> Samples:
    """A straight line, cut off at 1."""
    return np.clip(x, -1.0, 1.0)


CURVES: dict[CurveName, Callable[[Samples], Samples]] = {
    "tanh": tanh,
    "arctan": arctan,
    "cubic": cubic,
    "hard": hard,
}


class Waveshaper(Processor):
    """Drive, curve, output gain; the sound itself is mixed in with the same latency."""

    def __init__(
        self,
        sample_rate: float,
        channels: int,
        parameters: tuple[Parameter, ...],
        *,
        curve: CurveName = "tanh",
        oversampling: int = 8,
    ) -> None:
        """Make a waveshaper at rest; see ``Processor``.

        Args:
            sample_rate: in hertz.
            channels: of the sound.
            parameters: of the roles ``drive``, ``output`` and ``mix``.
            curve: its name.
            oversampling: rate of the curve over the sample rate.
        """
        super().__init__(sample_rate, channels, parameters)
        self._curve_of = CURVES[curve]
        self._times = oversampling
        self._rates = Oversampler(channels, oversampling)
        self.latency_samples = self._rates.latency_samples
        self._clear()

    def _clear(self) -> None:
        self._rates.clear()
        self._late = np.zeros((self.channels, self.latency_samples))

    def _stretch(self, block: Samples) -> Samples:
        frames = block.shape[1]
        drive = amplitude(self._curve("drive", frames))
        shaped = self._curve_of(self._rates.up(block * drive))
        wet = self._rates.down(shaped) * amplitude(self._curve("output", frames))
        heard = np.concatenate([self._late, block], axis=1)
        self._late = heard[:, frames:]
        dry = heard[:, :frames]
        return np.asarray(dry + self._curve("mix", frames, 1.0) * (wet - dry))
