"""Whether a song says the same in several formats: tempo, meter, bars, markers, notes."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from audio.songs.song import PPQ, Note, Song

TOLERANCE = PPQ // 48
"""Ticks by which an onset or a length may differ: 1/48 of a quarter."""
_MOST_TOLD = 5


@dataclass(frozen=True)
class Agreement:
    """One thing that all formats should say alike."""

    name: str
    """``tempo``, ``meter``, ``bars``, ``markers`` or ``notes``."""
    holds: bool
    said: dict[str, JsonValue]
    """What each format says of it; of notes: how many there are."""
    differences: tuple[str, ...]
    """Where they part, in sentences; a few of many."""


def agreements(song: Song, readings: Mapping[str, Song]) -> tuple[Agreement, ...]:
    """Hold what was read from files against the song that was written.

    Args:
        song: what was written.
        readings: the song as it was read back, by the name of the format.
    """
    songs = {"song": song, **readings}
    return (
        _alike("tempo", songs, lambda one: [[mark.tick / PPQ, mark.bpm] for mark in one.tempos]),
        _alike("meter", songs, lambda one: [[m.bar, f"{m.beats}/{m.unit}"] for m in one.meters]),
        _alike("bars", songs, lambda one: one.bars),
        _alike("markers", songs, lambda one: [[s.first_bar, s.name] for s in one.sections]),
        _notes(song, songs),
    )


def _alike(name: str, songs: Mapping[str, Song], say: Callable[[Song], JsonValue]) -> Agreement:
    said = {key: say(one) for key, one in songs.items()}
    wanted = said["song"]
    differences = tuple(
        f"{key} says {value}, the song {wanted}." for key, value in said.items() if value != wanted
    )
    return Agreement(name, not differences, said, differences)


def _notes(song: Song, songs: Mapping[str, Song]) -> Agreement:
    differences = [
        f"{key}: {told}"
        for key, other in songs.items()
        if other is not song
        for told in note_differences(song, other)
    ]
    counts: dict[str, JsonValue] = {
        key: sum(len(track.notes) for track in one.tracks) for key, one in songs.items()
    }
    return Agreement("notes", not differences, counts, tuple(differences[:_MOST_TOLD]))


def note_differences(song: Song, other: Song) -> tuple[str, ...]:
    """Notes that one song has and the other lacks, track by track, in sentences.

    A note is the same where its pitch is, and its onset and its length lie within `TOLERANCE`.
    Tracks belong together by their names; one without notes may be missing.
    """
    told: list[str] = []
    for name in dict.fromkeys(track.name for one in (song, other) for track in one.tracks):
        mine, theirs = song.track(name), other.track(name)
        if mine is None or theirs is None:
            if any(one.notes for one in (mine, theirs) if one is not None):
                told.append(f"the track {name} is {'new' if mine is None else 'missing'}.")
            continue
        missing, new = _unmatched(mine.notes, theirs.notes)
        told += [f"{name} lacks {_told(note)}." for note in missing]
        told += [f"{name} has {_told(note)} more." for note in new]
    return tuple(told)


def _unmatched(one: Sequence[Note], other: Sequence[Note]) -> tuple[list[Note], list[Note]]:
    """The notes of each side that have no partner on the other one."""
    mine, theirs = Counter(map(_key, one)), Counter(map(_key, other))
    waiting: dict[int, list[tuple[int, int, int]]] = {}
    for key in sorted((theirs - mine).elements()):
        waiting.setdefault(key[0], []).append(key)
    missing = []
    for key in sorted((mine - theirs).elements()):
        near = next((k for k in waiting.get(key[0], ()) if _is_near(key, k)), None)
        if near is None:
            missing.append(key)
        else:
            waiting[key[0]].remove(near)
    new = [key for keys in waiting.values() for key in keys]
    return [_note(key) for key in missing], [_note(key) for key in new]


def _key(note: Note) -> tuple[int, int, int]:
    return note.pitch, note.start, note.length


def _note(key: tuple[int, int, int]) -> Note:
    return Note(pitch=key[0], start=key[1], length=key[2])


def _is_near(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return all(abs(a - b) <= TOLERANCE for a, b in zip(one[1:], other[1:], strict=True))


def _told(note: Note) -> str:
    return f"pitch {note.pitch} at beat {note.start / PPQ:g} for {note.length / PPQ:g}"
