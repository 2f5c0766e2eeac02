"""Score everything that is heard of music over recordings whose truth is known.

``python -m evals.mir FOLDER``: the folder holds sound files, each with a JSON file of the same name
beside it (what is in it: `evals.rhythm`, `evals.tonality`, `evals.notes`), or folders ``music`` and
``loops`` of them. Printed are the means, beside what two well-known libraries reach on material of
this kind, and what is below them. ``--notes`` transcribes, too.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from audio.blocks import open_stream
from evals import notes, rhythm, tonality

BASELINES = {
    "tempo Acc1": (0.470, 0.602),
    "tempo Acc2": (0.843, 0.928),
    "beat F": (0.626, 0.713),
    "key exact": (0.594, 0.703),
    "key MIREX": (0.759, 0.812),
    "chords maj/min": (0.541, None),
    "loops Acc1": (0.371, 0.686),
    "loops Acc2": (0.543, 0.714),
}
"""What librosa 1.0 and essentia 2.1b6 reach on the material that this was made with; of the chords,
beat-synchronous chroma against 24 triads."""


@dataclass(frozen=True)
class Figure:
    """One mean."""

    name: str
    value: float
    count: int
    """How many files it is of."""


def figures(folder: Path, *, with_notes: bool = False) -> list[Figure]:
    """Score a folder: all that its truths tell."""
    found = _parts(folder, "music")
    rhythms = [score for part in found for score in rhythm.score_folder(part)]
    began, cpu = time.process_time(), 0.0
    tonal = [score for part in found for score in _tonal(part)]
    cpu = time.process_time() - began
    loops = [score for part in _parts(folder, "loops") for score in rhythm.score_folder(part)]
    told = [
        _mean("tempo Acc1", (one.exact for one in rhythms)),
        _mean("tempo Acc2", (one.octave for one in rhythms)),
        _mean("beat F", (one.beat_f for one in rhythms)),
        _mean("downbeat F", (one.downbeat_f for one in rhythms)),
        _mean("key exact", (one.exact for one in tonal)),
        _mean("key MIREX", (one.weighted for one in tonal)),
        _mean("chords maj/min", (one.majmin for one in tonal)),
        _mean("loops Acc1", (one.exact for one in loops)),
        _mean("loops Acc2", (one.octave for one in loops)),
    ]
    if tonal and cpu > 0:
        seconds = sum(_seconds(part, one.name) for part in found for one in tonal)
        told.append(Figure("speed", seconds / cpu, len(tonal)))
    if with_notes:
        heard = [score for part in found for score in notes.score_folder(part)]
        told += [
            _mean("note onset F", (one.onset_f for one in heard)),
            _mean("note precision", (one.precision for one in heard)),
            _mean("note recall", (one.recall for one in heard)),
        ]
    return [one for one in told if one.count]


def below(told: Iterable[Figure]) -> list[str]:
    """Figures that are below a baseline."""
    return [
        one.name
        for one in told
        if any(base is not None and one.value < base for base in BASELINES.get(one.name, ()))
    ]


def _tonal(folder: Path) -> list[tonality.Score]:
    found = (tonality.score_file(path) for path in sorted(folder.glob("*.json")))
    return [one for one in found if one is not None]


def _parts(folder: Path, name: str) -> list[Path]:
    """The folder of that name in it; a folder without such parts is one of music itself."""
    if (folder / name).is_dir():
        return [folder / name]
    return [folder] if name == "music" and not (folder / "loops").is_dir() else []


def _seconds(folder: Path, name: str) -> float:
    for suffix in rhythm.SUFFIXES:
        if (path := folder / f"{name}{suffix}").is_file():
            return open_stream(path).seconds
    return 0.0


def _mean(name: str, values: Iterable[float | bool | None]) -> Figure:
    known = [float(one) for one in values if one is not None]
    return Figure(name, float(np.mean(known)) if known else 0.0, len(known))


def _row(one: Figure) -> str:
    bases = BASELINES.get(one.name, (None, None))
    shown = "".join(f"{'-' if base is None else f'{base:.3f}':>10}" for base in bases)
    return f"{one.name:<16}{one.value:>10.3f}{one.count:>7}{shown}"


def main() -> int:
    """Print the means; the exit code is 1 where one is below a baseline."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    held = os.environ.get("GRYM_TEST_DATA")
    parser.add_argument("folder", type=Path, nargs="?", default=Path(held) if held else None)
    parser.add_argument("--notes", action="store_true", help="transcribe and score notes as well")
    given = parser.parse_args()
    if given.folder is None:
        parser.error("name a folder, or set GRYM_TEST_DATA")
    told = figures(given.folder, with_notes=given.notes)
    print(f"{'':<16}{'here':>10}{'files':>7}{'librosa':>10}{'essentia':>10}")
    for one in told:
        print(_row(one))
    weak = below(told)
    print(f"below a baseline: {', '.join(weak)}" if weak else "nothing is below a baseline")
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main())
