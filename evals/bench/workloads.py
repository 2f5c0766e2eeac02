"""What a turn costs under different workloads: short, long, many files, many turns, many threads.

Scripted boss, real instruments, SQLite and Chroma, all in one process on one home each. Every
workload is told by its turns' wall and processor milliseconds (medians), by tokens of the packages
that specialists were handed, and by the bytes of its checkpoints at the end; its ratio is to
``short``. Many threads run eight at a time, so that wall time there is that of eight turns at once.

``python -m evals.bench workloads`` prints one JSON object.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import soundfile

from audio.assets import AssetRef
from evals.bench.turn import REQUEST, studio_of
from grym_synth.studio import Studio
from memory.vectors.embeddings import make_embedder

RATE_HZ = 22_050
LONG = (
    "We are mixing a song with a warm, wide chorus and a dry verse; the singer wants to be close, "
    "and the bass player asked for less mud. Our deadline is in March, and the label wants it for "
    "streaming. " * 12
) + REQUEST


@dataclass(frozen=True)
class Load:
    """What one workload cost; medians over its turns."""

    turns: int
    wall_ms: float
    cpu_ms: float
    """Of the process and all its threads, the filling of the index after the answer included."""
    package_tokens: float
    """Of all specialists of a turn."""
    checkpoint_kb: float
    """Held at the end."""
    cpu_to_short: float | None = None


@dataclass(frozen=True)
class Run:
    """One turn."""

    wall: float
    cpu: float
    tokens: int


def clip(studio: Studio, folder: Path, number: int) -> AssetRef:
    """Two seconds of a chord; another number makes another file."""
    moments = np.arange(2 * RATE_HZ) / RATE_HZ
    chord = sum(np.sin(2 * np.pi * (150 + number) * ratio * moments) for ratio in (1, 1.2, 1.5))
    path = folder / f"clip {number}.wav"
    soundfile.write(path, 0.2 * chord * np.exp(-6 * (moments % 0.5)), RATE_HZ)
    return studio.attach([(path, "audio")])[0]


def turn(studio: Studio, words: str, files: Sequence[AssetRef], thread: str = "main") -> Run:
    """Ask once."""
    began, used = time.perf_counter(), time.process_time()
    result = studio.ask(words, tuple(files), thread=thread)
    studio.deps.store.flush()
    cpu = time.process_time() - used
    return Run(time.perf_counter() - began, cpu, sum(one.tokens for one in result.slices))


def short(studio: Studio, folder: Path, turns: int) -> list[Run]:
    """Turns of one sentence on one file."""
    file = clip(studio, folder, 0)
    return [turn(studio, REQUEST, [file], f"thread {at}") for at in range(turns)]


def long(studio: Studio, folder: Path, turns: int) -> list[Run]:
    """Turns of a page of text on one file."""
    file = clip(studio, folder, 0)
    return [turn(studio, LONG, [file], f"thread {at}") for at in range(turns)]


def many_files(studio: Studio, folder: Path, turns: int) -> list[Run]:
    """Turns on one file in a project that has a hundred."""
    files = [clip(studio, folder, number) for number in range(100)]
    studio.ask("What note is 440 Hz?", tuple(files), thread="files")
    return [turn(studio, REQUEST, [files[at]], f"thread {at}") for at in range(turns)]


def many_turns(studio: Studio, folder: Path, turns: int) -> list[Run]:
    """The last turns of a conversation of ten times as many."""
    file = clip(studio, folder, 0)
    runs = [turn(studio, REQUEST, [file]) for _ in range(10 * turns)]
    return runs[-turns:]


def many_threads(studio: Studio, folder: Path, turns: int) -> list[Run]:
    """Turns on threads of their own, eight at a time."""
    file = clip(studio, folder, 0)
    used = time.process_time()
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(turn, studio, REQUEST, [file], f"thread {at}") for at in range(turns)]
        runs = [one.result() for one in asked]
    share = (time.process_time() - used) / turns
    return [replace(one, cpu=share) for one in runs]


WORKLOADS: dict[str, Callable[[Studio, Path, int], list[Run]]] = {
    "short": short,
    "long": long,
    "many_files": many_files,
    "many_turns": many_turns,
    "many_threads": many_threads,
}


def measured(name: str, turns: int) -> Load:
    """Run a workload on a home of its own; its first turns warm up another home."""
    embedder = make_embedder("minilm", "")
    assert embedder is not None
    with tempfile.TemporaryDirectory(prefix="grym-bench-") as folder:
        home = Path(folder)
        with studio_of(home, embedder) as studio:
            turn(studio, REQUEST, [clip(studio, home, 999)], "warm")
            studio.deps.store.flush()
            runs = WORKLOADS[name](studio, home, turns)
        held = sum(path.stat().st_size for path in home.glob("checkpoints.sqlite*"))
    return Load(
        turns=10 * turns if name == "many_turns" else turns,
        wall_ms=round(1000 * statistics.median(one.wall for one in runs), 1),
        cpu_ms=round(1000 * statistics.median(one.cpu for one in runs), 1),
        package_tokens=statistics.median(one.tokens for one in runs),
        checkpoint_kb=round(held / 1000, 1),
    )


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(description="Turns under different workloads.")
    parser.add_argument("--turns", type=int, default=8)
    asked = parser.parse_args()
    told = {name: asdict(measured(name, asked.turns)) for name in WORKLOADS}
    for load in told.values():
        load["cpu_to_short"] = round(load["cpu_ms"] / told["short"]["cpu_ms"], 3)
    print(json.dumps({"workloads": told}, indent=2))


if __name__ == "__main__":
    main()
