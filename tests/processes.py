"""The processes that a test started."""

import os
import signal
from contextlib import suppress
from pathlib import Path


def children_running(module: str) -> list[int]:
    """The children of this process that run a module, by any of its threads."""
    return [one for one in children_of(os.getpid()) if module.encode() in _command(one)]


def children_of(process: int) -> list[int]:
    """The processes that a process started, by any of its threads."""
    found = []
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):  # the thread has just ended
            found += [int(child) for child in path.read_text().split()]
    return found


def kill(process: int) -> None:
    """Kill a process unless it has ended."""
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def _command(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:  # it has just ended
        return b""
