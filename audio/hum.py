"""Mains hum: a steady, narrow line at 50 or 60 Hz or several of its multiples.

Hum differs from a bass note by staying: it is there, at the same level, in every stretch of the
file. So the file is brought down to a low rate, cut into stretches of a few seconds, and for each
frequency the level that nine stretches in ten exceed is taken: notes vanish from these minima,
hum stays. A line counts when it stands far above its neighbours there, within half a percent of
the mains frequency; G1 (49.0 Hz) and B1 (61.7 Hz) lie outside.
"""

from dataclasses import dataclass

import numpy as np
from scipy import fft, signal

from audio.blocks import Block, Floats, Stream
from audio.measurement import Measurement, Reporter

ASPECTS = ("hum.hz",)

MAINS_HZ = (50.0, 60.0)
HARMONICS = 8
STRETCH_SECONDS = 4.0
SHORTEST_SECONDS = 2.0
"""Shorter files can't part 50 Hz from the G beside it."""
LEAST_PROMINENCE_DB = 12.0
_SURE_SECONDS = 10.0
"""In so long a file, what is steady is steady."""
FAINTEST_DBFS = -90.0
"""Fainter lines are not worth a word."""
_LOW_RATE_HZ = 1200.0
_MINIMUM_PERCENTILE = 10
_SHORT_SECONDS = 0.33
_DRIFT = 0.005
"""Share by which the mains, or a tape, may be off."""
_SAY = Reporter("hum")


@dataclass(frozen=True)
class _Line:
    """A narrow line in the minima."""

    frequency_hz: float
    level_db: float
    prominence_db: float


@dataclass(frozen=True)
class SteadyLine:
    """A line of a hum that was found."""

    frequency_hz: float
    level_dbfs: float
    """In the quietest stretches."""
    dip_db: float
    """How far it falls below that in the quietest tenth of short stretches: notes have pauses."""
    swell_db: float
    """How far it is above that in half of the short stretches: notes come again."""


class HumMeter:
    """Finds hum and its fundamental."""

    def __init__(self, stream: Stream) -> None:
        self._factor = int(stream.sample_rate_hz // _LOW_RATE_HZ)
        self._rate = stream.sample_rate_hz / self._factor
        taps = 10 * self._factor + 1
        self._filter = signal.firwin(taps, 0.9 / self._factor).astype(np.float32)
        self._kept: Floats = np.zeros((stream.channels, len(self._filter) // 2), np.float32)
        self._low: list[Floats] = []
        self.lines: tuple[SteadyLine, ...] = ()
        """The lines of the hum that was found; filled by ``finish``."""

    def push(self, block: Block) -> None:
        self._decimate(np.concatenate((self._kept, block.samples), axis=1))

    def _decimate(self, samples: Floats) -> None:
        """Filter and keep every n-th sample that the filter covers whole."""
        count = (samples.shape[1] - len(self._filter)) // self._factor + 1
        if count <= 0:
            self._kept = samples
            return
        used = (count - 1) * self._factor + len(self._filter)
        low = signal.upfirdn(self._filter, samples[:, :used], 1, self._factor, axis=1)
        skip = (len(self._filter) - 1) // self._factor
        self._low.append(low[:, skip : skip + count].astype(np.float32))
        self._kept = samples[:, count * self._factor :]

    def finish(self) -> list[Measurement]:
        rest = np.pad(self._kept, ((0, 0), (0, len(self._filter) // 2)))
        self._decimate(rest)
        low = np.concatenate(self._low, axis=1) if self._low else rest[:, :0]
        if low.shape[1] < SHORTEST_SECONDS * self._rate:
            return _SAY.all_untold(ASPECTS, f"shorter than {SHORTEST_SECONDS} s")
        stretch = int(min(STRETCH_SECONDS * self._rate, low.shape[1] / 2.5))
        spectra = _spectra(low, stretch)
        sounding = spectra[spectra.sum(axis=1) > 10 ** (FAINTEST_DBFS / 10)]
        seconds = low.shape[1] / self._rate
        if len(sounding) == 0:
            return [_SAY.none(ASPECTS[0], "no hum: silent below 600 Hz")]
        minima = np.percentile(sounding, _MINIMUM_PERCENTILE, axis=0)
        found = {mains: _lines(minima, self._rate / stretch, mains) for mains in MAINS_HZ}
        if fitting := _fitting(found):
            lines = fitting[_strongest(fitting)].values()
            self.lines = tuple(_steady(line, low, self._rate) for line in lines)
        return [_judge(found, seconds)]


def _spectra(low: Floats, stretch: int) -> Floats:
    """Power of each half-overlapping stretch, mean over channels: float32, (n, bins).

    A full-scale sine reads 1.
    """
    window = signal.get_window("hann", stretch).astype(np.float32)
    window /= window.sum() / 2
    starts = range(0, low.shape[1] - stretch + 1, max(stretch // 2, 1))
    rows = []
    for start in starts:
        spectrum = fft.rfft(low[:, start : start + stretch] * window, axis=1)
        rows.append((spectrum.real**2 + spectrum.imag**2).mean(axis=0))
    return np.stack(rows)


def _lines(minima: Floats, spacing_hz: float, mains_hz: float) -> dict[int, _Line]:
    """Lines at the multiples of a mains frequency, by multiple."""
    found = {}
    for multiple in range(1, HARMONICS + 1):
        line = _line_at(minima, spacing_hz, multiple * mains_hz)
        if line.prominence_db >= LEAST_PROMINENCE_DB and line.level_db >= FAINTEST_DBFS:
            found[multiple] = line
    return found


def _line_at(minima: Floats, spacing_hz: float, target_hz: float) -> _Line:
    """The crest nearest to a frequency and how far it stands above its surroundings."""
    reach = max(_DRIFT * target_hz, 0.6 * spacing_hz)
    first = int(np.ceil((target_hz - reach) / spacing_hz))
    last = int(np.floor((target_hz + reach) / spacing_hz))
    levels = 10 * np.log10(minima + 1e-20)
    crest = first + int(np.argmax(levels[first : last + 1]))
    before, level, after = levels[crest - 1 : crest + 2]
    if level < max(before, after):
        return _Line(target_hz, float(level), 0.0)
    bend = before - 2 * level + after
    shift = 0.5 * (before - after) / bend if bend < 0 else 0.0
    far = max(int(6.0 / spacing_hz), 8)
    sides = np.concatenate(
        (levels[max(crest - far, 1) : crest - 2], levels[crest + 3 : crest + far])
    )
    return _Line(
        float((crest + shift) * spacing_hz), float(level), float(level - np.percentile(sides, 90))
    )


def _fitting(found: dict[float, dict[int, _Line]]) -> dict[float, dict[int, _Line]]:
    """The mains frequencies that have their fundamental, or two multiples of it."""
    return {mains: lines for mains, lines in found.items() if 1 in lines or len(lines) >= 2}


def _strongest(fitting: dict[float, dict[int, _Line]]) -> float:
    return max(fitting, key=lambda one: sum(line.prominence_db for line in fitting[one].values()))


def _steady(line: _Line, low: Floats, rate: float) -> SteadyLine:
    """How steady a line is, by its level in each third of a second."""
    size = round(_SHORT_SECONDS * rate)
    window = signal.get_window("hann", size)
    tone = window * np.exp(-2j * np.pi * line.frequency_hz / rate * np.arange(size))
    pieces = np.lib.stride_tricks.sliding_window_view(low, size, axis=1)[:, :: size // 2]
    power = np.square(np.abs(pieces @ (tone / (window.sum() / 2)))).mean(axis=0)
    lowest, usual = 10 * np.log10(np.percentile(power, (_MINIMUM_PERCENTILE, 50)) + 1e-20)
    return SteadyLine(
        line.frequency_hz,
        line.level_db,
        float(max(line.level_db - lowest, 0.0)),
        float(max(usual - line.level_db, 0.0)),
    )


def _judge(found: dict[float, dict[int, _Line]], seconds: float) -> Measurement:
    """The mains frequency whose lines are convincing: the fundamental, or two multiples of it."""
    fitting = _fitting(found)
    if not fitting:
        return _SAY.none(ASPECTS[0], "no hum: no steady line at 50 or 60 Hz or their multiples")
    lines = fitting[_strongest(fitting)]
    loudest = max(lines, key=lambda multiple: lines[multiple].level_db)
    listed = ", ".join(f"{line.frequency_hz:.1f}" for line in lines.values())
    method = (
        f"steady lines at {listed} Hz, the loudest at {lines[loudest].level_db:.0f} dBFS and "
        f"{lines[loudest].prominence_db:.0f} dB above its surroundings"
    )
    confidence = min(seconds / _SURE_SECONDS, 1.0) * (0.6 + 0.1 * min(len(lines), 4))
    return _SAY.told(
        ASPECTS[0], round(lines[loudest].frequency_hz / loudest, 1), method, confidence
    )
