"""Read one file of a library: who it is (its SHA-256), and what was measured of it."""

import os
import re
import stat
from pathlib import Path

from audio.digests import digest_of
from audio.library.profile import profile_sound
from audio.library.reading import Reading, Wanted
from audio.library.sound import Sound
from grym_synth.errors import GrymError
from grym_synth.settings import MediaLimits

_DECODER = re.compile(r"^Error opening '[^']*': |^Error (?:in \w+ file)?[.:\s]*|\.$")
"""What libsndfile says around the reason."""
_NO_FILE = "File does not exist"
"""So libsndfile speaks of mp3 files that it can't make out."""


def read_sound(wanted: Wanted, limits: MediaLimits) -> Reading:
    """Hash a file and measure it; faults are told, never raised."""
    path = Path(wanted.path)
    try:
        before = os.stat(path)
        if not stat.S_ISREG(before.st_mode):  # it was a file when the folder was read
            return Reading(path=wanted.path, problem="it is no regular file")
        digest = digest_of(path)
        profiled = profile_sound(path, limits)
        after = os.stat(path)
    except OSError as fault:
        return Reading(path=wanted.path, problem=fault.strerror or str(fault))
    except GrymError as fault:
        return _made(wanted.path, before, problem=_plain(fault.happened))
    except (ArithmeticError, LookupError, ValueError, MemoryError) as fault:
        what = str(fault) or "memory ran out"
        return _made(wanted.path, before, problem=f"it can't be measured ({what})"[:300])
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        return Reading(path=wanted.path, problem="it changed while it was read")
    return _made(
        wanted.path,
        before,
        digest,
        sound=profiled.sound,
        vector=profiled.vector.astype("<f4").tobytes().hex(),
    )


def _made(
    path: str,
    held: os.stat_result,
    digest: str = "",
    *,
    sound: Sound | None = None,
    vector: str = "",
    problem: str = "",
) -> Reading:
    return Reading(
        path=path,
        sha256=digest,
        size_bytes=held.st_size,
        changed_ns=held.st_mtime_ns,
        sound=sound,
        vector=vector,
        problem=problem,
    )


def _plain(reason: str) -> str:
    """Why a file can't be decoded, in few words."""
    bare = _DECODER.sub("", _DECODER.sub("", reason)).strip()
    if not bare or bare.startswith(_NO_FILE):
        return "no decoder takes it"
    return bare[0].lower() + bare[1:]
