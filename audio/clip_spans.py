"""Where a file is clipped: the runs of samples at the ceiling, gathered into spans of time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio.blocks import Block, Floats, Stream
from audio.clipping import SHORTEST_RUN

JOIN_SECONDS = 0.05
"""Runs closer than this are one span."""
_AT_CEILING = 0.998
"""Samples from this share of a channel's ceiling on lie at it."""


@dataclass(frozen=True)
class Span:
    """A stretch of clipping in any channel."""

    start: float
    """Seconds."""
    end: float
    samples: int
    """Samples in clipped runs, over all channels."""


class CeilingMeter:
    """Finds the highest and the lowest sample of each channel."""

    def __init__(self, stream: Stream) -> None:
        self.high: Floats = np.zeros(stream.channels, np.float32)
        """float32, (channels,)."""
        self.low: Floats = np.zeros(stream.channels, np.float32)
        """float32, (channels,)."""

    def push(self, block: Block) -> None:
        """Take the next block."""
        if block.samples.shape[1]:
            self.high = np.maximum(self.high, block.samples.max(axis=1))
            self.low = np.minimum(self.low, block.samples.min(axis=1))


class SpanMeter:
    """Finds the runs at the ceilings of a file that is known to be clipped."""

    def __init__(self, stream: Stream, ceilings: CeilingMeter) -> None:
        self._rate, self._frames = stream.sample_rate_hz, stream.frames
        self._high = _AT_CEILING * np.minimum(ceilings.high, 1.0)
        self._low = _AT_CEILING * np.maximum(ceilings.low, -1.0)
        self._firsts: list[NDArray[np.int64]] = []
        self._lasts: list[NDArray[np.int64]] = []

    def push(self, block: Block) -> None:
        """Take the next block; a run across two blocks counts as two."""
        for samples, high, low in zip(block.samples, self._high, self._low, strict=True):
            for at in (samples >= max(high, 1e-3), samples <= min(low, -1e-3)):
                edges = np.flatnonzero(np.diff(at, prepend=False, append=False))
                first, last = edges[::2], edges[1::2]
                long_enough = last - first >= SHORTEST_RUN
                self._firsts.append(first[long_enough] + block.start)
                self._lasts.append(last[long_enough] + block.start)

    def finish(self) -> list[Span]:
        """The spans, in order of time."""
        first = np.concatenate(self._firsts) if self._firsts else np.zeros(0, np.int64)
        if len(first) == 0:
            return []
        last = np.concatenate(self._lasts)
        order = np.argsort(first, kind="stable")
        first, last = first[order], last[order]
        reach = np.maximum.accumulate(last)
        opens = np.flatnonzero(first[1:] - reach[:-1] > JOIN_SECONDS * self._rate) + 1
        starts = np.concatenate(([0], opens))
        ends = reach[np.append(opens - 1, len(reach) - 1)]
        counts = np.add.reduceat(last - first, starts)
        return [
            Span(start / self._rate, end / self._rate, count)
            for start, end, count in zip(
                first[starts].tolist(), ends.tolist(), counts.tolist(), strict=True
            )
        ]
