"""Score keys and chords against annotations: ``python -m evals.tonality FOLDER``.

The folder holds sound files, each with a JSON file beside it: ``file``, and where known ``key``
(such as ``F# minor``) and ``chords`` (a list of ``start``, ``end``, ``root``, ``quality``). Keys
are scored exactly and by the MIREX weights, chords by the share of time in which the major or
minor triad is right (``majmin`` of mir_eval), on the beats that the rhythm instrument finds.
"""

import argparse
import json
import warnings
from dataclasses import dataclass
from pathlib import Path

import mir_eval
import numpy as np

from audio.aspects import parse_key
from audio.blocks import open_stream, read_blocks
from audio.chords import Chord, find_chords
from audio.chroma import PitchMeter
from audio.key import find_key
from audio.rhythm import RhythmMeter
from audio.triads import MAJOR_NAMES


@dataclass(frozen=True)
class Score:
    """How one file fared; None where the annotation doesn't say."""

    name: str
    key: str | None
    """The key that was told."""
    exact: float | None
    weighted: float | None
    """MIREX: 1 right, 0.5 a fifth off, 0.3 relative, 0.2 parallel."""
    majmin: float | None
    """Share of the time in major and minor chords that was told right."""
    chord_seconds: float
    """How long major and minor chords are annotated."""


def score_file(annotation: Path) -> Score | None:
    """Measure one file and compare; None when its annotation has neither key nor chords."""
    truth = json.loads(annotation.read_text())
    if not isinstance(truth, dict) or not (truth.get("key") or truth.get("chords")):
        return None
    path = annotation.parent / str(truth["file"])
    stream = open_stream(path)
    pitch, rhythm = PitchMeter(stream), RhythmMeter(stream)
    for block in read_blocks(path, stream):
        pitch.push(block)
        rhythm.push(block)
    chromagram = pitch.finish()
    key = find_key(chromagram).key
    exact, weighted = _key_scores(truth.get("key"), key)
    spans = find_chords(chromagram, list(rhythm.finish().beats)).spans
    majmin, seconds = _majmin(truth.get("chords") or [], spans)
    return Score(annotation.stem, key, exact, weighted, majmin, seconds)


def _key_scores(truth: str | None, told: str | None) -> tuple[float | None, float | None]:
    if truth is None:
        return None, None
    if told is None:
        return 0.0, 0.0
    weighted = float(mir_eval.key.weighted_score(_spelled(truth), _spelled(told)))
    return float(weighted == 1.0), weighted


def _spelled(key: str) -> str:
    """A key as mir_eval spells it."""
    parsed = parse_key(key)
    if parsed is None:
        raise ValueError(f"{key!r} is not a key")
    return f"{MAJOR_NAMES[parsed[0]]} {parsed[1]}"


def _majmin(
    truth: list[dict[str, str | float]], spans: tuple[Chord, ...]
) -> tuple[float | None, float]:
    """Weighted overlap of annotated and told triads, and how many seconds it is about."""
    rows = [row for row in truth if float(row["end"]) > float(row["start"])]
    if not rows or not spans:
        return (0.0 if rows else None), 0.0
    wanted = np.array([[float(row["start"]), float(row["end"])] for row in rows])
    told = np.array([[span.start, span.end] for span in spans])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # mir_eval warns of overlaps in the annotations
        told, told_labels = mir_eval.util.adjust_intervals(
            told, [_harte(span.label) for span in spans], wanted.min(), wanted.max(), "N", "N"
        )
        edges, wanted_labels, told_labels = mir_eval.util.merge_labeled_intervals(
            wanted, [_annotated(row) for row in rows], told, told_labels
        )
    lengths = np.diff(edges, axis=1).ravel()
    right = mir_eval.chord.majmin(wanted_labels, told_labels)
    seconds = float(lengths[right >= 0].sum())
    return float(mir_eval.chord.weighted_accuracy(right, lengths)), seconds


def _annotated(row: dict[str, str | float]) -> str:
    quality = {"major": "maj", "minor": "min", "diminished": "dim", "augmented": "aug"}
    kind = quality.get(str(row["quality"]))
    return f"{row['root']}:{kind}" if kind else "X"


def _harte(label: str) -> str:
    """A chord label in Harte's syntax."""
    if label == "N":
        return label
    return f"{label[:-1]}:min" if label.endswith("m") else f"{label}:maj"


def _mean(values: list[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{np.mean(known):.3f} of {len(known)}" if known else "-"


def _overlap(scores: list[Score]) -> str:
    """Chord recall over all files as one, each second counting the same."""
    known = [score for score in scores if score.majmin is not None]
    seconds = sum(score.chord_seconds for score in known)
    right = sum((score.majmin or 0.0) * score.chord_seconds for score in known)
    return f"{right / seconds:.3f} of {seconds:.0f} s" if seconds else "-"


def main() -> None:
    """Print one line for each file, then the means of all and of both halves."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    found = (score_file(path) for path in sorted(folder.glob("*.json")))
    scores = [score for score in found if score is not None]
    for score in scores:
        marks = (score.exact, score.weighted, score.majmin)
        shown = "  ".join("    -" if mark is None else f"{mark:5.2f}" for mark in marks)
        print(f"{score.name[:44]:44}  {score.key or '-':10}  {shown}")
    print(f"\n{'':8}{'key exact':16}{'key weighted':16}{'majmin, files':16}majmin, time")
    for name, part in (("all", scores), ("even", scores[::2]), ("odd", scores[1::2])):
        columns = ([s.exact for s in part], [s.weighted for s in part], [s.majmin for s in part])
        means = "".join(f"{_mean(column):16}" for column in columns)
        print(f"{name:8}{means}{_overlap(part)}")


if __name__ == "__main__":
    main()
