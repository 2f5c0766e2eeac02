"""Whether numbers are sound: finite, not denormal, not growing, the same whatever the blocks."""

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from audio.probing.probe import Samples

_TINY = float(np.finfo(np.float64).tiny)


def not_finite(output: Samples) -> int:
    """Samples that are no finite numbers."""
    return int((~np.isfinite(output)).sum())


def denormals(output: Samples) -> int:
    """Samples that are denormal numbers: smaller than 2.2e-308, but not zero."""
    return int(((output != 0) & (np.abs(output) < _TINY)).sum())


def grows(sound: Samples, output: Samples, silent_from: int) -> bool:
    """Whether a sound, long after its input became silent, is louder than it and all before."""
    size = np.abs(output)
    last = silent_from + (output.shape[1] - silent_from) * 3 // 4
    before = max(float(np.abs(sound).max()), float(size[:, :last].max(initial=0.0)))
    return bool(size[:, last:].max(initial=0.0) > 1.001 * before)


def distance(one: Samples, other: Samples) -> float:
    """The largest difference of two sounds, full scale 1."""
    return float(np.abs(one - other).max(initial=0.0))


def click_db(sound: NDArray[np.float64], output: NDArray[np.float64], rate: int, at: int) -> float:
    """How strong a click is: what lies above 2 kHz around a moment and not before or after it.

    Args:
        sound: a low tone that went in: (frames,).
        output: what came out, changed at one moment: (frames,).
        rate: sample rate in hertz.
        at: the moment's sample, at least 0.2 s from both ends.

    Returns:
        Peak of the click over the peak of both sounds, in decibels; -300 where there is none.
    """
    sections = signal.butter(4, 2000, "highpass", output="sos", fs=rate)
    high = np.abs(signal.sosfilt(sections, output))
    near = slice(at - rate // 100, at + rate // 10)
    steady = max(high[at // 2 : at - rate // 100].max(), high[near.stop :].max())
    more, whole = float(high[near].max() - 1.5 * steady), max(map(_peak, (sound, output)))
    return float(20 * np.log10(more / whole)) if more > 1e-15 * whole else -300.0


def _peak(sound: NDArray[np.float64]) -> float:
    return float(np.abs(sound).max())
