"""Cut a sound, and fade its ends."""

from collections.abc import Iterator

import numpy as np

from agents.recipes.sound import Samples, Sound, give_up, note

_KEPT_SECONDS = 0.005
"""Silence that is left about the sound, so that no attack is cut."""


def trim(sound: Sound, start_seconds: float, end_seconds: float | None) -> Sound:
    """Keep what lies between two times; without an end, all that follows the start."""
    start = round(start_seconds * sound.rate)
    if end_seconds is None:
        return frames_between(sound, start, None)
    return frames_between(sound, start, round(end_seconds * sound.rate))


def trim_silence(sound: Sound, threshold_dbfs: float) -> Sound:
    """Cut what lies before the first and after the last sample above a threshold."""
    limit, first, last, position = 10 ** (threshold_dbfs / 20), -1, -1, 0
    for block in sound.blocks():
        loud = np.flatnonzero(np.max(np.abs(block), axis=1) > limit)
        if len(loud):
            first = position + int(loud[0]) if first < 0 else first
            last = position + int(loud[-1])
        position += len(block)
    if first < 0:
        give_up(f"nothing is louder than {threshold_dbfs:g} dBFS, so nothing was cut")
        return sound
    left = round(_KEPT_SECONDS * sound.rate)
    return frames_between(sound, max(0, first - left), last + 1 + left)


def fade(sound: Sound, in_seconds: float, out_seconds: float) -> Sound:
    """Fade a sound in and out along half a cosine; fades that would overlap are shortened."""
    length = sound.frames()
    rising, falling = round(in_seconds * sound.rate), round(out_seconds * sound.rate)
    if rising + falling > length:
        note("the fades are longer than the sound, so they were shortened")
        shrink = length / (rising + falling)
        rising, falling = int(rising * shrink), int(falling * shrink)

    def blocks() -> Iterator[Samples]:
        start = 0
        for block in sound.blocks():
            frame = np.arange(start, start + len(block))
            up = np.clip((frame + 0.5) / max(rising, 0.5), 0, 1)
            down = np.clip((length - frame - 0.5) / max(falling, 0.5), 0, 1)
            curve = np.sin(np.pi / 2 * up) ** 2 * np.sin(np.pi / 2 * down) ** 2
            yield block * curve[:, np.newaxis]
            start += len(block)

    return Sound(sound.rate, sound.channels, blocks)


def frames_between(sound: Sound, first: int, end: int | None) -> Sound:
    """The frames from ``first`` up to, but without, ``end``."""

    def blocks() -> Iterator[Samples]:
        start = 0
        for block in sound.blocks():
            piece = block[max(0, first - start) : None if end is None else max(0, end - start)]
            if len(piece):
                yield piece
            start += len(block)
            if end is not None and start >= end:
                return

    return Sound(sound.rate, sound.channels, blocks)
