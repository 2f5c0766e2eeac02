"""Lines in a spectrogram: what stands out from the frequencies on both sides, joined over time."""

from dataclasses import dataclass, replace

import numpy as np
from scipy import ndimage, signal

from audio.blocks import Floats
from audio.sight.crowd import outstanding
from audio.sight.field import Field, blur_columns
from audio.sight.joining import follow, joined, without_echoes
from audio.sight.lines import FLAT_ROWS, Line

_GAPS = (2, 4, 8, 16, 32)
"""Half widths in rows that a line may have; a low note is wide on a logarithmic axis."""
_GROW_DB, _GROW_SPREADS = 6.0, 3.5
"""A line's pixels stand out by so much: in dB, and in standard deviations of what chance does."""
_SEED_DB, _SHORT_SEED_DB = 9.0, 14.0
"""And somewhere by so much; noise's highest peaks reach 13 dB, but don't last."""
_SURE_DB, _SURE_BLURS = 20.0, 2.0
_MANY_BLURS, _MOST_SMOOTHED, _HEARD_DB = 15.0, 15, 5.0
_MOST_CHANCE_DB = 14.0
"""More than that is no noise."""
_PEAK_DB, _STILL_DB, _STILL_SEED_DB = 4.0, 1.5, 4.0
"""A lasting line is a peak over the rows; one that hardly swings may stand out by less."""
_LOBES, _LOBE_DB = 1.2, 24.0
"""A Hann window's side lobes lie 31 dB below a line, within so many times its width."""
LASTING, _LASTING_DB, _STEADY_DB = 0.85, 3.0, 5.0
"""A lasting line shows in such a share of the columns, and its level keeps within this."""
_WIDEST_HZ = 40.0
"""A wider one, of more than an octave, is a band of noise."""
_SHORTEST = 4
"""Columns."""
_LOUD_DB = 10.0
"""A tone that begins on a note, or ends on one, is louder by so much."""
_EDGE_DB = 6.0
"""A tone's level where its window is half filled."""
_MONOTONE = 0.9
_ENDS = 0.1
"""Share of a line from which its ends are told."""
_STEP_DB, _DEPTH = 5.0, 6
"""A piece that is no line is taken apart at so many dB more, so many times at most."""
_MOST_BRANCHED = 0.15
_SHARP, _ROUGH_DB = 3, 7.0
"""With so few columns smoothed, chance makes so much more."""
MANY_NOTES = 10
"""With so many steady lines, there is music, and lines must stand out from its notes."""
_LEAST_BLURS = 5.0
"""A line is this much longer than what chance makes alike."""


@dataclass(frozen=True)
class _Path:
    """A connected piece, column by column."""

    columns: np.ndarray
    rows: np.ndarray
    """Weighted middles."""
    strength: np.ndarray
    thickness: float


@dataclass(frozen=True)
class Lines:
    """What stands out in a spectrogram."""

    clear: list[Line]
    """Lines that last longer and stand out more than chance makes them, in order of time."""
    all: list[Line]
    """With those that are usual in their rows, as a melody's notes are."""
    lasting: list[Line]
    """Those that go on all along at one level; they are in neither of the others."""
    beside: Floats
    """float32, (rows, columns), dB: the levels without those that last."""


def find_lines(field: Field, sounding: Field) -> Lines:
    """All lines, the pieces of each joined.

    Args:
        field: without what takes up all frequencies, in which lines are looked for.
        sounding: with clicks, in which their ends are measured.
    """
    blur = blur_columns(field)
    heard = np.median(field.levels, axis=1) > field.floor + _HEARD_DB
    usual_blur = float(np.median(blur[heard])) if heard.any() else 1.0
    width = round(min(max(2 * usual_blur, 3), _MOST_SMOOTHED))
    relief = _relief(field, width)
    if width > _SHARP:  # what moves fast is smoothed away
        relief = np.maximum(relief, _relief(field, _SHARP) - _ROUGH_DB)
    usual = joined(_Splitter(field, relief, blur).lines(1))
    lasting = _lasting(field, relief, blur)
    levels = _without_lasting(field, lasting)
    clear = relief - _chance(relief)
    usual = _beside(usual, lasting)
    if sum(not line.moves for line in usual) >= MANY_NOTES:
        clear = np.where(outstanding(field, levels), clear, 0.0).astype(np.float32)
    lines = joined(_Splitter(sounding, clear, blur).lines(_DEPTH))
    lines = without_echoes([follow(field, line) for line in lines])
    return Lines(_beside(lines, lasting), usual, lasting, levels)


def _without_lasting(field: Field, lasting: list[Line]) -> Floats:
    levels = field.levels.copy()
    for line in lasting:
        reach = line.thickness / 2 + 2
        levels[max(int(line.row - reach), 0) : int(line.row + reach) + 1] = field.floor
    return levels


def _lasting(field: Field, relief: Floats, blur: np.ndarray) -> list[Line]:
    """Rows that stand out nearly all the time, at a steady level."""
    profile = np.median(field.levels, axis=1)
    share = (relief >= _LASTING_DB).mean(axis=1)
    peaks, about = signal.find_peaks(
        np.pad(profile, 1, mode="edge"), height=field.floor, prominence=_PEAK_DB, width=0
    )
    peaks -= 1
    found = []
    for row, width in zip(peaks.tolist(), about["widths"].tolist(), strict=True):
        low, high = (field.hertz(row + 0.5 + by * width / 2) for by in (-1, 1))
        near = slice(max(row - 1, 0), row + 2)
        if high - low > _WIDEST_HZ and high > 2 * low and width > FLAT_ROWS:
            continue
        if share[near].max() < LASTING:
            continue
        columns = np.arange(field.columns)
        path = _Path(columns, np.full(field.columns, row + 0.5), relief[row], width)
        smooth = max(9, round(3 * float(blur[row])))
        levels = ndimage.uniform_filter1d(_levels_along(field, path), smooth)
        strength, level = float(np.median(relief[near].max(axis=0))), float(np.median(levels))
        swing = float(np.subtract(*np.percentile(levels, (90, 10))))
        least = _SEED_DB if swing > _STILL_DB else _STILL_SEED_DB
        if swing > _STEADY_DB or strength < least:
            continue
        middle = _sharpened(field, path)
        found.append(Line(0.0, field.columns, middle, middle, strength, level, width))
    return [line for line in found if not any(_is_lobe(field, line, one) for one in found)]


def _is_lobe(field: Field, line: Line, other: Line) -> bool:
    """Whether a lasting line is a side lobe of another's window."""
    width = field.hertz(other.row + other.thickness / 2) - field.hertz(
        other.row - other.thickness / 2
    )
    near = abs(field.hertz(line.row) - field.hertz(other.row)) <= _LOBES * width
    return near and line.level < other.level - _LOBE_DB


def _beside(lines: list[Line], lasting: list[Line]) -> list[Line]:
    """Lines without the pieces of those that last."""
    return [
        line
        for line in lines
        if line.moves
        or not any(abs(line.row - one.row) <= max(2.0, one.thickness) for one in lasting)
    ]


def _chance(relief: Floats) -> Floats:
    """What stands out in each row by chance, beyond ``_GROW_DB``: (rows, 1)."""
    off = np.abs(relief - np.median(relief, axis=1, keepdims=True))
    spread = 1.4826 * np.median(off, axis=1)
    spread = ndimage.median_filter(spread, size=9, mode="nearest")
    chance = np.clip(_GROW_SPREADS * spread - _GROW_DB, 0.0, _MOST_CHANCE_DB)
    held: Floats = chance[:, None].astype(np.float32)
    return held


class _Splitter:
    """Takes connected pieces apart until each is one line."""

    def __init__(self, field: Field, relief: Floats, blur: np.ndarray) -> None:
        self._field, self._relief, self._blur = field, relief, blur
        self._splits = 0

    def lines(self, splits: int) -> list[Line]:
        """The lines of the whole picture, pieces taken apart so many times at most."""
        self._splits = splits
        rows, columns = self._relief.shape
        whole = np.ones((rows, columns), np.bool_)
        return self._inside((slice(0, rows), slice(0, columns)), whole, _GROW_DB, 0)

    def _inside(
        self, box: tuple[slice, slice], mask: np.ndarray, least: float, depth: int
    ) -> list[Line]:
        """The lines of a part of the picture: ``mask`` is of the shape of ``box``."""
        labels, _ = ndimage.label((self._relief[box] >= least) & mask, np.ones((3, 3)))
        found: list[Line] = []
        for index, part in enumerate(ndimage.find_objects(labels), 1):
            inner = (_shifted(part[0], box[0]), _shifted(part[1], box[1]))
            held = labels[part] == index
            piece = np.where(held, self._relief[inner], 0.0)
            if self._is_too_short(inner, piece):
                continue
            line = _line(self._field, _path(piece, inner[0].start, inner[1].start))
            if line is not None and not _branches(piece):
                found.append(line)
            elif depth < self._splits:
                stronger = self._inside(inner, held, least + _STEP_DB, depth + 1)
                found += stronger
                rest = held & ~_covered(stronger, inner)
                if stronger and rest.any():
                    found += self._inside(inner, rest, least, self._splits)
        return found

    def _is_too_short(self, box: tuple[slice, slice], piece: np.ndarray) -> bool:
        length = box[1].stop - box[1].start
        blurs = length / float(self._blur[box[0]].mean())
        seed, top = _SEED_DB if blurs >= _MANY_BLURS else _SHORT_SEED_DB, float(piece.max())
        least = _LEAST_BLURS if top < _SURE_DB else _SURE_BLURS
        return length < _SHORTEST or blurs < least or top < seed


def _shifted(part: slice, whole: slice) -> slice:
    return slice(part.start + whole.start, part.stop + whole.start)


def _branches(piece: np.ndarray) -> bool:
    """Whether many columns hold more than one run of rows."""
    starts = (np.diff((piece > 0).astype(np.int8), axis=0, prepend=0) == 1).sum(axis=0)
    return float((starts > 1).mean()) > _MOST_BRANCHED


def _covered(lines: list[Line], box: tuple[slice, slice]) -> np.ndarray:
    """The pixels of a part of the picture that lie on lines."""
    rows = np.arange(box[0].start, box[0].stop)[:, None] + 0.5
    columns = np.arange(box[1].start, box[1].stop)[None, :] + 0.5
    covered = np.zeros((rows.shape[0], columns.shape[1]), np.bool_)
    for line in lines:
        slope = (line.end_row - line.row) / max(line.length, 1.0)
        middle = line.row + slope * (columns - line.start)
        near = np.abs(rows - middle) <= 1.5 * line.thickness + 2 + abs(slope)
        covered |= near & (columns >= line.start - 2) & (columns <= line.end + 2)
    return covered


def _relief(field: Field, width: int) -> Floats:
    """How far each pixel stands above the levels on both sides of it, in dB."""
    smooth = ndimage.uniform_filter1d(field.levels, width, axis=1, mode="nearest")
    best = np.full_like(smooth, -np.inf)
    sums = np.cumsum(np.pad(smooth, ((1, 0), (0, 0))), axis=0, dtype=np.float64)
    rows = np.arange(field.rows)
    for gap in _GAPS:
        size = max(gap, 4)
        below = _means(sums, np.maximum(rows - gap - size, 0), rows - gap)
        above = _means(sums, rows + gap + 1, np.minimum(rows + gap + 1 + size, field.rows))
        best = np.maximum(best, smooth - np.maximum(below, above))
    return np.where(np.isfinite(best), best, 0.0).astype(np.float32)


def _means(sums: np.ndarray, first: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Means over rows from running sums; infinite where fewer than two are there."""
    count = end - first
    held = np.where(count >= 2, end, 0), np.where(count >= 2, first, 0)
    means: np.ndarray = (sums[held[0]] - sums[held[1]]) / np.maximum(count, 1)[:, None]
    means[count < 2] = np.inf
    return means


def _path(piece: np.ndarray, row: int, column: int) -> _Path:
    weight = np.maximum(piece - 0.5 * piece.max(axis=0, keepdims=True), 0.0) + 1e-9 * (piece > 0)
    total = weight.sum(axis=0)
    middles = (weight * (np.arange(len(piece))[:, None] + 0.5)).sum(axis=0) / total
    return _Path(
        columns=np.arange(piece.shape[1]) + column,
        rows=middles + row,
        strength=piece.max(axis=0),
        thickness=float(np.median((piece > 0).sum(axis=0))),
    )


def _loud_part(field: Field, path: _Path) -> _Path:
    """The longest part of a steady path that is about as loud as its loudest tenth."""
    spread = float(np.subtract(*np.percentile(path.rows, (90, 10))))
    if spread > max(FLAT_ROWS, 0.6 * path.thickness):
        return path
    inside = _levels_along(field, path)[_MARGIN : _MARGIN + len(path.columns)]
    smooth = ndimage.uniform_filter1d(inside, 5, mode="nearest")
    loud = smooth >= np.percentile(smooth, 90) - _LOUD_DB
    labels, _ = ndimage.label(ndimage.binary_closing(np.pad(loud, 5), iterations=4)[5:-5])
    longest = int(np.bincount(labels)[1:].argmax()) + 1
    held = labels == longest
    if held.sum() < _SHORTEST:
        return path
    return _Path(path.columns[held], path.rows[held], path.strength[held], path.thickness)


def _line(field: Field, path: _Path) -> Line | None:
    """The line that a piece is; None when it wanders."""
    path = _loud_part(field, path)
    count = max(3, round(_ENDS * len(path.columns)))
    first = np.polynomial.Polynomial.fit(path.columns[:count], path.rows[:count], 1)
    last = np.polynomial.Polynomial.fit(path.columns[-count:], path.rows[-count:], 1)
    levels = _levels_along(field, path)
    line = Line(
        start=float(path.columns[0]), end=float(path.columns[-1] + 1),
        row=float(first(path.columns[0])), end_row=float(last(path.columns[-1])),
        strength=float(np.median(path.strength)), thickness=path.thickness,
        level=float(np.percentile(levels, 75)),
    )  # fmt: skip
    if line.moves and not _is_monotone(path):
        if np.subtract(*np.percentile(path.rows, (90, 10))) > max(FLAT_ROWS, path.thickness):
            return None
        line = replace(line, row=float(np.median(path.rows)), end_row=float(np.median(path.rows)))
    if not line.moves:
        steady = replace(path, rows=np.full(len(path.rows), np.median(path.rows)))
        levels = _levels_along(field, steady)
    start, end = _ends(levels, len(path.columns))
    start, end = start + path.columns[0] - _MARGIN, end + path.columns[0] - _MARGIN
    if line.moves:
        return replace(line, start=start, end=end, row=float(first(start - 0.5)),
                       end_row=float(last(end - 0.5)))  # fmt: skip
    middle = _sharpened(field, path)
    return replace(line, start=start, end=end, row=middle, end_row=middle)


_MARGIN = 6
"""Columns about a piece in which its ends are looked for."""


def _levels_along(field: Field, path: _Path) -> np.ndarray:
    """The highest levels near a path, some columns longer on both sides."""
    columns = np.arange(path.columns[0] - _MARGIN, path.columns[-1] + _MARGIN + 1)
    rows = np.interp(columns, path.columns, path.rows).astype(int)
    columns = np.clip(columns, 0, field.columns - 1)
    near = [field.levels[np.clip(rows + by, 0, field.rows - 1), columns] for by in (-1, 0, 1)]
    levels: np.ndarray = np.max(near, axis=0)
    return levels


def _ends(levels: np.ndarray, length: int) -> tuple[float, float]:
    """Where a line begins and ends in ``levels``: half of what it reaches next to its end."""
    inside = levels[_MARGIN : _MARGIN + length]
    near = max(3, min(length // 2, 12))
    first = _rise(levels, _MARGIN, float(np.median(inside[:near])) - _EDGE_DB)
    last = _rise(levels[::-1], _MARGIN, float(np.median(inside[-near:])) - _EDGE_DB)
    return first, len(levels) - last


def _rise(levels: np.ndarray, begin: int, level: float) -> float:
    """Where levels cross a level upward next to a column, as a place between middles."""
    at = begin + min(3, len(levels) - begin - 1)
    while at > 0 and levels[at - 1] >= level:
        at -= 1
    while at < len(levels) - 1 and levels[at] < level:
        at += 1
    if at == 0:
        return 0.0
    step = float(levels[at] - levels[at - 1])
    share = (level - float(levels[at - 1])) / step if step > 0 else 1.0
    return at - 0.5 + min(max(share, 0.0), 1.0)


def _sharpened(field: Field, path: _Path) -> float:
    """The row of a steady line: the middle of its mean profile's upper part."""
    middle = round(float(np.median(path.rows)) - 0.5)
    reach = max(2, round(path.thickness))
    low, high = max(middle - reach, 0), min(middle + reach + 1, field.rows)
    profile = field.levels[low:high, path.columns].mean(axis=1)
    weight = np.maximum(profile - (profile.max() - _EDGE_DB), 0.0)
    rows = np.arange(low, high) + 0.5
    return float((weight * rows).sum() / weight.sum())


def _is_monotone(path: _Path) -> bool:
    """Whether a path goes one way."""
    steps = np.diff(ndimage.uniform_filter1d(path.rows, 3))
    travelled = float(np.abs(steps).sum())
    return abs(float(steps.sum())) >= _MONOTONE * travelled if travelled else True
