"""Low-frequency oscillators."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Wave = Literal["sine", "triangle", "square"]


class Oscillator:
    """A wave from -1 to 1 that begins at its lowest point."""

    def __init__(self, sample_rate: float, wave: Wave = "sine") -> None:
        """Start at the beginning of a period."""
        self._rate, self._wave = sample_rate, wave
        self._phase = 0.0

    def clear(self) -> None:
        """Go back to the beginning of a period."""
        self._phase = 0.0

    def phases(self, hertz: NDArray[np.float64]) -> NDArray[np.float64]:
        """Go on at a frequency for each sample: (frames,), in periods."""
        steps = np.cumsum(np.concatenate([[self._phase], hertz / self._rate]))
        self._phase = float(steps[-1] % 1.0)
        return np.asarray(steps[:-1])

    def wave(self, phases: NDArray[np.float64]) -> NDArray[np.float64]:
        """The wave at some phases; a square's corners are rounded over 2 % of its period."""
        match self._wave:
            case "sine":
                return np.asarray(-np.cos(2 * np.pi * phases))
            case "triangle":
                return np.asarray(1 - 4 * np.abs(phases % 1.0 - 0.5))
            case "square":
                steep = -np.cos(2 * np.pi * phases) / np.sin(0.02 * np.pi)
                return np.asarray(np.clip(steep, -1.0, 1.0))
