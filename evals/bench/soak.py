"""What a process that works for weeks holds: memory, file handles, threads and bytes on disk.

``python -m evals.bench.soak [--turns 2000]`` prints one JSON object. Half of the turns are those
of one thread, the others go round many projects; the supervisor is scripted. Exit 1 beyond the
targets: memory within 10 % of what it was after a tenth of the turns, no more file handles or
threads, and checkpoints that stay as large as they were, once every thread has its own.
"""

import argparse
import gc
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from evals.bench.growth import REQUESTS, planted_clip
from evals.bench.turn import boss_lines
from grym_synth.settings import Settings
from grym_synth.studio import open_studio

PROJECTS = 20
SAMPLES = 20
"""How often it is looked, in equal steps."""
MOST_GROWTH = 1.10


@dataclass(frozen=True)
class Sample:
    """What the process held after so many turns."""

    turns: int
    memory_bytes: int
    """Its own: pages of files that the system holds for it, as of the mapped truth, aside."""
    resident_bytes: int
    """Pages of files included."""
    handles: int
    threads: int
    checkpoint_bytes: int
    """Checkpoint file with its log."""
    truth_bytes: int
    """Memory file with its log."""
    asset_bytes: int


@dataclass(frozen=True)
class Soak:
    """What a run gave."""

    samples: tuple[Sample, ...]
    memory_ratio: float
    """The last sample's memory over that after a tenth of the turns."""
    more_handles: int
    more_threads: int
    checkpoint_ratio: float
    truth_bytes_a_turn: float
    """What one turn leaves in the memory file, between these two samples."""

    @property
    def fine(self) -> bool:
        """Whether it stays within the targets."""
        flat = self.more_handles <= 0 and self.more_threads <= 0
        return flat and max(self.memory_ratio, self.checkpoint_ratio) <= MOST_GROWTH


def soak(home: Path, turns: int) -> Soak:
    """Run turns in this process, in a new home.

    Args:
        home: an empty folder.
        turns: how many: a multiple of ``SAMPLES``.
    """
    script = home / "boss.jsonl"
    script.write_text("\n".join(json.dumps(line) for line in boss_lines()), encoding="utf-8")
    settings = Settings(
        home=home, out=home / "out", models="instruments", supervisor_model=f"scripted:{script}"
    )
    samples = []
    with open_studio(settings=settings) as studio:
        clip = planted_clip(studio, home / "clip.wav")
        for number in range(turns):
            attached = (clip,) if number <= 2 * PROJECTS else ()
            studio.ask(REQUESTS[number // 2 % len(REQUESTS)], attached, project=_project(number))
            if (number + 1) % (turns // SAMPLES) == 0:
                samples.append(_look(home, number + 1))
    return _judged(samples)


def _project(number: int) -> str:
    """Where a turn is asked: every second one on the same thread."""
    return "default" if number % 2 else f"song {number // 2 % PROJECTS}"


def _look(home: Path, turns: int) -> Sample:
    gc.collect()
    status = Path("/proc/self/status").read_text(encoding="ascii")
    told = dict(line.split(":", 1) for line in status.splitlines())
    sizes = (_size(home, pattern) for pattern in ("checkpoints*", "memory*", "assets/**/*"))
    return Sample(
        turns,
        int(told["RssAnon"].split()[0]) * 1024,
        int(told["VmRSS"].split()[0]) * 1024,
        len(os.listdir("/proc/self/fd")),
        int(told["Threads"]),
        *sizes,
    )


def _size(home: Path, pattern: str) -> int:
    return sum(path.stat().st_size for path in home.glob(pattern) if path.is_file())


def _judged(samples: list[Sample]) -> Soak:
    first, last = samples[len(samples) // 10 - 1], samples[-1]
    written = last.truth_bytes - first.truth_bytes
    return Soak(
        tuple(samples),
        round(last.memory_bytes / first.memory_bytes, 3),
        last.handles - first.handles,
        last.threads - first.threads,
        round(last.checkpoint_bytes / first.checkpoint_bytes, 3),
        round(written / (last.turns - first.turns), 1),
    )


def main() -> None:
    """Run the benchmark from the command line; exit 1 beyond a target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=2000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = soak(Path(folder), asked.turns)
    print(json.dumps(asdict(found), indent=2))
    raise SystemExit(not found.fine)


if __name__ == "__main__":
    main()
