"""Oversampling: room above half the sample rate for what a curve adds, taken away again after it.

Both ways are one linear-phase filter, a sinc under a Kaiser window, run as its phases.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from agents.toolchain.sources.processor import Samples

HALF = 32
"""Samples at the lower rate on each side of the filter's middle."""
CORNER, BETA = 0.93, 10.0
"""The filter's corner as a share of half the lower rate, and its window's shape (-100 dB)."""


def taps_of(
    times: int, half: int = HALF, corner: float = CORNER, beta: float = BETA
) -> NDArray[np.float64]:
    """The filter at the higher rate, its sum 1: (2 * half * times + 1,); see ``Oversampler``."""
    at = np.arange(-half * times, half * times + 1) / times
    taps = np.sinc(corner * at) * signal.windows.kaiser(len(at), beta)
    return np.asarray(taps / taps.sum())


class Oversampler:
    """Goes up, applies a curve, and comes down again."""

    def __init__(
        self,
        channels: int,
        times: int,
        half: int = HALF,
        corner: float = CORNER,
        beta: float = BETA,
    ) -> None:
        """Start in silence.

        Args:
            channels: of the sound.
            times: higher rate over lower rate; 1 for none.
            half: samples at the lower rate on each side of the filter's middle.
            corner: of the filter, as a share of half the lower rate.
            beta: shape of its window.
        """
        self.latency_samples = 2 * half if times > 1 else 0
        self._channels, self._times, self._half = channels, times, half
        self._taps = taps_of(times, half, corner, beta)
        self.clear()

    def clear(self) -> None:
        """Forget all sound."""
        self._low = np.zeros((self._channels, 2 * self._half))
        self._high = np.zeros((self._channels, 2 * self._half * self._times))

    def up(self, block: Samples) -> Samples:
        """The sound at the higher rate: (channels, frames * times), half the filter late."""
        if self._times == 1:
            return block
        heard = np.concatenate([self._low, block], axis=1)
        self._low = heard[:, block.shape[1] :]
        dense = signal.upfirdn(self._taps * self._times, heard, up=self._times, axis=1)
        start = 2 * self._half * self._times
        return np.asarray(dense[:, start : start + block.shape[1] * self._times])

    def down(self, dense: Samples) -> Samples:
        """The sound at the lower rate again: (channels, frames), half the filter late."""
        if self._times == 1:
            return dense
        heard = np.concatenate([self._high, dense], axis=1)
        self._high = heard[:, dense.shape[1] :]
        sparse = signal.upfirdn(self._taps, heard, down=self._times, axis=1)
        start = 2 * self._half
        return np.asarray(sparse[:, start : start + dense.shape[1] // self._times])
