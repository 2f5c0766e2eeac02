"""The vector of a file that others shall be like: from the library, or measured now."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from audio.decoding import Floats
from audio.library.crew import Crew
from audio.library.reading import Wanted
from audio.library.walking import PassedOver, walk
from grym_synth.errors import MediaRejected
from grym_synth.settings import MediaLimits
from memory.library.catalogue import Catalogue
from memory.library.recognising import recognised


@dataclass(frozen=True)
class Likeness:
    """What a sound is like."""

    sha256: str
    vector: Floats


def likened(catalogue: Catalogue, file: Path, limits: MediaLimits) -> Likeness:
    """How a file sounds; it need not be in the library.

    Raises:
        MediaRejected: it can't be measured.
    """
    tried = f"listening to {file.name}"
    path = file.expanduser().resolve()
    candidate = next(walk(path, limits.audio_bytes), None)
    if candidate is None or isinstance(candidate, PassedOver):
        happened = candidate.why if candidate is not None else "it is a folder without sounds"
        raise MediaRejected(tried, happened, "Give a sound file")
    known = recognised(catalogue, candidate)
    held = catalogue.vector(known.sha256) if known is not None else None
    if known is not None and held is not None:
        return Likeness(known.sha256, held)
    with Crew(1, limits) as crew:
        reading = next(crew.read([Wanted(candidate.path, candidate.size_bytes)]))
    if reading.problem:
        raise MediaRejected(tried, reading.problem, "Give a sound file that plays")
    return Likeness(reading.sha256, np.frombuffer(bytes.fromhex(reading.vector), "<f4"))
