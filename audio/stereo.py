"""Stereo image: correlation, width and balance of the first two channels."""

import numpy as np

from audio.blocks import Block, Stream
from audio.measurement import Measurement, Reporter

ASPECTS = ("stereo.correlation", "stereo.width", "stereo.balance_db")

MOST_BALANCE_DB = 96.0
"""Balance when one channel is silent: a level beyond it can't be told in 16 bits."""
_INAUDIBLE = 1e-12
"""Mean square (-120 dBFS) below which a channel counts as silent."""
_SAY = Reporter("stereo")


class StereoMeter:
    """Correlation, width and balance from the second moments of left and right."""

    def __init__(self, stream: Stream) -> None:
        self._channels = stream.channels
        self._frames = 0
        self._sums = np.zeros(2)
        self._products = np.zeros((2, 2))

    def push(self, block: Block) -> None:
        if self._channels < 2 or block.samples.shape[1] == 0:
            return
        pair = block.samples[:2].astype(np.float64)
        self._sums += pair.sum(axis=1)
        self._products += pair @ pair.T
        self._frames += pair.shape[1]

    def finish(self) -> list[Measurement]:
        if self._channels < 2:
            return _SAY.all_untold(ASPECTS, "mono: there is one channel only")
        if self._frames == 0:
            return _SAY.all_untold(ASPECTS, "the file holds no samples")
        means = self._sums / self._frames
        covariance = self._products / self._frames - np.outer(means, means)
        left, right, both = covariance[0, 0], covariance[1, 1], covariance[0, 1]
        if max(left, right) < _INAUDIBLE:
            return _SAY.all_untold(ASPECTS, "silent: no signal above -120 dBFS")
        where = "" if self._channels == 2 else f" (channels 1 and 2 of {self._channels})"
        return [
            _correlation(left, right, both, where),
            _width(left, right, both, where),
            _balance(left, right, where),
        ]


def _correlation(left: float, right: float, both: float, where: str) -> Measurement:
    if min(left, right) < _INAUDIBLE:
        side = "left" if left < right else "right"
        return _SAY.untold("stereo.correlation", f"the {side} channel is silent{where}")
    value = float(np.clip(both / np.sqrt(left * right), -1.0, 1.0))
    method = f"Pearson correlation of left and right over the file{where}"
    return _SAY.told("stereo.correlation", round(value, 3), method)


def _width(left: float, right: float, both: float, where: str) -> Measurement:
    # With M = (L + R) / 2 and S = (L - R) / 2: S² / (M² + S²).
    value = float(np.clip((left + right - 2 * both) / (2 * (left + right)), 0.0, 1.0))
    method = f"side energy over mid and side energy: 0 mono, 0.5 unrelated, 1 inverted{where}"
    return _SAY.told("stereo.width", round(value, 3), method)


def _balance(left: float, right: float, where: str) -> Measurement:
    silent = min(left, right) < _INAUDIBLE
    level = 10 * np.log10(max(right, _INAUDIBLE) / max(left, _INAUDIBLE))
    value = float(np.clip(level, -MOST_BALANCE_DB, MOST_BALANCE_DB))
    method = f"RMS level of right over left{where}"
    if silent:
        value = -MOST_BALANCE_DB if right < left else MOST_BALANCE_DB
        method = f"the {'right' if right < left else 'left'} channel is silent{where}"
    return _SAY.told("stereo.balance_db", round(value, 2), method)
