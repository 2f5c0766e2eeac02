"""How quickly a library is indexed and searched, and how both grow.

``python -m evals.bench.library [--files 1000 ...] [--workers 1 2] [--seconds 0.5] [--json]`` makes
synthetic sounds in a temporary folder. On a machine with other work to do, wall time says little:
processor time is told beside it.
"""

import argparse
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import soundfile

from agents.library.reading import read_query
from grym_synth.settings import MediaLimits
from memory.library.catalogue import FILE, Catalogue
from memory.library.flags import Flags, conditions_of
from memory.library.indexing import index
from memory.library.query import Query
from memory.library.searching import Library

_RATE = 44_100
_TIMES = 5
_WORDS = "dark 808 in F minor, around 140"


@dataclass(frozen=True)
class Indexing:
    """One run over a folder."""

    files: int
    workers: int
    wall_seconds: float
    worker_cpu_seconds: float
    """Processor time that measuring took."""
    own_cpu_seconds: float
    """Processor time of the process that keeps the catalogue."""
    files_per_core_second: float
    files_per_second: float
    again_seconds: float
    """Wall time of a second run, which finds nothing to do."""
    megabytes: float
    """Size of the catalogue with its log."""


@dataclass(frozen=True)
class Searching:
    """Searches over one library."""

    sounds: int
    first_seconds: float
    """Processor time of the first search, which reads the catalogue."""
    words_seconds: float
    fields_seconds: float
    like_seconds: float
    """Processor time of later ones, median."""


def make_files(folder: Path, count: int, seconds: float) -> None:
    """Write sounds that all differ: struck tones, noises, and patterns of both."""
    generator = np.random.default_rng(11)
    at = np.arange(round(seconds * _RATE)) / _RATE
    hiss = generator.standard_normal(len(at))
    for number in range(count):
        place = folder / f"{number // 500:03d}"
        place.mkdir(parents=True, exist_ok=True)
        hertz, decay, share = generator.uniform((30, 0.02, 0), (2000, 0.4, 1))
        step = generator.choice((seconds, seconds, 0.25, 0.125))
        fall = np.exp(-(at % step) / decay)
        tone = np.sin(2 * np.pi * hertz * at)
        sound = 0.5 * fall * ((1 - share) * tone + 0.4 * share * np.roll(hiss, number))
        soundfile.write(place / f"{number:05d}.wav", sound, _RATE, subtype="PCM_16")


@contextmanager
def indexed(folder: Path, files: int, workers: int) -> Iterator[tuple[Indexing, Catalogue]]:
    """Index a folder into a home of its own, twice."""
    with (
        tempfile.TemporaryDirectory(prefix="grym-library-") as place,
        Catalogue(Path(place) / FILE) as catalogue,
    ):
        home, limits = Path(place), MediaLimits()
        own, began = time.process_time(), time.monotonic()
        done = index(catalogue, home, folder, limits, workers=workers)
        wall, own = time.monotonic() - began, time.process_time() - own
        began = time.monotonic()
        index(catalogue, home, folder, limits, workers=workers)
        told = Indexing(
            files=files,
            workers=workers,
            wall_seconds=round(wall, 2),
            worker_cpu_seconds=round(done.cpu_seconds, 2),
            own_cpu_seconds=round(own, 2),
            files_per_core_second=round(done.measured / done.cpu_seconds, 1),
            files_per_second=round(done.measured / wall, 1),
            again_seconds=round(time.monotonic() - began, 2),
            megabytes=round(sum(one.stat().st_size for one in home.glob(f"{FILE}*")) / 1e6, 2),
        )
        yield told, catalogue


def searched(catalogue: Catalogue) -> Searching:
    """Search a library by words, by fields and by likeness."""
    library, query = Library(catalogue), read_query(_WORDS)
    first = _cpu(lambda: library.search(query))
    names, vectors = catalogue.vectors()
    fields = Query(conditions=conditions_of(Flags(length="..0.4", where=("centroid_hz=..500",))))
    return Searching(
        sounds=len(names),
        first_seconds=round(first, 4),
        words_seconds=_median(lambda: library.search(query)),
        fields_seconds=_median(lambda: library.search(fields)),
        like_seconds=_median(lambda: library.search(Query(), like=vectors[0], but=names[0])),
    )


def _median(work: Callable[[], object]) -> float:
    return round(statistics.median(_cpu(work) for _ in range(_TIMES)), 4)


def _cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    """Print one line for each run, and one for the searches over it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, nargs="+", default=[1000])
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--seconds", type=float, default=0.5, help="length of each sound")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    for count in given.files:
        folder = Path(tempfile.mkdtemp(prefix="grym-sounds-"))
        try:
            make_files(folder, count, given.seconds)
            for workers in given.workers:
                with indexed(folder, count, workers) as (done, catalogue):
                    for told in (done, searched(catalogue)):
                        print(json.dumps(asdict(told)) if given.json else _line(asdict(told)))
        finally:
            shutil.rmtree(folder)


def _line(told: dict[str, float]) -> str:
    return "  ".join(f"{name} {value}" for name, value in told.items())


if __name__ == "__main__":
    main()
