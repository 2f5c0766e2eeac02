"""Take away what is no music: a constant offset, and mains hum with its overtones."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from agents.recipes.filters import filtered
from agents.recipes.sound import Sound, note

_MAINS_HZ = (50.0, 60.0)
_OVERTONES = 12
_STANDS_OUT_DB = 12.0
"""At least one line of a hum lies this far above what is beside it."""
_OVERTONE_DB = 6.0
"""The other lines of a hum that is there lie this far above."""
_NOTCH_HZ = 2.0
"""Width of a notch, -3 dB to -3 dB."""


def remove_dc(sound: Sound) -> Sound:
    """Take the mean off each channel."""
    total, frames = np.zeros(sound.channels), 0
    for block in sound.blocks():
        total += block.sum(axis=0)
        frames += len(block)
    mean = total / max(frames, 1)
    return sound.each(lambda block: block - mean)


def dehum(sound: Sound, hum_hz: float) -> Sound:
    """Cut out mains hum and those of its overtones that stand out.

    Args:
        sound: what hums.
        hum_hz: the fundamental in hertz; 0 looks for 50 and 60 Hz.
    """
    frequencies, quiet = _quiet_spectrum(sound)
    found = _hum(frequencies, quiet, (hum_hz,) if hum_hz else _MAINS_HZ)
    if not found and not hum_hz:
        note("no hum at 50 or 60 Hz stands out, so nothing was cut")
        return sound
    lines = found or [hum_hz]
    for line in lines:
        b, a = signal.iirnotch(line, line / _NOTCH_HZ, fs=sound.rate)
        sound = filtered(sound, signal.tf2sos(b, a))
    note("hum cut at " + ", ".join(f"{line:.1f}" for line in lines) + " Hz")
    return sound


def _quiet_spectrum(sound: Sound) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Frequencies in hertz and the level in dB that each holds for 80 % of the time.

    A hum line is there all the time, a note is not.
    """
    size = round(2.0 * sound.rate)
    window = signal.get_window("blackmanharris", size)
    frequencies = np.fft.rfftfreq(size, 1 / sound.rate)
    low = frequencies < _OVERTONES * 62
    spectra = [np.abs(np.fft.rfft(piece * window))[low] for piece in _pieces(sound, size)]
    levels = np.quantile(np.array(spectra), 0.2, axis=0) / window.sum()
    quiet = 20 * np.log10(np.maximum(levels, 1e-8))
    return np.asarray(frequencies[low], dtype=np.float64), np.asarray(quiet, dtype=np.float64)


def _pieces(sound: Sound, size: int) -> Iterator[NDArray[np.float64]]:
    """Mean over the channels, in pieces of ``size`` frames; a short sound is filled with zeros."""
    kept, whole = np.zeros(0), False
    for block in sound.blocks():
        kept = np.concatenate((kept, block.mean(axis=1)))
        while len(kept) >= size:
            yield kept[:size]
            kept, whole = kept[size:], True
    if not whole:
        yield np.pad(kept, (0, size - len(kept)))


def _hum(
    frequencies: NDArray[np.float64], quiet: NDArray[np.float64], candidates: tuple[float, ...]
) -> list[float]:
    """The lines of the candidate whose lines stand out most, in hertz; none if none does."""
    best: list[float] = []
    most = 0.0
    for mains in candidates:
        low = [_line(frequencies, quiet, mains * number, 0.006 * mains) for number in (1, 2, 3)]
        number = max((0, 1, 2), key=lambda index: low[index].above_db) + 1
        strongest = low[number - 1]
        if strongest.above_db < max(_STANDS_OUT_DB, most):
            continue
        fundamental, most = strongest.frequency_hz / number, strongest.above_db
        places = (fundamental * number for number in range(1, _OVERTONES + 1))
        lines = [_line(frequencies, quiet, place, 0.4) for place in places]
        best = [line.frequency_hz for line in lines if line.above_db >= _OVERTONE_DB]
    return best


class _Line(NamedTuple):
    """A line of the spectrum."""

    frequency_hz: float
    above_db: float
    """How far it lies above what is beside it."""


def _line(
    frequencies: NDArray[np.float64], quiet: NDArray[np.float64], near: float, within: float
) -> _Line:
    """The strongest line within so many hertz of a frequency."""
    close = np.flatnonzero(np.abs(frequencies - near) <= within)
    if len(close) == 0 or close[-1] + 1 >= len(quiet):
        return _Line(near, 0.0)
    top = int(close[np.argmax(quiet[close])])
    distance = np.abs(frequencies - frequencies[top])
    beside = quiet[(distance > 3.0) & (distance < 9.0)]
    left, right = quiet[top - 1], quiet[top + 1]
    bend = left - 2 * quiet[top] + right
    shift = 0.5 * (left - right) / bend if bend < 0 else 0.0
    step = frequencies[1] - frequencies[0]
    above = float(quiet[top] - np.median(beside))
    return _Line(float(frequencies[top] + shift * step), above)
