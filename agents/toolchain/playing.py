"""Signals go through a processor as a plan says; runs in the sandbox, as a part of its scripts."""

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypedDict

import numpy as np


class Planned(TypedDict):
    """One run of a signal through a new processor."""

    signal: str
    sample_rate: int
    block: int
    settings: dict[str, float]
    changes: list[tuple[int, str, float]]


def pieces(
    signal: np.ndarray, run: Planned, change: Callable[[str, float], None]
) -> Iterator[np.ndarray]:
    """Cut a signal into blocks, and change parameters where the plan says so."""
    frames = signal.shape[1]
    cuts = {*range(0, frames, run["block"] or frames), frames}
    changes = {int(at): (name, value) for at, name, value in run["changes"]}
    edges = sorted(cuts | {at for at in changes if at < frames})
    for start, end in itertools.pairwise(edges):
        if start in changes:
            change(*changes[start])
        yield signal[:, start:end]


def leave_answers(answers: dict[str, np.ndarray], told: dict[str, object]) -> None:
    """Leave what came out of each run, and what its processor told."""
    with Path("answers.npz").open("wb") as file:
        np.savez(file, **answers)  # type: ignore[arg-type]
    Path("told.json").write_text(json.dumps(told), encoding="utf-8")
