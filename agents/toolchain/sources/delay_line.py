"""A sound's past: read at any time, between the samples too."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from agents.toolchain.sources.processor import Samples, without_denormals

Times = NDArray[np.float64]

PART = 1024
"""Most samples that are pushed before their past is read."""


class DelayLine:
    """Keeps the last samples of some channels in a ring."""

    def __init__(self, channels: int, longest: float) -> None:
        """Start in silence.

        Args:
            channels: how many it keeps.
            longest: the longest delay that will be read, in samples.
        """
        self._size = int(np.ceil(longest)) + PART + 4
        self._channels = channels
        self.clear()

    def clear(self) -> None:
        """Forget all sound."""
        self._ring = np.zeros((self._channels, self._size))
        self._pushed = 0

    def push(self, block: Samples) -> None:
        """Take the next samples: (channels, frames), no more than the ring holds."""
        frames = block.shape[1]
        places = (self._pushed + np.arange(frames)) % self._size
        self._ring[:, places] = without_denormals(block)
        self._pushed += frames

    def read(self, delays: Times, ahead: int = 0) -> Samples:
        """What came some time before each of the latest samples.

        Between samples it is a cubic through the four nearest (Catmull and Rom); a whole number
        of samples is exact.

        Args:
            delays: in samples, at least 1: (frames,) for all channels, or (channels, frames).
            ahead: how many of the latest places are not pushed yet, because their sound
                depends on what is read here.

        Returns:
            (channels, frames).
        """
        frames = delays.shape[-1]
        places = self._pushed + ahead - frames + np.arange(frames) - delays
        whole = np.floor(places).astype(np.int64)
        share = places - whole
        rows = np.arange(self._channels)[:, np.newaxis]
        before, first, second, after = (
            self._ring[rows, np.minimum(whole + step, self._pushed - 1) % self._size]
            for step in (-1, 0, 1, 2)
        )
        bend = 2 * before - 5 * first + 4 * second - after
        turn = 3 * (first - second) + after - before
        cubic = first + share / 2 * (second - before + share * (bend + share * turn))
        return np.asarray(cubic)


def parts_before_echo(delays: Times) -> Iterator[slice]:
    """Cut a stretch into parts that are shorter than their delays: none hears itself.

    Args:
        delays: in samples, at least 1: (frames,).
    """
    start = 0
    while start < len(delays):
        reach = delays[start : start + min(PART, int(delays[start]))]
        # The cubic looks at two samples that follow, too.
        size = max(1, min(PART, int(reach.min()) - 2, len(delays) - start))
        yield slice(start, start + size)
        start += size
