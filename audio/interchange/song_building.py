"""What all readers share: bar lines, tempos, sections and names as a song wants them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from audio.songs.sections import role_of
from audio.songs.song import MeterMark, SongSection, TempoMark, Track
from audio.songs.timeline import PPQ, Timeline, bar_ticks

_UNITS = (4, 8, 16, 32)
_MOST_BEATS = 64
_SLOWEST, _FASTEST = 5.0, 999.0


@dataclass(frozen=True)
class BarLines:
    """Meters at bars, and how many bars there are."""

    meters: tuple[MeterMark, ...]
    bars: int

    @classmethod
    def of(cls, meters: Mapping[int, tuple[int, int]], notes_end: int, end: int) -> Self:
        """Bar lines from the meters at ticks; 4/4 until the first one.

        Args:
            meters: beats and unit by tick. One within a bar ends that bar, where what is left is
                a meter, too; else it waits for the next bar line.
            notes_end: tick at which the last note ends.
            end: tick at which the file ends: empty bars before it count if it is a bar line.
        """
        marks, last_tick = [MeterMark()], max(notes_end, end, 1)
        for tick, (beats, unit) in sorted(meters.items()):
            is_known = 1 <= beats <= _MOST_BEATS and unit in (1, 2, *_UNITS)
            if is_known and tick < last_tick:
                _add(marks, tick, MeterMark(beats=beats, unit=unit))
        time = _timeline(marks)
        bar, rest = time.place_at(max(end, 1))
        bars = bar - 1 if rest == 0 else 0
        last, rest = time.place_at(max(notes_end, 1))
        bars = max(bars, last if rest else last - 1, marks[-1].bar)
        return cls(tuple(marks), bars)

    @property
    def timeline(self) -> Timeline:
        """Bars and ticks; its seconds mean nothing."""
        return _timeline(self.meters)

    @property
    def end(self) -> int:
        """The tick at which the last bar ends."""
        return self.timeline.tick_of_bar(self.bars + 1)


def _timeline(marks: Sequence[MeterMark]) -> Timeline:
    return Timeline(((0, 120.0),), tuple((one.bar, one.beats, one.unit) for one in marks))


def _add(marks: list[MeterMark], tick: int, meter: MeterMark) -> None:
    """Add a meter that begins at a tick."""
    time = _timeline(marks)
    bar, rest = time.place_at(tick)
    if rest:
        cut = next((u for u in _UNITS if rest % (4 * PPQ // u) == 0), None)
        if cut is not None and rest * cut // (4 * PPQ) <= _MOST_BEATS:
            _put(marks, MeterMark(bar=bar, beats=rest * cut // (4 * PPQ), unit=cut))
        bar += 1
    _put(marks, meter.model_copy(update={"bar": bar}))


def _put(marks: list[MeterMark], mark: MeterMark) -> None:
    """Let a meter hold from its bar on, in the place of one that began there."""
    if marks[-1].bar == mark.bar:
        marks.pop()
    if not marks or (marks[-1].beats, marks[-1].unit) != (mark.beats, mark.unit):
        marks.append(mark)


def tempo_marks(tempos: Mapping[int, float], end: int) -> tuple[TempoMark, ...]:
    """Tempos by tick as marks: 120 BPM until the first one, none after the end."""
    marks = [TempoMark(bpm=120.0)]
    for tick, bpm in sorted(tempos.items()):
        mark = TempoMark(tick=tick, bpm=min(max(bpm, _SLOWEST), _FASTEST))
        if tick == 0:
            marks = [mark]
        elif tick < end and mark.bpm != marks[-1].bpm:
            marks.append(mark)
    return tuple(marks)


def section_spans(markers: Mapping[int, str], lines: BarLines) -> tuple[SongSection, ...]:
    """Sections from the markers at ticks: each from the nearest bar line to the next marker."""
    time = lines.timeline
    names: dict[int, str] = {}
    for tick, name in sorted(markers.items()):
        bar, rest = time.place_at(tick)
        bar += int(rest * 2 >= bar_ticks(*time.meter_at(bar)))
        if bar <= lines.bars:
            names.setdefault(bar, name[:80])
    starts = [*names, lines.bars + 1]
    return tuple(
        SongSection(name=name, role=role_of(name), first_bar=bar, bars=starts[place + 1] - bar)
        for place, (bar, name) in enumerate(names.items())
    )


def named_apart(tracks: Sequence[Track]) -> tuple[Track, ...]:
    """Tracks with names that differ: a second ``Bass`` becomes ``Bass 2``."""
    taken: set[str] = set()
    apart = []
    for track in tracks:
        name, count = track.name, 1
        while name in taken:
            count += 1
            name = f"{track.name} {count}"
        taken.add(name)
        apart.append(track.model_copy(update={"name": name}))
    return tuple(apart)
