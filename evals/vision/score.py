"""How well told events match the known ones: F1, and how far off they are.

An event is found when one of its kind is told with

- the same time: lines and cut-offs overlap by at least half of what both cover together; the
  middles of drop-outs and clicks lie within three columns or 50 ms;
- the same frequency: within 3 % or two rows; both ends of a sweep within
  10 %, three rows, or a tenth of the rows that it crosses.

Each told event counts for one known event at most, the nearest first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import get_args

import numpy as np

from audio.axes import Axes
from audio.sight.events import EventKind, PictureEvent

SHORT: tuple[EventKind, ...] = ("dropout", "click")
LEAST_OVERLAP = 0.5
NEAR_SECONDS, NEAR_COLUMNS = 0.05, 3.0
NEAR_SHARE, NEAR_ROWS = 0.03, 2.0
NEAR_SWEEP_SHARE, NEAR_SWEEP_ROWS, NEAR_SWEEP_WAY = 0.1, 3.0, 0.1


@dataclass
class Tally:
    """Counts and errors of one kind of event, or of all."""

    known: int = 0
    told: int = 0
    found: int = 0
    seconds_off: list[float] = field(default_factory=list)
    """Of the starts and ends of what was found, but for what lasts all along."""
    hertz_off: list[float] = field(default_factory=list)
    columns_off: list[float] = field(default_factory=list)
    """The same errors of time, in columns of the picture."""
    rows_off: list[float] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of what was told that is there; 1 when nothing was told."""
        return self.found / self.told if self.told else 1.0

    @property
    def recall(self) -> float:
        """Share of what is there that was told; 1 when nothing is there."""
        return self.found / self.known if self.known else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        whole = self.known + self.told
        return 2 * self.found / whole if whole else 1.0


class Scores:
    """The figures of a set, added up picture by picture."""

    def __init__(self) -> None:
        self.all = Tally()
        self.kinds: dict[EventKind, Tally] = {kind: Tally() for kind in get_args(EventKind)}

    def add(self, axes: Axes, known: Sequence[PictureEvent], told: Sequence[PictureEvent]) -> None:
        """Count one picture."""
        pairs = match(axes, known, told)
        for kind, tally in self.kinds.items():
            for into in (tally, self.all):
                into.known += sum(event.kind == kind for event in known)
                into.told += sum(event.kind == kind for event in told)
        for truth, guess in pairs:
            for into in (self.kinds[truth.kind], self.all):
                into.found += 1
                _note_errors(into, axes, truth, guess)

    def lines(self) -> Iterator[str]:
        """The figures, ``name value`` a line."""
        yield f"events {self.all.known}"
        yield from _lines("", self.all)
        for kind, tally in self.kinds.items():
            if tally.known or tally.told:
                yield f"{kind}_events {tally.known}"
                yield from _lines(f"{kind}_", tally)


def match(
    axes: Axes, known: Sequence[PictureEvent], told: Sequence[PictureEvent]
) -> list[tuple[PictureEvent, PictureEvent]]:
    """The known events that were found, each with what was told of it."""
    near = sorted(
        (distance, i, j)
        for i, truth in enumerate(known)
        for j, guess in enumerate(told)
        if (distance := _distance(axes, truth, guess)) is not None
    )
    used: tuple[set[int], set[int]] = (set(), set())
    pairs = []
    for _, i, j in near:
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            pairs.append((known[i], told[j]))
    return pairs


def _distance(axes: Axes, truth: PictureEvent, guess: PictureEvent) -> float | None:
    """How far two events of a kind lie from each other; None when they aren't the same."""
    if truth.kind != guess.kind:
        return None
    column = (axes.x.high - axes.x.low) / axes.plot.width
    apart = abs(truth.start + truth.end - guess.start - guess.end) / 2
    if truth.kind in SHORT:
        return apart if apart <= max(NEAR_SECONDS, NEAR_COLUMNS * column) else None
    both = min(truth.end, guess.end) - max(truth.start, guess.start)
    whole = max(truth.end, guess.end) - min(truth.start, guess.start)
    if both < LEAST_OVERLAP * whole:
        return None
    moves = truth.kind == "sweep"
    share = NEAR_SWEEP_SHARE if moves else NEAR_SHARE
    rows = NEAR_SWEEP_ROWS if moves else NEAR_ROWS
    if truth.hertz is not None and truth.end_hertz is not None:
        rows = max(rows, NEAR_SWEEP_WAY * _rows_apart(axes, truth.hertz, truth.end_hertz))
    for one, other in _hertz_pairs(truth, guess):
        if abs(other - one) > share * one and _rows_apart(axes, one, other) > rows:
            return None
    return apart


def _note_errors(tally: Tally, axes: Axes, truth: PictureEvent, guess: PictureEvent) -> None:
    column = (axes.x.high - axes.x.low) / axes.plot.width
    if truth.kind not in ("hum", "cutoff"):
        off = [abs(truth.start - guess.start), abs(truth.end - guess.end)]
        if truth.kind == "click":
            off = [abs(truth.start + truth.end - guess.start - guess.end) / 2]
        tally.seconds_off += off
        tally.columns_off += [one / column for one in off]
    for one, other in _hertz_pairs(truth, guess):
        tally.hertz_off.append(abs(one - other))
        tally.rows_off.append(_rows_apart(axes, one, other))


def _hertz_pairs(truth: PictureEvent, guess: PictureEvent) -> Iterator[tuple[float, float]]:
    pairs = ((truth.hertz, guess.hertz), (truth.end_hertz, guess.end_hertz))
    return ((one, other) for one, other in pairs if one is not None and other is not None)


def _rows_apart(axes: Axes, one: float, other: float) -> float:
    return abs(axes.pixel_at(0.0, max(one, 1e-3)).y - axes.pixel_at(0.0, max(other, 1e-3)).y)


def _lines(prefix: str, tally: Tally) -> Iterator[str]:
    for name in ("f1", "precision", "recall"):
        yield f"{prefix}{name} {getattr(tally, name):.4f}"
    errors = (
        ("error_seconds", tally.seconds_off), ("error_columns", tally.columns_off),
        ("error_hertz", tally.hertz_off), ("error_rows", tally.rows_off),
    )  # fmt: skip
    for name, off in errors:
        if off:
            yield f"{prefix}{name} {np.mean(off):.4f}"
