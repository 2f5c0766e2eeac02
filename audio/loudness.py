"""Loudness as ITU-R BS.1770-4 and EBU R 128 define it: gated, K-weighted, in LUFS and LU."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from audio.blocks import Block, Stream
from audio.measurement import Measurement, Reporter

Doubles = NDArray[np.float64]

ASPECTS = (
    "loudness.integrated_lufs",
    "loudness.short_term_max_lufs",
    "loudness.momentary_max_lufs",
    "loudness.range_lu",
)

SLICES_PER_SECOND = 10
"""Loudness is computed every 100 ms: momentary windows of 4 slices, short-term of 30."""
MOMENTARY_SLICES = 4
SHORT_TERM_SLICES = 30

ABSOLUTE_GATE_LUFS = -70.0
_SAY = Reporter("loudness")
_OFFSET = -0.691
"""BS.1770-4: a 997 Hz sine at 0 dBFS in one front channel reads -3.01 LUFS."""

_WEIGHTS = {
    1: (1.0,),
    2: (1.0, 1.0),
    3: (1.0, 1.0, 1.0),
    4: (1.0, 1.0, 1.41, 1.41),
    5: (1.0, 1.0, 1.0, 1.41, 1.41),
    6: (1.0, 1.0, 1.0, 0.0, 1.41, 1.41),
    7: (1.0, 1.0, 1.0, 0.0, 1.0, 1.41, 1.41),
    8: (1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.41, 1.41),
}
"""Channel weights of BS.1770-4, annex 3, for the channel order of WAV and FLAC.

Surrounds at 60-120 degrees weigh 1.41 (+1.5 dB), the LFE channel 0, all others 1. The order is
L R C LFE (back) side; four channels are L R Ls Rs, five L R C Ls Rs.
"""


@dataclass(frozen=True)
class LoudnessCurve:
    """Loudness over time; slice ``i`` ends at ``(i + 1) / 10`` seconds."""

    energies: Doubles
    """Weighted mean square of each whole 100 ms slice: float64, (slices,)."""

    def windows(self, slices: int) -> Doubles:
        """Mean square of each window of so many slices, one per slice once it is full."""
        if len(self.energies) < slices:
            return np.zeros(0)
        sums = np.concatenate(([0.0], np.cumsum(self.energies)))
        means: Doubles = np.maximum(sums[slices:] - sums[:-slices], 0.0) / slices
        return means

    def lufs(self, slices: int) -> Doubles:
        """Loudness of each window in LUFS, -120 at the lowest."""
        return _lufs(self.windows(slices))


class LoudnessMeter:
    """Integrated loudness, its range, and the loudest 400 ms and 3 s."""

    def __init__(self, stream: Stream) -> None:
        self._rate = stream.sample_rate_hz
        self._weights = np.array(
            _WEIGHTS.get(stream.channels, (1.0,) * stream.channels), np.float64
        )
        self._filter = k_weighting(self._rate)
        self._state = np.zeros((len(self._filter), stream.channels, 2))
        self._position = 0
        self._open = 0.0  # energy of the slice that is not yet full
        self._slices: list[Doubles] = []

    def push(self, block: Block) -> None:
        if block.samples.shape[1] == 0:
            return
        weighted, self._state = signal.sosfilt(
            self._filter, block.samples.astype(np.float64), axis=1, zi=self._state
        )
        energy = np.cumsum(self._weights @ np.square(weighted, out=weighted))
        before, self._position = self._position, self._position + len(energy)
        ends = slice_ends(self._rate, before, self._position)
        if len(ends) == 0:
            self._open += float(energy[-1])
            return
        totals = energy[ends - before - 1]
        sums = np.diff(totals, prepend=-self._open)
        starts = np.concatenate(([slice_start(self._rate, before)], ends[:-1]))
        self._slices.append(np.maximum(sums, 0.0) / (ends - starts))
        self._open = float(energy[-1] - totals[-1])

    def curve(self) -> LoudnessCurve:
        """What was heard so far, as energies of 100 ms slices."""
        return LoudnessCurve(np.concatenate(self._slices) if self._slices else np.zeros(0))

    def finish(self) -> list[Measurement]:
        curve = self.curve()
        return [
            _integrated(curve),
            _loudest(curve, "loudness.short_term_max_lufs", SHORT_TERM_SLICES, "3 s"),
            _loudest(curve, "loudness.momentary_max_lufs", MOMENTARY_SLICES, "400 ms"),
            _range(curve),
        ]


def k_weighting(sample_rate_hz: int) -> Doubles:
    """The K filter for a sample rate, as second-order sections: float64, (2, 6).

    BS.1770-4 gives coefficients for 48 kHz only; these follow from the analogue prototypes that
    reproduce them (a high shelf of +4 dB at 1682 Hz and a high-pass at 38 Hz), moved to the rate
    by the bilinear transform, as in Brecht De Man's derivation.
    """
    shelf, shelf_q = np.tan(np.pi * 1681.974450955533 / sample_rate_hz), 0.7071752369554196
    gain = 10 ** (3.999843853973347 / 20)
    middle = gain**0.4996667741545416
    norm = 1 + shelf / shelf_q + shelf**2
    high_shelf = [
        (gain + middle * shelf / shelf_q + shelf**2) / norm,
        2 * (shelf**2 - gain) / norm,
        (gain - middle * shelf / shelf_q + shelf**2) / norm,
        1.0,
        2 * (shelf**2 - 1) / norm,
        (1 - shelf / shelf_q + shelf**2) / norm,
    ]
    low, low_q = np.tan(np.pi * 38.13547087602444 / sample_rate_hz), 0.5003270373238773
    norm = 1 + low / low_q + low**2
    high_pass = [
        1.0, -2.0, 1.0, 1.0, 2 * (low**2 - 1) / norm, (1 - low / low_q + low**2) / norm
    ]  # fmt: skip
    return np.array([high_shelf, high_pass])


def slice_ends(sample_rate_hz: int, start: int, end: int) -> NDArray[np.int64]:
    """Samples in (start, end] at which a 100 ms slice ends, at any rate."""
    first = start * SLICES_PER_SECOND // sample_rate_hz
    last = end * SLICES_PER_SECOND // sample_rate_hz + 2
    ends = np.round(np.arange(first, last) * sample_rate_hz / SLICES_PER_SECOND).astype(np.int64)
    return ends[(ends > start) & (ends <= end)]


def slice_start(sample_rate_hz: int, position: int) -> int:
    """Sample at which the 100 ms slice that holds sample ``position`` starts."""
    index = position * SLICES_PER_SECOND // sample_rate_hz + 1
    while round(index * sample_rate_hz / SLICES_PER_SECOND) > position:
        index -= 1
    return round(index * sample_rate_hz / SLICES_PER_SECOND)


def _lufs(energies: Doubles) -> Doubles:
    levels: Doubles = _OFFSET + 10 * np.log10(np.maximum(energies, 1e-12))
    return levels


def _gated(energies: Doubles, relative_lu: float) -> Doubles:
    """The windows above the absolute gate and above the relative one, so far below their mean."""
    heard = energies[_lufs(energies) > ABSOLUTE_GATE_LUFS]
    if len(heard) == 0:
        return heard
    gate = _lufs(np.array([heard.mean()]))[0] + relative_lu
    kept: Doubles = heard[_lufs(heard) > gate]
    return kept


def _integrated(curve: LoudnessCurve) -> Measurement:
    aspect, energies = "loudness.integrated_lufs", curve.windows(MOMENTARY_SLICES)
    if len(energies) == 0:
        return _SAY.untold(aspect, "shorter than one gating block of 400 ms")
    kept = _gated(energies, -10.0)
    if len(kept) == 0:
        return _SAY.untold(aspect, "silent: every block lies below the gate of -70 LUFS")
    value = float(_lufs(np.array([kept.mean()]))[0])
    return _SAY.told(aspect, round(value, 2), "BS.1770-4: K-weighted, gated at -70 LUFS and -10 LU")


def _loudest(curve: LoudnessCurve, aspect: str, slices: int, length: str) -> Measurement:
    levels = curve.lufs(slices)
    if len(levels) == 0:
        return _SAY.untold(aspect, f"shorter than the window of {length}")
    loudest = float(levels.max())
    if loudest <= ABSOLUTE_GATE_LUFS:
        return _SAY.untold(aspect, "silent: never above -70 LUFS")
    return _SAY.told(aspect, round(loudest, 2), f"EBU R 128: loudest {length}, every 100 ms")


def _range(curve: LoudnessCurve) -> Measurement:
    aspect, energies = "loudness.range_lu", curve.windows(SHORT_TERM_SLICES)
    if len(energies) == 0:
        return _SAY.untold(aspect, "shorter than the window of 3 s")
    kept = _gated(energies, -20.0)
    if len(kept) == 0:
        return _SAY.untold(aspect, "silent: never above -70 LUFS")
    low, high = np.percentile(_lufs(kept), [10, 95])
    seconds = len(curve.energies) / SLICES_PER_SECOND
    method = "EBU Tech 3342: 10th to 95th percentile of 3 s loudness, gated at -70 LUFS and -20 LU"
    return _SAY.told(aspect, round(float(high - low), 2), method, min(seconds / 60, 1.0))
