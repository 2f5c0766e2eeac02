"""What it costs to start a script in the sandbox, over the bare interpreter.

``python -m evals.bench.sandbox [--starts 30]`` prints one JSON object. The target: at most 120 ms
over the bare interpreter. The two are started in turn, and the quickest start of each counts
beside the middle one, because other load on the machine only ever adds.
"""

import argparse
import json
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


class Starts(NamedTuple):
    """How long starts took, in milliseconds."""

    quickest: float
    middle: float

    @classmethod
    def of(cls, seconds: list[float]) -> "Starts":
        """The figures of some starts."""
        return cls(round(1000 * min(seconds), 1), round(1000 * statistics.median(seconds), 1))


def main() -> None:
    """Start both in turn and print what it cost."""
    parser = argparse.ArgumentParser(description="Times starts of the sandbox.")
    parser.add_argument("--starts", type=int, default=30)
    starts = parser.parse_args().starts
    began = time.perf_counter()
    runner = open_runner()
    opening = time.perf_counter() - began
    bare, inside = list[float](), list[float]()
    for _ in range(starts):
        bare.append(_timed(_start_bare))
        inside.append(_timed(lambda: _start_inside(runner)))
    plain, jailed = Starts.of(bare), Starts.of(inside)
    over = round(jailed.quickest - plain.quickest, 1)
    print(
        json.dumps(
            {
                "runner": runner.name,
                "opening_ms": round(1000 * opening, 1),
                "bare_ms": plain._asdict(),
                "sandbox_ms": jailed._asdict(),
                "over_ms": over,
                "over_middle_ms": round(jailed.middle - plain.middle, 1),
                "target_ms": TARGET_MS,
                "met": over <= TARGET_MS,
            }
        )
    )


def _timed(start: Callable[[], None]) -> float:
    began = time.perf_counter()
    start()
    return time.perf_counter() - began


def _start_bare() -> None:
    subprocess.run([sys.executable, "-I", "-c", "pass"], check=True)


def _start_inside(runner: Runner) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = runner.run("pass", {}, [], Path(folder), seconds=10, output_bytes=1 << 20)
    assert not run.fault, run.fault


if __name__ == "__main__":
    main()
