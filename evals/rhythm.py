"""Score tempo, beats and downbeats over a folder of recordings with their truth beside them.

Each sound file has a JSON of the same name: ``bpm``, ``bpm_scored`` (false: don't score the tempo),
``beats`` and ``downbeats`` in seconds. Run: ``python -m evals.rhythm FOLDER``.
"""

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import mir_eval
import numpy as np

from audio.blocks import open_stream, read_blocks
from audio.rhythm import Rhythm, RhythmMeter

SUFFIXES = (".wav", ".flac", ".ogg", ".mp3", ".aiff")
OCTAVES = (1, 2, 3, 1 / 2, 1 / 3)


@dataclass(frozen=True)
class Score:
    """How well one file was measured; None where there is no truth."""

    name: str
    truth_bpm: float | None
    bpm: float | None
    confidence: float
    exact: bool | None
    """Within 4 % (Acc1)."""
    octave: bool | None
    """Within 4 % of it or of 2, 3, 1/2, 1/3 times it (Acc2)."""
    beat_f: float | None
    """F-measure of the beats, 70 ms, without the first 5 s."""
    downbeat_f: float | None
    seconds: float
    """Time of the whole measurement."""


def measure(path: Path) -> Rhythm:
    """Measure the rhythm of one file."""
    stream = open_stream(path)
    meter = RhythmMeter(stream)
    for block in read_blocks(path, stream):
        meter.push(block)
    return meter.finish()


def score(path: Path) -> Score:
    """Compare one file with the JSON beside it."""
    truth = json.loads(path.with_suffix(".json").read_text())
    began = time.perf_counter()
    rhythm = measure(path)
    seconds = time.perf_counter() - began
    bpm = truth.get("bpm") if truth.get("bpm_scored") is not False else None
    told = rhythm.bpm or 0.0
    return Score(
        name=path.stem,
        truth_bpm=bpm,
        bpm=rhythm.bpm,
        confidence=rhythm.confidence,
        exact=None if bpm is None else abs(told / bpm - 1) <= 0.04,
        octave=None if bpm is None else any(abs(told * by / bpm - 1) <= 0.04 for by in OCTAVES),
        beat_f=_f_measure(truth.get("beats"), rhythm.beats),
        downbeat_f=_f_measure(truth.get("downbeats"), rhythm.downbeats),
        seconds=seconds,
    )


def score_folder(folder: Path) -> list[Score]:
    """Score every sound file that has a truth beside it."""
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    return [score(path) for path in files if path.with_suffix(".json").is_file()]


def _f_measure(truth: list[float] | None, told: list[float]) -> float | None:
    if not truth:
        return None
    reference, estimate = (
        mir_eval.beat.trim_beats(np.array(times, dtype=np.float64)) for times in (truth, told)
    )
    if len(reference) == 0 or len(estimate) == 0:
        return 0.0
    return float(mir_eval.beat.f_measure(reference, estimate))


def _mean(values: list[float]) -> str:
    return f"{np.mean(values):.3f} ({len(values)})" if values else "none"


def main() -> None:
    """Print a line per file and the means."""
    scores = score_folder(Path(sys.argv[1]))
    for one in scores:
        told = [one.name[:34].ljust(34), str(one.truth_bpm or "-").rjust(9), str(one.bpm).rjust(7)]
        marks = "".join("1" if hit else "." for hit in (one.exact, one.octave))
        beat, downbeat = (
            "-   " if value is None else f"{value:.2f}" for value in (one.beat_f, one.downbeat_f)
        )
        print(*told, marks, f"{one.confidence:.2f}", beat, downbeat, f"{one.seconds:.2f} s")
    print("tempo Acc1", _mean([float(one.exact) for one in scores if one.exact is not None]))
    print("tempo Acc2", _mean([float(one.octave) for one in scores if one.octave is not None]))
    print("beat F", _mean([one.beat_f for one in scores if one.beat_f is not None]))
    print("downbeat F", _mean([one.downbeat_f for one in scores if one.downbeat_f is not None]))


if __name__ == "__main__":
    main()
