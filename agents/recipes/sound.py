"""A sound that is read in blocks, and its way from and to a file."""

import os
import tempfile
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

Samples = NDArray[np.float64]
"""A block of samples: (frames, channels), full scale -1..1."""

BLOCK_FRAMES = 1 << 16
"""Most frames of a block."""


@dataclass(frozen=True)
class Sound:
    """A sound of any length: its blocks can be read again from the start as often as needed."""

    rate: int
    """Sample rate in hertz."""
    channels: int
    blocks: Callable[[], Iterator[Samples]]
    """Read the sound from the start."""

    def frames(self) -> int:
        """Length in frames."""
        return sum(len(block) for block in self.blocks())

    def each(self, change: Callable[[Samples], Samples]) -> "Sound":
        """The sound with every block changed; the change must not depend on its neighbours."""

        def blocks() -> Iterator[Samples]:
            return map(change, self.blocks())

        return Sound(self.rate, self.channels, blocks)


def read_sound(path: Path) -> Sound:
    """Open a sound file; samples that are no numbers count as silence."""
    with soundfile.SoundFile(path) as file:
        rate, channels = int(file.samplerate), int(file.channels)

    def blocks() -> Iterator[Samples]:
        with soundfile.SoundFile(path) as file:
            while len(block := file.read(BLOCK_FRAMES, dtype="float64", always_2d=True)):
                yield np.nan_to_num(block, copy=False, nan=0.0, posinf=0.0, neginf=0.0)

    return Sound(rate, channels, blocks)


def write_sound(path: Path, sound: Sound, bit_depth: int = 24) -> None:
    """Write a sound in the format that the file name's suffix says; nothing is clipped.

    What exceeds full scale is kept in a 32-bit float WAV or AIFF; other formats have no room for
    it, so there the whole sound is turned down, and said so.

    Args:
        path: a .wav, .flac, .mp3, .ogg or .aiff file.
        sound: what to write.
        bit_depth: 16 (with dither), 24 or 32 (float) bits a sample; MP3 and OGG have none, FLAC
            at most 24.
    """
    suffix = path.suffix.lower()
    subtype = _subtype(suffix, bit_depth)
    peak = _write(path, sound, subtype)
    if peak <= 1.0 or subtype == "FLOAT":
        return
    if suffix in (".wav", ".aif", ".aiff"):
        note(f"peaks reach {20 * np.log10(peak):.2f} dBFS, so it is written as 32-bit float")
        _write(path, sound, "FLOAT")
    else:
        down = 0.99 / peak
        note(f"turned down by {-20 * np.log10(down):.2f} dB so that nothing clips")
        _write(path, sound.each(lambda block: block * down), subtype)


def keep(sound: Sound) -> Sound:
    """Compute a sound once, into a temporary file, so that it is cheap to read again."""
    handle, name = tempfile.mkstemp(suffix=".w64")
    os.close(handle)
    path = Path(name)
    _write(path, sound, "FLOAT")
    kept = read_sound(path)
    weakref.finalize(kept, path.unlink, missing_ok=True)

    def blocks() -> Iterator[Samples]:
        yield from kept.blocks()  # holds the file as long as it can be read

    return Sound(kept.rate, kept.channels, blocks)


def rechunked(sound: Sound, frames: int) -> Sound:
    """The same sound in blocks of exactly so many frames; only the last may be shorter."""

    def blocks() -> Iterator[Samples]:
        kept = np.zeros((0, sound.channels))
        for block in sound.blocks():
            kept = np.concatenate((kept, block))
            while len(kept) >= frames:
                yield kept[:frames]
                kept = kept[frames:]
        if len(kept):
            yield kept

    return Sound(sound.rate, sound.channels, blocks)


def overlapped(sound: Sound, margin: int) -> Iterator[Samples]:
    """The blocks of a sound, each with ``margin`` frames of its neighbours before and after it.

    Yields:
        (margin + n + margin, channels); beyond the ends of the sound there is silence.
    """
    silence = np.zeros((margin, sound.channels))
    kept = silence
    for block in sound.blocks():
        kept = np.concatenate((kept, block))
        if len(kept) > 2 * margin:
            yield kept
            kept = kept[len(kept) - 2 * margin :]
    kept = np.concatenate((kept, silence))
    if len(kept) > 2 * margin:
        yield kept


def note(text: str) -> None:
    """Tell the user something that the result alone doesn't show."""
    print(f"note: {text}")


def give_up(text: str) -> None:
    """Tell the user that what was asked can't be reached, and why."""
    print(f"not reached: {text}")


def _subtype(suffix: str, bit_depth: int) -> str:
    if suffix == ".mp3":
        return "MPEG_LAYER_III"
    if suffix == ".ogg":
        return "VORBIS"
    if suffix == ".flac":
        return f"PCM_{min(bit_depth, 24)}"
    return "FLOAT" if bit_depth == 32 else f"PCM_{bit_depth}"


def _write(path: Path, sound: Sound, subtype: str) -> float:
    """Write in blocks (one long Vorbis write overflows libsndfile's stack); return the peak."""
    peak, random = 0.0, np.random.default_rng(0)
    quality = _COMPRESSION.get(subtype)
    with soundfile.SoundFile(
        path, "w", sound.rate, sound.channels, subtype=subtype, compression_level=quality
    ) as file:
        for block in sound.blocks():
            peak = max(peak, float(np.max(np.abs(block), initial=0.0)))
            if subtype == "PCM_16" and np.any(block * 32768 % 1):
                block = block + (random.random(block.shape) - random.random(block.shape)) / 32768
            file.write(block)
    return peak


_COMPRESSION = {"MPEG_LAYER_III": 0.0, "VORBIS": 0.2}
"""0 (best) to 1 (smallest) for the formats that lose something."""
