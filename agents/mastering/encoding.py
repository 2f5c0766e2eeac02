"""Write a master as WAV, FLAC or MP3: dithered by a fixed sequence, so that bytes repeat."""

from pathlib import Path

import numpy as np
import soundfile

from agents.mastering.steps import Encoding
from agents.recipes.resampling import resample
from agents.recipes.sound import Sound
from grym_synth.errors import BadInput

MP3_RATES = (32000, 44100, 48000)


def encode(path: Path, sound: Sound, encoding: Encoding) -> None:
    """Write a sound as a file.

    Args:
        path: the file; it is written anew.
        sound: at most full scale.
        encoding: format, bits and dither.

    Raises:
        BadInput: the format can't hold it.
    """
    if encoding.format == "mp3":
        _write_mp3(path, at_mp3_rate(sound))
    else:
        _write_pcm(path, sound, encoding)


def at_mp3_rate(sound: Sound) -> Sound:
    """The sound at a rate that MP3 can hold."""
    if sound.rate in MP3_RATES:
        return sound
    return resample(sound, 44100 if sound.rate % 44100 == 0 else 48000)


def _write_mp3(path: Path, sound: Sound) -> None:
    """Constant 320 kbit/s."""
    if sound.channels > 2:
        raise BadInput("writing an MP3", "it holds two channels at most", "Order WAV or FLAC")
    with soundfile.SoundFile(
        str(path), "w", sound.rate, sound.channels, format="MP3", subtype="MPEG_LAYER_III",
        compression_level=0.0, bitrate_mode="CONSTANT",
    ) as file:  # fmt: skip
        for block in sound.blocks():
            file.write(np.clip(block, -1.0, 1.0))


def _write_pcm(path: Path, sound: Sound, encoding: Encoding) -> None:
    """Whole numbers, with triangular dither of one step (Lipshitz, Wannamaker and Vanderkooy,
    "Quantization and Dither", JAES 40, 1992); digital silence stays silent."""
    random, steps = np.random.default_rng(encoding.dither_seed), 2.0 ** (encoding.bit_depth - 1)
    with soundfile.SoundFile(
        str(path), "w", sound.rate, sound.channels, format=encoding.format.upper(),
        subtype=f"PCM_{encoding.bit_depth}",
    ) as file:  # fmt: skip
        for block in sound.blocks():
            dither = random.random(block.shape) - random.random(block.shape)
            dithered = np.round(block * steps + np.where(np.any(block != 0), dither, 0.0))
            whole = np.clip(dithered, -steps, steps - 1).astype(np.int64)
            file.write((whole << (32 - encoding.bit_depth)).astype(np.int32))
