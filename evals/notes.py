"""Score transcriptions over a folder of recordings with their notes beside them.

Each sound file has a JSON of the same name: ``notes``, a list of ``start``, ``end`` (in seconds)
and ``pitch``. Run: ``python -m evals.notes FOLDER``.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import mir_eval
import numpy as np
from pydantic import JsonValue

from audio.transcribing.hearing import Hearing
from audio.transcribing.notes import HeardNote
from evals.rhythm import SUFFIXES

_WINDOW_SECONDS = 0.05
_SHORTEST_SECONDS = 0.02


@dataclass(frozen=True)
class Score:
    """How well the notes of one file were heard."""

    name: str
    truth: int
    told: int
    precision: float
    """Share of the told notes whose pitch begins within 50 ms of one of the truth's."""
    recall: float
    onset_f: float
    """Harmonic mean of both."""


def score_folder(folder: Path) -> list[Score]:
    """Score every sound file whose notes are known."""
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    scores = [_score(path) for path in files if path.with_suffix(".json").is_file()]
    return [one for one in scores if one is not None]


def compare(name: str, truth: Sequence[HeardNote], told: Sequence[HeardNote]) -> Score:
    """Compare notes with the truth: a note is right where pitch and onset are."""
    if not truth or not told:
        return Score(name, len(truth), len(told), 0.0, 0.0, 0.0)
    precision, recall, onset_f, _ = mir_eval.transcription.precision_recall_f1_overlap(
        _spans(truth), _hertz(truth), _spans(told), _hertz(told),
        onset_tolerance=_WINDOW_SECONDS, offset_ratio=None,
    )  # fmt: skip
    return Score(name, len(truth), len(told), float(precision), float(recall), float(onset_f))


def _score(path: Path) -> Score | None:
    rows = json.loads(path.with_suffix(".json").read_text()).get("notes")
    if not isinstance(rows, list) or not rows:
        return None
    heard = Hearing(path).transcript()
    told = (*heard.melody, *heard.bass, *heard.harmony)
    return compare(path.stem, [_note(row) for row in rows if not row.get("drums")], told)


def _note(row: dict[str, JsonValue]) -> HeardNote:
    start, end = float(str(row["start"])), float(str(row["end"]))
    return HeardNote(start=start, end=end, pitch=int(str(row["pitch"])), strength=1.0)


def _spans(notes: Sequence[HeardNote]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.array([[one.start, max(one.end, one.start + _SHORTEST_SECONDS)] for one in notes])


def _hertz(notes: Sequence[HeardNote]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return 440.0 * 2 ** ((np.array([float(one.pitch) for one in notes]) - 69) / 12)


def main() -> None:
    """Print a line per file and the mean."""
    scores = score_folder(Path(sys.argv[1]))
    for one in scores:
        counts = f"{one.truth:>6}{one.told:>6}"
        print(f"{one.name[:44]:44}{counts}  {one.precision:.3f} {one.recall:.3f} {one.onset_f:.3f}")
    if scores:
        print(f"onset F {np.mean([one.onset_f for one in scores]):.3f} of {len(scores)}")


if __name__ == "__main__":
    main()
