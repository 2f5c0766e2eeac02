"""The processes that a test started."""

import os
from pathlib import Path


def children_running(module: str) -> list[int]:
    """The children of this process that run a module, by any of its threads."""
    lists = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    started = [int(child) for path in lists for child in path.read_text().split()]
    return [one for one in started if module.encode() in _command(one)]


def _command(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:  # it has just ended
        return b""
