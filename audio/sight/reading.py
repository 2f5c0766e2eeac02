"""Reading a spectrogram as an instrument: its events from its pixels and its axes alone.

Nothing is taken from the sound. Columns in which everything falls or rises are drop-outs and
clicks; with these bridged, what stands out from its neighbours in frequency are lines: hum where
they last, sweeps where they move, else tones. Where there is music, a line that is no louder than
the notes within half an octave is one of them, and no event.
"""

from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image

from audio.axes import Axes, read_axes
from audio.blocks import Floats
from audio.picture_files import decode_picture, is_animated
from audio.picture_reading import MOST_PIXELS
from audio.sight.broadband import Stretch, find_clicks, find_gaps, without
from audio.sight.colour_scale import Louder
from audio.sight.crowd import loud_beside
from audio.sight.edges import find_edge
from audio.sight.events import PictureEvent
from audio.sight.field import Field, read_field
from audio.sight.lines import Line
from audio.sight.ridges import MANY_NOTES, Lines, find_lines
from grym_synth.errors import BadInput

HIGHEST_HUM_HZ = 1000.0
LOWEST_LINE_HZ = 25.0
"""What lies lower is not heard, and where a window can't tell it from a constant."""
_BESIDE_SECONDS, _BESIDE_COLUMNS = 0.05, 4.0
_LOUD_DB, _AT_ONCE, _ONSET_DB = 20.0, 2.0, -5.0
_SAME_SERIES = 0.02
"""Harmonics lie so near to multiples of their base."""
_LOUDER_DB = 4.0
"""In music, a line must be louder than the notes within half an octave."""


def read_events_of(
    path: Path,
    name: str = "",
    axes: Axes | None = None,
    colours: tuple[str, ...] = (),
    louder: Louder | None = None,
) -> list[PictureEvent]:
    """Read the events of a spectrogram file.

    Args:
        path: a PNG, JPEG or WebP picture.
        name: what the user calls it, for errors; by default the file's own.
        axes: what its pixels mean; by default what the file itself claims.
        colours: its colour map from quiet to loud, where it is known.
        louder: which end of an unknown map is louder.

    Raises:
        BadInput: it has no axes, shows something else, or is animated.
        MediaRejected: it can't be decoded.
    """
    with decode_picture(path, name or path.name, MOST_PIXELS) as picture:
        if is_animated(path.read_bytes()):
            raise BadInput(
                f"reading the spectrogram {name or path.name}",
                "it is animated, and only its first picture would be read",
                "Give one still picture",
            )
        axes = axes or read_axes(picture)
        if axes is None:
            raise BadInput(
                f"reading the spectrogram {name or path.name}",
                "nothing says which seconds and hertz its pixels are",
                "Give its axes, or a picture that was drawn here",
            )
        return read_events(picture.convert("RGB"), axes, colours, louder)


def read_events(
    picture: Image.Image, axes: Axes, colours: tuple[str, ...] = (), louder: Louder | None = None
) -> list[PictureEvent]:
    """Read the events of a spectrogram, in order of time.

    Args:
        picture: in mode RGB.
        axes: what its pixels mean.
        colours: its colour map from quiet to loud, where it is known.
        louder: which end of an unknown map is louder.

    Raises:
        BadInput: it shows something else than frequencies over time.
    """
    return read_events_in(read_field(picture, axes, colours, louder))


def read_events_in(field: Field) -> list[PictureEvent]:
    """Read the events of a spectrogram's levels, in order of time."""
    gaps = find_gaps(field)
    whole = without(field, gaps)
    clicks = [click for click in find_clicks(whole) if not _is_beside(field, click, gaps)]
    bridged = without(whole, clicks)
    found = find_lines(bridged, whole)
    clicks = [click for click in clicks if not _is_onset(field, click, found.clear)]
    events = [_instant(field, "dropout", gap) for gap in gaps]
    events += [_instant(field, "click", click) for click in clicks]
    edge = find_edge(bridged)
    if edge is not None:
        events.append(_lasting(field, "cutoff", edge.hertz))
    lines = [line for line in found.clear if field.hertz(line.row) >= LOWEST_LINE_HZ]
    lasting = [line for line in found.lasting if field.hertz(line.row) >= LOWEST_LINE_HZ]
    low = [line for line in lasting if field.hertz(line.row) <= HIGHEST_HUM_HZ]
    events += _hums(field, low)
    lines = _without_notes(field, lines, found) + [one for one in lasting if one not in low]
    events += [_line_event(field, line) for line in lines]
    return sorted(events, key=lambda event: (event.start, event.kind))


def _is_beside(field: Field, click: Stretch, gaps: list[Stretch]) -> bool:
    """Whether a click is what a tone that is cut off by a gap does to all frequencies."""
    near = max(_BESIDE_COLUMNS, _BESIDE_SECONDS / field.column_seconds)
    return any(gap.start - near <= click.end and click.start <= gap.end + near for gap in gaps)


def _is_onset(field: Field, click: Stretch, lines: list[Line]) -> bool:
    """Whether a click is what a loud line does to all frequencies where it begins or ends.

    A line's onset falls by 12 dB an octave and more; a click is alike at all frequencies, or rises
    where windows get shorter.
    """
    ends = [end for line in lines if line.strength >= _LOUD_DB for end in (line.start, line.end)]
    if not any(click.start - _AT_ONCE <= end <= click.end + _AT_ONCE for end in ends):
        return False
    upper = np.arange(field.rows // 2, field.rows)
    inside = field.levels[upper, max(int(click.start), 0) : int(click.end) + 1].max(axis=1)
    octaves = np.log2([max(field.hertz(row + 0.5), 1.0) for row in upper])
    fall = np.polynomial.Polynomial.fit(octaves, inside, 1).convert().coef[-1]
    return bool(fall < _ONSET_DB)


def _hums(field: Field, lines: list[Line]) -> list[PictureEvent]:
    """The lowest line of each harmonic series."""
    found: list[float] = []
    for line in sorted(lines, key=lambda line: line.row):
        hertz = field.hertz(line.row)
        slack = max(0.02 * hertz, field.hertz(line.row + 1) - hertz)
        if not any(abs(hertz - round(hertz / base) * base) <= slack for base in found):
            found.append(hertz)
    return [_lasting(field, "hum", hertz) for hertz in _with_hidden_base(found)]


def _with_hidden_base(found: list[float]) -> list[float]:
    """Lines with the base of a second and a third harmonic in their place, where it is faint."""
    for lower, upper in pairwise(found):
        base = lower / 2
        if base >= LOWEST_LINE_HZ and abs(upper / base - 3) <= 3 * _SAME_SERIES:
            return [base, *(one for one in found if one not in (lower, upper))]
    return found


def _without_notes(field: Field, lines: list[Line], found: Lines) -> list[Line]:
    """Lines without those that are no louder than others about their frequency."""
    notes = [line for line in found.all if not line.moves]
    if len(notes) < MANY_NOTES:
        return lines
    levels, kept = found.beside.copy(), []
    for line in sorted(lines, key=lambda line: -line.level):
        if not _is_drowned(field, levels, line):
            kept.append(line)
            _blank(levels, line, field.floor)
    return kept


def _is_drowned(field: Field, levels: Floats, line: Line) -> bool:
    """Whether others about a line's frequency are as loud at other times."""
    shares = np.linspace(0.1, 0.9, 9) if line.moves else np.array([0.5])
    rows = line.row + shares * (line.end_row - line.row)
    beside = [loud_beside(field, levels, float(row), line.start, line.end) for row in rows]
    return line.level < float(np.median(beside)) + _LOUDER_DB


def _blank(levels: Floats, line: Line, floor: float) -> None:
    """Take a line out of levels."""
    for column in range(max(int(line.start) - 2, 0), min(int(line.end) + 3, levels.shape[1])):
        share = (column - line.start) / max(line.length, 1.0)
        middle = line.row + share * (line.end_row - line.row)
        reach = line.thickness + 2
        levels[max(int(middle - reach), 0) : max(int(middle + reach) + 1, 0), column] = floor


def _instant(field: Field, kind: str, stretch: Stretch) -> PictureEvent:
    return PictureEvent.model_validate(
        {"kind": kind, "start": max(0.0, field.seconds(stretch.start)),
         "end": max(0.0, field.seconds(stretch.end))}
    )  # fmt: skip


def _lasting(field: Field, kind: str, hertz: float) -> PictureEvent:
    start, end = max(0.0, field.seconds(0)), field.seconds(field.columns)
    return PictureEvent.model_validate({"kind": kind, "start": start, "end": end, "hertz": hertz})


def _line_event(field: Field, line: Line) -> PictureEvent:
    start, end = (max(0.0, field.seconds(at)) for at in (line.start, line.end))
    rows = (min(max(row, 0.5), field.rows - 0.5) for row in (line.row, line.end_row))
    hertz, end_hertz = (field.hertz(row) for row in rows)
    if line.moves:
        return PictureEvent(kind="sweep", start=start, end=end, hertz=hertz, end_hertz=end_hertz)
    return PictureEvent(kind="tone", start=start, end=end, hertz=hertz)
