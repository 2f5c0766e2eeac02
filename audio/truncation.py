"""How much of a WAV or AIFF file is missing at its end, by what its chunks promise.

Decoders take what is there and say nothing: a copy that was cut off plays like a shorter file.
"""

import struct
from pathlib import Path
from typing import BinaryIO, NamedTuple

import soundfile

_UNKNOWN_SIZES = (0, 0x7FFFFFFF, 0xFFFFFFFF)
"""What writers put there that don't know the length yet."""
_MOST_CHUNKS = 1000
_SOUND = {b"RIFF": b"data", b"FORM": b"SSND"}


class _Chunk(NamedTuple):
    """The part of a file that holds its samples."""

    begin: int
    """Place of its first byte."""
    length: int
    """Bytes that the header gives it."""


def missing_seconds(path: Path) -> float:
    """How much sound its header promises beyond the end of a WAV or AIFF file.

    Returns:
        Seconds; 0 for a whole file, for other formats, and where it can't be told.
    """
    try:
        with path.open("rb") as file:
            chunk = _sound_chunk(file)
        if chunk is None or chunk.length in _UNKNOWN_SIZES:
            return 0.0
        there = path.stat().st_size - chunk.begin
        seconds = soundfile.info(str(path)).duration
    except (OSError, soundfile.SoundFileError):
        return 0.0
    if there <= 0 or there >= chunk.length or seconds <= 0:
        return 0.0
    return float(seconds * (chunk.length / there - 1))


def _sound_chunk(file: BinaryIO) -> _Chunk | None:
    """The chunk with the samples; None in other formats."""
    head = file.read(12)
    wanted = _SOUND.get(head[:4])
    if wanted is None:
        return None
    order = "<" if head[:4] == b"RIFF" else ">"
    for _ in range(_MOST_CHUNKS):
        name = file.read(8)
        if len(name) < 8:
            return None
        (length,) = struct.unpack(f"{order}I", name[4:])
        if name[:4] == wanted:
            return _Chunk(file.tell(), int(length))
        file.seek(length + length % 2, 1)
    return None
