"""Drop-outs and clicks: columns of a spectrogram in which all frequencies fall or rise at once."""

from typing import NamedTuple

import numpy as np
from scipy import ndimage

from audio.sight.field import Field, blur_columns

_BANDS = 64
_LOCAL_SECONDS = 4.0
"""What is usual is told from so much time about a column."""
_SAMPLES = 40
"""It is told from about so many columns."""
_LEAST_LOCAL, _USUAL = 25, 40
"""Columns, and the percentile: what sounds only now and then isn't usual."""
LEAST_DROP_DB, LEAST_CLICK_DB = 9.0, 6.0
LONGEST_GAP_SECONDS, LONGEST_CLICK_SECONDS = 2.5, 0.06
_EDGE_DB = 4.0
"""Half way between the fall of a tone's (6 dB) and of noise's level (3 dB) at an edge."""
_ALL = 0.8
"""Share of the bands that must take part."""
_ABOVE_FLOOR_DB, _UNDER_LOUDEST_DB = 8.0, 45.0
_GONE_DB = 8.0
"""In a gap hardly a band is louder than this above the quietest that there is."""
_BROAD, _SURE_DROP_DB = 12, 20.0
"""Unless so many bands sounded and fall, or they fall so far: a short gap is half filled."""
_LEAST_SHARP = 4
"""Of so many sounding bands the upper half decides: low ones are blurred by long windows."""
_BESIDE_SECONDS = 0.3
"""A gap has at least so much, and as much as it lasts, on both sides: else it may be a rest."""
_CLICK_BLURS = 4.0
_FEW, _OUTSTANDING_DB = 6, 6.0
_STEEP_SECONDS, _STEEP_COLUMNS = 0.05, 4.0

Profile = np.ndarray


class Stretch(NamedTuple):
    """Columns from ``start`` to ``end``, edges between pixels told by level."""

    start: float
    end: float


def find_gaps(field: Field) -> list[Stretch]:
    """Columns of drop-outs: all that sounds is suddenly gone, and back as suddenly."""
    bands = _bands(field)
    usual = _usual(bands, field)
    sounding = usual >= max(field.floor + _ABOVE_FLOOR_DB, float(usual.max()) - _UNDER_LOUDEST_DB)
    rank, count = np.cumsum(sounding, axis=0), sounding.sum(axis=0)
    sounding &= (count < _LEAST_SHARP) | (rank > count / 2)
    enough = sounding.any(axis=0)
    change = np.where(sounding, bands - usual, np.nan)
    change[0, ~enough] = 0.0
    middle = np.nanmedian(change, axis=0)
    quiet = max(field.floor, float(np.percentile(bands, 1))) + _GONE_DB
    share = (change < -_EDGE_DB).sum(axis=0) / np.maximum(sounding.sum(axis=0), 1)
    found = []
    for start, end in _runs(middle < -_EDGE_DB):
        inside = slice(start, end)
        deep = -float(middle[inside].min()) >= LEAST_DROP_DB
        if not deep or share[inside].max() < _ALL or start == 0 or end == len(middle):
            continue
        stretch = _with_edges(middle, start, end, -_EDGE_DB)
        short = field.column_seconds * (end - start) <= LONGEST_GAP_SECONDS
        beside = max(_BESIDE_SECONDS / field.column_seconds, end - start)
        short = short and min(start, len(middle) - end) >= beside
        deepest = start + int(middle[inside].argmin())
        left = float(np.percentile(bands[sounding[:, deepest], deepest], 80))
        broad = sounding[:, deepest].sum() >= _BROAD and share[deepest] >= _ALL
        gone = left <= quiet or broad or middle[deepest] <= -_SURE_DROP_DB
        if short and gone and _steep(middle, start, end, field):
            found.append((stretch, -float(middle[inside].min())))
    return _outstanding(found)


def find_clicks(field: Field) -> list[Stretch]:
    """Columns of clicks: an instant at all frequencies, without decay."""
    bands = _bands(field)[_BANDS // 2 :]
    change = bands - _usual(bands, field)
    middle = np.median(change, axis=0)
    share = (change > _EDGE_DB / 2).mean(axis=0)
    blur = float(np.median(blur_columns(field)[field.rows // 2 :]))
    longest = max(LONGEST_CLICK_SECONDS / field.column_seconds, 3.0, _CLICK_BLURS * blur)
    found = []
    for start, end in _runs(middle > _EDGE_DB / 2):
        inside = slice(start, end)
        top = float(middle[inside].max())
        beside = LONGEST_CLICK_SECONDS / field.column_seconds
        at_end = min(start, len(middle) - end) <= beside
        if top < LEAST_CLICK_DB or share[inside].max() < _ALL or at_end:
            continue
        stretch = _with_edges(middle, start, end, max(top - 10.0, top / 2))
        if stretch.end - stretch.start <= longest:
            found.append((stretch, top))
    return _outstanding(found)


def _outstanding(found: list[tuple[Stretch, float]]) -> list[Stretch]:
    """Where there are many, as in music with a beat, only those that are not of the usual size."""
    if len(found) <= _FEW:
        return [stretch for stretch, _ in found]
    usual = float(np.median([size for _, size in found]))
    return [stretch for stretch, size in found if size >= usual + _OUTSTANDING_DB]


def without(field: Field, stretches: list[Stretch]) -> Field:
    """The field with some columns bridged from the ones beside them."""
    levels = field.levels.copy()
    for stretch in stretches:
        first = max(int(stretch.start) - 2, 0)
        last = min(int(stretch.end) + 3, field.columns)
        left, right = levels[:, max(first - 1, 0)], levels[:, min(last, field.columns - 1)]
        share = np.linspace(0, 1, last - first, dtype=np.float32)
        levels[:, first:last] = left[:, None] * (1 - share) + right[:, None] * share
    return Field(levels, field.first_row, field.first_column, field.axes, field.floor)


def _bands(field: Field) -> np.ndarray:
    """Mean levels in equal parts of the frequency axis: (bands, columns)."""
    edges = np.linspace(0, field.rows, min(_BANDS, field.rows) + 1).astype(int)[:-1]
    sums = np.add.reduceat(field.levels, edges, axis=0)
    means: np.ndarray = sums / np.diff(edges, append=field.rows)[:, None]
    return means


def _usual(bands: np.ndarray, field: Field) -> np.ndarray:
    width = max(_LEAST_LOCAL, round(_LOCAL_SECONDS / field.column_seconds))
    step = max(1, width // _SAMPLES)
    thin = bands[:, ::step]
    width = min(width // step, thin.shape[1]) | 1
    usual: np.ndarray = ndimage.percentile_filter(thin, _USUAL, size=(1, width), mode="reflect")
    return np.repeat(usual, step, axis=1)[:, : bands.shape[1]]


def _runs(mask: np.ndarray) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], mask.astype(np.int8), [0]))))
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _with_edges(profile: Profile, start: int, end: int, level: float) -> Stretch:
    """Where a profile crosses a level about a run of columns, between the columns' middles."""
    sign = 1.0 if level > 0 else -1.0
    inside = np.flatnonzero(sign * profile[start:end] >= sign * level) + start
    first, last = int(inside[0]), int(inside[-1])
    return Stretch(
        _crossing(profile, first - 1, first, level), _crossing(profile, last + 1, last, level)
    )


def _crossing(profile: Profile, outer: int, inner: int, level: float) -> float:
    if not 0 <= outer < len(profile):
        return float(max(outer, inner))
    share = (level - profile[outer]) / (profile[inner] - profile[outer])
    return float(outer + share * (inner - outer)) + 0.5


def _steep(profile: Profile, start: int, end: int, field: Field) -> bool:
    """Whether a drop reaches most of its depth soon after its start, and keeps it to its end."""
    blur = float(np.median(blur_columns(field)[field.rows // 2 :]))
    most = max(_STEEP_COLUMNS, _STEEP_SECONDS / field.column_seconds, _CLICK_BLURS * blur)
    deep = np.flatnonzero(profile[start:end] <= 0.6 * profile[start:end].min())
    return bool(deep[0] <= most and end - start - 1 - deep[-1] <= most)
