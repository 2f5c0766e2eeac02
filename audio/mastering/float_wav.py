"""32-bit float WAV files whose bytes depend on nothing but the samples.

libsndfile writes the time of writing into the peak chunk of a float file, so that the same sound
never gives the same file twice. Here only the chunks are written that the format asks for.
"""

import struct
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_IEEE_FLOAT = 3
_HEADER_BYTES = 58


def write_float_wav(
    path: Path, sample_rate_hz: int, channels: int, blocks: Iterable[NDArray[np.float64]]
) -> int:
    """Write blocks of samples, (frames, channels), as a float WAV.

    Args:
        path: the file; it is written anew.
        sample_rate_hz: of the samples.
        channels: of each block.
        blocks: float, any level, (frames, channels) each.

    Returns:
        Frames written.
    """
    frames = 0
    with path.open("wb") as file:
        file.write(b"\0" * _HEADER_BYTES)
        for block in blocks:
            file.write(np.ascontiguousarray(block, dtype="<f4").tobytes())
            frames += len(block)
        file.seek(0)
        file.write(_header(sample_rate_hz, channels, frames))
    return frames


def _header(sample_rate_hz: int, channels: int, frames: int) -> bytes:
    """RIFF, the format chunk and the fact chunk; sizes beyond 4 GiB are left to the reader."""
    size = min(frames * channels * 4, 0xFFFFFFFF - _HEADER_BYTES)
    frame = 4 * channels
    return b"".join(
        (
            struct.pack("<4sI4s", b"RIFF", _HEADER_BYTES - 8 + size, b"WAVE"),
            struct.pack("<4sIHHIIHHH", b"fmt ", 18, _IEEE_FLOAT, channels, sample_rate_hz,
                        sample_rate_hz * frame, frame, 32, 0),
            struct.pack("<4sII", b"fact", 4, min(frames, 0xFFFFFFFF)),
            struct.pack("<4sI", b"data", size),
        )
    )  # fmt: skip
