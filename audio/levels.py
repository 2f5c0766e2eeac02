"""Levels of the samples themselves: crest factor, DC offset, and silence at the ends."""

import numpy as np

from audio.blocks import Block, Stream
from audio.measurement import Measurement, Reporter

ASPECTS = ("dynamics.crest_db", "dc_offset", "silence.start_seconds", "silence.end_seconds")

SILENCE_DBFS = -60.0
"""A sample counts as sound when its magnitude in any channel is above this."""
_INAUDIBLE = 1e-6
"""Magnitude (-120 dBFS) below which a whole file counts as digital silence."""
_SAY = Reporter("levels")


class LevelMeter:
    """Crest factor, DC offset, and silence at the ends."""

    def __init__(self, stream: Stream) -> None:
        self._rate = stream.sample_rate_hz
        self._sums = np.zeros(stream.channels)
        self._energy = 0.0
        self._peak = 0.0
        self._frames = 0
        self._first: int | None = None
        self._last = -1

    def push(self, block: Block) -> None:
        samples = block.samples
        if samples.shape[1] == 0:
            return
        self._sums += samples.sum(axis=1, dtype=np.float64)
        for channel in samples:
            for piece in np.array_split(channel, -(-len(channel) // 65536)):
                # float32 sums of 65536 squares lose less than 0.001 dB, and are five times quicker
                self._energy += float(np.dot(piece, piece))
        loudest = np.abs(samples).max(axis=0)
        self._peak = max(self._peak, float(loudest.max()))
        sounding = np.flatnonzero(loudest > 10 ** (SILENCE_DBFS / 20))
        if len(sounding):
            if self._first is None:
                self._first = block.start + int(sounding[0])
            self._last = block.start + int(sounding[-1])
        self._frames += samples.shape[1]

    def finish(self) -> list[Measurement]:
        return [self._crest(), self._dc_offset(), *self._silence()]

    def _crest(self) -> Measurement:
        if self._peak < _INAUDIBLE:
            return _SAY.untold("dynamics.crest_db", "silent: no sample above -120 dBFS")
        rms = np.sqrt(self._energy / (self._frames * len(self._sums)))
        crest = round(float(20 * np.log10(self._peak / rms)), 2)
        return _SAY.told("dynamics.crest_db", crest, "sample peak over RMS of all channels")

    def _dc_offset(self) -> Measurement:
        if self._frames == 0:
            return _SAY.untold("dc_offset", "the file holds no samples")
        means = self._sums / self._frames
        worst = round(float(np.abs(means).max()), 6)
        signed = ", ".join(f"{mean:+.5f}" for mean in means)
        return _SAY.told("dc_offset", worst, f"largest magnitude of the channel means ({signed})")

    def _silence(self) -> list[Measurement]:
        start = self._frames if self._first is None else self._first
        end = self._frames - 1 - self._last
        method = f"no sample above {SILENCE_DBFS:.0f} dBFS in any channel"
        if self._first is None:
            method = f"the whole file is silent: {method}"
        return [
            _SAY.told("silence.start_seconds", round(start / self._rate, 3), method),
            _SAY.told("silence.end_seconds", round(end / self._rate, 3), method),
        ]
