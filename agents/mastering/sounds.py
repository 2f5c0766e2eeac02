"""Sounds in files, read and written block by block; between two stages they are 32-bit float."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

import numpy as np
import soundfile

from agents.recipes.sound import BLOCK_FRAMES, Samples, Sound, rechunked
from audio.decoding import read_piece
from audio.mastering.float_wav import write_float_wav


def open_sound(path: Path) -> Sound:
    """A file as a sound; what breaks off ends there, samples that are no numbers are silence."""
    with soundfile.SoundFile(str(path)) as file:
        rate, channels = int(file.samplerate), int(file.channels)

    def blocks() -> Iterator[Samples]:
        with soundfile.SoundFile(str(path)) as file:
            while True:
                piece = read_piece(file, BLOCK_FRAMES).samples
                if piece.shape[1]:
                    yield piece.T.astype(np.float64)
                if piece.shape[1] < BLOCK_FRAMES:
                    return

    return Sound(rate, channels, blocks)


def keep_sound(path: Path, sound: Sound) -> Sound:
    """Write a sound as a float WAV, and read it from there."""
    write_float_wav(path, sound.rate, sound.channels, sound.blocks())
    return open_sound(path)


def sum_of(sounds: Sequence[Sound]) -> Sound:
    """Sounds of one rate and number of channels together; as long as the longest."""

    def blocks() -> Iterator[Samples]:
        even = [rechunked(one, BLOCK_FRAMES).blocks() for one in sounds]
        for together in zip_longest(*even):
            parts = [one for one in together if one is not None]
            total = np.zeros((max(map(len, parts)), sounds[0].channels))
            for part in parts:
                total[: len(part)] += part
            yield total

    return Sound(sounds[0].rate, sounds[0].channels, blocks)


def moved(sound: Sound, frames: int) -> Sound:
    """The sound so many frames later, after silence; or earlier, without its start."""

    def blocks() -> Iterator[Samples]:
        if frames > 0:
            yield np.zeros((frames, sound.channels))
        cut = max(-frames, 0)
        for block in sound.blocks():
            if len(block) > cut:
                yield block[cut:]
            cut = max(cut - len(block), 0)

    return Sound(sound.rate, sound.channels, blocks)
