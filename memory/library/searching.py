"""Search the library: by conditions, by likeness to a sound, or by both."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from audio.decoding import Floats
from audio.library.sound import Sound
from audio.library.vectors import alikeness
from memory.context import Word
from memory.library.catalogue import Catalogue
from memory.library.columns import Columns, Scores
from memory.library.judging import judge, weight
from memory.library.query import Condition, Named, Query
from memory.library.wording import reason

_LIKENESS_WEIGHT = 4.0
_LEAST_OF_BEST = 0.5
"""What scores less than this share of the best counts as found no more."""


class Hit(Word):
    """One sound that was found."""

    path: str
    also: tuple[str, ...] = ()
    """Other files of the same content."""
    missing: bool = False
    """Whether the file is no longer there."""
    score: float
    """0..1, of worth only beside the others of one search."""
    likeness: float | None = None
    """1 for the same sound, 0.5 for a clearly different one; None where none was asked for."""
    reasons: tuple[str, ...]
    sha256: str
    sound: Sound


class Found(Word):
    """The answer to a search."""

    hits: tuple[Hit, ...]
    """The best first."""
    fitting: int
    """How many sounds fit in all."""
    searched: int
    """How many files were looked at."""
    not_understood: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Loaded:
    columns: Columns
    place: dict[str, int]
    """Row of each sound's vector."""
    vectors: Floats


class Library:
    """Searches one catalogue, which is read once as long as nobody writes to it."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._stamp: tuple[int, int] | None = None
        self._loaded: _Loaded | None = None

    def search(
        self, query: Query, *, limit: int = 20, like: Floats | None = None, but: str = ""
    ) -> Found:
        """The sounds that meet all conditions, the best first.

        Args:
            query: what is sought.
            limit: most hits.
            like: vector of a sound that they shall be like.
            but: SHA-256 of a sound that isn't wanted: the one that they shall be like.
        """
        loaded = self._read()
        columns = loaded.columns
        total, weights = np.zeros(len(columns)), 0.0
        alive = np.ones(len(columns), bool)
        conditions, unknown = _known(query, columns)
        judged = [(one, judge(one, columns)) for one in conditions]
        for condition, scores in judged:
            alive &= scores > 0
            total += weight(condition) * scores
            weights += weight(condition)
        alikes = None if like is None else self._alike(loaded, like)
        if alikes is not None:
            total += _LIKENESS_WEIGHT * alikes
            weights += _LIKENESS_WEIGHT
        if query.folder:
            start = query.folder.rstrip("/") + "/"
            alive &= np.array([one.path.startswith(start) for one in columns.held], bool)
        if but:
            alive &= np.array([one.sha256 != but for one in columns.held], bool)
        score = np.where(alive, total / weights if weights else 1.0, 0.0)
        best = _ordered(score, columns)
        reasons = [
            tuple(text for one, given in judged if (text := reason(one, given[at], at, columns)))
            for at in best[: 4 * limit]
        ]
        hits = _hits(best[: 4 * limit], score, alikes, reasons, columns)
        return Found(
            hits=tuple(hits[:limit]),
            fitting=len({columns.held[at].sha256 for at in best}),
            searched=len(columns),
            not_understood=(*query.not_understood, *unknown),
            remarks=(*query.remarks, *self._remarks()),
        )

    def _read(self) -> _Loaded:
        stamp = self.catalogue.stamp()
        if self._loaded is None or stamp != self._stamp:
            names, vectors = self.catalogue.vectors()
            place = {name: row for row, name in enumerate(names)}
            self._loaded = _Loaded(Columns(self.catalogue.held()), place, vectors)
            self._stamp = stamp
        return self._loaded

    def _remarks(self) -> tuple[str, ...]:
        old = self.catalogue.outdated()
        if not old:
            return ()
        return (
            f"{old:,} files were measured by an older version and are left out: run "
            "`grym library index` again.",
        )

    def _alike(self, loaded: _Loaded, like: Floats) -> Scores:
        rows = [loaded.place.get(one.sha256, -1) for one in loaded.columns.held]
        distance = np.linalg.norm(loaded.vectors - like, axis=1)
        alike = np.append(alikeness(distance), np.float32(0.0))
        scores: Scores = alike[rows].astype(np.float64)
        return scores


def _known(query: Query, columns: Columns) -> tuple[list[Condition], list[str]]:
    """The conditions that say something, and words that no name holds and nothing explains."""
    said, unknown = list[Condition](), list[str]()
    for one in query.conditions:
        if isinstance(one, Named) and not one.strict and not columns.holds(one.words).any():
            unknown.append(one.words)
        else:
            said.append(one)
    return said, unknown


def _ordered(score: Scores, columns: Columns) -> list[int]:
    """Places of what was found, the best first; equals by path."""
    if not len(score) or score.max() <= 0:
        return []
    found = np.flatnonzero(score >= _LEAST_OF_BEST * score.max())
    order: list[int] = found[np.argsort(-score[found], kind="stable")].tolist()
    return order


def _hits(
    best: list[int],
    score: Scores,
    alikes: Scores | None,
    reasons: list[tuple[str, ...]],
    columns: Columns,
) -> list[Hit]:
    """One hit for each content, with all its files."""
    hits: dict[str, Hit] = {}
    wanted = {columns.held[at].sha256 for at in best}
    files: dict[str, list[str]] = {}
    for held in columns.held:
        if held.sha256 in wanted:
            files.setdefault(held.sha256, []).append(held.path)
    for at, why in zip(best, reasons, strict=True):
        held = columns.held[at]
        if held.sha256 in hits:
            continue
        hits[held.sha256] = Hit(
            path=held.path,
            also=tuple(path for path in files[held.sha256] if path != held.path),
            missing=not Path(held.path).exists(),
            score=round(float(score[at]), 4),
            likeness=None if alikes is None else round(float(alikes[at]), 4),
            reasons=why,
            sha256=held.sha256,
            sound=held.sound,
        )
    return list(hits.values())
