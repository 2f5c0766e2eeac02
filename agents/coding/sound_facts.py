"""What two sound files have in common, sample by sample: nothing that code says counts for it."""

import hashlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile

from grym_synth.errors import MediaRejected

SILENT = 1e-5
"""A highest sample below this (-100 dBFS) is silence."""
_BLOCK_FRAMES = 1 << 16
_LEVELS = 1 << 15
"""Samples are compared as 16-bit numbers, so that another bit depth makes no other sound."""


class SoundFacts(NamedTuple):
    """A sound in short."""

    digest: str
    """The same for the same samples, whatever the file format."""
    peak: float
    """Highest sample, full scale 1."""
    is_finite: bool
    """Whether all samples are numbers."""


def sound_facts(path: Path) -> SoundFacts:
    """Read a sound file to its end.

    Raises:
        MediaRejected: it can't be read.
    """
    digest, peak, is_finite = hashlib.sha256(), 0.0, True
    try:
        with soundfile.SoundFile(path) as file:
            digest.update(f"{file.samplerate} {file.channels}".encode())
            for block in file.blocks(_BLOCK_FRAMES, dtype="float64", always_2d=True):
                is_finite = is_finite and bool(np.isfinite(block).all())
                known = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)
                peak = max(peak, float(np.abs(known).max(initial=0.0)))
                digest.update(np.round(known * _LEVELS).astype("<i4").tobytes())
    except soundfile.SoundFileError as fault:
        raise MediaRejected(
            f"reading {path.name}", str(fault).rpartition(": ")[2], "Write it as WAV"
        ) from fault
    return SoundFacts(digest.hexdigest(), peak, is_finite)
