"""Commands that start at once: a process that has loaded everything forks one for each line.

Run as ``python -m tests.integration.faults.loaded``. A line is a JSON list: the file that takes
standard output, then the words after ``grym``. It answers with the command's process id, and, once
that has ended, with its exit code.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import soundfile  # noqa: F401  (what a command would load while it runs)

import grym_synth.asking
import grym_synth.consent
import grym_synth.progress
import grym_synth.tables  # noqa: F401
from grym_synth.cli import main


class Command:
    """One command that runs."""

    def __init__(self, launcher: "Loaded", process: int) -> None:
        self._launcher, self.process = launcher, process

    def wait(self) -> int:
        """Its exit code once it has ended; minus the signal that ended it."""
        return self._launcher.read()


class Loaded:
    """The process that forks commands, one at a time."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.faults.loaded"],
            env={**os.environ, **environment, "OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.read()

    def start(self, words: Sequence[str], said: Path) -> Command:
        """Start a command that leads a session of its own.

        Args:
            words: those after ``grym``.
            said: takes what it prints.
        """
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([str(said), *words]) + "\n")
        self._process.stdin.flush()
        return Command(self, self.read())

    def read(self) -> int:
        """The next number that it says."""
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())

    def __enter__(self) -> Self:
        """Use it in a ``with`` block."""
        return self

    def __exit__(self, *fault: object) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()


def run(said: str, *words: str) -> None:
    """Be the command: never returns."""
    os.setsid()
    os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
    os.dup2(os.open(said + ".err", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    main(words)


if __name__ == "__main__":
    print(0, flush=True)
    for line in sys.stdin:
        if (process := os.fork()) == 0:
            run(*json.loads(line))
        print(process, flush=True)
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
