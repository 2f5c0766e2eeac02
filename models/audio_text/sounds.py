"""Sound on its way to a model: checked, cut, mixed to one channel, and at the model's rate."""

import io
from math import gcd

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy import signal

from grym_synth.errors import SoundUnusable

Channels = NDArray[np.float32]
"""float32, (channels, frames), -1..1."""
Mono = NDArray[np.float32]
"""float32, (frames,), -1..1."""

LOWEST_RATE_HZ, HIGHEST_RATE_HZ = 1_000, 768_000
LEAST_SECONDS = 0.1
"""Shorter sounds have nothing to be described."""
SILENT_PEAK = 2**-16
"""Half a step of 16-bit audio."""
_CANCELLED = 0.1
"""A mean of channels with less than this share of their power has lost what they hold."""
_TRIED = "hear a sound"


def checked(samples: NDArray[np.floating], sample_rate_hz: int) -> Channels:
    """A sound as (channels, frames).

    Raises:
        SoundUnusable: it is too short, silent, not all numbers, or the rate is impossible.
    """
    if sample_rate_hz != int(sample_rate_hz) or not (
        LOWEST_RATE_HZ <= sample_rate_hz <= HIGHEST_RATE_HZ
    ):
        raise _unusable(
            f"a sampling rate of {sample_rate_hz} Hz can't be",
            f"Give a whole number from {LOWEST_RATE_HZ} to {HIGHEST_RATE_HZ}",
        )
    sound = np.asarray(samples)
    if sound.ndim not in (1, 2) or not np.issubdtype(sound.dtype, np.floating):
        raise _unusable(
            f"it is {sound.dtype} of shape {sound.shape}",
            "Give floats in -1..1, (frames,) or (channels, frames)",
        )
    channels: Channels = np.atleast_2d(sound).astype(np.float32)
    count, frames = channels.shape
    if 0 < frames < count:
        raise _unusable(
            f"{count} channels of {frames} frames can't be",
            "Give (channels, frames), not (frames, channels)",
        )
    if frames < LEAST_SECONDS * sample_rate_hz:
        seconds = frames / sample_rate_hz
        raise _unusable(
            f"it is {seconds:.4f} s long; {LEAST_SECONDS} s are needed", "Give a longer excerpt"
        )
    if not np.isfinite(channels).all():
        raise _unusable("it holds values that are not numbers", "Decode the file anew")
    if np.abs(channels - channels.mean(axis=1, keepdims=True)).max() < SILENT_PEAK:
        raise _unusable("it is silent", "Give a part that sounds")
    return channels


def mixed(channels: Channels) -> Mono:
    """One channel: the mean of all, or the strongest where they cancel each other."""
    powers = np.square(channels).mean(axis=1)
    mono: Mono = channels.mean(axis=0)
    if np.square(mono).mean() < _CANCELLED * powers.mean():
        mono = channels[int(powers.argmax())]
    return mono


def at_rate(mono: Mono, sample_rate_hz: int, wanted_hz: int) -> Mono:
    """The sound at another sample rate."""
    if sample_rate_hz == wanted_hz:
        return mono
    common = gcd(sample_rate_hz, wanted_hz)
    moved = signal.resample_poly(mono, wanted_hz // common, sample_rate_hz // common)
    result: Mono = np.asarray(moved, np.float32)
    return result


def wav_bytes(mono: Mono, sample_rate_hz: int) -> bytes:
    """The sound as a WAV file of 16 bits."""
    held = io.BytesIO()
    soundfile.write(held, np.clip(mono, -1, 1), sample_rate_hz, "PCM_16", format="WAV")
    return held.getvalue()


def _unusable(happened: str, do: str) -> SoundUnusable:
    return SoundUnusable(_TRIED, happened, do)
