"""Several workers that measure files side by side; one that crashes or hangs costs one file."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from multiprocessing.connection import wait
from types import TracebackType
from typing import Self

from audio.library.reading import Reading, Wanted
from grym_synth.settings import MediaLimits

_GRACE_SECONDS = 60.0
_SECONDS_PER_MIB = 3.0
"""A worker may take so long for a file, and so much more for each MiB of it."""
_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
)
"""Files are measured side by side, so one measurement needs one core only."""


class _Worker:
    """One child process and the file that it is at."""

    def __init__(self, limits: MediaLimits) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "audio.library.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **_ONE_THREAD},
            start_new_session=True,  # Ctrl-C is the parent's to handle
        )
        assert self._process.stdin and self._process.stdout
        self._requests, self.answers = self._process.stdin, self._process.stdout
        self._requests.write(limits.model_dump_json().encode() + b"\n")
        self.at: Wanted | None = None
        self.until = 0.0

    def ask(self, wanted: Wanted) -> None:
        self.at = wanted
        allowed = _GRACE_SECONDS + _SECONDS_PER_MIB * wanted.size_bytes / (1 << 20)
        self.until = time.monotonic() + allowed
        with suppress(BrokenPipeError):  # it died meanwhile: the reader sees it
            self._requests.write(json.dumps(wanted.path).encode() + b"\n")
            self._requests.flush()

    def answer(self) -> Reading | None:
        """What it says of its file; None when it died over it."""
        line = self.answers.readline()
        self.at = None if line.endswith(b"\n") else self.at
        return Reading.model_validate_json(line) if line.endswith(b"\n") else None

    def end(self) -> int:
        """Stop it at once, and say how it ended."""
        self._process.kill()
        code = self._process.wait()
        with suppress(BrokenPipeError):  # what it was not told any more
            self._requests.close()
        self.answers.close()
        return code


class Crew:
    """Workers for a run over many files, which are handed out one at a time."""

    def __init__(self, workers: int, limits: MediaLimits) -> None:
        self._count, self._limits = workers, limits
        self._workers: list[_Worker] = []

    def __enter__(self) -> Self:
        """Start with no worker: they are started as files come."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop all workers at once."""
        for worker in self._workers:
            worker.end()
        self._workers.clear()

    def read(self, files: Iterable[Wanted]) -> Iterator[Reading]:
        """Measure files, and give each as it is done.

        Args:
            files: what to read; taken only as fast as it is worked off.
        """
        waiting = iter(files)
        while True:
            self._hand_out(waiting)
            busy = {
                worker.answers.fileno(): worker for worker in self._workers if worker.at is not None
            }
            if not busy:
                return
            latest = min(worker.until for worker in busy.values())
            ready = wait([*busy], max(0.0, latest - time.monotonic()))
            for answers, worker in busy.items():
                if answers in ready:
                    yield self._heard(worker)
                elif worker.until <= time.monotonic():
                    yield self._lost(worker, "measuring it took too long")

    def _hand_out(self, waiting: Iterator[Wanted]) -> None:
        idle = [worker for worker in self._workers if worker.at is None]
        while idle or len(self._workers) < self._count:
            following = next(waiting, None)
            if following is None:
                return
            if idle:
                worker = idle.pop()
            else:
                worker = _Worker(self._limits)
                self._workers.append(worker)
            worker.ask(following)

    def _heard(self, worker: _Worker) -> Reading:
        return worker.answer() or self._lost(worker, "")

    def _lost(self, worker: _Worker, why: str) -> Reading:
        assert worker.at is not None
        self._workers.remove(worker)
        at, code = worker.at, worker.end()
        return Reading(
            path=at.path,
            size_bytes=at.size_bytes,
            changed_ns=at.changed_ns,
            problem=why or f"its decoder crashed ({_signal(code)})",
        )


def _signal(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
