"""Measuring a song: ours against librosa's functions one by one, and against essentia's.

One made-up stereo song of three minutes. Every row decodes the file and computes one kind of fact
in each library's own way, on one thread; rows are processor time, medians of the runs, in which the
libraries take turns. Ours does a row's facts and no others; "all of these" is one call of ours, and
for the others one decoding and all of the functions after each other. "Full profile" are the 39
aspects that ours measures by default, with chords, structure, melody, hum, clipping and stereo, for
which the others have no one function.

``python -m evals.bench toolkits --install`` installs essentia (AGPL-3.0, no dependency of ours)
into an environment that is deleted afterwards; ``--python`` names one that has it; without either
only librosa is compared.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from contextlib import nullcontext
from pathlib import Path

from pydantic import JsonValue

from evals.bench.measure import write_song

ROOT = Path(__file__).parents[3]
ESSENTIA = "essentia==2.1b6.dev1389"
SECONDS = 180
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}


def costs_of(python: Path, peer: str, song: Path) -> dict[str, float]:
    """Processor seconds of each row in one library, in a process of its own, after a warm-up.

    Args:
        python: whose environment has the library.
        peer: module beside this one.
        song: what is measured.
    """
    done = subprocess.run(
        [str(python), str(Path(__file__).with_name(f"{peer}.py")), str(song)],
        env={**os.environ, **_ONE_THREAD, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    told: dict[str, float] = json.loads(done.stdout.strip().rpartition("\n")[2])
    return told


def figures_of(costs: dict[str, list[dict[str, float]]]) -> dict[str, JsonValue]:
    """Medians, and how many times real time they are.

    Args:
        costs: the runs of each library.
    """
    spent: dict[str, JsonValue] = {}
    speeds: dict[str, JsonValue] = {}
    for peer, runs in costs.items():
        medians = {row: round(statistics.median(one[row] for one in runs), 3) for row in runs[0]}
        spent[peer] = {**medians}
        speeds[peer] = {row: round(SECONDS / seconds, 1) for row, seconds in medians.items()}
    return {"cpu_seconds": spent, "times_real_time": speeds}


def make_environment(folder: Path) -> Path:
    """Install essentia into a new environment, from the package index; its Python."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", ESSENTIA], check=True)
    return python


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(description="Measuring a song, against other libraries.")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--install", action="store_true", help="get essentia for this run")
    where.add_argument("--python", type=Path, help="the Python of an environment that has it")
    parser.add_argument("--repeats", type=int, default=3)
    asked = parser.parse_args()
    here = Path(sys.executable)
    peers = {"grym": here, "librosa": here}
    costs: dict[str, list[dict[str, float]]] = defaultdict(list)
    with (
        tempfile.TemporaryDirectory(prefix="grym-bench-") as folder,
        tempfile.TemporaryDirectory() if asked.install else nullcontext("") as made,
    ):
        theirs = make_environment(Path(made) / "venv") if asked.install else asked.python
        if theirs is not None:
            peers["essentia"] = theirs
        song = Path(folder) / "song.wav"
        write_song(song, SECONDS)
        for _ in range(asked.repeats):
            for name, python in peers.items():
                costs[name].append(costs_of(python, f"{name}_peer", song))
    print(json.dumps(figures_of(costs), indent=2))


if __name__ == "__main__":
    main()
