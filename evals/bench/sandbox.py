"""What it costs to start a script in the sandbox, over the bare interpreter.

``python -m evals.bench.sandbox [--starts 30]`` prints one JSON object. The target: at most 120 ms
over the bare interpreter. The two are started in turn, and the quickest start of each counts
beside the middle one, because other load on the machine only ever adds. ``…cpu_ms`` is
processor time of all processes of a start (Linux only), which other load hardly changes.
"""

import argparse
import ctypes
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from agents.sandbox.choose import open_runner
from agents.sandbox.runs import Runner

TARGET_MS = 120.0

_PR_SET_CHILD_SUBREAPER = 36


class Starts(NamedTuple):
    """How long starts took, in milliseconds."""

    quickest: float
    middle: float

    @classmethod
    def of(cls, seconds: list[float]) -> "Starts":
        """The figures of some starts."""
        return cls(round(1000 * min(seconds), 1), round(1000 * statistics.median(seconds), 1))


class Cost(NamedTuple):
    """What one start took, in seconds."""

    wall: float
    cpu: float


def main() -> None:
    """Start both in turn and print what it cost."""
    parser = argparse.ArgumentParser(description="Times starts of the sandbox.")
    parser.add_argument("--starts", type=int, default=30)
    starts = parser.parse_args().starts
    began = time.perf_counter()
    runner = open_runner()
    opening = time.perf_counter() - began
    _adopt_orphans()
    bare, inside = list[Cost](), list[Cost]()
    for _ in range(starts):
        bare.append(_timed(_start_bare))
        inside.append(_timed(lambda: _start_inside(runner)))
    plain, jailed = (Starts.of([one.wall for one in each]) for each in (bare, inside))
    plain_cpu, jailed_cpu = (Starts.of([one.cpu for one in each]) for each in (bare, inside))
    over = round(jailed.quickest - plain.quickest, 1)
    over_cpu = round(jailed_cpu.middle - plain_cpu.middle, 1)
    print(
        json.dumps(
            {
                "runner": runner.name,
                "opening_ms": round(1000 * opening, 1),
                "bare_ms": plain._asdict(),
                "sandbox_ms": jailed._asdict(),
                "over_ms": over,
                "over_middle_ms": round(jailed.middle - plain.middle, 1),
                "bare_cpu_ms": plain_cpu._asdict(),
                "sandbox_cpu_ms": jailed_cpu._asdict(),
                "over_cpu_ms": over_cpu,
                "target_ms": TARGET_MS,
                "met": over <= TARGET_MS,
                "met_in_cpu_time": over_cpu <= TARGET_MS,
            }
        )
    )


def _timed(start: Callable[[], None]) -> Cost:
    began, before = time.perf_counter(), _spent()
    start()
    took = time.perf_counter() - began
    _reap()
    return Cost(took, _spent() - before)


def _spent() -> float:
    """Processor seconds of all processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _adopt_orphans() -> None:
    """Become the parent of what bubblewrap leaves: its time only counts once it is reaped."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _reap() -> None:
    try:
        while os.waitpid(-1, 0)[0]:
            pass
    except ChildProcessError:
        return


def _start_bare() -> None:
    subprocess.run([sys.executable, "-I", "-c", "pass"], check=True)


def _start_inside(runner: Runner) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = runner.run("pass", {}, [], Path(folder), seconds=10, output_bytes=1 << 20)
    assert not run.fault, run.fault


if __name__ == "__main__":
    main()
