"""Decoding that expects damage: what can be decoded is taken, and what can't is told in words."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
from numpy.typing import NDArray

from grym_synth.errors import MediaRejected

Floats = NDArray[np.float32]

UNKNOWN_FRAMES = 1 << 40
"""A header that gives more frames doesn't know: a streamed FLAC says 2**63 - 1."""
LARGEST_SAMPLE = 1e6
"""Float files may hold anything; beyond this (120 dB over full scale) powers could overflow."""
_PIECE = 8192
"""Samples per channel of one call to the decoder, so that a fault costs little."""


def count_frames(path: Path, most: int = UNKNOWN_FRAMES) -> int:
    """Decode a file and count its samples per channel: 0 when nothing of it can be decoded.

    Args:
        path: the file.
        most: stop after so many, rounded up to whole seconds.
    """
    frames = 0
    try:
        with soundfile.SoundFile(str(path)) as file:
            while frames < most and (piece := read_piece(file, file.samplerate)[0].shape[1]):
                frames += piece
    except soundfile.SoundFileError:
        return 0
    return frames


class Piece(NamedTuple):
    """Decoded samples."""

    samples: Floats
    """float32, (channels, frames)."""
    reason: str
    """Why decoding broke off; empty when it did not."""
    not_numbers: int
    """Samples that were no number or infinite, and are silence here."""
    first_and_last: tuple[int, int] | None = None
    """Between which frames of this piece they lie; None where there are none."""


def read_piece(file: soundfile.SoundFile, frames: int) -> Piece:
    """Read up to ``frames`` samples per channel, and say why when decoding broke off before.

    Samples that are no number, or infinite, become silence; absurdly large ones the largest sane
    value. Where libsndfile meets a fault it doesn't say how much of the piece it filled before, so
    the buffer is marked with NaN: what is no longer marked was read.
    """
    buffer = np.full((frames, file.channels), np.nan, np.float32)
    filled, reason = 0, ""
    try:
        while filled < frames:
            piece = file.read(out=buffer[filled : filled + _PIECE])
            filled += len(piece)
            if len(piece) == 0:
                break
    except (soundfile.SoundFileError, ValueError) as fault:
        reason = str(fault) or "the stream is damaged"
        read = np.flatnonzero(~np.isnan(buffer[filled:]).all(axis=1))
        filled += int(read[-1]) + 1 if len(read) else 0
    samples: Floats = np.ascontiguousarray(buffer[:filled].T)
    not_numbers, span = 0, None
    if samples.size and not max(samples.max(), -samples.min()) <= LARGEST_SAMPLE:
        spoilt = ~np.isfinite(samples)
        not_numbers = int(np.count_nonzero(spoilt))
        frames_hit = np.flatnonzero(spoilt.any(axis=0))
        span = (int(frames_hit[0]), int(frames_hit[-1])) if not_numbers else None
        np.nan_to_num(samples, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
        np.clip(samples, -LARGEST_SAMPLE, LARGEST_SAMPLE, out=samples)
    return Piece(samples, reason, not_numbers, span)


def undecodable(path: Path, reason: str) -> MediaRejected:
    """The error for a file that no decoder takes, without the path that the reason may hold."""
    reason = reason.replace(str(path), path.name).rstrip(". ") or "no decoder takes it"
    return MediaRejected(
        f"decoding {path.name}", reason, "Give a WAV, FLAC, MP3, OGG or AIFF file that plays"
    )
