"""A sound that is read in blocks, and its way from and to a file."""

import os
import sys
import tempfile
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import numpy as np
import soundfile
from numpy.typing import NDArray

Samples = NDArray[np.float64]
"""A block of samples: (frames, channels), full scale -1..1."""

BLOCK_FRAMES = 1 << 16
"""Most frames of a block."""
_PIECE_FRAMES = 1 << 13
"""Frames of one call to the decoder, so that a fault costs little."""
_LARGEST = 1e6
"""Float files may hold anything; beyond this (120 dB over full scale) powers could overflow."""
_SUFFIXES = (".wav", ".flac", ".mp3", ".ogg", ".aif", ".aiff")


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
    """Open a sound file; ends the script where there is nothing that can be read.

    A file that breaks off ends where decoding ends, and samples that are no numbers count as
    silence.
    """
    if not path.is_file():
        refuse(f"{path.name}: there is no such file")
    try:
        with soundfile.SoundFile(path) as file:
            first, fault = _next_block(file)
    except soundfile.SoundFileError as error:
        refuse(f"{path.name}: it can't be read as sound ({_reason(error)})")
    if not len(first):
        refuse(f"{path.name}: {fault or 'it holds no samples'}")
    return _stored(path)


def _stored(path: Path) -> Sound:
    with soundfile.SoundFile(path) as file:
        rate, channels = int(file.samplerate), int(file.channels)
    told: set[str] = set()

    def blocks() -> Iterator[Samples]:
        frames = 0
        with soundfile.SoundFile(path) as file:
            while True:
                block, fault = _next_block(file)
                frames += len(block)
                if len(block):
                    yield block
                if fault and fault not in told:
                    told.add(fault)
                    note(f"{path.name} breaks off after {frames / rate:.2f} s, so this does too")
                if len(block) < BLOCK_FRAMES:
                    return

    return Sound(rate, channels, blocks)


def _next_block(file: soundfile.SoundFile) -> tuple[Samples, str]:
    """What can be read of the next block, and why decoding broke off in it, if it did.

    Where libsndfile meets a fault it doesn't say how much it filled before, so the block is marked
    with NaN: what is no longer marked was read.
    """
    block, filled, reason = np.full((BLOCK_FRAMES, file.channels), np.nan), 0, ""
    try:
        while filled < BLOCK_FRAMES:
            piece = file.read(out=block[filled : filled + _PIECE_FRAMES])
            if len(piece) == 0:
                break
            filled += len(piece)
    except (soundfile.SoundFileError, ValueError) as fault:
        reason = _reason(fault)
        read = np.flatnonzero(np.isfinite(block[filled:]).any(axis=1))
        filled += int(read[-1]) + 1 if len(read) else 0
    numbers = np.nan_to_num(block[:filled], copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    return np.clip(numbers, -_LARGEST, _LARGEST), reason


def _reason(fault: Exception) -> str:
    """What libsndfile says, without the path."""
    return str(fault).rsplit(": ", 1)[-1].rstrip(". ") or "it is damaged"


def check_output(path: Path) -> None:
    """End the script before the work where its result could not be written."""
    if path.suffix.lower() not in _SUFFIXES:
        refuse(f"{path.name}: its suffix must be one of {', '.join(_SUFFIXES)}")
    if not path.parent.is_dir():
        refuse(f"{path.name}: there is no folder {path.parent}")
    if path.is_dir():
        refuse(f"{path.name}: it is a folder")


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
    kept = _stored(path)
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


def refuse(text: str) -> NoReturn:
    """End the script: it can't do what it was told with what it was given."""
    print(text, file=sys.stderr)
    raise SystemExit(2)


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
    try:
        with soundfile.SoundFile(
            path, "w", sound.rate, sound.channels, subtype=subtype, compression_level=quality
        ) as file:
            for block in sound.blocks():
                peak = max(peak, float(np.max(np.abs(block), initial=0.0)))
                if subtype == "PCM_16" and np.any(block * 32768 % 1):
                    dither = random.random(block.shape) - random.random(block.shape)
                    block = block + dither / 32768
                file.write(block)
    except soundfile.SoundFileError as fault:
        refuse(f"{path.name}: it can't be written ({_reason(fault)})")
    return peak


_COMPRESSION = {"MPEG_LAYER_III": 0.0, "VORBIS": 0.2}
"""0 (best) to 1 (smallest) for the formats that lose something."""
