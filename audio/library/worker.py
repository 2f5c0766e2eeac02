"""The child process that measures a library's files: a path as JSON a line in, one answer out.

Decoders are native code and may crash or hang on a damaged file; in a process of its own that
costs one file. Run as ``python -m audio.library.worker``; the first line holds the limits as JSON.
"""

import json
import os
import resource
import sys
import time

from audio.library.measuring import read_sound
from audio.library.reading import Wanted
from grym_synth.settings import MediaLimits

MEMORY_BYTES = 4 << 30
"""Address space of one worker."""


def main() -> None:
    """Answer requests until there are no more."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a decoder prints is no answer
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    limits = MediaLimits.model_validate_json(sys.stdin.readline())
    for line in sys.stdin:
        began = time.process_time()
        reading = read_sound(Wanted(json.loads(line)), limits)
        took = round(time.process_time() - began, 4)
        answers.write(reading.model_copy(update={"cpu_seconds": took}).model_dump_json() + "\n")


if __name__ == "__main__":
    main()
