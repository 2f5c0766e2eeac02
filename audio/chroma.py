"""Which notes sound when: note salience and chroma at ten frames per second.

The way from spectrum to notes is that of NNLS chroma (Mauch and Dixon, "Approximate note
transcription for the improved identification of difficult chords", ISMIR 2010): a log-frequency
spectrum with three bins per semitone, shifted to the file's own tuning, partly whitened over about
an octave, then explained as a non-negative sum of harmonic tones. That removes the overtones that
a folded spectrum would count as fifths and thirds.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, sparse

from audio.blocks import LONG_FRAMES_PER_SECOND, Block, Floats, Stream

LOWEST_MIDI = 24
"""MIDI pitch of the first row of the salience (C1, 32.7 Hz)."""
NOTES = 84
"""Seven octaves, up to B7."""
BINS_PER_SEMITONE = 3

_BINS = NOTES * BINS_PER_SEMITONE
_OVERTONE_DECAY = 0.7
_OVERTONES = 12
_NNLS_STEPS = 40
_LEAST_CONTRAST = 0.22
_NOISY_CONTRAST, _NOISY_TUNED = 0.32, 0.025
_LEAST_SECONDS = 0.5
_LEAST_TUNED = 0.1
"""Where the partials agree less than this, as in drums, 440 Hz is taken."""
_SILENCE_POWER = 1e-7
"""Frames whose whole spectrum has less power than this (-70 dBFS) hold no notes."""


@dataclass(frozen=True)
class Chromagram:
    """Notes over time; frame i is centred on i / 10 s."""

    notes: Floats
    """Salience, float32, (frames, 84), >= 0, without unit; row n is MIDI pitch 24 + n."""
    tuning_hz: float
    """Frequency of the file's own A4, within a quarter tone of 440 Hz."""
    tuned: float
    """How well the partials agree on one tuning, 0..1."""
    contrast: float
    """How far spectral peaks stand out, median over the sounding frames: about 0.2 for noise,
    0.2 to 0.4 for drums, 0.4 to 1.3 for music, 0 in silence."""
    seconds: float
    """Length of what could be decoded."""

    @cached_property
    def unpitched(self) -> str:
        """Why no notes can be told from it; empty when they can."""
        if self.contrast == 0.0:
            return "the file is silent"
        noisy = self.contrast < _NOISY_CONTRAST and self.tuned < _NOISY_TUNED
        if noisy or self.contrast < _LEAST_CONTRAST:
            return "no pitch stands out: the sound is noise or clicks"
        sounding = np.count_nonzero(self.notes.any(axis=1)) / LONG_FRAMES_PER_SECOND
        if sounding < _LEAST_SECONDS:
            return f"too short: {sounding:.1f} s of sound, {_LEAST_SECONDS:.1f} s are needed"
        return ""

    @cached_property
    def treble(self) -> Floats:
        """Chroma about the middle voices: float32, (frames, 12), column 0 is C."""
        return _fold(self.notes * _voice(66, 14))

    @cached_property
    def bass(self) -> Floats:
        """Chroma of the low voices: float32, (frames, 12), column 0 is C."""
        return _fold(self.notes * _voice(40, 10))

    @cached_property
    def chroma(self) -> Floats:
        """Chroma of C2 to B6, for pictures and keys: float32, (frames, 12), column 0 is C."""
        return _fold(self.notes[:, 12:72])


class PitchMeter:
    """Reduce the long spectra to a compact log-frequency spectrum, then to notes."""

    def __init__(self, stream: Stream) -> None:
        frequencies = stream.frequencies(stream.long_fft)
        self._rate, self._seconds = stream.sample_rate_hz, 0.0
        self._bins = int(np.searchsorted(frequencies, 5000.0))
        self._frequencies = frequencies[: self._bins].astype(np.float64)
        self._bands = _bands(self._frequencies)
        self._pieces: list[Floats] = []
        self._tuning = 0j
        self._weight = 0.0

    def push(self, block: Block) -> None:
        """Take the next block."""
        self._seconds = (block.start + block.samples.shape[1]) / self._rate
        power = block.long[:, : self._bins]
        if not len(power):
            return
        loud = block.long.sum(axis=1, keepdims=True) > _SILENCE_POWER
        amplitude = np.sqrt(power) * loud
        self._pieces.append((self._bands @ amplitude.T).T.astype(np.float32))
        self._watch_tuning(amplitude)

    def finish(self) -> Chromagram:
        """Say which notes sounded."""
        tuned = abs(self._tuning) / max(self._weight, 1e-12)
        semitones = float(np.angle(self._tuning) / (2 * np.pi)) if tuned > _LEAST_TUNED else 0.0
        loudest = max((float(piece.max(initial=0.0)) for piece in self._pieces), default=0.0)
        scale = np.float32(1 / max(loudest, 1e-9))
        dictionary = _dictionary()
        notes, peaks = [np.zeros((0, NOTES), np.float32)], [np.zeros(0, np.float32)]
        for piece in self._pieces:
            spectra = _shift(piece * scale, semitones * BINS_PER_SEMITONE)
            peaks.append(_contrast(spectra))
            notes.append(_explain(_whiten(spectra), dictionary))
        contrast = np.concatenate(peaks)
        return Chromagram(
            notes=np.concatenate(notes),
            tuning_hz=440.0 * 2 ** (semitones / 12),
            tuned=tuned,
            contrast=float(np.median(contrast[contrast > 0])) if np.any(contrast > 0) else 0.0,
            seconds=self._seconds,
        )

    def _watch_tuning(self, amplitude: Floats) -> None:
        """Add the distances of all spectral peaks from 440 Hz semitones, as unit vectors.

        Peaks are placed between bins by a parabola through the log spectrum (Smith and Serra,
        PARSHL, 1987).
        """
        first, last = np.searchsorted(self._frequencies, (120.0, 2500.0))
        level = np.log(amplitude[:, first:last] + 1e-9)
        left, middle, right = level[:, :-2], level[:, 1:-1], level[:, 2:]
        frame, column = np.nonzero((middle > left) & (middle >= right) & (middle > -16))
        if not len(frame):
            return
        a, b, c = (part[frame, column].astype(np.float64) for part in (left, middle, right))
        offset = 0.5 * (a - c) / (a - 2 * b + c - 1e-9)
        hertz = (first + column + 1 + offset) * self._frequencies[1]
        weight = np.exp(b)
        angle = 2j * np.pi * 12 * np.log2(hertz / 440.0)
        self._tuning += complex(np.sum(weight * np.exp(angle)))
        self._weight += float(weight.sum())


def _bands(frequencies: NDArray[np.float64]) -> sparse.csr_array:
    """Triangular bands a third of a semitone apart, as wide as a bin where bins are wider.

    Args:
        frequencies: bin centres in hertz, (bins,).

    Returns:
        Weights of one mean each, (252, bins).
    """
    pitch = np.full(len(frequencies), -1e3)
    pitch[1:] = 69 + 12 * np.log2(frequencies[1:] / 440.0)
    spacing = 12 * np.log2(1 + 1 / np.arange(1, len(frequencies) + 1))
    width = np.maximum(1 / BINS_PER_SEMITONE, spacing)
    centres = LOWEST_MIDI + np.arange(_BINS) / BINS_PER_SEMITONE
    weights = np.maximum(0.0, 1 - np.abs(centres[:, None] - pitch) / width)
    weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
    return sparse.csr_array(weights.astype(np.float32))


def _shift(spectra: Floats, bins: float) -> Floats:
    """Read a log-frequency spectrum ``bins`` higher: float32, (frames, 252)."""
    position = np.arange(_BINS) + bins
    lower = np.clip(np.floor(position).astype(int), 0, _BINS - 2)
    share = (position - lower).astype(np.float32)
    shifted: Floats = spectra[:, lower] * (1 - share) + spectra[:, lower + 1] * share
    return np.maximum(shifted, 0)


def _whiten(spectra: Floats) -> Floats:
    """Take what stands above the mean of about an octave, over the root of its deviation.

    The loudest bin of the file is 1; deviations far below it (-80 dB) aren't raised further.
    """
    size = 12 * BINS_PER_SEMITONE + 1
    mean = ndimage.uniform_filter1d(spectra, size, axis=1, mode="nearest")
    square = ndimage.uniform_filter1d(spectra**2, size, axis=1, mode="nearest")
    deviation = np.sqrt(np.maximum(square - mean**2, 0))
    white: Floats = np.maximum(spectra - mean, 0) / np.sqrt(deviation + np.float32(1e-4))
    return white


def _contrast(spectra: Floats) -> Floats:
    """Mean distance of each frame's spectrum from its octave mean, over that mean: (frames,).

    Noise averages out within a band, tones don't. 0 in silence.
    """
    middle = spectra[:, 24 * BINS_PER_SEMITONE :]
    mean = ndimage.uniform_filter1d(middle, 12 * BINS_PER_SEMITONE + 1, axis=1, mode="nearest")
    total = mean.sum(axis=1)
    ratio = np.abs(middle - mean).sum(axis=1) / np.maximum(total, 1e-12)
    contrast: Floats = np.where(total > 0, ratio, 0).astype(np.float32)
    return contrast


def _dictionary() -> Floats:
    """One harmonic tone per note, overtone h with amplitude 0.7^(h-1): float32, (252, 84)."""
    overtones = np.arange(1, _OVERTONES + 1)
    place = BINS_PER_SEMITONE * (np.arange(NOTES)[:, None] + 12 * np.log2(overtones))
    reach = np.maximum(0, 1 - np.abs(np.arange(_BINS)[:, None, None] - place))
    tones: Floats = (reach * _OVERTONE_DECAY ** (overtones - 1)).sum(axis=2).astype(np.float32)
    return tones


def _explain(spectra: Floats, dictionary: Floats) -> Floats:
    """Explain spectra as non-negative sums of tones by multiplicative steps.

    The step is that of Lee and Seung (2001) with the dictionary held: (frames, 84).
    """
    match = spectra @ dictionary
    overlap = dictionary.T @ dictionary
    notes = match / overlap.sum(axis=0) + 1e-9
    for _ in range(_NNLS_STEPS):
        notes *= match / (notes @ overlap + 1e-6)
    explained: Floats = notes.astype(np.float32)
    return explained


def _voice(centre: float, width: float) -> Floats:
    """Gaussian weight of each note about a MIDI pitch: float32, (84,)."""
    pitch = LOWEST_MIDI + np.arange(NOTES)
    weight: Floats = np.exp(-0.5 * ((pitch - centre) / width) ** 2).astype(np.float32)
    return weight


def _fold(notes: Floats) -> Floats:
    """Add the octaves: (frames, 12 k) to (frames, 12)."""
    folded: Floats = notes.reshape(len(notes), -1, 12).sum(axis=1)
    return folded
