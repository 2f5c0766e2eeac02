"""A stretch of a sound file, decoded."""

from pathlib import Path
from typing import NamedTuple

import soundfile

from audio.decoding import Floats, read_piece, undecodable


class Excerpt(NamedTuple):
    """A stretch of sound."""

    samples: Floats
    """float32, (channels, frames), -1..1; fewer frames where the file breaks off."""
    sample_rate_hz: int
    not_numbers: int = 0
    """Samples that were no number or infinite, and are silence here."""


def read_excerpt(path: Path, start: float, seconds: float) -> Excerpt:
    """Decode a stretch of a file.

    Args:
        path: the file.
        start: where it begins, in seconds.
        seconds: how long it is.

    Raises:
        MediaRejected: nothing of the stretch can be decoded.
    """
    try:
        with soundfile.SoundFile(str(path)) as file:
            rate: int = file.samplerate
            file.seek(min(max(0, round(start * rate)), file.frames))
            samples, reason, not_numbers, _ = read_piece(file, round(seconds * rate))
    except (soundfile.SoundFileError, ValueError) as fault:
        raise undecodable(path, str(fault)) from fault
    if samples.shape[1] == 0:
        raise undecodable(path, reason or f"it ends before {start:.1f} s")
    return Excerpt(samples, rate, not_numbers)
