"""What a full profile costs: time of a 3-minute file, a cold 30 s file, memory of an hour.

``python -m evals.bench.measure [--hour]`` prints one JSON object. The targets: a 3-minute stereo
file in at most 6 s on one core after warm-up, a 30 s file in at most 6 s from a new process, an
hour in at most 1.5 GB. CPU time is given beside the wall clock, because other load on the machine
does not change it. For one core: ``OMP_NUM_THREADS=1 taskset -c 0 python -m evals.bench.measure``.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from audio.measure import measure

RATE_HZ = 44_100
_ONCE = "import sys, pathlib, audio.measure; audio.measure.measure(pathlib.Path(sys.argv[1]))"


@dataclass(frozen=True)
class Cost:
    """What measuring one file cost."""

    seconds: float
    """Length of the file."""
    wall_seconds: float
    cpu_seconds: float


@dataclass(frozen=True)
class Costs:
    """All that was timed."""

    full_3_minutes: Cost
    loudness_3_minutes: Cost
    cold_30_seconds: Cost
    """In a new process, its start and imports included."""
    full_hour: Cost | None
    hour_peak_mb: float | None
    """Highest resident memory of a process that measures an hour of stereo."""


def write_song(path: Path, seconds: int) -> None:
    """Write a made-up stereo song, ten seconds at a time: chords, melody, drums and noise."""
    generator = np.random.default_rng(11)
    with soundfile.SoundFile(str(path), "w", RATE_HZ, 2) as file:
        for start in range(0, seconds, 10):
            file.write(_ten_seconds(start, min(10, seconds - start), generator))


def _ten_seconds(start: int, seconds: int, generator: np.random.Generator) -> NDArray[np.float64]:
    at = start + np.arange(seconds * RATE_HZ) / RATE_HZ
    roots = np.array([110.0, 87.31, 130.81, 98.0])[(at // 2).astype(int) % 4]
    scale = np.array([440.0, 493.88, 523.25, 587.33, 659.26, 783.99])
    melody = scale[((at * 4).astype(int) * 7 + (at // 30).astype(int)) % 6]
    phase, tune = np.cumsum(roots) / RATE_HZ, np.cumsum(melody) / RATE_HZ
    chord = sum((np.sin(2 * np.pi * n * phase) / n for n in (1, 2, 2.5, 3, 4, 6)), 0 * at)
    beat, half = at % 0.5, at % 0.25
    drums = np.exp(-30 * beat) * np.sin(2 * np.pi * 55 * beat)
    noise = generator.standard_normal((len(at), 2)) * (0.003 + 0.1 * np.exp(-60 * half))[:, None]
    centre = 0.12 * chord + 0.1 * np.sin(2 * np.pi * tune) * np.exp(-3 * half) + 0.4 * drums
    song: NDArray[np.float64] = centre[:, None] + noise
    return song


def cost_of(path: Path, seconds: int, aspects: Collection[str] = ()) -> Cost:
    """Measure a file in this process, which is warm."""
    wall, cpu = time.perf_counter(), time.process_time()
    measure(path, aspects)
    return Cost(seconds, *_rounded(time.perf_counter() - wall, time.process_time() - cpu))


def cost_in_new_process(path: Path, seconds: int) -> tuple[Cost, float]:
    """Measure a file in a process of its own.

    Returns:
        The cost, and the highest resident memory of any such process so far, in MB.
    """
    wall, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", _ONCE, str(path)], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    cost = Cost(seconds, *_rounded(time.perf_counter() - wall, cpu))
    return cost, round(after.ru_maxrss / 1024, 1)


def _rounded(*values: float) -> tuple[float, ...]:
    return tuple(round(value, 2) for value in values)


def run(folder: Path, with_hour: bool) -> Costs:
    """Make the files and time them."""
    song, short, hour = folder / "song.wav", folder / "short.wav", folder / "hour.flac"
    write_song(short, 30)
    cold, _ = cost_in_new_process(short, 30)
    write_song(song, 180)
    cost_of(song, 180)
    full, loudness = cost_of(song, 180), cost_of(song, 180, ["loudness"])
    if not with_hour:
        return Costs(full, loudness, cold, None, None)
    write_song(hour, 3600)
    full_hour, peak = cost_in_new_process(hour, 3600)
    return Costs(full, loudness, cold, full_hour, peak)


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(description="Time and memory of measuring sound files.")
    parser.add_argument("--hour", action="store_true", help="also an hour-long file (a minute)")
    with tempfile.TemporaryDirectory(prefix="grym-bench-") as folder:
        costs = run(Path(folder), parser.parse_args().hour)
    print(json.dumps(asdict(costs), indent=2))


if __name__ == "__main__":
    main()
