"""One owner per home, and one turn at a time per thread."""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Self

from grym_synth.errors import HomeLocked, ThreadBusy

LOCK_FILE = "owner.lock"
"""Holds the owner's process id; only the lock on it counts, not what it says."""

MEMORY_LOCK_FILE = "memory.lock"
"""The same for the project memory alone, whoever opens it."""


PASSING_SECONDS = 2.0
"""Longest wait for what is left of an owner that is gone: a child of it that had just been started
when it was killed holds the lock until it has become a program of its own."""


class HomeLock:
    """The right to write in a home; the system releases it when its process ends in any way."""

    def __init__(self, home: Path, file: str = LOCK_FILE) -> None:
        self._home, self._name = home, file
        self._file: IO[str] | None = None

    def acquire(self) -> None:
        """Take the home.

        Raises:
            HomeLocked: another process has it, or it can't be written.
        """
        tried = f"opening {self._home}"
        try:
            self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = (self._home / self._name).open("a+")
        except OSError as fault:
            do = "Give a folder that can be written (--home or GRYM_HOME)"
            raise HomeLocked(tried, str(fault), do) from fault
        until = time.monotonic() + PASSING_SECONDS
        while (owner := _holder(file)) is not None:
            if _is_gone(owner) and time.monotonic() < until:
                time.sleep(0.02)
                continue
            file.close()
            raise HomeLocked(
                tried,
                f"process {owner} is using it",
                "Wait until it ends, ask through its server, or use another --home",
            )
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def release(self) -> None:
        """Let others have the home."""
        if self._file is not None:
            self._file.close()
        self._file = None

    def __enter__(self) -> Self:
        """Take the home for a ``with`` block."""
        self.acquire()
        return self

    def __exit__(self, *fault: object) -> None:
        """Release the home."""
        self.release()


def _holder(file: IO[str]) -> str | None:
    """Take the lock on a file; who has it where that can't be done."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        return file.read().strip() or "unknown"
    return None


def _is_gone(owner: str) -> bool:
    """Whether a process has ended."""
    try:
        os.kill(int(owner), 0)
    except ProcessLookupError:
        return True
    except (ValueError, OverflowError, PermissionError):
        return False
    return False


class ThreadLocks:
    """Keeps turns on one thread apart within this process."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._busy: set[str] = set()

    @contextmanager
    def turn(self, thread: str) -> Iterator[None]:
        """Hold a thread for one turn.

        Raises:
            ThreadBusy: a turn is running on it.
        """
        with self._guard:
            if thread in self._busy:
                raise ThreadBusy(
                    f"starting a turn on thread {thread}",
                    "another turn is running there",
                    "Wait for its answer, or use another thread",
                )
            self._busy.add(thread)
        try:
            yield
        finally:
            with self._guard:
                self._busy.discard(thread)
