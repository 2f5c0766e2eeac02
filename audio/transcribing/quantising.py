"""Notes as they were played, and as they would be written: in ticks, on sixteenths or triplets."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from audio.songs.song import PPQ, Note
from audio.transcribing.grid import Clock
from audio.transcribing.notes import HeardNote

_SIXTEENTH, _TRIPLET = PPQ // 4, PPQ // 3
_CLEARLY = 0.4
"""A beat is written in triplets where they leave less than this share of the squared distances."""
_WORTH = (PPQ / 16) ** 2
"""Mean squared distance from sixteenths below which triplets are not tried."""
_LEGATO = PPQ // 4
"""A rest no longer than this is how the note was played, not how it is written."""


def as_played(
    notes: Iterable[HeardNote], clock: Clock, last_tick: int, shift_seconds: float = 0.0
) -> tuple[Note, ...]:
    """Notes where they sounded, to the tick.

    Args:
        notes: in seconds of the recording.
        clock: its musical time.
        last_tick: nothing may sound after it.
        shift_seconds: added to every time.
    """
    played = []
    for one in notes:
        start = min(clock.tick(one.start + shift_seconds), last_tick - 1)
        end = min(max(clock.tick(one.end + shift_seconds), start + 1), last_tick)
        played.append(_note(start, end - start, one))
    return tuple(played)


def as_written(notes: Sequence[HeardNote], clock: Clock, last_tick: int) -> tuple[Note, ...]:
    """A line of notes on the nearest sixteenths, or triplets of eighths where a beat is in three.

    Args:
        notes: by start, none overlapping the next.
        clock: the musical time of the recording.
        last_tick: nothing may sound after it.
    """
    by_beat: dict[int, list[HeardNote]] = defaultdict(list)
    for one in notes:
        by_beat[int((clock.exact(one.start) + PPQ / 8) // PPQ)].append(one)
    placed: dict[int, HeardNote] = {}
    for beat, inside in by_beat.items():
        step = _step([clock.exact(one.start) - beat * PPQ for one in inside])
        for one in inside:
            tick = max(0, round(clock.exact(one.start) / step) * step)
            if tick < last_tick and _is_more(one, placed.get(tick)):
                placed[tick] = one
    starts = [*sorted(placed), last_tick]
    return tuple(
        _note(start, _length(start, clock.tick(placed[start].end), after), placed[start])
        for start, after in pairwise(starts)
    )


def _is_more(one: HeardNote, other: HeardNote | None) -> bool:
    return other is None or one.strength * one.seconds > other.strength * other.seconds


def _step(places: list[float]) -> int:
    """Whether a beat's notes lie on sixteenths or on triplets: the ticks between their places."""
    away = {
        step: sum((place - round(place / step) * step) ** 2 for place in places)
        for step in (_SIXTEENTH, _TRIPLET)
    }
    is_off = away[_SIXTEENTH] > _WORTH * len(places)
    return _TRIPLET if is_off and away[_TRIPLET] < _CLEARLY * away[_SIXTEENTH] else _SIXTEENTH


def _length(start: int, end: int, after: int) -> int:
    """How long a note is written: until the next one, where no real rest is between."""
    step = _TRIPLET if start % _SIXTEENTH else _SIXTEENTH
    length = max(step, round((end - start) / step) * step)
    return after - start if after - start - length <= _LEGATO else length


def _note(start: int, length: int, one: HeardNote) -> Note:
    velocity = min(max(round(30 + 90 * one.strength), 1), 127)
    return Note(start=start, length=length, pitch=one.pitch, velocity=velocity)
