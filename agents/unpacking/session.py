"""From what was heard to a song: bars, tracks, chords and sections, as played and as written."""

from collections.abc import Iterable
from itertools import pairwise

from agents.unpacking.analysis import Analysis, Span
from agents.unpacking.listening import Heard
from audio.songs.instruments import instrument_of
from audio.songs.song import ChordSpan, MeterMark, Note, Song, SongSection, TempoMark, Track
from audio.transcribing.grid import Clock, Grid
from audio.transcribing.notes import HeardStroke
from audio.transcribing.quantising import as_played, as_written

DEFAULT_BPM = 120.0
"""Of a session whose recording has no tempo: seconds need some bars to lie in."""
_DRUM_PITCHES = {"kick": 36, "snare": 38, "hat": 42}
"""Bass drum 1, acoustic snare and closed hi-hat in the General MIDI drum map."""
_STROKE_TICKS = 60
_INSTRUMENTS = {"Melody": "Piano", "Harmony": "Piano", "Bass": "Electric Bass"}
"""What plays the tracks: the recording's own instruments are not told."""


def grid_of(analysis: Analysis) -> Grid:
    """The bars of a recording; of one without a tempo, bars of two seconds."""
    beats, bpm = analysis.times("beats"), analysis.number("tempo")
    if bpm is None or len(beats) < 2:
        return Grid((TempoMark(bpm=DEFAULT_BPM),), (MeterMark(),), 0, 0.0, True)
    per_bar = int((analysis.text("meter") or "4/4").split("/")[0])
    return Grid.along(beats, analysis.times("downbeats"), per_bar, bpm)


def played_song(analysis: Analysis, heard: Heard, title: str, *, on_grid: bool) -> Song:
    """The song as it was played, to the tick.

    Args:
        analysis: what is told of the recording.
        heard: its notes.
        title: of the song.
        on_grid: the start of the recording lies where the grid says; else at tick 0, so that a MIDI
            file and the recording that start together stay together.
    """
    grid = grid_of(analysis)
    clock = Clock(grid)
    shift = 0.0 if on_grid else grid.offset
    bars = grid.bars(analysis.seconds + abs(grid.offset)) + 1
    last = grid.timeline.tick_of_bar(bars + 1)
    tracks = [
        _track(name, as_played(notes, clock, last, shift))
        for name, notes in (
            ("Melody", heard.melody),
            ("Harmony", heard.harmony),
            ("Bass", heard.bass),
        )
        if notes
    ]
    if heard.drums:
        notes = tuple(_stroke(one, clock, last, shift) for one in heard.drums)
        kit = instrument_of("drums")
        tracks.append(Track(name="Drums", instrument=kit.name, is_drums=True, notes=notes))
    return _song(analysis, grid, title, bars, tuple(tracks))


def lead_sheet(analysis: Analysis, heard: Heard, title: str) -> Song:
    """The melody as it would be written, with the chords above it, in one tempo throughout."""
    grid = grid_of(analysis)
    bars = grid.bars(analysis.seconds)
    last = grid.timeline.tick_of_bar(bars + 1)
    notes = as_written(heard.melody, Clock(grid), last)
    bpm = analysis.number("tempo") or DEFAULT_BPM
    written = _song(analysis, grid, title, bars, (_track("Melody", notes),))
    return written.model_copy(update={"tempos": (TempoMark(bpm=bpm),)})


def _track(name: str, notes: tuple[Note, ...]) -> Track:
    plays = instrument_of(_INSTRUMENTS[name])
    return Track(name=name, instrument=plays.name, program=plays.program, notes=notes)


def _song(analysis: Analysis, grid: Grid, title: str, bars: int, tracks: tuple[Track, ...]) -> Song:
    last = grid.timeline.tick_of_bar(bars + 1)
    return Song(
        title=title,
        key=analysis.text("key"),
        bars=bars,
        tempos=tuple(one for one in grid.tempos if one.tick < last),
        meters=tuple(one for one in grid.meters if one.bar <= bars),
        sections=_sections(analysis.spans("sections"), grid, bars),
        chords=_chords(analysis.spans("chords"), grid, last),
        tracks=tracks,
    )


def _stroke(one: HeardStroke, clock: Clock, last: int, shift: float) -> Note:
    start = min(clock.tick(one.at + shift), last - 1)
    return Note(
        start=start,
        length=min(_STROKE_TICKS, last - start),
        pitch=_DRUM_PITCHES[one.drum],
        velocity=min(max(round(20 + 100 * one.strength), 1), 127),
    )


def _chords(spans: Iterable[Span], grid: Grid, last: int) -> tuple[ChordSpan, ...]:
    """Chords from the nearest beats on, as long as until the next one."""
    clock = Clock(grid)
    beats = sorted({_nearest_beat(clock, one.start, grid) for one in spans} | {last})
    names = {_nearest_beat(clock, one.start, grid): one.name for one in spans}
    return tuple(
        ChordSpan(start=start, length=end - start, name=names[start])
        for start, end in pairwise(beats)
        if start < last
    )


def _nearest_beat(clock: Clock, seconds: float, grid: Grid) -> int:
    timeline = grid.timeline
    tick = clock.exact(seconds)
    bar = timeline.place_at(max(0, round(tick))).bar
    beats = (*timeline.beats_of_bar(bar), timeline.tick_of_bar(bar + 1))
    return min(beats, key=lambda beat: abs(beat - tick))


def _sections(spans: Iterable[Span], grid: Grid, bars: int) -> tuple[SongSection, ...]:
    """Sections from the nearest bars on."""
    clock = Clock(grid)
    begins: dict[int, str] = {}
    for one in spans:
        bar = 1 if one.start <= 0 else min(clock.bar_near(one.start), bars)
        begins[bar] = one.name
    corners = [*sorted(begins), bars + 1]
    return tuple(
        SongSection(name=begins[first], first_bar=first, bars=after - first)
        for first, after in pairwise(corners)
    )
