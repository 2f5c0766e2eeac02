"""What is wrong with one recording by itself."""

from collections.abc import Sequence

import numpy as np

from audio.hum import MAINS_HZ, SteadyLine
from audio.mastering.faults import Fault
from audio.mastering.side_faults import inverted_side, leaning
from audio.mastering.stem import Stem

LEAST_OFFSET = 0.001
"""-60 dBFS."""
_SHARED_OFFSET = 0.5
"""The median of the samples, and the mean where they rest, show at least so much of an offset. A
drum has a mean too, but rests at 0 between its beats."""
_RESTING_SHARE = 0.1
"""The quietest tenth of the short windows is where a recording rests."""
_MOVING_OFFSET = 0.05
"""Share of the level that an offset must have where a recording never rests."""
_STEADY = 0.9
"""Share of the windows in which an offset has the same sign."""
_FAINTEST_HUM_DB = -80.0
_STEADY_DB = 8.0
"""The steadiest line of a hum falls no further for a moment."""
_OFF_MAINS = 0.006
"""Share by which the mains may be off, as it is measured."""
_OWN_LINE_DB = 6.0
"""A steady line this close to the whole level is what the stem plays, not what disturbs it."""
_SWELL_DB = 3.0
"""Lines that are this much louder half of the time are played; what disturbs stays the same."""
_SURE_LINES = 3
"""So many steady lines on multiples of the mains frequency are no coincidence."""
_FAINT_HUM = 10 ** (-45 / 20)
"""A stem that holds nothing louder than this plays nothing."""
_LOWEST_CUTOFF_HZ = 8000.0
"""Encoders for music keep more than this; a lower edge is a sound's own."""
_FEWEST_CLIPPED = 10
_COARSE_PEAK = 0.02
"""Below this peak the steps of 16 bits make smooth crests look flat."""
_GENTLE, _STEEP = 0.8, 0.95
"""Above this share of half the sample rate gentle digital filters fall steeply too, so that the
meter must be so sure."""
_CONVERTER = 0.925
"""Share of half the sample rate from which on an edge is a converter's or a filter's own."""


def faults_of(stem: Stem, alone: bool) -> list[Fault]:
    """All that is wrong with a recording by itself.

    Args:
        stem: the recording.
        alone: whether it is the whole music and no part of it.
    """
    found = _damage(stem)
    if stem.is_silent():
        return [*found, _silence(stem)]
    checks = (_clipping(stem), _offset(stem), inverted_side(stem), leaning(stem, alone),
              _hum(stem), _cutoff(stem))  # fmt: skip
    return [*found, *(one for one in checks if one is not None)]


def _damage(stem: Stem) -> list[Fault]:
    heard, found = stem.heard, []
    missing = heard.promised - heard.stream.frames
    rate = heard.stream.sample_rate_hz
    if missing > 0.1 * rate and not stem.lossy:  # an MP3's length is estimated
        says = f"{stem.name} breaks off {missing / rate:.2f} s before the end its header promises"
        found.append(stem.fault("damaged", says, missing / rate, "s", 0.1, "frames decoded"))
    if heard.not_numbers:
        says = f"{heard.not_numbers} samples of {stem.name} are no numbers and count as silence"
        found.append(
            stem.fault("damaged", says, heard.not_numbers, "samples", 0, "samples decoded")
        )
    return found


def _silence(stem: Stem) -> Fault:
    peak = 20 * np.log10(max(stem.heard.peak, 1e-7))
    return stem.fault(
        "silent", f"{stem.name} is silent", float(peak), "dBFS", -75.0,
        "highest sample without the channel's mean",
    )  # fmt: skip


def _clipping(stem: Stem) -> Fault | None:
    measured = stem.heard.measured["clipping.samples"]
    count = stem.heard.number("clipping.samples") or 0.0
    coarse = stem.heard.peak < _COARSE_PEAK and not stem.heard.piled
    if count < _FEWEST_CLIPPED or coarse:
        return None
    says = f"{stem.name} is clipped: {count:.0f} samples in flat tops"
    return stem.fault("clipping", says, count, "samples", _FEWEST_CLIPPED, measured.method)


def _offset(stem: Stem) -> Fault | None:
    offsets = stem.heard.offsets
    if len(offsets.means) == 0:
        return None
    means, medians = np.median(offsets.means, axis=0), np.median(offsets.medians, axis=0)
    worst = int(np.argmax(np.abs(means)))
    mean, median = float(means[worst]), float(medians[worst])
    steady = float(np.mean(np.sign(offsets.means[:, worst]) == np.sign(mean)))
    if abs(mean) < LEAST_OFFSET or median * np.sign(mean) < _SHARED_OFFSET * abs(mean):
        return None
    if steady < _STEADY or not _rests_beside(stem, worst, mean):
        return None
    says = f"{stem.name} has a DC offset of {mean:+.4f} of full scale"
    method = "median of the means and of the medians of windows of a second, in each channel"
    numbers = tuple(float(one) for one in means)
    return stem.fault("dc", says, abs(mean), "", LEAST_OFFSET, method, numbers=numbers)


def _rests_beside(stem: Stem, channel: int, mean: float) -> bool:
    """Whether a channel rests at its offset; where it never rests, whether that is large."""
    offsets = stem.heard.offsets
    rests, moves = offsets.rests[:, channel], offsets.moves[:, channel]
    quiet = moves <= np.quantile(moves, _RESTING_SHARE)
    if float(np.median(moves[quiet])) > abs(mean):
        return abs(mean) > _MOVING_OFFSET * float(stem.heard.rms[channel])
    rest = float(np.median(rests[quiet])) * float(np.sign(mean))
    return rest >= _SHARED_OFFSET * abs(mean)


def _hum(stem: Stem) -> Fault | None:
    measured = stem.heard.measured["hum.hz"]
    value = stem.heard.number("hum.hz")
    if value is None:
        return None
    lines = stem.heard.hum
    level = max(line.level_dbfs for line in lines)
    if level < _FAINTEST_HUM_DB or min(abs(value / one - 1) for one in MAINS_HZ) > _OFF_MAINS:
        return None
    power = float(np.sqrt(np.mean(np.square(stem.heard.rms))))
    whole = 20 * np.log10(max(power * np.sqrt(2), 1e-7))
    if min(line.dip_db for line in lines) > _STEADY_DB:
        return None  # it comes and goes: notes
    played = min(line.swell_db for line in lines) > _SWELL_DB
    own = level > whole - _OWN_LINE_DB or played
    own = own and power > _FAINT_HUM and len(lines) < _SURE_LINES
    says = f"{stem.name} hums at {value:g} Hz ({level:.0f} dBFS)"
    if own:
        says = f"{stem.name} holds a steady tone at {value:g} Hz that may be its own"
    numbers = _all_lines(value, lines)
    return stem.fault(
        "hum", says, value, "Hz", 0.0, measured.method, certain=not own, numbers=numbers
    )


def _all_lines(mains_hz: float, lines: Sequence[SteadyLine]) -> tuple[float, ...]:
    """The lines that were found, and those below the highest that music hides, in hertz."""
    known = {round(line.frequency_hz / mains_hz): line.frequency_hz for line in lines}
    each = (known.get(number, number * mains_hz) for number in range(1, max(known) + 1))
    return tuple(round(one, 2) for one in each)


def _cutoff(stem: Stem) -> Fault | None:
    measured = stem.heard.measured["spectrum.cutoff_hz"]
    value, rate = stem.heard.number("spectrum.cutoff_hz"), stem.heard.stream.sample_rate_hz
    if value is None or not _LOWEST_CUTOFF_HZ <= value <= _CONVERTER * rate / 2:
        return None
    if value > _GENTLE * rate / 2 and measured.confidence < _STEEP:
        return None
    source = "a lossy file such as MP3"
    if value > 20_600:
        source = f"a file of about {round(2 * value, -2):.0f} Hz"
    says = f"{stem.name} ends at {value / 1000:.1f} kHz: its source was {source}"
    if stem.lossy:
        says = f"{stem.name} is a lossy file that ends at {value / 1000:.1f} kHz"
    return stem.fault(
        "cutoff", says, value, "Hz", _LOWEST_CUTOFF_HZ, measured.method,
    )  # fmt: skip
