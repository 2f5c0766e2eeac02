"""What starting costs: imports, commands and the first turn, each in a new process.

``python -m evals.bench.startup [--times 5]`` prints one JSON object. Each is run in turn, as often
as asked, after once for the disk's cache, and the medians are told: processor time of the process
and its children, which other load on the machine does not change, beside the wall clock.
``python_alone`` is what the interpreter itself takes. ``first_turn`` measures a clip of two seconds
in a new home, on instruments; ``second_process_turn`` asks of it again in the same home.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import soundfile

RATE_HZ = 22_050
_GRYM = "from grym_synth.cli import main; raise SystemExit(main())"
_ALONE = {
    "python_alone": ["-c", "pass"],
    "import_graph_app": ["-c", "import graph.app"],
    "import_studio": ["-c", "import grym_synth.studio"],
    "grym_help": ["-c", _GRYM, "--help"],
    "grym_doctor": ["-c", _GRYM, "doctor"],
}


@dataclass(frozen=True)
class Cost:
    """Medians over all runs of one command."""

    cpu_seconds: float
    wall_seconds: float
    peak_mb: float
    """Highest resident memory of its process."""


def once(arguments: Sequence[str], home: Path) -> Cost:
    """Run Python once, with a home of its own and without models.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    environment = {**os.environ, "GRYM_HOME": str(home), "GRYM_MODELS": "instruments"}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=home,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, arguments)
    return Cost(_cpu(used), time.perf_counter() - began, used.ru_maxrss / 1024)


def _cpu(used: resource.struct_rusage) -> float:
    return used.ru_utime + used.ru_stime


def run(times: int, folder: Path) -> dict[str, Cost]:
    """Start everything in turn, again and again.

    Args:
        times: how often each is counted.
        folder: an empty one.
    """
    clip = folder / "clip.wav"
    moments = np.arange(2 * RATE_HZ) / RATE_HZ
    soundfile.write(clip, 0.2 * np.sin(2 * np.pi * 220 * moments), RATE_HZ)
    turn = ["-c", _GRYM, "ask", "How loud is it?", "--audio", str(clip), "--out", str(folder)]
    wanted = {**_ALONE, "first_turn": turn, "second_process_turn": turn}
    found: dict[str, list[Cost]] = {name: [] for name in wanted}
    for number in range(times + 1):
        used, unused = folder / f"used-{number}", folder / f"unused-{number}"
        used.mkdir()
        unused.mkdir()
        for name, arguments in wanted.items():
            home = used if arguments is turn else unused
            found[name].append(once(arguments, home))
    return {name: _medians(costs[1:]) for name, costs in found.items()}


def _medians(costs: Sequence[Cost]) -> Cost:
    return Cost(
        round(statistics.median(one.cpu_seconds for one in costs), 3),
        round(statistics.median(one.wall_seconds for one in costs), 3),
        round(statistics.median(one.peak_mb for one in costs), 1),
    )


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(description="What starting costs.")
    parser.add_argument("--times", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="grym-bench-") as folder:
        costs = run(asked.times, Path(folder))
    print(json.dumps({"commands": {name: asdict(one) for name, one in costs.items()}}, indent=2))


if __name__ == "__main__":
    main()
