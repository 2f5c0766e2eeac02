"""A song as an engraver should set it: played notes at places that read well, wide hands on two
staves.

A performance lies beside the beat, and its notes end before the next ones begin. Here each quarter
gets the division that its onsets fit best, sixteenths unless another one fits clearly better, and
small gaps are closed. So the page is easy to read; the file keeps what was played.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from audio.songs.instruments import INSTRUMENTS
from audio.songs.song import PPQ, Note, Song, Track

_DIVISIONS = {PPQ // 4: 0.0, PPQ // 3: 10.0, PPQ // 8: 15.0, PPQ // 6: 20.0}
"""Ticks of each grid, and by how many ticks a note it must fit better than sixteenths."""
_CHORD, _FAST = 30, 100
"""Ticks between onsets: fewer are one chord, and so few more can't be sixteenths."""
_ENDS = PPQ // 4
"""Notes end on sixteenths, where nothing follows them at once."""
_SMALL_GAP = PPQ // 2
"""A shorter silence before the next note is articulation."""
_SHARE_HELD = 0.5
"""A note that lasts less of its time up to the next one has a rest behind it."""
_MIDDLE_C = 60
_WIDE = (55, 64)
"""Two hands: notes below the one and above the other."""
_TWO_STAVES = ("keys", "organ")


def legible(song: Song) -> Song:
    """The song with all notes at written places."""
    tracks = [
        Track(**{**dict(hand), "notes": tuple(_written(hand, song.ticks))})
        for track in song.tracks
        if track.notes
        for hand in _hands(track)
    ]
    return song.model_copy(update={"tracks": tuple(tracks)})


def _written(track: Track, last: int) -> Iterator[Note]:
    """Notes on the grids of their beats, none beyond the song's end; a chord ends as one."""
    grids = _grids(track.notes)
    placed: dict[int, list[Note]] = defaultdict(list)
    for note in track.notes:
        grid = grids[note.start // PPQ]
        placed[min(round(note.start / grid) * grid, last - 1)].append(note)
    starts = sorted(placed)
    for start, after in zip(starts, [*starts[1:], last], strict=True):
        grid = grids[start // PPQ]
        ends = [
            min(after, start + PPQ) if track.is_drums else _end(start, note, after, grid)
            for note in placed[start]
        ]
        latest = max(ends)
        for note, end in zip(placed[start], ends, strict=True):
            end = min(latest if latest - end < PPQ else end, last)
            yield note.model_copy(update={"start": start, "length": max(1, end - start)})


def _grids(notes: Sequence[Note]) -> dict[int, int]:
    """The grid of each quarter, in ticks."""
    inside: dict[int, list[int]] = defaultdict(list)
    for note in notes:
        inside[note.start // PPQ].append(note.start)
    found = defaultdict(lambda: PPQ // 4)
    for beat, starts in inside.items():
        onsets = sorted(starts)
        fast = any(_CHORD < after - one < _FAST for one, after in pairwise(onsets))
        grids = [grid for grid in _DIVISIONS if fast or grid >= PPQ // 4]
        found[beat] = min(grids, key=lambda grid: _cost(onsets, grid))
    return found


def _cost(starts: Sequence[int], grid: int) -> float:
    beside = sum(abs(start - round(start / grid) * grid) for start in starts)
    return beside / len(starts) + _DIVISIONS[grid]


def _end(start: int, note: Note, after: int, grid: int) -> int:
    """Where a note ends on the page."""
    held = note.length / max(after - start, 1)
    if note.end > after - _SMALL_GAP and note.end < after + _ENDS and held >= _SHARE_HELD:
        return after
    step = max(grid, _ENDS) if grid != PPQ // 3 else grid
    return max(start + grid, round(note.end / step) * step)


def _hands(track: Track) -> list[Track]:
    """A keyboard's wide part as two staves."""
    known = INSTRUMENTS.get(track.instrument)
    keys = known is None or known.family in _TWO_STAVES
    pitches = [note.pitch for note in track.notes]
    if track.is_drums or not keys or not (min(pitches) < _WIDE[0] and max(pitches) > _WIDE[1]):
        return [track]
    hands = {True: " (right)", False: " (left)"}
    return [
        Track(
            name=f"{track.name[:70]}{name}",
            program=track.program,
            notes=tuple(one for one in track.notes if (one.pitch >= _MIDDLE_C) is high),
        )
        for high, name in hands.items()
    ]
