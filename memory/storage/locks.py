"""One owner per home, and one turn at a time per thread."""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Self

from grym_synth.errors import HomeLocked, ThreadBusy

LOCK_FILE = "owner.lock"
"""Holds the owner's process id; only the lock on it counts, not what it says."""

MEMORY_LOCK_FILE = "memory.lock"
"""The same for the project memory alone, whoever opens it."""


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
            self._home.mkdir(parents=True, exist_ok=True)
            file = (self._home / self._name).open("a+")
        except OSError as fault:
            do = "Give a folder that can be written (--home or GRYM_HOME)"
            raise HomeLocked(tried, str(fault), do) from fault
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as fault:
            file.seek(0)
            owner = file.read().strip() or "unknown"
            file.close()
            raise HomeLocked(
                tried,
                f"process {owner} is using it",
                "Wait until it ends, ask through its server, or use another --home",
            ) from fault
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
