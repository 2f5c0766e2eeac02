"""The edge that a low-pass filter, such as an mp3 encoder's, leaves in a spectrum.

An edge is where the spectrum falls by 20 dB or more within an eighth of an octave or so and never
comes back above. Music that fades with frequency falls by far less in so short a span. An edge
close to half the sample rate is the ordinary one of a converter, and is not reported.
"""

from itertools import pairwise

import numpy as np
from scipy import ndimage

from audio.blocks import Block, Floats, Stream
from audio.measurement import Measurement, Reporter
from audio.spectrum import ACTIVE_POWER, HANN_NOISE_BANDWIDTH

ASPECTS = ("spectrum.cutoff_hz",)

LOWEST_EDGE_HZ = 2000.0
HIGHEST_EDGE = 0.95
"""Share of half the sample rate from which on an edge is the converter's own."""
LEAST_DROP_DB = 20.0
_LEAST_KNEE_DROP_DB = 15.0
"""The same, measured from the knee itself: gentle slopes fail here."""
_LEAST_FALL_DB = 8.0
"""Within 4 % or 600 Hz behind the edge: a digital filter's own plunge to zero is slower."""
_KNEE_DB = 6.0
"""The edge is the last frequency within 6 dB of the trend below it."""
_PERSISTENT = 0.8
"""Share of the sounding blocks in which the edge must show."""
_SAY = Reporter("cutoff")


class CutoffMeter:
    """Finds a steep low-pass edge that persists over the file."""

    def __init__(self, stream: Stream) -> None:
        self._frequencies = stream.frequencies(stream.short_fft)
        self._spectra: list[Floats] = []
        """Mean power of the sounding frames of each five seconds."""
        self._weights: list[int] = []

    def push(self, block: Block) -> None:
        sounding = block.short.sum(axis=1) > ACTIVE_POWER * HANN_NOISE_BANDWIDTH
        frames = block.short[sounding]
        edges = np.linspace(0, len(frames), 3).astype(int)
        for first, last in pairwise(edges):
            if last - first >= 10:
                self._spectra.append(frames[first:last].mean(axis=0))
                self._weights.append(int(last - first))

    def finish(self) -> list[Measurement]:
        if not self._spectra:
            return _SAY.all_untold(ASPECTS, "silent or too short: no 0.1 s above -70 dBFS")
        power = np.average(np.stack(self._spectra), axis=0, weights=self._weights)
        levels = _smooth_db(power, self._frequencies)
        edge = _find_edge(levels, self._frequencies)
        if edge is None:
            reason = "no steep edge: the spectrum fades or reaches half the sample rate"
            return [_SAY.none(ASPECTS[0], reason)]
        drop = _drop_at(levels, self._frequencies, edge)
        shown = [
            _drop_at(_smooth_db(piece, self._frequencies), self._frequencies, edge)
            for piece in self._spectra
        ]
        share = float(np.average(np.array(shown) > LEAST_DROP_DB / 2, weights=self._weights))
        if share < _PERSISTENT:
            reason = f"an edge at {edge:.0f} Hz shows in {share:.0%} of the file only"
            return [_SAY.none(ASPECTS[0], reason)]
        method = f"the spectrum falls by {drop:.0f} dB there and stays below, in {share:.0%} of it"
        confidence = share * min(drop / (2 * LEAST_DROP_DB), 1.0)
        return [_SAY.told(ASPECTS[0], round(edge), method, confidence)]


def _smooth_db(power: Floats, frequencies: Floats) -> Floats:
    """Level per bin in dB without narrow lines: a running median over 300 Hz."""
    width = max(int(300 / frequencies[1]) | 1, 3)
    levels: Floats = ndimage.median_filter(10 * np.log10(power + 1e-20), size=width)
    return levels


def _spans(frequency: float, nyquist: float) -> tuple[float, float, float]:
    """Start and end of the band below an edge, and the start of what must stay low above it."""
    above = min(1.12 * frequency, frequency + 1200.0)
    return 0.8 * frequency, 0.97 * frequency, min(above, 0.99 * nyquist)


def _drop_at(levels: Floats, frequencies: Floats, edge: float) -> float:
    """How far the highest level above an edge lies under the median level below it, in dB."""
    start, end, above = np.searchsorted(frequencies, _spans(edge, float(frequencies[-1])))
    return float(np.median(levels[start:end]) - levels[above:-2].max(initial=-np.inf))


def _find_edge(levels: Floats, frequencies: Floats) -> float | None:
    """The edge in hertz, None when there is none below the converter's own."""
    nyquist = float(frequencies[-1])
    candidates = frequencies[(frequencies >= LOWEST_EDGE_HZ) & (frequencies < 0.98 * nyquist)]
    candidates = candidates[:: max(int(100 / frequencies[1]), 1)]
    drops = np.array([_drop_at(levels, frequencies, float(edge)) for edge in candidates])
    if len(drops) == 0 or drops.max() < LEAST_DROP_DB:
        return None
    best = float(candidates[int(drops.argmax())])
    edge = _knee(levels, frequencies, best)
    steep = _fall_at(levels, frequencies, edge) >= _LEAST_FALL_DB
    deep = _drop_at(levels, frequencies, edge) >= _LEAST_KNEE_DROP_DB
    return edge if steep and deep and edge < HIGHEST_EDGE * nyquist else None


def _fall_at(levels: Floats, frequencies: Floats, edge: float) -> float:
    """How far the spectrum falls right behind an edge, within 4 % or 600 Hz, in dB."""
    at, behind = np.searchsorted(frequencies, (edge, edge + max(600.0, 0.04 * edge)))
    return float(levels[at] - levels[min(behind, len(levels) - 1)])


def _knee(levels: Floats, frequencies: Floats, edge: float) -> float:
    """The last frequency about an edge where the spectrum still follows its trend below it."""
    start, end, above = np.searchsorted(frequencies, (0.5 * edge, 0.85 * edge, 1.1 * edge))
    trend = np.polynomial.Polynomial.fit(frequencies[start:end], levels[start:end], 1)
    following = levels[end:above] >= trend(frequencies[end:above]) - _KNEE_DB
    return float(frequencies[end + np.flatnonzero(following)[-1]]) if following.any() else edge
