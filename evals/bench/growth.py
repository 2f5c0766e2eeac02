"""How a thread grows: many turns on one thread, with the time and the bytes of each.

``python -m evals.bench.growth [--turns 200]`` prints one JSON object. The targets: checkpoints
under 2 MB beside their log, which is used again and again and has 4 MB at most, and the last ten
turns take at most 1.2 times as long as turns 11 to 20.
"""

import argparse
import json
import statistics
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import soundfile

from audio.assets import AssetRef
from grym_synth.studio import Studio, open_studio

REQUESTS = (
    "Measure this mix",
    "What key was it in?",
    "How loud is it, and is there any hum?",
    "Write a script that makes it 2 dB quieter",
    "hello",
    "Thanks! What did you change so far?",
    "Show me its spectrogram",
    "Is it too loud for streaming?",
    "Which tempo did you measure?",
    "Measure the loudness again",
)
"""What a user says in turn; ten, so that the compared turns hold the same requests."""

RATE_HZ = 44100
_FILES = ("checkpoints.sqlite", "checkpoints.sqlite-*", "memory*", "index/**/*")


@dataclass(frozen=True)
class Growth:
    """What a run of turns cost."""

    turns: int
    early_seconds: float
    """Mean time of turns 11 to 20."""
    late_seconds: float
    """Mean time of the last ten turns."""
    ratio: float
    """Late over early."""
    cpu_ratio: float
    """The same of this process's CPU time, which other load on the machine does not change."""
    checkpoint_bytes: int
    """Checkpoint file after the last turn."""
    checkpoint_log_bytes: int
    """Its log of writes."""
    memory_bytes: int
    """Memory file with its log."""
    index_bytes: int
    """Vector index."""


def grow(home: Path, turns: int) -> Growth:
    """Run turns on one thread of a new home.

    Args:
        home: an empty folder.
        turns: how many: a multiple of ten, at least 30.
    """
    seconds, cpu = [], []
    with open_studio(home) as studio:
        clip = planted_clip(studio, home / "clip.wav")
        for number in range(turns):
            began, used = time.perf_counter(), time.process_time()
            attached = (clip,) if number == 0 else ()
            studio.ask(REQUESTS[number % len(REQUESTS)], attached, out=home / "out")
            seconds.append(time.perf_counter() - began)
            cpu.append(time.process_time() - used)
        sizes = [_size(home, pattern) for pattern in _FILES]
    early, late = statistics.fmean(seconds[10:20]), statistics.fmean(seconds[-10:])
    cpu_ratio = statistics.fmean(cpu[-10:]) / statistics.fmean(cpu[10:20])
    return Growth(turns, early, late, late / early, cpu_ratio, *sizes)


def planted_clip(studio: Studio, path: Path) -> AssetRef:
    """Four seconds of a decaying chord, twice a second."""
    time_axis = np.arange(4 * RATE_HZ) / RATE_HZ
    chord = sum(np.sin(2 * np.pi * pitch * time_axis) for pitch in (174.6, 207.7, 261.6))
    soundfile.write(path, 0.2 * chord * np.exp(-6 * (time_axis % 0.5)), RATE_HZ)
    return studio.attach([(path, "audio")])[0]


def _size(home: Path, pattern: str) -> int:
    return sum(path.stat().st_size for path in home.glob(pattern) if path.is_file())


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=200)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(asdict(grow(Path(folder), asked.turns)), indent=2))


if __name__ == "__main__":
    main()
