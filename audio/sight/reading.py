"""Reading a spectrogram as an instrument: its events from its pixels and its axes alone.

Nothing is taken from the sound. Columns in which everything falls or rises are drop-outs and
clicks; with these bridged, what stands out from its neighbours in frequency are lines: hum where
they last, sweeps where they move, else tones. Notes of music, whose partials begin together, are
no events.
"""

from pathlib import Path

import numpy as np
from PIL import Image

from audio.axes import Axes, read_axes
from audio.picture_files import decode_picture
from audio.picture_reading import MOST_PIXELS
from audio.sight.broadband import Stretch, find_clicks, find_gaps, without
from audio.sight.colour_scale import Louder
from audio.sight.edges import find_edge
from audio.sight.events import PictureEvent
from audio.sight.field import Field, read_field
from audio.sight.ridges import Line, find_lines
from grym_synth.errors import BadInput

HIGHEST_HUM_HZ = 1000.0
LOWEST_LINE_HZ = 25.0
"""What lies lower is not heard, and where a window can't tell it from a constant."""
_TOGETHER_SECONDS, _TOGETHER_COLUMNS = 0.04, 2.5
_CHORD = 4
"""So many lines that begin or end together mark a beat."""
_BESIDE_SECONDS, _BESIDE_COLUMNS = 0.05, 4.0
_LOUD_DB, _AT_ONCE = 20.0, 2.0
_MUSIC = 0.4
"""With such a share of all ends on beats, it is music."""
_ABOUT, _LOUDER_DB = 2**0.5, 4.0
"""In music, a line must be louder than the notes within half an octave."""
_CROWD, _CROWDED, _CROWDED_ROWS = 3, 2.0, 30.0
"""And everywhere louder than so many others at its time within an octave or so many rows."""
_WIDE_OCTAVES, _MANY = 0.5, 10
"""Among so many level lines, a smaller move is a note and its neighbour."""


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
        BadInput: it has no axes, or shows something else.
        MediaRejected: it can't be decoded.
    """
    with decode_picture(path, name or path.name, MOST_PIXELS) as picture:
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
    clicks = [click for click in clicks if not _is_onset(click, found.clear)]
    events = [_instant(field, "dropout", gap) for gap in gaps]
    events += [_instant(field, "click", click) for click in clicks]
    edge = find_edge(bridged)
    if edge is not None:
        events.append(_lasting(field, "cutoff", edge.hertz))
    lines = [line for line in found.clear if field.hertz(line.row) >= LOWEST_LINE_HZ]
    lasting = [line for line in found.lasting if field.hertz(line.row) >= LOWEST_LINE_HZ]
    low = [line for line in lasting if field.hertz(line.row) <= HIGHEST_HUM_HZ]
    events += _hums(field, low)
    lines = _without_music(field, lines, found.all) + [one for one in lasting if one not in low]
    events += [_line_event(field, line) for line in lines]
    return sorted(events, key=lambda event: (event.start, event.kind))


def _is_beside(field: Field, click: Stretch, gaps: list[Stretch]) -> bool:
    """Whether a click is what a tone that is cut off by a gap does to all frequencies."""
    near = max(_BESIDE_COLUMNS, _BESIDE_SECONDS / field.column_seconds)
    return any(gap.start - near <= click.end and click.start <= gap.end + near for gap in gaps)


def _is_onset(click: Stretch, lines: list[Line]) -> bool:
    """Whether a click is what a loud line does to all frequencies where it begins or ends."""
    ends = [end for line in lines if line.strength >= _LOUD_DB for end in (line.start, line.end)]
    return any(click.start - _AT_ONCE <= end <= click.end + _AT_ONCE for end in ends)


def _hums(field: Field, lines: list[Line]) -> list[PictureEvent]:
    """The lowest line of each harmonic series."""
    found: list[float] = []
    for line in sorted(lines, key=lambda line: line.row):
        hertz = field.hertz(line.row)
        slack = max(0.02 * hertz, field.hertz(line.row + 1) - hertz)
        if not any(abs(hertz - round(hertz / base) * base) <= slack for base in found):
            found.append(hertz)
    return [_lasting(field, "hum", hertz) for hertz in found]


def _without_music(field: Field, lines: list[Line], everything: list[Line]) -> list[Line]:
    """Lines without notes, where there is music: what keeps its beat, or drowns among notes."""
    near = max(_TOGETHER_COLUMNS, _TOGETHER_SECONDS / field.column_seconds)
    steady = [line for line in (*everything, *lines) if not line.moves]
    ends = np.sort([end for line in steady for end in (line.start, line.end)])
    crowd = np.searchsorted(ends, ends + near) - np.searchsorted(ends, ends - near)
    by_chance = len(ends) * 2 * near / field.columns
    beats = ends[crowd >= max(_CHORD, 3 * by_chance)]
    if len(beats) < _MUSIC * max(len(ends), 1):
        beats = np.zeros(0)
    notes = [line for line in steady if _on_beat(line, beats, near, field) == 2]
    kept = []
    for line in lines:
        keeps_beat = len(beats) > 0 and _on_beat(line, beats, near, field) == 2
        if line.moves:
            octaves = abs(np.log2(field.hertz(line.end_row) / field.hertz(line.row)))
            fits = not keeps_beat and (octaves >= _WIDE_OCTAVES or len(steady) < _MANY)
        else:
            fits = not keeps_beat and _stands_out(field, line, notes)
            fits = fits and _is_alone(field, line, steady)
        kept += [line] if fits else []
    return kept


def _on_beat(line: Line, beats: np.ndarray, near: float, field: Field) -> int:
    """How many ends of a line lie where several begin or end, or at the picture's own ends."""
    places = np.concatenate((beats, (0.0, float(field.columns))))
    return sum(bool(np.abs(places - end).min() <= near) for end in (line.start, line.end))


def _is_alone(field: Field, line: Line, others: list[Line]) -> bool:
    """Whether a line is not one of several at a time within an octave, or the loudest of them."""
    rivals = [
        other.level
        for other in others
        if _is_near(field, line, other)
        and min(line.end, other.end) - max(line.start, other.start) > 0.3 * line.length
        and not _same(other, line)
    ]
    return len(rivals) < _CROWD or line.level >= max(rivals) + _LOUDER_DB


def _stands_out(field: Field, line: Line, notes: list[Line]) -> bool:
    """Whether a line is louder than all notes about its frequency."""
    hertz = field.hertz(line.row)
    rivals = [
        note.level
        for note in notes
        if 1 / _ABOUT <= field.hertz(note.row) / hertz <= _ABOUT and not _same(note, line)
    ]
    return not rivals or line.level >= max(rivals) + _LOUDER_DB


def _is_near(field: Field, one: Line, other: Line) -> bool:
    ratio = field.hertz(one.row) / field.hertz(other.row)
    return abs(one.row - other.row) <= _CROWDED_ROWS or 1 / _CROWDED <= ratio <= _CROWDED


def _same(one: Line, other: Line) -> bool:
    near = abs(one.row - other.row) <= one.thickness
    return near and min(one.end, other.end) - max(one.start, other.start) > 0.5 * other.length


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
