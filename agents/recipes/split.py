"""Split a sound into what rings and what strikes."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from agents.recipes.sound import BLOCK_FRAMES, Samples, Sound, keep, overlapped, rechunked

_HOPS_PER_WINDOW = 4
_MEDIAN = 31
"""Length of the median filters, in frames and in bins."""
_MARGIN_HOPS = _MEDIAN // 2 + 2 * _HOPS_PER_WINDOW
_CHUNK_HOPS = 512


def hpss(sound: Sound) -> dict[str, Sound]:
    """Harmonic and percussive part; their sum is the sound.

    Median filtering of the spectrogram along time and along frequency (D. Fitzgerald,
    "Harmonic/percussive separation using median filtering", DAFx 2010) with soft masks that all
    channels share.
    """
    harmonic = keep(_harmonic(sound))

    def blocks() -> Iterator[Samples]:
        pairs = (rechunked(part, BLOCK_FRAMES).blocks() for part in (sound, harmonic))
        return (whole - part for whole, part in zip(*pairs, strict=True))

    return {"harmonic": harmonic, "percussive": Sound(sound.rate, sound.channels, blocks)}


def _harmonic(sound: Sound) -> Sound:
    size = int(2 ** np.round(np.log2(0.046 * sound.rate)))
    hop, window = size // _HOPS_PER_WINDOW, np.hanning(size + 1)[:-1]

    def blocks() -> Iterator[Samples]:
        margin = _MARGIN_HOPS * hop
        for wide in overlapped(rechunked(sound, _CHUNK_HOPS * hop), margin):
            frames = max(0, -(-(len(wide) - size) // hop)) + 1
            padded = np.pad(wide, ((0, (frames - 1) * hop + size - len(wide)), (0, 0)))
            views = np.lib.stride_tricks.sliding_window_view(padded, size, axis=0)[::hop]
            spectra = np.fft.rfft(views * window, axis=-1)  # (frames, channels, bins)
            mask = _harmonic_mask(np.sqrt(np.mean(np.abs(spectra) ** 2, axis=1)))
            pieces = np.fft.irfft(spectra * mask[:, np.newaxis], axis=-1) * window
            result = np.zeros((len(padded), sound.channels))
            for index, piece in enumerate(pieces):
                result[index * hop : index * hop + size] += piece.T
            # Four squared Hann windows, a quarter apart, add up to 1.5.
            yield result[margin : len(wide) - margin] / 1.5

    return Sound(sound.rate, sound.channels, blocks)


def _harmonic_mask(magnitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of the harmonic part in each bin, 0..1: (frames, bins)."""
    harmonic = _medians(magnitude.T).T ** 2
    percussive = _medians(magnitude) ** 2
    return np.asarray((harmonic + 1e-16) / (harmonic + percussive + 2e-16))


def _medians(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Running medians along each row, all rows end to end: scipy is ten times quicker so."""
    half = _MEDIAN // 2
    wide = np.pad(rows, ((0, 0), (half, half)), mode="edge")
    medians = ndimage.median_filter(wide.astype(np.float32).ravel(), size=_MEDIAN)
    return np.asarray(medians.reshape(wide.shape)[:, half:-half], dtype=np.float64)
