"""The child process of ``audio.inspector``: a request as JSON a line in, one answer a line out."""

import json
import os
import resource
import sys
from pathlib import Path

from audio.inspecting import inspect_media
from grym_synth.errors import GrymError
from grym_synth.settings import MediaLimits

MEMORY_BYTES = 4 << 30
"""Address space."""
OPEN_FILES = 64


def main() -> None:
    """Answer requests until there are no more."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a decoder prints is no answer
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    for line in sys.stdin:
        answers.write(_answer(line) + "\n")


def _answer(line: str) -> str:
    asked = json.loads(line)
    limits = MediaLimits.model_validate(asked["limits"])
    name = asked["name"]
    try:
        facts = inspect_media(Path(asked["path"]), asked["kind"], name, limits)
    except GrymError as fault:
        return json.dumps({"rejected": [fault.tried, fault.happened, fault.do]})
    except (ArithmeticError, LookupError, OSError, ValueError, MemoryError) as fault:
        why = "memory ran out" if isinstance(fault, MemoryError) else str(fault)[:200]
        happened = f"it can't be decoded ({why or type(fault).__name__})"
        return json.dumps({"rejected": [f"reading {name}", happened, "Give another file"]})
    return facts.model_dump_json()


if __name__ == "__main__":
    main()
