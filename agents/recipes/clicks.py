"""A click track."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from agents.recipes.sound import BLOCK_FRAMES, Samples, Sound

_CLICK_SECONDS = 0.04
_BEAT_HZ, _DOWNBEAT_HZ = 1000.0, 1500.0
_LEVEL = 0.5


def click_track(sound: Sound, beats: Sequence[float], downbeats: Sequence[float]) -> Sound:
    """Clicks in place of a sound, as long as it, in one channel.

    Args:
        sound: gives the length and the sample rate.
        beats: times of the clicks, in seconds.
        downbeats: times of the beats with a higher click, in seconds.
    """
    rate, length = sound.rate, sound.frames()
    low, high = _click(_BEAT_HZ, rate), _click(_DOWNBEAT_HZ, rate)
    accents = {round(time * rate) for time in downbeats}
    starts = sorted({round(time * rate) for time in beats} | accents)

    def blocks() -> Iterator[Samples]:
        for first in range(0, length, BLOCK_FRAMES):
            block = np.zeros(min(BLOCK_FRAMES, length - first))
            for start in starts:
                if first - len(low) < start < first + len(block):
                    click = high if start in accents else low
                    begin, end = max(start, first), min(start + len(click), first + len(block))
                    block[begin - first : end - first] += click[begin - start : end - start]
            yield np.clip(block, -1.0, 1.0)[:, np.newaxis]

    return Sound(rate, 1, blocks)


def steady_click_track(
    sound: Sound, bpm: float, seconds: float | None, beats_per_bar: int
) -> Sound:
    """Clicks at a steady tempo.

    Args:
        sound: gives the sample rate, and the length where none is given.
        bpm: the tempo.
        seconds: the length.
        beats_per_bar: every so many clicks one is higher, from the first on; 0 for none.
    """
    if seconds is not None:
        sound = silence(seconds, sound.rate)
    count = int(np.ceil(sound.frames() / sound.rate * bpm / 60))
    beats = [index * 60 / bpm for index in range(count)]
    return click_track(sound, beats, beats[::beats_per_bar] if beats_per_bar else [])


def silence(seconds: float, rate: int = 48_000) -> Sound:
    """A silent sound in one channel."""
    length = round(seconds * rate)

    def blocks() -> Iterator[Samples]:
        for first in range(0, length, BLOCK_FRAMES):
            yield np.zeros((min(BLOCK_FRAMES, length - first), 1))

    return Sound(rate, 1, blocks)


def _click(frequency_hz: float, rate: int) -> NDArray[np.float64]:
    time = np.arange(round(_CLICK_SECONDS * rate)) / rate
    return np.asarray(_LEVEL * np.sin(2 * np.pi * frequency_hz * time) * np.exp(-time / 0.008))
