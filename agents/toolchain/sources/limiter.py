"""Limiters: no sample comes out above the ceiling, and the gain moves without corners.

The sound is delayed by the look-ahead. Each sample needs a gain; the lowest of each look-ahead is
held, rises again at the pace of the release, and is averaged over a look-ahead. Every value of that
mean is one that suits the sample which leaves at the moment, so that none leaves too loud.

For true peaks the sound is looked at between its samples too, at eight times the rate. Around each
peak the gain it needs is held for some samples on both sides, and a little room is left: a gain
that moves changes what lies between the samples.
"""

import numpy as np

from agents.toolchain.sources.ballistics import Curve, glided, trailing
from agents.toolchain.sources.oversampling import Oversampler
from agents.toolchain.sources.parameters import Parameter
from agents.toolchain.sources.processor import Processor, Samples, amplitude, pole_of

TIMES = 8
"""Rate at which true peaks are looked for, over the sample rate."""
HALF, CORNER, BETA = 96, 1.0, 5.0
"""The filter that looks between the samples: long, so that it sees up to half the rate."""
GUARD = 8
"""Samples on each side of a true peak that get the gain it needs."""
ROOM_DB = 0.3
"""How far below the ceiling true peaks are kept."""


class Limiter(Processor):
    """One limiter over all channels."""

    def __init__(
        self,
        sample_rate: float,
        channels: int,
        parameters: tuple[Parameter, ...],
        *,
        lookahead_ms: float = 2.0,
        true_peak: bool = False,
    ) -> None:
        """Make a limiter at rest; see ``Processor``.

        Args:
            sample_rate: in hertz.
            channels: they share one gain.
            parameters: of the roles ``gain``, ``ceiling`` and ``release``.
            lookahead_ms: time that the gain has to fall; it is the latency too.
            true_peak: the ceiling holds between the samples too.
        """
        super().__init__(sample_rate, channels, parameters)
        self._ahead = max(1, round(lookahead_ms / 1000 * self.sample_rate))
        self._between = Oversampler(channels, TIMES, HALF, CORNER, BETA) if true_peak else None
        self.latency_samples = self._ahead - 1 + (HALF + GUARD if true_peak else 0)
        self._clear()

    def _clear(self) -> None:
        late = self.latency_samples
        self._sound = np.zeros((self.channels, late))
        self._ceilings = np.ones(late)
        self._needed = np.ones(self._ahead - 1)
        self._held = np.ones(self._ahead - 1)
        self._gain = 1.0
        self._early, self._around = np.zeros(HALF), np.zeros(2 * GUARD + 1)
        if self._between is not None:
            self._between.clear()

    def _stretch(self, block: Samples) -> Samples:
        frames = block.shape[1]
        driven = block * amplitude(self._curve("gain", frames))
        ceiling = amplitude(self._curve("ceiling", frames, -1.0))
        self._sound = np.concatenate([self._sound, driven], axis=1)
        self._ceilings = np.concatenate([self._ceilings, ceiling])
        aim = ceiling if self._between is None else ceiling * amplitude(-ROOM_DB)
        gain = self._smoothed(np.minimum(1.0, aim / np.maximum(self._peaks(driven), 1e-10)))
        # The mean is right but for rounding; this takes care of that, and of a ceiling that moves.
        limited = np.clip(
            self._sound[:, :frames] * gain, -self._ceilings[:frames], self._ceilings[:frames]
        )
        self._sound, self._ceilings = self._sound[:, frames:], self._ceilings[frames:]
        return np.asarray(limited)

    def _peaks(self, driven: Samples) -> Curve:
        """The size of each sample, or the largest true peak around one that came some time ago."""
        sizes = np.abs(driven).max(axis=0)
        if self._between is None:
            return np.asarray(sizes)
        early = np.concatenate([self._early, sizes])
        self._early = early[len(sizes) :]
        dense = np.abs(self._between.up(driven)).max(axis=0).reshape(-1, TIMES).max(axis=1)
        seen = np.concatenate([self._around, np.maximum(dense, early[: len(sizes)])])
        self._around = seen[len(sizes) :]
        return trailing(seen, 2 * GUARD + 2, lowest=False)

    def _smoothed(self, needed: Curve) -> Curve:
        """The gain for the samples that leave now, from what the arriving ones need."""
        frames, late = len(needed), self._ahead - 1
        seen = np.concatenate([self._needed, needed])
        release = pole_of(self._now("release", 100.0), self.sample_rate)
        held = glided(trailing(seen, self._ahead, lowest=True), self._gain, 0.0, release)
        self._needed, self._gain = seen[frames:], float(held[-1])
        run = np.concatenate([self._held, held])
        self._held = run[frames:]
        sums = np.cumsum(np.concatenate([[0.0], run]))
        means = (sums[late + 1 :] - sums[:frames]) / self._ahead
        return np.asarray(means)
